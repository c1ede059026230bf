//! `cargo xtask overload`: offers a fleet of one node five times what it can do, and sees that it does no less for that.
//! Then the same past the balancer, whose work it is to turn most of them away.

mod offering;
mod seen;

use std::iter;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::builds;
use crate::checks::end2end::Fleet;
use crate::fleet::state::{self, Written};
use crate::places::{self, Places};
use crate::progress::{green, red};
use crate::setup::{self, Need};
use crate::visits::person::Person;
use offering::Offer;
use seen::{Seen, Used, verdict};

/// For the one processor that the node gets.
const ONE_THREAD: &[(&str, &str)] = &[("CARDSTORE_THREADS", "1")];
const TIMES: f64 = 5.0;
const WARMING: Duration = Duration::from_secs(5);
const LASTS: Duration = Duration::from_secs(20);
/// What was begun before is answered by then, and what is no longer needed given back.
const REST: Duration = Duration::from_secs(5);
/// As many keep a node busy without making it choose.
const BUSY: usize = 32;
/// So many that somebody is always there to ask when it is time to.
const MANY: usize = 1_500;
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn run(places: &Places) -> Result<ExitCode> {
    let toolbox = setup::prepare(places, &[Need::Build, Need::Redis, Need::Haproxy])?;
    builds::build(places, &toolbox, true, true)?;
    let folder = tempfile::Builder::new().prefix("cardstore-overload-").tempdir()?;
    let mut fleet = Fleet::start_with(folder.path(), &["--nodes", "1", "--demo"], ONE_THREAD)?;
    let written = state::read(folder.path())?;
    let node = written.nodes.first().context("a fleet has a node")?;
    let person = signed_in(node.port()?, &written)?;
    let pid = node.pid.context("the node has no process")?;
    let others = [written.haproxy_pid, written.redis_pid, Some(std::process::id())];
    keep_apart(pid, others.into_iter().flatten())?;

    let offer = Offer {
        program: builds::bench(places, &toolbox)?.join("bench"),
        cookie: person.cookie().context("who is signed in has a cookie")?,
    };
    let (balancer, past_it) = (written.port()?, node.port()?);
    let ask = |port, people, each_second, lasts| -> Result<Seen> {
        let worked = processor_time(pid)?;
        let answers = offer.make(port, people, each_second, lasts)?;
        let worked = processor_time(pid)? - worked;
        thread::sleep(REST);
        let memory_bytes = node.figure("process_resident_memory_bytes")?;
        Ok(Seen::of(&answers, lasts, &Used { processor: worked.div_duration_f64(lasts), memory_bytes }))
    };
    ask(balancer, BUSY, None, WARMING)?;
    let before = ask(balancer, BUSY, None, LASTS)?;
    println!("{}", before.in_words("as much as it can"));
    let five_times = Some(before.served_each_second * TIMES);
    let during = ask(balancer, MANY, five_times, LASTS)?;
    println!("{}", during.in_words("offered five times that"));
    let past = ask(past_it, MANY, five_times, LASTS)?;
    println!("{}", past.in_words("the same past the balancer"));
    let after = ask(balancer, BUSY, None, LASTS)?;
    println!("{}", after.in_words("afterwards"));

    let verdict = verdict(&before, &during, &past, &after).and_then(|()| fleet.stop());
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

/// Somebody whose pages nobody shares.
fn signed_in(port: u16, written: &Written) -> Result<Person> {
    let person = Person::new("ann", port, PATIENCE);
    person.register()?;
    person.activate_by_mail(written.mail_dir()?)?;
    person.sign_in()?;
    Ok(person)
}

/// What the node has used since it began, as Linux counts it: in hundredths of a second.
fn processor_time(pid: u32) -> Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // Behind the program's name, which may hold anything.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|it| it.parse::<u64>().ok()).context("no times in stat");
    Ok(Duration::from_millis(10 * (ticks(11)? + ticks(12)?)))
}

/// The node on one processor, everybody else on the others: they would be other machines.
fn keep_apart(node: u32, others: impl Iterator<Item = u32>) -> Result<()> {
    let processors = thread::available_parallelism()?.get();
    let taskset = places::program("taskset", &[]).filter(|_| processors > 1);
    let Some(taskset) = taskset else {
        println!("note: the node shares its processor with those who ask it, who therefore take from it");
        return Ok(());
    };
    let others = others.map(|pid| (format!("1-{}", processors - 1), pid));
    for (processors, pid) in iter::once(("0".to_owned(), node)).chain(others) {
        let pid = pid.to_string();
        Command::new(&taskset).args(["--all-tasks", "--cpu-list", "--pid", &processors, &pid]).output()?;
    }
    Ok(())
}
