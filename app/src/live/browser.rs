//! The browser's end of the stream.

use std::collections::HashMap;

use domain::AccountId;
use futures::StreamExt;
use gloo_net::eventsource::futures::EventSource;
use leptos::{prelude::*, task::spawn_local};

use super::{Live, LiveEvent};
use crate::{
    browser::wait,
    notifications,
    texts::texts,
    ui::{Refresh, Toasts},
};

/// How long to wait before another attempt after the node refused the stream.
const TRY_AGAIN_MS: u32 = 5_000;

/// Opens a stream for whoever is looking, and another one when that changes.
pub(super) fn follow(live: Live) {
    let (refresh, toasts) = (Refresh::expect(), Toasts::expect());
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let Some(visitor) = live.visitor.get() else { return };
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let stream = Stream { live, refresh, toasts, visitor };
        spawn_local(async move {
            let mut connections = 0;
            while turn.get_value() == mine {
                stream.read(|| turn.get_value() == mine, &mut connections).await;
                wait(TRY_AGAIN_MS).await;
            }
        });
    });
}

#[derive(Clone, Copy)]
struct Stream {
    live: Live,
    refresh: Refresh,
    toasts: Toasts,
    visitor: Option<AccountId>,
}

impl Stream {
    /// Reads until the node closes the stream for good or another visitor takes over. The browser itself reconnects
    /// when the connection is lost.
    async fn read(self, is_mine: impl Fn() -> bool, connections: &mut u32) {
        let Ok(mut source) = EventSource::new("/events") else { return };
        let Ok(mut messages) = source.subscribe("message") else { return };
        while let Some(Ok((_, message))) = messages.next().await {
            if !is_mine() {
                return;
            }
            let text = message.data().as_string().unwrap_or_default();
            // A node of another version may tell what this page does not know.
            let Ok(event) = serde_json::from_slice::<LiveEvent>(text.as_bytes()) else { continue };
            if event == LiveEvent::Hello {
                *connections += 1;
                if *connections == 1 {
                    continue;
                }
            }
            self.act_on(event);
        }
    }

    fn act_on(self, event: LiveEvent) {
        let Self { live, refresh, toasts, visitor } = self;
        match event {
            // What happened while nobody listened is in what the page shows next.
            LiveEvent::Hello => {
                live.cards.update(HashMap::clear);
                live.reconnects.update(|reconnects| *reconnects += 1);
                live.changes.update(|changes| *changes += 1);
            }
            LiveEvent::Card { card, now } => {
                live.cards.update(|cards| {
                    cards.insert(card, now);
                });
            }
            LiveEvent::Inbox { notification } => {
                toasts.tell(notifications::sentence(&notification, texts()));
                live.changes.update(|changes| *changes += 1);
            }
            LiveEvent::Account => live.changes.update(|changes| *changes += 1),
            LiveEvent::SignedOut if visitor.is_some() => refresh.everything_after_forms(),
            LiveEvent::SignedOut => {}
        }
    }
}
