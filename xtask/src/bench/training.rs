//! `cargo xtask ship`: builds the node as it is shipped and measured. Before that it serves pages for a while and counts which
//! ways through its code are taken, so that the compiler can lay those out first (profile-guided optimisation, as the manual
//! of rustc describes it).

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::cases::{self, Case, Kind};
use super::requests::{self, Request};
use super::rounds::Rounds;
use super::sides::{self, NODE, Side};
use super::stage::{Cast, Programs, Stage};
use super::wrk::{Repeat, Wrk};
use crate::arguments::BenchOptions;
use crate::builds::{self, Profile};
use crate::fleet::node::Node;
use crate::fleet::postgres;
use crate::places::Places;
use crate::progress::Step;
use crate::setup::{self, Need, Toolbox};
use crate::{commands, ports, seed};

pub(super) const NEEDS: &[Need] = &[Need::Build, Need::Redis, Need::Postgres, Need::Wrk];
/// The accounts of the measured cases, which all play a part.
const SIZE: (usize, usize) = (10_000, 20_000);
const SIZE_ON_POSTGRES: (usize, usize) = (1_000, 5_000);
/// Each case once, for so many seconds: counts settle soon.
const ONCE: BenchOptions = BenchOptions { rounds: 1, seconds: 3, curve: false, built: false };
const ALSO_SECONDS: u32 = 6;

/// What nobody measures, but people do: the other pages, what browsers with script ask for, and answers as browsers
/// want them, compressed.
const ALSO: Case = Case {
    name: "everything else",
    about: "everything else",
    kind: Kind::Page,
    sides: &[NODE],
    ask: |side, cast, _| also(side, cast),
};

/// Says last which folder holds the program.
pub(crate) fn run(places: &Places) -> Result<()> {
    let toolbox = setup::prepare(places, NEEDS)?;
    let programs = build(places, &toolbox)?;
    println!("{}", programs.display());
    Ok(())
}

/// The site, the node, and what it is measured beside, all as they are shipped.
pub(super) fn build(places: &Places, toolbox: &Toolbox) -> Result<PathBuf> {
    builds::build(places, toolbox, true, true)?;
    let profile = train(places, toolbox)?;
    builds::shipped(places, toolbox, &Profile::Use(profile))
}

/// Answers the profile, made anew from the code as it is.
fn train(places: &Places, toolbox: &Toolbox) -> Result<PathBuf> {
    let merge = setup::profdata(places, toolbox)?;
    let counts = places.root.join("target/training-counts");
    // What the programs of an earlier build counted.
    _ = fs::remove_dir_all(&counts);
    let programs = builds::shipped(places, toolbox, &Profile::Count(counts.clone()))?;
    let programs = Programs { built: programs, express: PathBuf::new() };
    let wrk = Wrk::find(places, toolbox)?;
    on_sqlite(places, &programs, &wrk)?;
    on_postgres(places, &programs, &wrk)?;
    let profile = places.root.join("target/training.profdata");
    let mut command = commands::without_cargo(std::process::Command::new(merge));
    command.arg("merge").arg("--output").arg(&profile).arg(&counts);
    ensure!(commands::succeeds(&mut command), "llvm-profdata could not add up what was counted");
    Ok(profile)
}

fn on_sqlite(places: &Places, programs: &Programs, wrk: &Wrk) -> Result<()> {
    let mut stage = Stage::set(places, programs, SIZE)?;
    let sides = sides::start_ours(&mut stage)?;
    let rounds = Rounds { stage: &stage, sides: &sides, wrk, options: &ONCE };
    rounds.of(&cases::VISITS)?;
    let longer = BenchOptions { seconds: ALSO_SECONDS, ..ONCE };
    Rounds { options: &longer, ..rounds }.of(&[ALSO])?;
    rounds.of(&cases::SIGN_INS)?;
    // They say what they counted when they end in order.
    sides::stop(&mut stage, &sides)
}

/// Pages alone: what the node does with another database, it does in another way.
fn on_postgres(places: &Places, programs: &Programs, wrk: &Wrk) -> Result<()> {
    let mut stage = Stage::set(places, programs, (SIZE.0, SIZE_ON_POSTGRES.1))?;
    let url = postgres::start(&stage.data, &mut stage.supervisor)?;
    let other = [("DATABASE_URL", &*url)];
    seed::fill(&programs.built, SIZE_ON_POSTGRES, stage.settings(&other))?;
    let free = ports::free(2)?;
    stage.start_node(&Node { name: NODE.to_owned(), port: free[0], admin_port: free[1] }, &other)?;
    let collector = sides::sign_in(free[0], "seeded0")?;
    let step = Step::begin("the same on PostgreSQL", None);
    let pages = ["/", "/dashboard", "/?q=moon", "/activity", "/notifications", "/account", "/api/dashboard"];
    let asked: Vec<Request> = pages.iter().map(|page| Request::get(page, Some(&collector))).collect();
    let file = stage.data.join("requests");
    fs::write(&file, requests::file(&asked, free[0]))?;
    let told = wrk.drive(free[0], &file, ALSO_SECONDS, Repeat::Again)?;
    ensure!(told.broken == 0 && told.refused == 0 && told.requests > 0, "the node answered with {told:?}");
    step.done();
    stage.stop_node(NODE)
}

fn also(side: &Side, cast: &Cast) -> Vec<Request> {
    let member = Some(&*side.collector);
    let pages = ["/activity", "/notifications", "/account", "/account/password", "/dashboard/add"];
    let searches = ["/?q=moon", "/?sort=cheapest", "/?min=1&max=20", "/?seller=seeded7"];
    let functions = ["/api/visitor", "/api/dashboard", "/api/market", "/api/inbox", "/healthz"];
    let seen = cast.cards.iter().take(50);
    let of_cards = seen.flat_map(|card| {
        [format!("/cards/{card}/buy"), format!("/api/card?id={card}"), format!("/cards/{card}")]
    });
    let plain = pages.iter().chain(&searches).chain(&functions).map(|path| Request::get(path, member));
    let compressed = ["/", "/dashboard", "/activity"].map(|path| Request::get(path, member).compressed());
    let strangers = ["/login", "/register", "/forgot", "/?q=moon"].map(|path| Request::get(path, None));
    let of_cards = of_cards.map(|path| Request::get(&path, member));
    plain.chain(compressed).chain(strangers).chain(of_cards).collect()
}
