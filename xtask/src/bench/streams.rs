//! What an open page costs a node: its stream of events, and each event that is told on it.

use std::fs;
use std::io::BufReader;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustix::process::Signal;

use super::cases::{Kind, VISITS};
use super::figures::StreamCost;
use super::processes;
use super::requests;
use super::sides::{NODE, Side};
use super::stage::Stage;
use super::wrk::{Repeat, Wrk};
use crate::fleet::node::Node;
use crate::ports;
use crate::progress::Step;
use crate::visits::client::Client;

/// As many files as a process may open everywhere leave room for these.
const STREAMS: usize = 800;
/// Few enough that no stream falls behind, and that what nobody reads fits into the system's buffers.
const SALES: usize = 400;
const LONGEST_S: u32 = 10;
const PATIENCE: Duration = Duration::from_secs(10);
const SETTLE: Duration = Duration::from_secs(2);
const NAME: &str = "streams";

/// On a fresh node; half of the streams are a member's, half are strangers'.
pub(super) fn cost(stage: &mut Stage, wrk: &Wrk) -> Result<StreamCost> {
    let free = ports::free(2)?;
    stage.start_node(&Node { name: NAME.to_owned(), port: free[0], admin_port: free[1] }, &[])?;
    let side = Side::admitting(NODE, free[0], &stage.cast)?;
    let part = format!("node-{NAME}");
    let pid = stage.supervisor.pid(&part).context("the node does not run")?;
    let step = Step::begin("streams of events", None);
    let alone = seconds_per_sale(stage, wrk, &side, pid)?;
    let before = processes::memory_mib(pid)?;
    let open = (0..STREAMS).map(|number| open(&side, number)).collect::<Result<Vec<_>>>()?;
    thread::sleep(SETTLE);
    let after = processes::memory_mib(pid)?;
    let told = seconds_per_sale(stage, wrk, &side, pid)?;
    drop(open);
    step.done();
    stage.supervisor.signal(&part, Signal::TERM)?;
    stage.supervisor.wait_for_the_end(&part)?;
    let streams = STREAMS as f64;
    Ok(StreamCost {
        kib: (after - before).max(0.0) * 1024.0 / streams,
        event_us: (told - alone).max(0.0) * 1e6 / streams,
    })
}

fn open(side: &Side, number: usize) -> Result<BufReader<TcpStream>> {
    let cookie = number.is_multiple_of(2).then_some(&*side.collector);
    let (status, stream) = Client::once(side.port, PATIENCE).stream("/events", cookie)?;
    ensure!(status == 200, "a stream was answered with {status}");
    Ok(stream)
}

/// Of the processor, on the node.
fn seconds_per_sale(stage: &Stage, wrk: &Wrk, side: &Side, pid: u32) -> Result<f64> {
    let purchase = VISITS.iter().find(|case| case.kind == Kind::Purchase).context("nothing is bought")?;
    let offered = stage.offer()?;
    let few = &offered[..SALES.min(offered.len())];
    let file = stage.data.join("requests");
    fs::write(&file, requests::file(&(purchase.ask)(side, &stage.cast, few), side.port))?;
    let before = processes::core_seconds(pid)?;
    wrk.drive(side.port, &file, LONGEST_S, Repeat::Once)?;
    thread::sleep(SETTLE);
    let took = processes::core_seconds(pid)? - before;
    Ok(took / stage.sold()?.max(1) as f64)
}
