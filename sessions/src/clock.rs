//! What Redis's clock says, as far as this node knows it: enough to see that a session need not be touched yet.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use thread_local::ThreadLocal;

/// Each thread knows what it was told itself: all look at it for every request, and would wait for each other.
#[derive(Debug, Default)]
pub(crate) struct Clock(ThreadLocal<Cell<Option<Told>>>);

#[derive(Clone, Copy, Debug)]
struct Told {
    utc_ms: i64,
    at: Instant,
}

impl Clock {
    /// A script has just answered with the time.
    pub(crate) fn told(&self, utc_ms: i64) {
        self.0.get_or_default().set(Some(Told { utc_ms, at: Instant::now() }));
    }

    /// `None` when the last answer is older than `patience`: the server may be another one by now.
    pub(crate) fn utc_ms(&self, patience: Duration) -> Option<i64> {
        let told = self.0.get()?.get()?;
        let since = told.at.elapsed();
        (since <= patience)
            .then(|| told.utc_ms.saturating_add(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
    }
}
