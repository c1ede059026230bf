//! The cost curve: the same pages from stores of growing size, and the dashboard with a growing number of sessions in
//! Redis. All sizes stand ready at once and are measured in turns.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use super::cases::{self, Kind};
use super::figures::Curve;
use super::redis::Redis;
use super::requests;
use super::sides::{NODE, Side};
use super::stage::{Programs, Stage};
use super::wrk::{Repeat, Wrk};
use crate::arguments::BenchOptions;
use crate::fleet::node::Node;
use crate::places::Places;
use crate::ports;
use crate::progress::Step;

const CARDS: [usize; 3] = [1_000, 100_000, 1_000_000];
/// Those of the other measurements: some of them play a part.
const ACCOUNTS: usize = 10_000;
const SESSIONS: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// As many cards are looked at in every store, however small: a node remembers pages.
const SHOWN: usize = 200;
const AT_ONCE: usize = 10_000;
/// Copies a real session, its memo and its account's list of devices, each byte of them.
const COPY: &str = "for place = 1, #KEYS do \
    local copy, ends = redis.call('DUMP', KEYS[place]), redis.call('PEXPIRETIME', KEYS[place]) \
    local left = math.max(ends - redis.call('TIME')[1] * 1000, 0) \
    for number = tonumber(ARGV[1]), tonumber(ARGV[2]) do \
      local name = string.sub(KEYS[place], 1, -23) .. string.format('%022d', number) \
      if string.sub(KEYS[place], -1) == '}' then \
        name = string.sub(KEYS[place], 1, -24) .. string.format('%022d', number) .. '}' \
      end \
      redis.call('RESTORE', name, left, copy, 'REPLACE') \
    end \
  end return 1";

/// A stage with a node that somebody is signed in to.
struct Store {
    stage: Stage,
    node: Side,
}

impl Store {
    fn open(places: &Places, programs: &Programs, cards: usize) -> Result<Store> {
        let mut stage = Stage::set(places, programs, (ACCOUNTS, cards))?;
        stage.cast.cards.truncate(SHOWN);
        let free = ports::free(2)?;
        stage.start_node(&Node { name: NODE.to_owned(), port: free[0], admin_port: free[1] }, &[])?;
        let node = Side::admitting(NODE, free[0], &stage.cast)?;
        Ok(Store { stage, node })
    }

    fn per_second(&self, case: &cases::Case, wrk: &Wrk, seconds: u32) -> Result<f64> {
        let file = self.stage.data.join("requests");
        fs::write(&file, requests::file(&(case.ask)(&self.node, &self.stage.cast, &[]), self.node.port))?;
        let told = wrk.drive(self.node.port, &file, seconds, Repeat::Again)?;
        Ok(told.requests as f64 / told.seconds)
    }
}

pub(super) fn measure(
    places: &Places,
    programs: &Programs,
    wrk: &Wrk,
    options: &BenchOptions,
) -> Result<Curve> {
    let cards = by_cards(places, programs, wrk, options)?;
    let (sessions, bytes_per_session) = by_sessions(places, programs, wrk, options)?;
    Ok(Curve { cards, sessions, bytes_per_session })
}

fn by_cards(
    places: &Places,
    programs: &Programs,
    wrk: &Wrk,
    options: &BenchOptions,
) -> Result<BTreeMap<usize, BTreeMap<String, Vec<f64>>>> {
    let stores =
        CARDS.iter().map(|cards| Store::open(places, programs, *cards)).collect::<Result<Vec<_>>>()?;
    let mut figures: BTreeMap<usize, BTreeMap<String, Vec<f64>>> = BTreeMap::new();
    let step = Step::begin("stores of growing size", Some(u64::from(options.rounds)));
    for round in 0..options.rounds {
        step.advance(format!("round {}", round + 1));
        for case in cases::VISITS.iter().filter(|case| case.kind == Kind::Page) {
            for (cards, store) in CARDS.iter().zip(&stores) {
                let figure = store.per_second(case, wrk, options.seconds)?;
                figures.entry(*cards).or_default().entry(case.name.to_owned()).or_default().push(figure);
            }
        }
    }
    step.done();
    Ok(figures)
}

fn by_sessions(
    places: &Places,
    programs: &Programs,
    wrk: &Wrk,
    options: &BenchOptions,
) -> Result<(BTreeMap<usize, Vec<f64>>, f64)> {
    let stores =
        SESSIONS.iter().map(|_| Store::open(places, programs, CARDS[0])).collect::<Result<Vec<_>>>()?;
    let step = Step::begin("sessions", Some(SESSIONS.len() as u64));
    let mut bytes_per_session = 0.0;
    for (sessions, store) in SESSIONS.iter().zip(&stores) {
        step.advance(format!("{sessions}"));
        bytes_per_session = fill(&mut Redis::connect(&store.stage.services.redis_url)?, *sessions)?;
    }
    step.done();
    let mut figures: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    let step = Step::begin("the dashboard beside them", Some(u64::from(options.rounds)));
    for round in 0..options.rounds {
        step.advance(format!("round {}", round + 1));
        for (sessions, store) in SESSIONS.iter().zip(&stores) {
            let figure = store.per_second(&cases::VISITS[0], wrk, options.seconds)?;
            figures.entry(*sessions).or_default().push(figure);
        }
    }
    step.done();
    Ok((figures, bytes_per_session))
}

/// Answers how many bytes of Redis a session took.
fn fill(redis: &mut Redis, sessions: usize) -> Result<f64> {
    let mut originals = Vec::new();
    for kind in ["s", "e", "a"] {
        let found = redis.keys(&format!("cardstore:{kind}:*"))?;
        originals.push(found.into_iter().next().with_context(|| format!("no session has a key {kind}"))?);
    }
    let before = redis.memory_bytes()?;
    for first in (1..=sessions).step_by(AT_ONCE) {
        let last = sessions.min(first + AT_ONCE - 1);
        let numbers = [first.to_string(), last.to_string()];
        let words =
            ["EVAL", COPY, "3", &originals[0], &originals[1], &originals[2], &numbers[0], &numbers[1]];
        redis.run(&words)?;
    }
    Ok((redis.memory_bytes()?.saturating_sub(before)) as f64 / sessions as f64)
}
