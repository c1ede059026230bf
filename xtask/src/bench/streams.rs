//! What an open page costs a node: its stream of events, each event that is told on it, and those that are not.

use std::fs;
use std::io::BufReader;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

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
/// A page of the market shows as many.
const CARDS: usize = 24;
const EVENTS: &str = "/events";
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
    let pid = stage.supervisor.pid(&format!("node-{NAME}")).context("the node does not run")?;
    let step = Step::begin("streams of events", None);
    let alone = seconds_per_sale(stage, wrk, &side, pid)?;
    let before = processes::memory_mib(pid)?;
    let shown = &stage.cast.cards[..CARDS.min(stage.cast.cards.len())];
    let pages = open(&side, &format!("{EVENTS}?cards={}", shown.join(",")))?;
    thread::sleep(SETTLE);
    let after = processes::memory_mib(pid)?;
    let spared = seconds_per_sale(stage, wrk, &side, pid)?;
    drop(pages);
    thread::sleep(SETTLE);
    let all_ears = open(&side, EVENTS)?;
    thread::sleep(SETTLE);
    let told = seconds_per_sale(stage, wrk, &side, pid)?;
    drop(all_ears);
    step.done();
    stage.stop_node(NAME)?;
    let for_each = |more: f64| more.max(0.0) / STREAMS as f64;
    Ok(StreamCost {
        kib: for_each(after - before) * 1024.0,
        event_us: for_each(told - alone) * 1e6,
        spared_us: for_each(spared - alone) * 1e6,
    })
}

fn open(side: &Side, path: &str) -> Result<Vec<BufReader<TcpStream>>> {
    let opened = (0..STREAMS).map(|number: usize| {
        let cookie = number.is_multiple_of(2).then_some(&*side.collector);
        let (status, stream) = Client::once(side.port, PATIENCE).stream(path, cookie)?;
        ensure!(status == 200, "a stream was answered with {status}");
        Ok(stream)
    });
    opened.collect()
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
