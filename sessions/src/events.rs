//! Tells the application when sessions begin, end and run out.
//!
//! What this node does is told within this node, without Redis. Only expiries come from Redis, and only if the
//! application asked for them: else it needs no keyspace notifications and never sees CONFIG, which managed servers
//! refuse.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use fred::{
    clients::Client,
    interfaces::{ClientLike, ConfigInterface, EventInterface, PubsubInterface},
    types::{KeyspaceEvent, config::Server},
};
use tokio::sync::broadcast::{self, error::RecvError};

use crate::{account::Ended, store::Store};

/// Events that a slow reader may fall behind by before it misses some.
const BACKLOG: usize = 1_024;
const EXPIRED: &str = "__keyevent@*__:expired";
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// Handles are those of [`crate::Device`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionEvent {
    /// This node began a session, or signed an account in to a session that had begun without it. `account` is
    /// `None` for a stranger's.
    Created { handle: String, account: Option<String> },
    /// This node ended a session, or its account's part in it. `why` is `None` when its own browser asked for that.
    Ended { handle: String, account: Option<String>, why: Option<Ended> },
    /// A session ran out. Every node of the fleet hears of it from Redis, with [`crate::Settings::events`] on.
    Expired { handle: String },
}

/// Where this node's events go.
#[derive(Debug)]
pub(crate) struct Events(broadcast::Sender<SessionEvent>);

impl Default for Events {
    fn default() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }
}

impl Events {
    pub(crate) fn created(&self, handle: String, account: Option<String>) {
        self.tell(SessionEvent::Created { handle, account });
    }

    pub(crate) fn ended(&self, handle: String, account: Option<String>, why: Option<Ended>) {
        self.tell(SessionEvent::Ended { handle, account, why });
    }

    pub(crate) fn reader(&self) -> broadcast::Receiver<SessionEvent> {
        self.0.subscribe()
    }

    fn tell(&self, event: SessionEvent) {
        // Without a reader there is nobody to tell.
        let _ = self.0.send(event);
    }
}

/// Passes expiries on from Redis, for ever. On a cluster every primary tells only of its own keys.
pub(crate) async fn follow(store: Arc<Store>, subscriber: Client) {
    let mut notifications = subscriber.keyspace_event_rx();
    let mut connections = subscriber.reconnect_rx();
    let mut subscribed = BTreeSet::new();
    let mut again = tokio::time::interval(TRY_AGAIN);
    subscriber.connect();
    loop {
        tokio::select! {
            notification = notifications.recv() => {
                match notification {
                    Ok(notification) => pass_on(&store, &notification),
                    Err(RecvError::Lagged(missed)) => {
                        tracing::warn!(missed, "session expiry events came faster than they could be read");
                    }
                    Err(RecvError::Closed) => break,
                }
                continue;
            }
            // A new connection is not subscribed, whatever the one before it was.
            connected = connections.recv() => match connected {
                Ok(server) => drop(subscribed.remove(&server)),
                Err(RecvError::Lagged(_)) => subscribed.clear(),
                Err(RecvError::Closed) => break,
            },
            _ = again.tick() => {}
        }
        for server in subscriber.active_connections() {
            if !subscribed.contains(&server)
                && subscriber.with_cluster_node(&server).psubscribe(EXPIRED).await.is_ok()
            {
                say_whether_enabled(&store, &server).await;
                subscribed.insert(server);
            }
        }
    }
}

fn pass_on(store: &Store, notification: &KeyspaceEvent) {
    let key = notification.key.as_str_lossy();
    let name = key.strip_prefix(&store.settings.key_prefix).and_then(|rest| rest.strip_prefix("s:{"));
    if let Some(name) = name.and_then(|rest| rest.strip_suffix('}')) {
        store.events.tell(SessionEvent::Expired { handle: name.to_owned() });
    }
}

async fn say_whether_enabled(store: &Store, server: &Server) {
    const HINT: &str = "set notify-keyspace-events to at least Ex on the server";
    let asked = store.clients.connected().with_cluster_node(server);
    let setting: Result<HashMap<String, String>, _> = asked.config_get("notify-keyspace-events").await;
    match setting {
        Ok(setting) => {
            let flags = setting.into_values().next().unwrap_or_default();
            if flags.contains('E') && flags.contains(['x', 'A']) {
                tracing::info!(%server, "session expiry events are on");
            } else {
                tracing::error!(%server, flags, "session expiry events are asked for but not enabled: {HINT}");
            }
        }
        Err(error) => {
            tracing::warn!(%server, %error, "cannot see whether session expiry events are enabled: {HINT}");
        }
    }
}
