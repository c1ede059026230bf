//! What can be asked on the command line, and the text that explains it.

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};

pub(crate) const HELP: &str = "\
cargo xtask <command>

  fleet     build the store and run it as a load-balanced fleet on this machine
              --nodes N             how many nodes (2)
              --port N              where the store listens (8080)
              --database KIND       sqlite (default) or postgres
              --dev                 unoptimised build; --release is the default
              --demo                fill an empty store with people and cards
              --fresh               forget the accounts, cards and mail of earlier runs
  roll      replace every node of the running fleet, one at a time, without losing a request
  seed      make the running fleet's store large, for measuring (--cards 1000000, --accounts 100000)
  doctor    look at every part of the running fleet: what is wrong, and what to do
  soak      use a fleet of its own for long, and see whether anything grows (--minutes N, 30)
  overload  offer a node five times what it can do, and see that it does no less for that
  bench     measure the node beside the limit and beside Express; into the README and docs (minutes)
              --rounds N            how often each is measured, in turns (5)
              --seconds N           how long each time (4)
              --built               what `ship` built last, as it is
              --curve               also with up to a million cards and a million sessions (an hour)
  ship      build the node as it is shipped: laid out by what it does most under load (half an hour at first)
  screenshots  every page of a demo fleet as a picture, into target/screenshots and docs
  dev       one node, rebuilt and reloaded in the browser as files change (--port, --database, --fresh)
  test      every check and test; names of stages run only those:
              format lint architecture unit deploy end2end roll chaos
              faults                only when named, on a quiet machine
  setup     only install what the other commands need
  help      this text

The fleet keeps its data in .fleet/. Missing tools are installed on the first run, into the cache
folder where that is possible. REDIS_URL, DATABASE_URL or S3_BUCKET in the environment replace the
part that would otherwise be started.";

pub(crate) const STAGES: &[&str] =
    &["format", "lint", "architecture", "unit", "deploy", "end2end", "roll", "chaos", "faults"];
/// Measured by the second, so they want a quiet machine: only when they are named.
pub(crate) const ON_REQUEST: &[&str] = &["faults"];

const MOST_NODES: usize = 9;
const USUAL_SOAK_MINUTES: u32 = 30;
/// In less time nothing can be told from the beginning.
const FEWEST_SOAK_MINUTES: u32 = 6;

#[derive(Debug, PartialEq)]
pub(crate) enum Task {
    Help,
    Setup,
    Fleet(FleetOptions),
    Roll { data: Option<PathBuf> },
    Seed(SeedOptions),
    Doctor { data: Option<PathBuf> },
    Soak { minutes: u32 },
    Overload,
    Bench(BenchOptions),
    Ship,
    Screenshots,
    Dev(FleetOptions),
    Test { stages: Vec<String> },
}

