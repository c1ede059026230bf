//! People who come at a steady pace, whatever happens to those before them, and write down how they were answered.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::visits::client::Client;
use crate::visits::trade::Trade;

/// One of each kind so often.
const PACE: Duration = Duration::from_millis(150);
/// More than come within the longest wait.
const MOST_AT_ONCE: usize = 2_000;
/// So many good answers in a row count as well again.
const GOOD_ENOUGH: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Visit {
    Market,
    Dashboard,
    Purchase,
}

impl Visit {
    pub(super) const ALL: [Visit; 3] = [Visit::Market, Visit::Dashboard, Visit::Purchase];

    fn good(self) -> u16 {
        if self == Visit::Purchase { 303 } else { 200 }
    }
}

#[derive(Clone, Copy)]
struct Answered {
    visit: Visit,
    begun: Instant,
    took: Duration,
    /// 0 when the connection ended without an answer.
    status: u16,
}

pub(super) struct Watch {
    answers: Arc<Mutex<Vec<Answered>>>,
    stop: Arc<AtomicBool>,
    pacer: Option<JoinHandle<()>>,
}

impl Watch {
    pub(super) fn begin(port: u16, trade: &Trade, patience: Duration) -> Watch {
        let (answers, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (kept, stopped, trade) = (answers.clone(), stop.clone(), trade.clone());
        let pacer = thread::spawn(move || {
            let at_once = AtomicUsize::new(0);
            thread::scope(|scope| {
                for turn in 0_u64.. {
                    if stopped.load(Ordering::Relaxed) {
                        return;
                    }
                    for visit in Visit::ALL {
                        if at_once.fetch_add(1, Ordering::Relaxed) >= MOST_AT_ONCE {
                            at_once.fetch_sub(1, Ordering::Relaxed);
                            continue;
                        }
                        let (kept, trade, at_once) = (&kept, &trade, &at_once);
                        scope.spawn(move || {
                            let begun = Instant::now();
                            let status = visit_once(visit, port, trade, patience, turn);
                            let answered = Answered { visit, begun, took: begun.elapsed(), status };
                            kept.lock().unwrap_or_else(PoisonError::into_inner).push(answered);
                            at_once.fetch_sub(1, Ordering::Relaxed);
                        });
                    }
                    thread::sleep(PACE);
                }
            });
        });
        Watch { answers, stop, pacer: Some(pacer) }
    }

    /// When, after `since`, the good answers began to which nothing bad came any more, for all kinds alike.
    pub(super) fn well_since(&self, since: Instant) -> Option<Instant> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let each = Visit::ALL.map(|visit| {
            let mut later: Vec<_> =
                answers.iter().filter(|it| it.visit == visit && it.begun >= since).collect();
            later.sort_by_key(|it| it.begun);
            let bad = later.iter().rposition(|it| it.status != visit.good()).map_or(0, |at| at + 1);
            let good = &later[bad..];
            (good.len() >= GOOD_ENOUGH).then(|| good[0].begun)
        });
        each.into_iter().collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    pub(super) fn count(&self, visit: Visit, since: Instant) -> usize {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.iter().filter(|it| it.visit == visit && it.begun >= since).count()
    }

    /// Waits for whoever still waits.
    pub(super) fn end(mut self) -> Answers {
        self.stop();
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        Answers(answers.clone())
    }
}

impl Watch {
    fn stop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // It only fails when one of its threads panicked, which the missing answers show.
        let _ = self.pacer.take().map(JoinHandle::join);
    }
}

/// A fault that cannot be observed to its end must not go on being watched.
impl Drop for Watch {
    fn drop(&mut self) {
        self.stop();
    }
}

fn visit_once(visit: Visit, port: u16, trade: &Trade, patience: Duration, turn: u64) -> u16 {
    let answer = match visit {
        // A question of its own: else one rendering would serve them all.
        Visit::Market => Client::once(port, patience)
            .get(&format!("/?q=x{turn}"), None)
            .map(|it| it.status)
            .map_err(Into::into),
        Visit::Dashboard => trade.people()[turn as usize % 2].get("/dashboard").map(|it| it.status),
        Visit::Purchase => trade.buy_once(),
    };
    answer.unwrap_or(0)
}

/// What was written down.
pub(super) struct Answers(Vec<Answered>);

impl Answers {
    /// How the people of one kind were answered who came between the two.
    pub(super) fn seen(&self, visit: Visit, from: Instant, to: Instant) -> Seen {
        let mut seen = Seen::default();
        for it in self.0.iter().filter(|it| it.visit == visit && it.begun >= from && it.begun <= to) {
            seen.longest = seen.longest.max(it.took);
            if it.status == visit.good() {
                seen.good += 1;
            } else {
                *seen.bad.entry(it.status).or_default() += 1;
            }
        }
        seen
    }
}

#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) good: usize,
    /// How many by status; 0 for a connection that ended without an answer.
    pub(super) bad: BTreeMap<u16, usize>,
    pub(super) longest: Duration,
}

impl Seen {
    pub(super) fn in_words(&self) -> String {
        let bad = self.bad.iter().map(|(status, count)| match status {
            0 => format!("{count} cut off"),
            status => format!("{count} × {status}"),
        });
        let parts: Vec<String> = [format!("{} ok", self.good)].into_iter().chain(bad).collect();
        format!("{}, {}", parts.join(", "), at_most(self.longest))
    }
}

/// In tenths of a second, which is as exact as these waits are.
pub(super) fn at_most(time: Duration) -> String {
    match time.as_millis() {
        ..100 => "< 0.1 s".to_owned(),
        ms => format!("≤ {:.1} s", ms.div_ceil(100) as f64 / 10.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_wait_is_said_shorter_than_it_was() {
        let said = [0, 99, 100, 101, 7_840].map(|ms| at_most(Duration::from_millis(ms)));
        assert_eq!(said, ["< 0.1 s", "< 0.1 s", "≤ 0.1 s", "≤ 0.2 s", "≤ 7.9 s"]);
    }
}
