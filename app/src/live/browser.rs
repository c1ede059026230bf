//! The browser's end of the stream.

use std::collections::HashMap;

use domain::{CardId, Notification};
use futures::{
    StreamExt,
    future::{AbortHandle, abortable},
};
use gloo_net::eventsource::futures::EventSource;
use leptos::{prelude::*, task::spawn_local};

use super::{CardNow, Live, LiveEvent, Viewer};
use crate::{
    browser::wait,
    notifications,
    texts::texts,
    ui::{Refresh, Toasts},
};

/// How long to wait before another attempt after the node refused the stream.
const TRY_AGAIN_MS: u32 = 5_000;
/// How long to wait for the rest of a page to say what it shows.
const SETTLE_MS: u32 = 50;

/// Opens a stream for whoever is looking at whatever is shown, and another one when it would not tell of that.
pub(super) fn follow(live: Live) {
    let (refresh, toasts) = (Refresh::expect(), Toasts::expect());
    let streams = StoredValue::new(Streams::default());
    Effect::new(move |_| {
        let Some(viewer) = live.viewer.get() else { return };
        let cards = live.shown.get();
        if streams.with_value(|streams| streams.tell(viewer, &cards)) {
            return;
        }
        let stream = Stream { live, refresh, toasts, streams, viewer, cards: cards.clone() };
        let (reading, handle) = abortable(stream.read());
        streams.update_value(|streams| streams.open(viewer, cards, handle));
        spawn_local(async move { _ = reading.await });
    });
}

/// The stream that is heard, and the one that will take over: the first goes on until then, so that nothing is missed.
#[derive(Default)]
struct Streams {
    heard: Option<AbortHandle>,
    next: Option<AbortHandle>,
    /// The number of the newest notification that the page knows of: two streams may bring one.
    newest: i64,
    /// Of the newest stream.
    viewer: Option<Viewer>,
    cards: Vec<CardId>,
}

impl Streams {
    /// Whether the newest tells this viewer of these cards.
    fn tell(&self, viewer: Viewer, cards: &[CardId]) -> bool {
        self.is_of(viewer) && cards.iter().all(|card| self.cards.contains(card))
    }

    fn is_of(&self, viewer: Viewer) -> bool {
        self.viewer.is_some_and(|mine| mine.account == viewer.account)
    }

    fn open(&mut self, viewer: Viewer, cards: Vec<CardId>, handle: AbortHandle) {
        let too_late = self.next.replace(handle);
        let mut over = vec![too_late];
        if !self.is_of(viewer) {
            // What concerned another is nobody's.
            over.push(self.heard.take());
            self.newest = viewer.newest;
        }
        over.into_iter().flatten().for_each(|stream| stream.abort());
        (self.viewer, self.cards) = (Some(viewer), cards);
    }

    fn take_over(&mut self) {
        let before = std::mem::replace(&mut self.heard, self.next.take());
        before.into_iter().for_each(|stream| stream.abort());
    }
}

struct Stream {
    live: Live,
    refresh: Refresh,
    toasts: Toasts,
    streams: StoredValue<Streams>,
    viewer: Viewer,
    cards: Vec<CardId>,
}

impl Stream {
    /// Reads until it is aborted. The browser itself reconnects when the connection is lost.
    async fn read(self) {
        wait(SETTLE_MS).await;
        let cards: Vec<_> = self.cards.iter().map(ToString::to_string).collect();
        let mut url = format!("/events?cards={}", cards.join(","));
        if self.viewer.account.is_some() {
            let seen = self.streams.with_value(|streams| streams.newest);
            url.push_str(&format!("&seen={seen}"));
        }
        let mut is_new = true;
        loop {
            self.read_once(&url, &mut is_new).await;
            wait(TRY_AGAIN_MS).await;
        }
    }

    /// Until the node closes the stream for good.
    async fn read_once(&self, url: &str, is_new: &mut bool) {
        let Ok(mut source) = EventSource::new(url) else { return };
        let Ok(mut messages) = source.subscribe("message") else { return };
        while let Some(Ok((_, message))) = messages.next().await {
            let text = message.data().as_string().unwrap_or_default();
            // A node of another version may tell what this page does not know.
            let Ok(event) = serde_json::from_slice::<LiveEvent>(text.as_bytes()) else { continue };
            if *is_new && event == LiveEvent::Hello {
                *is_new = false;
                self.take_over();
            } else {
                self.act_on(event);
            }
        }
    }

    fn take_over(&self) {
        self.streams.update_value(Streams::take_over);
        // Nobody will tell of the others any more.
        self.live.cards.update(|cards| cards.retain(|card, _| self.cards.contains(card)));
    }

    fn is_news(&self, notification: &Notification) -> bool {
        let mut is_news = false;
        self.streams.update_value(|streams| {
            is_news = notification.number > streams.newest;
            streams.newest = streams.newest.max(notification.number);
        });
        is_news
    }

    fn act_on(&self, event: LiveEvent) {
        let Self { live, refresh, toasts, viewer, .. } = *self;
        match event {
            // What happened while nobody listened is in what the page shows next.
            LiveEvent::Hello => {
                live.cards.update(HashMap::clear);
                live.reconnects.update(|reconnects| *reconnects += 1);
                live.changes.update(|changes| *changes += 1);
            }
            LiveEvent::Prices { prices } => live.cards.update(|cards| {
                for (card, price) in self.cards.iter().zip(prices) {
                    let known = cards.entry(*card).or_insert(CardNow::OnSale);
                    *known = match price {
                        Some(price) => CardNow::Costs { price },
                        None if known.is_gone() => *known,
                        None => CardNow::OffSale,
                    };
                }
            }),
            LiveEvent::Card { card, now } => {
                live.cards.update(|cards| {
                    cards.insert(card, now);
                });
            }
            LiveEvent::Inbox { notification } => {
                if self.is_news(&notification) {
                    toasts.tell(notifications::sentence(&notification, texts()));
                    live.changes.update(|changes| *changes += 1);
                }
            }
            LiveEvent::Account => live.changes.update(|changes| *changes += 1),
            LiveEvent::SignedOut if viewer.account.is_some() => refresh.everything_after_forms(),
            LiveEvent::SignedOut => {}
        }
    }
}
