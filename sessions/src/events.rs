//! Tells the application when sessions begin, end and run out, if it asked for that.
//!
//! Off by default, and then nothing here runs: Redis needs no keyspace notifications and never sees CONFIG, which
//! managed servers refuse.

use std::{collections::HashMap, sync::Arc, time::Duration};

use fred::{
    clients::SubscriberClient,
    interfaces::{ClientLike, ConfigInterface, EventInterface, PubsubInterface},
};
use tokio::sync::broadcast;

use crate::store::Store;

/// Events that a slow reader may fall behind by before it misses some.
const BACKLOG: usize = 1_024;
const EXPIRED: &str = "__keyevent@*__:expired";
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// Handles are those of [`crate::Device`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionEvent {
    /// This node began a session; `account` is `None` for a stranger's.
    Created { handle: String, account: Option<String> },
    /// This node ended a session: signed out, from its own browser or another, or beyond the limit.
    Ended { handle: String, account: Option<String> },
    /// A session ran out. Every node of the fleet hears of it from Redis.
    Expired { handle: String },
}

/// Where events go; nowhere unless [`crate::Settings::events`] is on.
#[derive(Debug)]
pub(crate) struct Events(Option<broadcast::Sender<SessionEvent>>);

impl Events {
    pub(crate) fn new(on: bool) -> Self {
        Self(on.then(|| broadcast::channel(BACKLOG).0))
    }

    pub(crate) fn tell(&self, event: impl FnOnce() -> SessionEvent) {
        if let Some(sender) = &self.0 {
            // Without a reader there is nobody to tell.
            let _ = sender.send(event());
        }
    }

    pub(crate) fn reader(&self) -> broadcast::Receiver<SessionEvent> {
        // A channel without a sender is over at once.
        self.0.as_ref().map_or_else(|| broadcast::channel(1).1, broadcast::Sender::subscribe)
    }
}

/// Passes expiries on from Redis, for ever.
pub(crate) async fn follow(store: Arc<Store>, subscriber: SubscriberClient) {
    let mut notifications = subscriber.keyspace_event_rx();
    let subscriptions = subscriber.manage_subscriptions();
    subscriber.connect();
    while subscriber.psubscribe(EXPIRED).await.is_err() {
        tokio::time::sleep(TRY_AGAIN).await;
    }
    say_whether_enabled(&store).await;
    let prefix = format!("{}s:{{", store.settings.key_prefix);
    loop {
        match notifications.recv().await {
            Ok(notification) => {
                let key = notification.key.as_str_lossy();
                if let Some(name) = key.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix('}')) {
                    store.events.tell(|| SessionEvent::Expired { handle: name.to_owned() });
                }
            }
            Err(broadcast::error::RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "session expiry events came faster than they could be read");
            }
            Err(broadcast::error::RecvError::Closed) => break,
        }
    }
    subscriptions.abort();
}

async fn say_whether_enabled(store: &Store) {
    const HINT: &str = "set notify-keyspace-events to at least Ex on the server";
    if store.pool.next().is_clustered() {
        tracing::warn!("on a Redis Cluster only the expiries of one node are heard");
    }
    let setting: Result<HashMap<String, String>, _> =
        store.pool.next().config_get("notify-keyspace-events").await;
    match setting {
        Ok(setting) => {
            let flags = setting.into_values().next().unwrap_or_default();
            if flags.contains('E') && flags.contains(['x', 'A']) {
                tracing::info!("session expiry events are on");
            } else {
                tracing::error!(flags, "session expiry events are asked for but not enabled: {HINT}");
            }
        }
        Err(error) => tracing::warn!(%error, "cannot see whether session expiry events are enabled: {HINT}"),
    }
}
