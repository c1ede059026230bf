//! The driver's connections: a pool for any thread, and one for each thread that runs a runtime of its own.
//!
//! What arrives on a connection is heard by the runtime that opened it. Whoever waits for it on another thread would be
//! woken through that one.

use sqlx::any::AnyPoolOptions;
use sqlx::{AnyPool, Executor as _};
use thread_local::ThreadLocal;

use super::{ACQUIRE_TIMEOUT, Connections};

/// One for a transaction, one for whoever does not wait for it.
const FEWEST_OF_A_THREAD: u32 = 2;

pub(super) struct Pools {
    url: String,
    /// What each connection is told first.
    first: &'static str,
    shared: AnyPool,
    own: ThreadLocal<AnyPool>,
}

impl Pools {
    /// Connects when somebody wants to, with `most` connections for any thread.
    pub(super) fn open(url: &str, most: u32, first: &'static str) -> Result<Self, sqlx::Error> {
        let shared = pool(most, first).connect_lazy(url)?;
        Ok(Self { url: url.to_owned(), first, shared, own: ThreadLocal::new() })
    }

    /// Gives this thread its own, on the runtime that this is called on: its part of `most`, which so many threads share.
    pub(super) fn open_here(&self, most: u32, threads: usize) -> Result<(), sqlx::Error> {
        let part = most / u32::try_from(threads).unwrap_or(u32::MAX).max(1);
        let open = || pool(part.max(FEWEST_OF_A_THREAD), self.first).connect_lazy(&self.url);
        self.own.get_or_try(open).map(|_| ())
    }

    /// The one for whoever asks.
    pub(super) fn here(&self) -> &AnyPool {
        self.own.get().unwrap_or(&self.shared)
    }

    pub(super) fn connections(&self) -> Connections {
        let each = self.own.iter().chain([&self.shared]);
        each.fold(Connections::default(), |sum, pool| {
            let open = u64::from(pool.size());
            Connections {
                open: sum.open + open,
                used: sum.used + open.saturating_sub(pool.num_idle() as u64),
                most: sum.most + u64::from(pool.options().get_max_connections()),
            }
        })
    }
}

pub(super) fn pool(most: u32, first: &'static str) -> AnyPoolOptions {
    AnyPoolOptions::new().max_connections(most).acquire_timeout(ACQUIRE_TIMEOUT).after_connect(
        move |connection, _| Box::pin(async move { connection.execute(first).await.map(|_| ()) }),
    )
}
