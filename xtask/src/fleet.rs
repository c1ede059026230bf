//! `cargo xtask fleet`: the store as it runs in production, from real parts, on one machine.

pub(crate) mod balancer;
pub(crate) mod data;
pub(crate) mod launch;
pub(crate) mod node;
pub(crate) mod output;
pub(crate) mod part;
pub(crate) mod parts;
pub(crate) mod postgres;
pub(crate) mod release;
pub(crate) mod state;
pub(crate) mod supervisor;

use std::path::Path;

use anyhow::{Context, Result};

use crate::arguments::{Database, FleetOptions};
use crate::http::Ready;
use crate::places::Places;
use crate::progress::bold;
use crate::setup::{self, Need};
use crate::signals::stop_asked;
use crate::{builds, ports};
use data::DataFolder;
use launch::Launch;
use node::{Node, Settings};
use output::Output;
use part::Part;
use release::Release;
use supervisor::Supervisor;

pub(crate) fn run(places: &Places, options: &FleetOptions) -> Result<()> {
    ports::ensure_free(options.port)?;
    let data = DataFolder::open(places, options)?;
    let mut needs = vec![Need::Build, Need::Haproxy];
    needs.extend(parts::needs(options));
    let toolbox = setup::prepare(places, &needs)?;
    let programs = builds::build(places, &toolbox, options.release, options.demo)?;

    let mut supervisor = Supervisor::default();
    // Whatever happens from here on, what was started is stopped again.
    let outcome = start(places, options, &data, &programs, &mut supervisor)
        .and_then(|state| supervisor.watch(|parts| state.write(&data, parts)));
    supervisor.stop();
    state::remove(&data);
    match outcome {
        // Asked to stop while something was still starting: no failure, just an early end.
        Err(_) if stop_asked() => Ok(()),
        other => other,
    }
}

fn start(
    places: &Places,
    options: &FleetOptions,
    data: &DataFolder,
    programs: &Path,
    supervisor: &mut Supervisor,
) -> Result<state::State> {
    let public_url = format!("http://localhost:{}", options.port);
    let services = parts::start(options, data, programs, &public_url, supervisor)?;
    let release = Release::keep(places, programs, data)?;
    let settings = Settings::gather(&release.site, data, &services, &public_url);

    let nodes = Node::name_all(options.nodes)?;
    for node in &nodes {
        supervisor.start(node_part(node, &release, &settings, Output::Terminal))?;
    }
    let balancer = balancer::start(options.port, &nodes, data, supervisor)?;

    let state = state::State { public_url, nodes, services, balancer };
    if options.demo {
        let first = state.nodes.first().context("a fleet has a node")?;
        supervisor.run_once("demo", Launch::of(&programs.join("demo")).with(settings.of(first)))?;
    }
    state.write(data, supervisor)?;
    greet(&state, data);
    Ok(state)
}

pub(crate) fn node_part(node: &Node, release: &Release, settings: &Settings, output: Output) -> Part {
    Part {
        name: format!("node-{}", node.name),
        launch: Launch::of(&release.program).with(settings.of(node)),
        ready: Ready::Answers(node.port, "/healthz"),
        output,
    }
}

fn greet(state: &state::State, data: &DataFolder) {
    println!("\n  The store is open:  {}", bold(&state.public_url));
    println!(
        "  Nodes:              {}",
        state.nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>().join(", ")
    );
    if let Some(mail) = &state.services.mail_dir {
        println!("  Mail lands in:      {}", mail.display());
    }
    println!("  Data is kept in:    {}", data.path().display());
    println!("  Stop:               Ctrl-C\n");
}

/// Which database a run uses; `None` leaves it to `DATABASE_URL`.
pub(crate) fn database(options: &FleetOptions) -> Option<Database> {
    match (options.database, std::env::var_os("DATABASE_URL")) {
        (None, Some(_)) => None,
        (asked, _) => Some(asked.unwrap_or(Database::Sqlite)),
    }
}
