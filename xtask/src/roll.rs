//! `cargo xtask roll`: replaces every node of the running fleet, one at a time, under load.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal};

use crate::fleet::state::{self, WrittenNode};
use crate::places::Places;
use crate::progress::Step;

/// Long enough for a request in flight; a stream that never ends is ended by the node itself.
const DRAIN_PATIENCE: Duration = Duration::from_secs(5);
const RETURN_PATIENCE: Duration = Duration::from_secs(60);
const GLANCE: Duration = Duration::from_millis(100);

pub(crate) fn run(places: &Places, data: Option<&PathBuf>) -> Result<()> {
    let data = data.cloned().unwrap_or_else(|| places.root.join(".fleet"));
    let fleet = state::read(&data)?;
    let balancer = Admin(fleet.haproxy_socket);
    for node in &fleet.nodes {
        let step = Step::begin(&format!("node {}", node.name), None);
        replace(&balancer, &data, node).with_context(|| format!("node {} was not replaced", node.name))?;
        step.done();
    }
    println!("Every node was replaced.");
    Ok(())
}

fn replace(balancer: &Admin, data: &Path, node: &WrittenNode) -> Result<()> {
    let old = node.pid.and_then(|pid| Pid::from_raw(pid.try_into().ok()?)).context("it is not running")?;
    balancer.set(&node.name, "drain")?;
    // When this runs out, requests are still in flight: the node finishes them before it ends.
    let _ = wait(DRAIN_PATIENCE, || Ok(balancer.column(&node.name, "scur")? == "0"));
    rustix::process::kill_process(old, Signal::TERM)?;
    // The fleet starts a node again that ended, for whatever reason, and writes down its new process id.
    let replaced = wait(RETURN_PATIENCE, || {
        let now = state::read(data)?.nodes.into_iter().find(|found| found.name == node.name);
        Ok(now.is_some_and(|now| now.pid != node.pid))
    });
    balancer.set(&node.name, "ready")?;
    replaced?;
    wait(RETURN_PATIENCE, || Ok(balancer.column(&node.name, "status")?.starts_with("UP")))
}

fn wait(patience: Duration, mut done: impl FnMut() -> Result<bool>) -> Result<()> {
    let deadline = Instant::now() + patience;
    while !done()? {
        if Instant::now() > deadline {
            bail!("it took longer than {} s", patience.as_secs());
        }
        thread::sleep(GLANCE);
    }
    Ok(())
}

/// HAProxy's admin socket.
pub(crate) struct Admin(PathBuf);

impl Admin {
    pub(crate) fn at(socket: &Path) -> Admin {
        Admin(socket.to_owned())
    }

    fn say(&self, command: &str) -> Result<String> {
        let mut socket = UnixStream::connect(&self.0).context("the balancer does not answer")?;
        socket.set_read_timeout(Some(Duration::from_secs(5)))?;
        writeln!(socket, "{command}")?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer)?;
        Ok(answer)
    }

    /// For pages and streams alike.
    fn set(&self, node: &str, state: &str) -> Result<()> {
        for backend in ["nodes", "streams"] {
            self.say(&format!("set server {backend}/{node} state {state}"))?;
        }
        Ok(())
    }

    pub(crate) fn column(&self, node: &str, column: &str) -> Result<String> {
        let table = self.say("show stat")?;
        cell(&table, node, column).with_context(|| format!("the balancer knows no node {node}"))
    }
}

/// From HAProxy's table: comma-separated, its first line names the columns.
fn cell(table: &str, node: &str, column: &str) -> Option<String> {
    let mut lines = table.lines();
    let place = lines.next()?.trim_start_matches("# ").split(',').position(|name| name == column)?;
    let row = lines.find(|line| line.starts_with(&format!("nodes,{node},")))?;
    row.split(',').nth(place).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_of_the_balancers_table_is_found_by_its_names() {
        let table = "# pxname,svname,qcur,scur,status,\nstore,FRONTEND,,7,OPEN,\nnodes,a,0,3,UP,\nnodes,b,0,0,DRAIN,\n";
        assert_eq!(cell(table, "a", "scur").as_deref(), Some("3"));
        assert_eq!(cell(table, "b", "status").as_deref(), Some("DRAIN"));
        assert_eq!(cell(table, "c", "status"), None);
    }
}
