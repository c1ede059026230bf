//! What Redis's clock says, as far as this node knows it: enough to see that a session need not be touched yet.

use std::{
    cell::Cell,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use thread_local::ThreadLocal;

#[derive(Debug, Default)]
pub(crate) struct Clock {
    newest: Mutex<Option<Told>>,
    /// What each thread goes by while it is recent: all look for every request, and would wait for each other.
    own: ThreadLocal<Cell<Option<Told>>>,
}

#[derive(Clone, Copy, Debug)]
struct Told {
    utc_ms: i64,
    at: Instant,
}

impl Clock {
    /// A script has just answered with the time.
    pub(crate) fn told(&self, utc_ms: i64) {
        let told = Some(Told { utc_ms, at: Instant::now() });
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = told;
        self.own.get_or_default().set(told);
    }

    /// `None` when the last answer is older than `patience`: the server may be another one by now.
    pub(crate) fn utc_ms(&self, patience: Duration) -> Option<i64> {
        let own = self.own.get_or_default();
        own.get().and_then(|told| told.utc_ms(patience)).or_else(|| {
            own.set(*self.newest.lock().unwrap_or_else(PoisonError::into_inner));
            own.get()?.utc_ms(patience)
        })
    }
}

impl Told {
    fn utc_ms(self, patience: Duration) -> Option<i64> {
        let since = self.at.elapsed();
        (since <= patience)
            .then(|| self.utc_ms.saturating_add(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn what_one_thread_was_told_all_know() {
        let clock = Clock::default();
        assert_eq!(clock.utc_ms(MINUTE), None);
        thread::scope(|scope| {
            scope.spawn(|| clock.told(5_000));
            scope.spawn(|| {
                while clock.utc_ms(MINUTE).is_none() {
                    thread::yield_now();
                }
            });
        });
        assert!(clock.utc_ms(MINUTE).is_some_and(|now| (5_000..60_000).contains(&now)));
        clock.told(100_000_000);
        assert!(clock.utc_ms(MINUTE).is_some_and(|now| now >= 100_000_000), "the newest counts");
        thread::sleep(Duration::from_millis(1));
        assert_eq!(clock.utc_ms(Duration::ZERO), None, "an old answer may be that of another server");
    }
}
