//! Turns at being refused. A refusal costs a part of what a page costs, so whoever asks again at once after one could keep a
//! node busy with refusing; each has a turn, and the turns leave most of the time to pages. A rule without a clock.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// For one thread: about twenty times what a refusal takes.
const BETWEEN: Duration = Duration::from_micros(250);
/// Nobody waits longer than this to hear that they are refused.
const LONGEST_WAIT: Duration = Duration::from_millis(500);

pub(super) struct Turns {
    between: Duration,
    /// When the next turn is, since the node began.
    next: Mutex<Duration>,
}

impl Turns {
    pub(super) fn new(threads: usize) -> Self {
        Self { between: BETWEEN.div_f64(threads.max(1) as f64), next: Mutex::default() }
    }

    /// When it is the turn of somebody who is to be refused at `now`; at once for those who would have to wait too long.
    pub(super) fn take(&self, now: Duration) -> Duration {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = now.max(*next);
        if turn - now > LONGEST_WAIT {
            return now;
        }
        *next = turn + self.between;
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_who_comes_alone_is_refused_at_once() {
        let turns = Turns::new(1);
        for now in [0, 1, 10, 100].map(Duration::from_millis) {
            assert_eq!(turns.take(now), now);
        }
    }

    #[test]
    fn many_who_come_together_are_refused_one_after_the_other() {
        let (turns, now) = (Turns::new(2), Duration::from_secs(7));
        let waits = [0, 125, 250, 375].map(|us| now + Duration::from_micros(us));
        assert_eq!([(); 4].map(|()| turns.take(now)), waits);
    }

    #[test]
    fn nobody_waits_long_to_be_refused() {
        let (turns, now) = (Turns::new(1), Duration::from_secs(7));
        let latest = (0..100_000).map(|_| turns.take(now)).max();
        assert_eq!(latest, Some(now + LONGEST_WAIT));
        assert_eq!(turns.take(now), now, "who would have to wait longer does not wait at all");
    }
}
