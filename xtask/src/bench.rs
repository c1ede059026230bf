//! `cargo xtask bench`: the node beside the limit of what this machine can do and beside Express, in turns, on the same
//! Redis and the same data; into the README, `docs/bench.svg` and `docs/bench.json`.

mod allocations;
mod cases;
mod chart;
mod curve;
mod downloads;
mod figures;
mod fleets;
mod interactive;
mod processes;
mod redis;
mod requests;
mod rounds;
mod sides;
mod stage;
mod streams;
mod table;
mod training;
mod wrk;

use std::time::Duration;
use std::{fs, thread};

use anyhow::{Context, Result, ensure};

use crate::arguments::BenchOptions;
use crate::places::Places;
use crate::setup::{self, Need, Toolbox};
use crate::{builds, jobs, progress};
use figures::{CaseFigures, Figures, Machine, Method};
use rounds::Rounds;
use stage::{Programs, Stage};
pub(crate) use training::run as ship;
use wrk::Wrk;

const ACCOUNTS: usize = 10_000;
const CARDS: usize = 100_000;
/// A thread that hashed a password ends within ten seconds, and only then is its memory given back.
const AT_REST: Duration = Duration::from_secs(12);
const RAW: &str = "docs/bench.json";
const CHART: &str = "docs/bench.svg";

pub(crate) fn run(places: &Places, options: &BenchOptions) -> Result<()> {
    let toolbox = setup::prepare(places, &[training::NEEDS, &[Need::Chromium]].concat())?;
    let built = match options.built {
        true => builds::shipped_before(places, &toolbox)?,
        false => training::build(places, &toolbox)?,
    };
    let programs = Programs { built, express: places.root.join("bench/express") };
    install_express(places, &toolbox, &programs)?;
    let wrk = Wrk::find(places, &toolbox)?;

    let mut stage = Stage::set(places, &programs, (ACCOUNTS, CARDS))?;
    let start_to_ready_ms = processes::start_to_ready(&mut stage)?;
    let allocations = allocations::for_each_page(&mut stage)?;
    let streams = streams::cost(&mut stage, &wrk)?;
    let sides = sides::start(&mut stage)?;
    thread::sleep(AT_REST);
    let idle_mib = sides::memory_mib(&stage, &sides)?;
    let visits = interactive::visit(places, &toolbox, &sides[0], &stage.cast)?;
    let rounds = Rounds { stage: &stage, sides: &sides, wrk: &wrk, options };
    let mut cases = rounds.of(&cases::VISITS)?;
    nobody_ran_out_of_cards(&cases, options)?;
    let loaded_mib = sides::memory_mib(&stage, &sides)?;
    cases.extend(rounds.of(&cases::SIGN_INS)?);
    sides::stop(&mut stage, &sides)?;
    let fleet = fleets::one_to_four(&mut stage, &wrk, options)?;
    drop(stage);
    let mut figures = Figures {
        machine: Machine::this(),
        method: Method::of(options, &wrk, (ACCOUNTS, CARDS)),
        cases,
        start_to_ready_ms,
        streams,
        visits,
        memory_mib: figures::Memory { idle: idle_mib, loaded: loaded_mib },
        allocations,
        fleet,
        downloads: downloads::of(&places.root.join("target/site"))?,
        curve: earlier(places).and_then(|figures| figures.curve),
    };
    write(places, &figures)?;
    if options.curve {
        figures.curve = Some(curve::measure(places, &programs, &wrk, options)?);
        write(places, &figures)?;
    }
    println!("\n{}", table::of(&figures));
    println!("{} {RAW}, {CHART} and the README tell the same", progress::green("ok"));
    Ok(())
}

/// Whoever bought all that was offered would have bought more.
fn nobody_ran_out_of_cards(cases: &[CaseFigures], options: &BenchOptions) -> Result<()> {
    let most_each_second = stage::TRADED as f64 / f64::from(options.seconds);
    for (side, rounds) in
        cases.iter().filter(|case| case.name == cases::PURCHASE).flat_map(|case| &case.sides)
    {
        let bought_all = rounds.iter().any(|round| round.per_second > 0.95 * most_each_second);
        ensure!(!bought_all, "{side} bought all that was offered before its time was over: `--seconds` less");
    }
    Ok(())
}

/// What the last run left.
fn earlier(places: &Places) -> Option<Figures> {
    serde_json::from_slice(&fs::read(places.root.join(RAW)).ok()?).ok()
}

fn write(places: &Places, figures: &Figures) -> Result<()> {
    fs::write(places.root.join(RAW), serde_json::to_string_pretty(figures)? + "\n")?;
    fs::write(places.root.join(CHART), chart::of(figures))?;
    let readme = places.root.join("README.md");
    let text = fs::read_to_string(&readme)?;
    fs::write(
        readme,
        table::put_into(&text, &table::of(figures)).context("the README has no place for it")?,
    )?;
    Ok(())
}

/// From the lock file beside it, once.
fn install_express(places: &Places, toolbox: &Toolbox, programs: &Programs) -> Result<()> {
    setup::ensure_node()?;
    let changed = |file: &str| fs::metadata(programs.express.join(file)).and_then(|it| it.modified()).ok();
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_some() && installed >= changed("package-lock.json") {
        return Ok(());
    }
    let step = progress::Step::begin("Express", None);
    let mut npm = toolbox.command("npm")?;
    npm.current_dir(&programs.express).args(["ci", "--no-audit", "--no-fund"]);
    jobs::run(&step, npm, &places.log("npm-express"), std::time::Duration::from_secs(15 * 60))?;
    step.done();
    Ok(())
}
