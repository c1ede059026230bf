//! `cargo xtask overload`: offers a node five times what it can do, and sees that it does no less for that.

mod offering;
mod seen;

use std::process::{Command, ExitCode};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::builds;
use crate::checks::end2end::Fleet;
use crate::fleet::state;
use crate::places::{self, Places};
use crate::progress::{green, red};
use crate::setup::{self, Need};
use offering::{Offer, offer};
use seen::{Seen, verdict};

const TIMES: f64 = 5.0;
const WARMING: Duration = Duration::from_secs(5);
const LASTS: Duration = Duration::from_secs(20);
/// What was begun before is answered by then.
const REST: Duration = Duration::from_secs(2);
/// As many keep a node busy without making it choose.
const BUSY: usize = 32;
/// More than a node works on at once, so that somebody is always there to be turned away.
const MANY: usize = 400;

pub(crate) fn run(places: &Places) -> Result<ExitCode> {
    let toolbox = setup::prepare(places, &[Need::Build, Need::Redis, Need::Haproxy])?;
    builds::build(places, &toolbox, true, false)?;
    let folder = tempfile::Builder::new().prefix("cardstore-overload-").tempdir()?;
    let mut fleet = Fleet::start(folder.path(), &["--nodes", "1"])?;
    let written = state::read(folder.path())?;
    let node = written.nodes.first().context("a fleet has a node")?;
    keep_apart(node.pid.context("the node has no process")?)?;
    let port = node.port()?;

    let closed = |lasts| offer(port, &Offer { people: BUSY, each_second: None, lasts });
    closed(WARMING);
    let before = Seen::of(&closed(LASTS), LASTS);
    println!("{}", before.in_words("as much as it can"));
    let each_second = Some(before.served_each_second * TIMES);
    let during = Seen::of(&offer(port, &Offer { people: MANY, each_second, lasts: LASTS }), LASTS);
    println!("{}", during.in_words("offered five times that"));
    thread::sleep(REST);
    let after = Seen::of(&closed(LASTS), LASTS);
    println!("{}", after.in_words("afterwards"));

    let verdict = verdict(&before, &during, &after).and_then(|()| fleet.stop());
    Ok(match verdict {
        Ok(()) => {
            println!("\n{} it does as much as before, and turns the rest away at once", green("ok"));
            ExitCode::SUCCESS
        }
        Err(complaint) => {
            println!("\n{} {complaint}", red("FAILED"));
            ExitCode::FAILURE
        }
    })
}

/// The node on one processor, the people on the others: they would come from other machines.
fn keep_apart(node: u32) -> Result<()> {
    let processors = thread::available_parallelism()?.get();
    let taskset = places::program("taskset", &[]).filter(|_| processors > 1);
    let Some(taskset) = taskset else {
        println!("note: the node shares its processor with those who ask it, who therefore take from it");
        return Ok(());
    };
    for (processors, pid) in [("0".to_owned(), node), (format!("1-{}", processors - 1), std::process::id())] {
        let pid = pid.to_string();
        Command::new(&taskset).args(["--all-tasks", "--cpu-list", "--pid", &processors, &pid]).output()?;
    }
    Ok(())
}
