//! Rounds: every case on every side for a few seconds, then all over again, so that a slow moment meets everybody.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Result, ensure};

use super::cases::{Case, Kind};
use super::figures::{CaseFigures, Round};
use super::processes;
use super::redis::Redis;
use super::requests;
use super::sides::Side;
use super::stage::Stage;
use super::wrk::{Repeat, Wrk};
use crate::arguments::BenchOptions;
use crate::progress::Step;

#[derive(Clone, Copy)]
pub(super) struct Rounds<'a> {
    pub(super) stage: &'a Stage,
    pub(super) sides: &'a [Side],
    pub(super) wrk: &'a Wrk,
    pub(super) options: &'a BenchOptions,
}

impl Rounds<'_> {
    pub(super) fn of(&self, cases: &[Case]) -> Result<Vec<CaseFigures>> {
        let mut figures: Vec<CaseFigures> = cases.iter().map(CaseFigures::of).collect();
        let turns: usize = cases.iter().map(|case| self.present(case).len()).sum();
        for round in 0..self.options.rounds {
            let (number, all) = (round + 1, self.options.rounds);
            let step = Step::begin(&format!("round {number} of {all}"), Some(turns as u64));
            for (case, figures) in cases.iter().zip(&mut figures) {
                let sides = self.present(case);
                // Everybody is first, and last, as often as the others.
                let first = round as usize % sides.len();
                for side in sides.iter().cycle().skip(first).take(sides.len()) {
                    step.advance(format!("{} of {}", case.name, side.name));
                    let measured = self.once(case, side)?;
                    figures.sides.entry(side.name.to_owned()).or_default().push(measured);
                }
            }
            step.done();
        }
        Ok(figures)
    }

    /// The sides of the case that are on the stage.
    fn present(&self, case: &Case) -> Vec<&Side> {
        case.sides.iter().filter_map(|name| self.sides.iter().find(|side| side.name == *name)).collect()
    }

    fn once(&self, case: &Case, side: &Side) -> Result<Round> {
        let name = side.name;
        let mut redis = Redis::connect(&self.stage.services.redis_url)?;
        if case.kind == Kind::SignIn {
            // Neither tries nor devices are to add up from round to round.
            redis.forget_everything()?;
        }
        let offered = if case.kind == Kind::Purchase { self.stage.offer()? } else { Vec::new() };
        let file = self.stage.data.join("requests");
        fs::write(&file, requests::file(&(case.ask)(side, &self.stage.cast, &offered), side.port))?;
        let repeat = if case.kind == Kind::Purchase { Repeat::Once } else { Repeat::Again };
        let pid = side.pid(self.stage)?;
        let (before, used_before) = (redis.calls()?, processes::core_seconds(pid)?);
        let told = self.wrk.drive(side.port, &file, self.options.seconds, repeat)?;
        let used = processes::core_seconds(pid)? - used_before;
        let calls = redis.calls()?;
        let done = match case.kind {
            Kind::Purchase => self.stage.sold()?,
            _ => {
                ensure!(told.refused == 0, "{name} refused {} requests: {}", told.refused, case.name);
                told.requests
            }
        };
        ensure!(
            told.broken == 0 && done > 0,
            "{name} left {} requests unanswered: {}",
            told.broken,
            case.name
        );
        Ok(Round {
            per_second: done as f64 / told.seconds,
            p50_us: told.p50_us,
            p99_us: told.p99_us,
            core_us: used * 1e6 / done as f64,
            redis_commands: for_each(done, &before, calls),
        })
    }
}

/// What was called since `before`, shared out among requests.
fn for_each(
    requests: u64,
    before: &BTreeMap<String, u64>,
    calls: BTreeMap<String, u64>,
) -> BTreeMap<String, f64> {
    let since = calls.into_iter().map(|(command, calls)| {
        let called = calls.saturating_sub(*before.get(&command).unwrap_or(&0));
        (command, called as f64 / requests as f64)
    });
    since.filter(|(_, calls)| *calls > 0.0).collect()
}

impl CaseFigures {
    fn of(case: &Case) -> CaseFigures {
        CaseFigures { name: case.name.to_owned(), about: case.about.to_owned(), sides: BTreeMap::new() }
    }
}
