//! How many requests may be under way, given how late the runtime is: a rule without a clock.
//!
//! As long as the processors are what everybody waits for, the lag is in proportion to the requests under way, so one
//! step down nearly suffices. Steps up are small, and stop well below the lag at which the next step down would come.

use std::{collections::VecDeque, time::Duration};

/// So much time of each thread is judged as a whole: longer than one page that takes long, shorter than what people notice.
const JUDGED: Duration = Duration::from_millis(200);
/// So many for each thread are no crowd, whatever they cost: when others take the processor, the runtime is late, too.
const FEWEST_FOR_EACH_THREAD: usize = 48;
/// One step down, at most.
const STEEPEST: f64 = 0.5;
/// One step up is this part of what is allowed.
const STEP_UP: usize = 16;

pub(super) struct Limit {
    most: usize,
    fewest: usize,
    most_lag: Duration,
    /// Of all threads together.
    judged: Duration,
    now: usize,
    /// As it was judged last.
    pub(super) lag: Duration,
    seen: VecDeque<Seen>,
}

/// A task wanted its turn, at once or after a pause, and waited for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) paused: Duration,
    pub(super) lag: Duration,
}

impl Seen {
    fn lasted(self) -> Duration {
        self.paused + self.lag
    }
}

impl Limit {
    pub(super) fn new(most: usize, threads: usize, most_lag: Duration) -> Self {
        let fewest = most.min(FEWEST_FOR_EACH_THREAD * threads);
        let judged = JUDGED * threads as u32;
        Self { most, fewest, most_lag, judged, now: most, lag: Duration::ZERO, seen: VecDeque::new() }
    }

    /// The limit from now on, after one more was seen.
    pub(super) fn after(&mut self, seen: Seen) -> usize {
        self.seen.push_back(seen);
        let lasted: Duration = self.seen.iter().map(|it| it.lasted()).sum();
        if lasted < self.judged {
            return self.now;
        }
        self.lag = self.met();
        if self.lag > self.most_lag {
            let fitting = self.most_lag.div_duration_f64(self.lag).max(STEEPEST);
            self.now = ((self.now as f64 * fitting) as usize).max(self.fewest);
            // The next step waits until this one shows.
            self.seen.clear();
        } else if self.lag < self.most_lag / 2 {
            self.now = (self.now + self.now.div_ceil(STEP_UP)).min(self.most);
        }
        while self.seen.iter().skip(1).map(|it| it.lasted()).sum::<Duration>() >= self.judged {
            self.seen.pop_front();
        }
        self.now
    }

    /// What somebody meets who comes at any moment: a long wait is met more often than a short one.
    fn met(&self) -> Duration {
        let lasted: f64 = self.seen.iter().map(|it| it.lasted().as_secs_f64()).sum();
        let met: f64 = self.seen.iter().map(|it| it.lag.as_secs_f64() * it.lasted().as_secs_f64()).sum();
        Duration::from_secs_f64(if lasted > 0.0 { met / lasted } else { 0.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST_LAG: Duration = Duration::from_millis(25);

    fn limit() -> Limit {
        Limit::new(256, 1, MOST_LAG)
    }

    fn late(lag: Duration) -> Seen {
        Seen { paused: Duration::from_millis(10), lag }
    }

    /// What a node settles at whose pages take the processors for so long each, while many more than it can serve ask.
    fn settled(page: Duration) -> (usize, Duration) {
        let (mut limit, mut now) = (limit(), 256);
        for _ in 0..1_000 {
            now = limit.after(late(page * now as u32));
        }
        (now, page * now as u32)
    }

    #[test]
    fn a_node_that_is_in_time_allows_what_it_was_told() {
        let mut limit = limit();
        for lag_ms in [0, 1, 12, 24, 25].repeat(20) {
            assert_eq!(limit.after(late(Duration::from_millis(lag_ms))), 256);
        }
    }

    #[test]
    fn one_page_that_takes_long_is_no_queue() {
        let mut limit = limit();
        for lag_ms in [[60].as_slice(), &[1; 20]].concat().repeat(20) {
            assert_eq!(limit.after(late(Duration::from_millis(lag_ms))), 256);
        }
    }

    #[test]
    fn threads_are_judged_together() {
        let settled = |threads, lags_ms: &[u64]| {
            let mut limit = Limit::new(256, threads, MOST_LAG);
            let seen = lags_ms.repeat(40).into_iter().map(|lag_ms| late(Duration::from_millis(lag_ms)));
            seen.map(|seen| limit.after(seen)).last()
        };
        assert_eq!(settled(1, &[40]), Some(48));
        // In the time of one that has a queue, another that has nothing to do is seen more often.
        assert_eq!(settled(2, &[40, 0, 0, 0, 0, 0]), Some(256));
        assert_eq!(settled(2, &[40, 40]), Some(96));
    }

    #[test]
    fn long_waits_count_although_a_few_in_between_are_short() {
        let mut limit = limit();
        let waits = [150, 1, 2, 150, 1].map(|lag_ms| late(Duration::from_millis(lag_ms)));
        let last = waits.repeat(20).into_iter().map(|seen| limit.after(seen)).last();
        assert_eq!(last, Some(48));
    }

    #[test]
    fn as_many_are_allowed_as_the_processors_serve_in_time() {
        for page_us in [150, 300, 450] {
            let (now, lag) = settled(Duration::from_micros(page_us));
            assert!(lag <= MOST_LAG && lag >= MOST_LAG / 3, "{now} under way, {lag:?} late");
        }
        assert_eq!(settled(Duration::from_micros(50)).0, 256, "none of these is too late");
    }

    #[test]
    fn a_few_are_allowed_whatever_they_cost() {
        assert_eq!(settled(Duration::from_millis(20)).0, 48);
        let mut few = Limit::new(8, 2, MOST_LAG);
        for _ in 0..100 {
            assert_eq!(few.after(late(Duration::from_secs(1))), 8, "but never more than it was told");
        }
    }

    #[test]
    fn when_the_queue_is_gone_all_are_allowed_again() {
        let mut limit = limit();
        for _ in 0..100 {
            limit.after(late(Duration::from_secs(1)));
        }
        assert_eq!(limit.now, 48);
        let seen: Vec<usize> = (0..200).map(|_| limit.after(late(Duration::ZERO))).collect();
        assert!(seen.is_sorted() && seen[0] == 48 && seen[199] == 256, "{seen:?}");
    }
}
