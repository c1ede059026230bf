//! What became of those who asked, and whether that is good enough.

use std::time::Duration;

use super::offering::Answered;

/// How much less of its work a node may do because others ask, too.
const LOSS: f64 = 0.10;
/// The same where it turns them all away by itself: the kernel's part of an answer costs more than saying no.
const LOSS_ALONE: f64 = 0.25;
/// Whoever is turned away hears it by then, nearly always.
const AT_ONCE: Duration = Duration::from_millis(750);
/// Whoever is served is served by then.
const BOUND: Duration = Duration::from_secs(2);

const MIB: f64 = 1024.0 * 1024.0;
/// How much more memory it may keep: the allocator's pages are not all full.
const MORE_MEMORY: f64 = 0.25;

pub(super) struct Seen {
    pub(super) served_each_second: f64,
    turned_away_each_second: f64,
    /// Neither served nor turned away.
    otherwise: usize,
    served: Times,
    turned_away: Times,
    processor: f64,
    memory_mib: f64,
}

/// By the node.
pub(super) struct Used {
    /// The part of the time in which it had a processor: far below one, others took it.
    pub(super) processor: f64,
    /// A moment later.
    pub(super) memory_bytes: f64,
}

struct Times {
    half_within: Duration,
    nearly_all_within: Duration,
    longest: Duration,
}

impl Seen {
    pub(super) fn of(answers: &[Answered], lasted: Duration, used: &Used) -> Seen {
        let took = |status: u16| -> Vec<Duration> {
            answers.iter().filter(|it| it.status == status).map(|it| it.took).collect()
        };
        let (served, turned_away) = (took(200), took(503));
        let each_second = |times: &[Duration]| times.len() as f64 / lasted.as_secs_f64();
        Seen {
            served_each_second: each_second(&served),
            turned_away_each_second: each_second(&turned_away),
            otherwise: answers.len() - served.len() - turned_away.len(),
            served: Times::of(served),
            turned_away: Times::of(turned_away),
            processor: used.processor,
            memory_mib: used.memory_bytes / MIB,
        }
    }

    pub(super) fn in_words(&self, when: &str) -> String {
        let Seen {
            served_each_second,
            turned_away_each_second,
            otherwise,
            served,
            turned_away,
            processor,
            memory_mib,
        } = self;
        format!(
            "{when}: {served_each_second:.0} pages a second{}, {turned_away_each_second:.0} × 503{}, {otherwise} \
             otherwise; {memory_mib:.0} MiB, {processor:.2} of a processor",
            served.in_words(),
            turned_away.in_words()
        )
    }
}

impl Times {
    fn of(mut times: Vec<Duration>) -> Times {
        times.sort_unstable();
        let within = |per_cent: usize| times.get(times.len() * per_cent / 100).copied().unwrap_or_default();
        Times {
            half_within: within(50),
            nearly_all_within: within(99),
            longest: times.last().copied().unwrap_or_default(),
        }
    }

    fn in_words(&self) -> String {
        if self.longest.is_zero() {
            return String::new();
        }
        let [half, nearly_all, longest] =
            [self.half_within, self.nearly_all_within, self.longest].map(|time| time.as_secs_f64() * 1e3);
        format!(" (half within {half:.0} ms, 99 % within {nearly_all:.0} ms, all within {longest:.0} ms)")
    }
}

pub(super) fn verdict(before: &Seen, during: &Seen, past: &Seen, after: &Seen) -> Result<(), String> {
    let all = [before, during, past, after];
    let enough = before.served_each_second * (1.0 - LOSS);
    let enough_alone = before.served_each_second * (1.0 - LOSS_ALONE);
    let complaints = [
        (during.served_each_second < enough, "it serves too few while many ask"),
        (past.served_each_second < enough_alone, "it serves too few when nobody stands in front of it"),
        (after.served_each_second < enough, "it serves too few afterwards"),
        (during.turned_away_each_second < before.served_each_second, "too few were turned away to tell"),
        (all.iter().any(|it| it.otherwise > 0), "somebody got another answer, or none"),
        (after.memory_mib > before.memory_mib * (1.0 + MORE_MEMORY), "it keeps much more memory afterwards"),
        (all.iter().any(|it| it.turned_away.nearly_all_within > AT_ONCE), "it turns away too slowly"),
        (all.iter().any(|it| it.served.longest > BOUND), "somebody waited too long"),
    ];
    let said: Vec<_> = complaints.iter().filter(|(is_so, _)| *is_so).map(|(_, words)| *words).collect();
    if said.is_empty() { Ok(()) } else { Err(said.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(mib: f64) -> Used {
        Used { processor: 1.0, memory_bytes: mib * MIB }
    }

    fn seen(pages: usize, refusals: usize, refused_in_ms: u64) -> Seen {
        let served = vec![Answered { status: 200, took: Duration::from_millis(300) }; pages];
        let refused = vec![Answered { status: 503, took: Duration::from_millis(refused_in_ms) }; refusals];
        Seen::of(&[served, refused].concat(), Duration::from_secs(1), &used(7.0))
    }

    #[test]
    fn a_node_that_does_as_much_and_refuses_at_once_is_well() {
        let past = seen(80, 300, 5);
        assert_eq!(verdict(&seen(100, 0, 0), &seen(95, 400, 3), &past, &seen(101, 0, 0)), Ok(()));
    }

    #[test]
    fn what_is_not_well_is_named() {
        let slow = verdict(&seen(100, 0, 0), &seen(80, 400, 900), &seen(80, 300, 5), &seen(100, 0, 0));
        assert_eq!(slow.unwrap_err(), "it serves too few while many ask; it turns away too slowly");
        let cut_off =
            Seen::of(&[Answered { status: 0, took: Duration::ZERO }], Duration::from_secs(1), &used(9.0));
        let said = verdict(&seen(100, 0, 0), &seen(100, 400, 1), &seen(70, 300, 5), &cut_off).unwrap_err();
        assert!(
            said.contains("or none") && said.contains("in front") && said.contains("more memory"),
            "{said}"
        );
        let calm = verdict(&seen(100, 0, 0), &seen(100, 90, 1), &seen(100, 400, 1), &seen(100, 0, 0));
        assert_eq!(calm.unwrap_err(), "too few were turned away to tell");
    }
}