#[derive(Debug, PartialEq)]
pub(crate) struct SeedOptions {
    pub(crate) accounts: usize,
    pub(crate) cards: usize,
    pub(crate) data: Option<PathBuf>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct BenchOptions {
    pub(crate) rounds: u32,
    pub(crate) seconds: u32,
    /// Also how the figures change with the size of the store.
    pub(crate) curve: bool,
    /// What was shipped last, and nothing newer.
    pub(crate) built: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FleetOptions {
    pub(crate) nodes: usize,
    pub(crate) port: u16,
    /// `None`: whatever `DATABASE_URL` names, else SQLite.
    pub(crate) database: Option<Database>,
    pub(crate) release: bool,
    pub(crate) demo: bool,
    pub(crate) fresh: bool,
    /// Where the fleet keeps its data; the tests run theirs in a temporary folder.
    pub(crate) data: Option<PathBuf>,
}

impl Default for FleetOptions {
    fn default() -> FleetOptions {
        FleetOptions {
            nodes: 2,
            port: 8080,
            database: None,
            release: true,
            demo: false,
            fresh: false,
            data: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

pub(crate) fn parse(mut arguments: pico_args::Arguments) -> Result<Task> {
    if arguments.contains(["-h", "--help"]) {
        return Ok(Task::Help);
    }
    let task = match arguments.subcommand()?.as_deref() {
        None | Some("help") => Task::Help,
        Some("setup") => Task::Setup,
        Some("fleet") => Task::Fleet(fleet_options(&mut arguments)?),
        Some("roll") => Task::Roll { data: arguments.opt_value_from_str("--data")? },
        Some("doctor") => Task::Doctor { data: arguments.opt_value_from_str("--data")? },
        Some("soak") => Task::Soak { minutes: minutes(&mut arguments)? },
        Some("overload") => Task::Overload,
        Some("seed") => Task::Seed(seed_options(&mut arguments)?),
        Some("bench") => Task::Bench(bench_options(&mut arguments)?),
        Some("ship") => Task::Ship,
        Some("screenshots") => Task::Screenshots,
        Some("dev") => {
            let mut options = fleet_options(&mut arguments)?;
            options.nodes = 1;
            options.release = false;
            Task::Dev(options)
        }
        Some("test") => Task::Test { stages: stages(&mut arguments)? },
        Some(other) => bail!("there is no command `{other}`; `cargo xtask help` lists them"),
    };
    let left = arguments.finish();
    ensure!(left.is_empty(), "{left:?} means nothing here; `cargo xtask help` lists what does");
    Ok(task)
}

fn fleet_options(arguments: &mut pico_args::Arguments) -> Result<FleetOptions> {
    let usual = FleetOptions::default();
    let nodes = arguments.opt_value_from_str("--nodes")?.unwrap_or(usual.nodes);
    ensure!((1..=MOST_NODES).contains(&nodes), "--nodes takes 1 to {MOST_NODES}");
    let database = match arguments.opt_value_from_str::<_, String>("--database")?.as_deref() {
        None => None,
        Some("sqlite") => Some(Database::Sqlite),
        Some("postgres") => Some(Database::Postgres),
        Some(other) => bail!("--database takes sqlite or postgres, not `{other}`"),
    };
    let (dev, release) = (arguments.contains("--dev"), arguments.contains("--release"));
    ensure!(!(dev && release), "--dev and --release exclude each other");
    Ok(FleetOptions {
        nodes,
        port: arguments.opt_value_from_str("--port")?.unwrap_or(usual.port),
        database,
        release: !dev,
        demo: arguments.contains("--demo"),
        fresh: arguments.contains("--fresh"),
        data: arguments.opt_value_from_str("--data")?,
    })
}

fn minutes(arguments: &mut pico_args::Arguments) -> Result<u32> {
    let minutes = arguments.opt_value_from_str("--minutes")?.unwrap_or(USUAL_SOAK_MINUTES);
    ensure!(minutes >= FEWEST_SOAK_MINUTES, "--minutes takes {FEWEST_SOAK_MINUTES} or more");
    Ok(minutes)
}

fn bench_options(arguments: &mut pico_args::Arguments) -> Result<BenchOptions> {
    let rounds = arguments.opt_value_from_str("--rounds")?.unwrap_or(5);
    let seconds = arguments.opt_value_from_str("--seconds")?.unwrap_or(4);
    ensure!((1..=50).contains(&rounds), "--rounds takes 1 to 50");
    ensure!((1..=60).contains(&seconds), "--seconds takes 1 to 60");
    let (curve, built) = (arguments.contains("--curve"), arguments.contains("--built"));
    Ok(BenchOptions { rounds, seconds, curve, built })
}

fn seed_options(arguments: &mut pico_args::Arguments) -> Result<SeedOptions> {
    let accounts = arguments.opt_value_from_str("--accounts")?.unwrap_or(100_000);
    let cards = arguments.opt_value_from_str("--cards")?.unwrap_or(1_000_000);
    ensure!(accounts > 1 && cards > 0, "a market takes two accounts and a card");
    Ok(SeedOptions { accounts, cards, data: arguments.opt_value_from_str("--data")? })
}

fn stages(arguments: &mut pico_args::Arguments) -> Result<Vec<String>> {
    let mut asked = Vec::new();
    while let Some(stage) = arguments.opt_free_from_str::<String>()? {
        ensure!(
            STAGES.contains(&stage.as_str()),
            "there is no stage `{stage}`; there are {}",
            STAGES.join(", ")
        );
        asked.push(stage);
    }
    Ok(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Task> {
        parse(pico_args::Arguments::from_vec(line.split_whitespace().map(Into::into).collect()))
    }

    #[test]
    fn a_fleet_has_two_optimised_nodes_on_port_8080_unless_asked_otherwise() {
        let Ok(Task::Fleet(options)) = parsed("fleet") else { panic!("not a fleet") };
        assert_eq!((options.nodes, options.port, options.release), (2, 8080, true));
        let Ok(Task::Fleet(options)) = parsed("fleet --dev --nodes 3 --port 9000 --database postgres") else {
            panic!("not a fleet")
        };
        assert_eq!((options.nodes, options.port, options.release), (3, 9000, false));
        assert_eq!(options.database, Some(Database::Postgres));
    }

    #[test]
    fn a_word_that_means_nothing_is_refused() {
        for line in ["flet", "fleet --nodes 0", "fleet --database mysql", "fleet --frehs", "test unti"] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_store_is_seeded_with_a_million_cards_unless_asked_otherwise() {
        let seed = |accounts, cards| Task::Seed(SeedOptions { accounts, cards, data: None });
        assert_eq!(parsed("seed").unwrap(), seed(100_000, 1_000_000));
        assert_eq!(parsed("seed --cards 5 --accounts 2").unwrap(), seed(2, 5));
        assert!(parsed("seed --accounts 1").is_err());
    }

    #[test]
    fn a_measurement_is_short_and_bounded() {
        let bench = |rounds, seconds, curve, built| BenchOptions { rounds, seconds, curve, built };
        assert_eq!(parsed("bench").unwrap(), Task::Bench(bench(5, 4, false, false)));
        let few = "bench --rounds 1 --seconds 2 --curve --built";
        assert_eq!(parsed(few).unwrap(), Task::Bench(bench(1, 2, true, true)));
        assert!(parsed("bench --rounds 0").is_err());
    }

    #[test]
    fn stages_can_be_picked() {
        assert_eq!(parsed("test").unwrap(), Task::Test { stages: vec![] });
        assert_eq!(
            parsed("test lint unit").unwrap(),
            Task::Test { stages: vec!["lint".into(), "unit".into()] }
        );
    }
}
