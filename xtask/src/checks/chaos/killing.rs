//! Kills nodes without warning, one or all at once, as soon as the fleet has started them again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use rustix::process::{Pid, Signal};

use super::chance::Chance;
use super::running::{Node, Running};
use crate::signals::stop_asked;

/// Between two kills: a node that was started again may die while it starts, or after some work.
const PAUSE_MS: (u64, u64) = (50, 700);
/// One time in this many no node is spared.
const ALL_AT_ONCE: usize = 8;

pub(super) fn kill_until(running: &Running, over: &AtomicBool, kills: &AtomicUsize) -> Result<()> {
    let chance = Chance::new();
    let mut killed = HashMap::new();
    while !over.load(Ordering::Relaxed) && !stop_asked() {
        thread::sleep(Duration::from_millis(chance.between(PAUSE_MS.0, PAUSE_MS.1)));
        let nodes = running.described()?.nodes;
        let spare = if chance.below(ALL_AT_ONCE) == 0 { None } else { Some(chance.below(nodes.len())) };
        for (place, node) in nodes.iter().enumerate() {
            if spare.is_none_or(|only| only == place) && kill(node, &mut killed) {
                kills.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
    Ok(())
}

/// Not twice the same process: its number may be somebody else's by then.
fn kill(node: &Node, killed: &mut HashMap<String, i32>) -> bool {
    let Some(pid) = node.pid.filter(|pid| killed.get(&node.name) != Some(pid)) else { return false };
    killed.insert(node.name.clone(), pid);
    Pid::from_raw(pid).is_some_and(|pid| rustix::process::kill_process(pid, Signal::KILL).is_ok())
}
