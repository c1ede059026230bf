//! Sessions for a fleet of axum nodes, kept in Redis or Valkey.

mod account;
mod breaker;
mod commit;
mod connection;
mod cookie;
mod directory;
mod error;
mod index;
mod layer;
mod limits;
mod load;
mod metrics;
mod record;
mod settings;
mod store;
mod token;
mod unit;
mod user_agent;

use std::{sync::Arc, time::Duration};

use fred::prelude::ClientLike;
use tokio::task::AbortHandle;

pub use account::{AccountSession, Ended};
pub use directory::{Device, Directory};
pub use error::{ConnectError, NotSaved, Unavailable};
pub use layer::{SessionLayer, SessionService};
pub use limits::{Decision, RateLimits};
pub use metrics::{LATENCY_BOUNDS_US, Metrics};
pub use settings::{SECRET_BYTES_MIN, Secret, Settings};
pub use tower_sessions::Session;

use store::Store;

/// A store that is up answers within this; one that is down is not waited for any longer.
const FIRST_CONNECTION: Duration = Duration::from_secs(2);

/// The sessions of one node. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Arc<Store>,
    watch: AbortHandle,
}

impl Sessions {
    /// Connects to `redis://`, `rediss://`, `redis-cluster://` or `redis-sentinel://` (`rediss-…` for both over TLS).
    /// A Redis that is down is no error: the node starts, and connects as soon as it can.
    ///
    /// # Errors
    /// Only for a URL or settings that can never work.
    pub async fn connect(redis_url: &str, settings: Settings) -> Result<Self, ConnectError> {
        settings.check()?;
        let builder = connection::builder(redis_url, &settings)?;
        let store = Arc::new(Store::new(settings, connection::pool(&builder)?));
        store.pool.connect();
        let connected = tokio::time::timeout(FIRST_CONNECTION, store.pool.wait_for_connect()).await;
        if !matches!(connected, Ok(Ok(()))) {
            store.breaker.open();
        }
        let watched = store.clone();
        let watch = tokio::spawn(async move { watched.watch().await }).abort_handle();
        Ok(Self { store, watch })
    }

    /// For `Router::layer`.
    pub fn layer(&self) -> SessionLayer {
        SessionLayer { store: self.store.clone() }
    }

    pub fn directory(&self) -> Directory {
        Directory(self.store.clone())
    }

    pub fn rate_limits(&self) -> RateLimits {
        RateLimits(self.store.clone())
    }

    /// Whether the store answers, asked now and for at most [`Settings::command_timeout`].
    pub async fn ready(&self) -> Result<(), Unavailable> {
        self.store.ping().await
    }

    pub fn metrics(&self) -> Metrics {
        self.store.counters.read(!self.store.breaker.is_open())
    }

    /// Hangs up. Call it after the last response.
    pub async fn close(&self) {
        self.watch.abort();
        if let Err(error) = self.store.pool.quit().await {
            tracing::debug!(%error, "the session store was already gone");
        }
    }
}
