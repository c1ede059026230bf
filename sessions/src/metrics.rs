//! Counts what happens to sessions and how long the store takes.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use thread_local::ThreadLocal;

/// Upper bounds of the latency buckets, in microseconds.
pub const LATENCY_BOUNDS_US: [u64; 10] =
    [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 100_000, 500_000];

/// A reading of this node's counters; all of them only grow, except `available`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    pub created: u64,
    pub rotated: u64,
    /// Signed out by their own browser.
    pub signed_out: u64,
    /// Ended from another device or by a change of password.
    pub ended_elsewhere: u64,
    /// Ended because the account signed in on too many devices.
    pub ended_by_limit: u64,
    /// Visits with the cookie of a session that had run out.
    pub expired: u64,
    /// Visits with a well-formed cookie that no record answers to.
    pub rejected: u64,
    /// Changes dropped because their session had ended in the meantime.
    pub gone: u64,
    /// Records that could not be read and were removed.
    pub unreadable: u64,
    /// Requests to the store that got no answer, or were refused while the breaker was open.
    pub unavailable: u64,
    /// Whether the breaker lets requests through.
    pub available: bool,
    /// Commands by time taken, one count per bound of [`LATENCY_BOUNDS_US`] and one for whatever took longer.
    pub latency_counts: [u64; LATENCY_BOUNDS_US.len() + 1],
    pub latency_sum_us: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) created: Counter,
    pub(crate) rotated: Counter,
    pub(crate) signed_out: Counter,
    pub(crate) ended_elsewhere: Counter,
    pub(crate) ended_by_limit: Counter,
    pub(crate) expired: Counter,
    pub(crate) rejected: Counter,
    pub(crate) gone: Counter,
    pub(crate) unreadable: Counter,
    pub(crate) unavailable: Counter,
    /// Counted for every request, and so by each thread for itself.
    latency: ThreadLocal<Latency>,
}

#[derive(Debug, Default)]
struct Latency {
    counts: [Counter; LATENCY_BOUNDS_US.len() + 1],
    sum_us: AtomicU64,
}

#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add_one(&self) {
        self.0.fetch_add(1, Relaxed);
    }

    fn read(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Counters {
    pub(crate) fn took(&self, time: Duration) {
        let us = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let latency = self.latency.get_or_default();
        latency.counts[LATENCY_BOUNDS_US.partition_point(|bound| *bound < us)].add_one();
        latency.sum_us.fetch_add(us, Relaxed);
    }

    pub(crate) fn read(&self, available: bool) -> Metrics {
        Metrics {
            created: self.created.read(),
            rotated: self.rotated.read(),
            signed_out: self.signed_out.read(),
            ended_elsewhere: self.ended_elsewhere.read(),
            ended_by_limit: self.ended_by_limit.read(),
            expired: self.expired.read(),
            rejected: self.rejected.read(),
            gone: self.gone.read(),
            unreadable: self.unreadable.read(),
            unavailable: self.unavailable.read(),
            available,
            latency_counts: std::array::from_fn(|bucket| {
                self.latency.iter().map(|latency| latency.counts[bucket].read()).sum()
            }),
            latency_sum_us: self.latency.iter().map(|latency| latency.sum_us.load(Relaxed)).sum(),
        }
    }
}
