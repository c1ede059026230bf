//! Stops asking a store that does not answer, so that an outage costs a request no waiting.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tokio::sync::Notify;

/// So many unanswered commands, with no answer between them, open the breaker.
const FAILURES_TO_OPEN: u32 = 3;

#[derive(Debug, Default)]
pub(crate) struct Breaker {
    open: AtomicBool,
    failures: AtomicU32,
    opened: Notify,
}

impl Breaker {
    pub(crate) fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }

    pub(crate) fn answered(&self) {
        // Looking first: what nobody writes to, each core keeps for itself.
        if self.failures.load(Ordering::Relaxed) > 0 {
            self.failures.store(0, Ordering::Relaxed);
        }
        if self.is_open() && self.open.swap(false, Ordering::Relaxed) {
            tracing::info!("the session store answers again");
        }
    }

    pub(crate) fn unanswered(&self) {
        if self.failures.fetch_add(1, Ordering::Relaxed) + 1 >= FAILURES_TO_OPEN {
            self.open();
        }
    }

    pub(crate) fn open(&self) {
        if !self.open.swap(true, Ordering::Relaxed) {
            tracing::warn!("the session store does not answer; sessions are unavailable until it does");
            self.opened.notify_one();
        }
    }

    /// Returns when the breaker has opened.
    pub(crate) async fn until_open(&self) {
        while !self.is_open() {
            self.opened.notified().await;
        }
    }
}
