//! What a process needs: memory, and time to be ready.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

use super::stage::Stage;
use crate::fleet::node::Node;
use crate::http::Ready;
use crate::ports;
use crate::progress::Step;

const STARTS: usize = 5;
const GLANCE: Duration = Duration::from_millis(1);
const PATIENCE: Duration = Duration::from_secs(30);
const KIB_PER_MIB: f64 = 1024.0;
/// What Linux tells every program, whatever its own clock.
const TICKS_PER_SECOND: f64 = 100.0;

/// The milliseconds that a node takes from its start until it answers, each time it is started.
pub(super) fn start_to_ready(stage: &mut Stage) -> Result<Vec<f64>> {
    let step = Step::begin("starting a node", Some(STARTS as u64));
    let mut took = Vec::new();
    for _ in 0..STARTS {
        let free = ports::free(2)?;
        let node = Node { name: "start".to_owned(), port: free[0], admin_port: free[1] };
        took.push(start_once(stage, &node)?.as_secs_f64() * 1e3);
        step.advance(String::new());
    }
    step.done();
    Ok(took)
}

fn start_once(stage: &Stage, node: &Node) -> Result<Duration> {
    let mut command = stage.node_part(node, &[]).launch.command()?;
    let log = fs::File::create(stage.data.log("start"))?;
    command.stdin(std::process::Stdio::null()).stdout(log.try_clone()?).stderr(log);
    let begun = Instant::now();
    let mut child = command.spawn()?;
    let ready = loop {
        if Ready::Answers(node.port, "/healthz").now() {
            break Ok(begun.elapsed());
        }
        if begun.elapsed() > PATIENCE {
            break Err(anyhow!("the node was not ready in time"));
        }
        thread::sleep(GLANCE);
    };
    kill_process(Pid::from_child(&child), Signal::TERM)?;
    child.wait()?;
    ready
}

/// Of the process and its children.
pub(super) fn memory_mib(pid: u32) -> Result<f64> {
    let kib: f64 = with_children(pid).into_iter().map(share_kib).sum::<Result<f64>>()?;
    Ok((kib / KIB_PER_MIB * 10.0).round() / 10.0)
}

/// Of a core, that the process and its children have used so far.
pub(super) fn core_seconds(pid: u32) -> Result<f64> {
    with_children(pid).into_iter().map(used_seconds).sum()
}

fn with_children(pid: u32) -> Vec<u32> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let children = children.split_whitespace().map_while(|child| child.parse().ok());
    [pid].into_iter().chain(children).collect()
}

fn used_seconds(pid: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // Behind the name, which may hold anything, begins the third field; the times are the 14th and 15th.
    let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
    let ticks: Vec<f64> = fields.skip(11).take(2).filter_map(|ticks| ticks.parse().ok()).collect();
    ensure!(ticks.len() == 2, "process {pid} does not tell its time");
    Ok(ticks.iter().sum::<f64>() / TICKS_PER_SECOND)
}

fn share_kib(pid: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))
        .with_context(|| format!("process {pid} does not tell its memory"))?;
    let Some(line) = text.lines().find_map(|line| line.strip_prefix("Pss:")) else {
        bail!("process {pid} has no share of memory")
    };
    Ok(line.split_whitespace().next().unwrap_or_default().parse()?)
}
