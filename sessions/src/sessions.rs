//! One node's access to the sessions of the fleet.

use std::sync::Arc;

use fred::{
    clients::Client,
    prelude::{Builder, ClientLike},
};
use tokio::{sync::broadcast, task::AbortHandle, time::timeout};

use crate::{
    Directory, Messages, Metrics, RateLimits, SessionEvent, SessionLayer, Settings, connection,
    connection::{Clients, HANG_UP},
    error::{ConnectError, Unavailable},
    events,
    store::Store,
};

const OLDEST_SERVER: (u64, u64) = (6, 2);

/// The sessions of one node. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Arc<Store>,
    builder: Builder,
    subscriber: Option<Client>,
    tasks: Arc<[AbortHandle]>,
}

impl Sessions {
    /// Connects to `redis://`, `rediss://` (TLS), `redis-cluster://` or `redis-sentinel://` (over TLS `rediss-…`).
    /// A Redis that is down is no error: the node starts, and connects as soon as it can. Needs a Tokio runtime.
    ///
    /// # Errors
    /// Only for a URL or settings that can never work.
    pub async fn connect(redis_url: &str, settings: Settings) -> Result<Self, ConnectError> {
        settings.check()?;
        let builder = connection::builder(redis_url, &settings)?;
        let subscriber = settings.events.then(|| builder.build()).transpose();
        let subscriber = subscriber.map_err(|error| ConnectError::Url(error.to_string()))?;
        let clients = Clients::new(&builder, &settings)?;
        let store = Arc::new(Store::new(settings, clients));

        if !store.clients.connect().await {
            store.breaker.open();
        }
        let watched = store.clone();
        let asked = store.clone();
        let mut tasks = vec![
            tokio::spawn(async move { watched.watch().await }).abort_handle(),
            tokio::spawn(async move { name_an_old_server(&asked).await }).abort_handle(),
        ];
        if let Some(subscriber) = subscriber.clone() {
            tasks.push(tokio::spawn(events::follow(store.clone(), subscriber)).abort_handle());
        }
        Ok(Self { store, builder, subscriber, tasks: tasks.into() })
    }

    /// Gives the thread that calls a connection of its own, which works on the runtime that the thread runs. A server
    /// with a runtime for each core calls it once on each, and no command crosses threads. It is connected soon; until
    /// then, and whenever it is not, the thread uses those that all share. The thread has to live as long as these
    /// sessions are used.
    ///
    /// # Errors
    /// None that [`Sessions::connect`] would not have met before.
    pub fn connect_here(&self) -> Result<(), ConnectError> {
        self.store.clients.connect_here(&self.builder)
    }

    /// For `Router::layer`. Make one for each thread that has a router of its own.
    pub fn layer(&self) -> SessionLayer {
        SessionLayer { store: Arc::new(self.store.clone()) }
    }

    /// Lists and ends the sessions of accounts.
    pub fn directory(&self) -> Directory {
        Directory(self.store.clone())
    }

    /// Limits that all nodes share.
    pub fn rate_limits(&self) -> RateLimits {
        RateLimits(self.store.clone())
    }

    /// Opens a channel on which the nodes of the fleet tell each other something. Open it once per node and name.
    ///
    /// # Errors
    /// None that [`Sessions::connect`] would not have met before.
    pub fn messages(&self, name: &str) -> Result<Messages, ConnectError> {
        Messages::open(self.store.clone(), &self.builder, name)
    }

    /// What this node does to sessions from now on; with [`Settings::events`] also what runs out anywhere. Whoever
    /// reads too slowly misses the oldest events, and is told how many.
    pub fn events(&self) -> broadcast::Receiver<SessionEvent> {
        self.store.events.reader()
    }

    /// Whether the store answers, asked now and for at most [`Settings::command_timeout`].
    pub async fn ready(&self) -> Result<(), Unavailable> {
        self.store.ping().await
    }

    pub fn metrics(&self) -> Metrics {
        self.store.counters.read(!self.store.breaker.is_open())
    }

    /// Hangs up, within a second. Call it after the last response.
    pub async fn close(&self) {
        for task in self.tasks.iter() {
            task.abort();
        }
        self.store.clients.hang_up().await;
        if let Some(subscriber) = &self.subscriber {
            let _ = timeout(HANG_UP, subscriber.quit()).await;
        }
    }
}

async fn name_an_old_server(store: &Store) {
    let client = store.clients.connected();
    let _ = client.wait_for_connect().await;
    // An ACL may hide the version; then there is nothing to say.
    if let Some(version) =
        client.server_version().filter(|version| (version.major, version.minor) < OLDEST_SERVER)
    {
        tracing::error!(%version, "this server is too old: sessions need Redis or Valkey 6.2 or newer");
    }
}
