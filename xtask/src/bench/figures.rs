//! The figures of a run as `docs/bench.json` keeps them, and what is worked out from them.

use std::collections::BTreeMap;
use std::fs;

use serde::{Deserialize, Serialize};

use super::wrk::{CONNECTIONS, Wrk};
use crate::arguments::BenchOptions;

#[derive(Deserialize, Serialize)]
pub(super) struct Figures {
    pub(super) machine: Machine,
    pub(super) method: Method,
    pub(super) cases: Vec<CaseFigures>,
    /// Of the node.
    pub(super) start_to_ready_ms: Vec<f64>,
    pub(super) streams: StreamCost,
    /// On a throttled phone.
    pub(super) visits: Vec<Visits>,
    pub(super) memory_mib: Memory,
    pub(super) allocations: Vec<Allocations>,
    pub(super) fleet: Vec<FleetFigure>,
    pub(super) downloads: Vec<Download>,
    pub(super) curve: Option<Curve>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Machine {
    pub(super) processor: String,
    pub(super) cores: usize,
    pub(super) memory_gib: f64,
    /// How many processes wanted a core on average, in the last minute before the figures were written.
    pub(super) load: f64,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Method {
    pub(super) load_generator: String,
    threads: usize,
    pub(super) connections: usize,
    pub(super) rounds: u32,
    pub(super) seconds: u32,
    pub(super) accounts: usize,
    pub(super) cards: usize,
}

#[derive(Deserialize, Serialize)]
pub(super) struct CaseFigures {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) sides: BTreeMap<String, Vec<Round>>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Round {
    pub(super) per_second: f64,
    pub(super) p50_us: u64,
    pub(super) p99_us: u64,
    /// For each request, on the processes of this side alone; tells more than the throughput while others work.
    pub(super) core_us: f64,
    /// By name, for each request, those inside scripts included.
    pub(super) redis_commands: BTreeMap<String, f64>,
}

impl Round {
    pub(super) fn all_redis_commands(&self) -> f64 {
        self.redis_commands.values().fold(0.0, |sum, calls| sum + calls)
    }
}

/// Proportional: what processes share is divided among them.
#[derive(Deserialize, Serialize)]
pub(super) struct Memory {
    pub(super) idle: BTreeMap<String, f64>,
    pub(super) loaded: BTreeMap<String, f64>,
}

/// Of the node, for one page.
#[derive(Deserialize, Serialize)]
pub(super) struct Allocations {
    pub(super) name: String,
    /// How often it asked for memory.
    pub(super) count: f64,
    pub(super) bytes: f64,
}

/// A page that is open, on the node.
#[derive(Deserialize, Serialize)]
pub(super) struct StreamCost {
    /// Memory.
    pub(super) kib: f64,
    /// Of a core, for each event that it is told.
    pub(super) event_us: f64,
    /// For each change of a card that it does not show.
    pub(super) spared_us: f64,
}

/// Of a page, each the first of a browser.
#[derive(Deserialize, Serialize)]
pub(super) struct Visits {
    pub(super) name: String,
    /// Until something of the page was to be seen.
    pub(super) painted_ms: Vec<f64>,
    /// Until it answered in place.
    pub(super) ready_ms: Vec<f64>,
}

/// Nodes with one thread each, all at once.
#[derive(Deserialize, Serialize)]
pub(super) struct FleetFigure {
    pub(super) nodes: usize,
    /// In all.
    pub(super) per_second: Vec<f64>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Download {
    pub(super) kind: String,
    pub(super) bytes: u64,
    pub(super) brotli_bytes: u64,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Curve {
    /// By the number of cards in the store, then by case.
    pub(super) cards: BTreeMap<usize, BTreeMap<String, Vec<f64>>>,
    /// The dashboard, by the number of sessions in Redis.
    pub(super) sessions: BTreeMap<usize, Vec<f64>>,
    pub(super) bytes_per_session: f64,
}

pub(super) struct Ratio {
    pub(super) median: f64,
    pub(super) lowest: f64,
    pub(super) highest: f64,
}

impl CaseFigures {
    /// One side beside another, from what they did in the same round.
    pub(super) fn ratio(&self, of: &str, to: &str) -> Option<Ratio> {
        let (of, to) = (self.sides.get(of)?, self.sides.get(to)?);
        let mut ratios: Vec<f64> = of.iter().zip(to).map(|(of, to)| of.per_second / to.per_second).collect();
        ratios.sort_by(f64::total_cmp);
        Some(Ratio { median: median(&ratios), lowest: *ratios.first()?, highest: *ratios.last()? })
    }

    /// The median round of a side by some figure.
    pub(super) fn median(&self, side: &str, figure: impl Fn(&Round) -> f64) -> Option<f64> {
        Some(median(&self.sides.get(side)?.iter().map(figure).collect::<Vec<_>>()))
    }
}

pub(super) fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => sorted[odd / 2],
        even => f64::midpoint(sorted[even / 2 - 1], sorted[even / 2]),
    }
}

impl Machine {
    pub(super) fn this() -> Machine {
        let told = |file: &str, name: &str| -> Option<String> {
            let text = fs::read_to_string(file).ok()?;
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;
            Some(line.trim_matches([':', ' ', '\t']).to_owned())
        };
        let memory =
            told("/proc/meminfo", "MemTotal").and_then(|it| it.split(' ').next()?.parse::<f64>().ok());
        let load = fs::read_to_string("/proc/loadavg").ok().and_then(|it| it.split(' ').next()?.parse().ok());
        Machine {
            processor: told("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_gib: (memory.unwrap_or_default() / 1024.0 / 1024.0).round(),
            load: load.unwrap_or_default(),
        }
    }
}

impl Method {
    pub(super) fn of(options: &BenchOptions, wrk: &Wrk, (accounts, cards): (usize, usize)) -> Method {
        let BenchOptions { rounds, seconds, .. } = *options;
        let (load_generator, threads) = (wrk.version.clone(), wrk.threads);
        Method { load_generator, threads, connections: CONNECTIONS, rounds, seconds, accounts, cards }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds(figures: &[f64]) -> Vec<Round> {
        let round = |per_second: &f64| Round {
            per_second: *per_second,
            p50_us: 0,
            p99_us: 0,
            core_us: 0.0,
            redis_commands: BTreeMap::new(),
        };
        figures.iter().map(round).collect()
    }

    #[test]
    fn sides_are_compared_round_by_round() {
        let sides = [("a", [50.0, 10.0, 40.0]), ("b", [100.0, 20.0, 100.0])];
        let sides = sides.iter().map(|(name, figures)| ((*name).to_owned(), rounds(figures))).collect();
        let case = CaseFigures { name: String::new(), about: String::new(), sides };
        let ratio = case.ratio("a", "b").unwrap();
        assert_eq!((ratio.lowest, ratio.median, ratio.highest), (0.4, 0.5, 0.5));
        assert_eq!(case.median("a", |round| round.per_second), Some(40.0));
        assert!(case.ratio("a", "c").is_none());
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), 2.5);
        assert_eq!(median(&[]), 0.0);
    }
}
