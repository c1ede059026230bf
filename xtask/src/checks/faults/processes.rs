//! What is done to processes: PostgreSQL is many, and a signal that is to stop it goes to each.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};

use crate::fleet::supervisor::Supervisor;

/// To the part's own process first, so that it starts no further ones meanwhile.
pub(super) fn signal_with_children(supervisor: &Supervisor, name: &str, signal: Signal) -> Result<()> {
    let parent = supervisor.pid(name).with_context(|| format!("there is no {name}"))?;
    let mut children = children_of(parent)?;
    supervisor.signal(name, signal)?;
    children.extend(children_of(parent)?);
    for child in children {
        // A child may have ended by itself meanwhile.
        let _ = kill_process(child, signal);
    }
    Ok(())
}

/// The library that tells a program another time, where Debian keeps it.
pub(super) fn faketime() -> Option<PathBuf> {
    let architectures = fs::read_dir("/usr/lib").ok()?.flatten();
    architectures.map(|entry| entry.path().join("faketime/libfaketime.so.1")).find(|library| library.exists())
}

fn children_of(parent: u32) -> Result<Vec<Pid>> {
    let processes = fs::read_dir("/proc")?.flatten();
    let children = processes.filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let status = fs::read_to_string(entry.path().join("stat")).ok()?;
        // The name before it, in brackets, may hold anything.
        let of = status.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse::<u32>().ok()?;
        (of == parent).then(|| Pid::from_raw(pid)).flatten()
    });
    Ok(children.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_found() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let children = children_of(std::process::id()).unwrap();
        assert!(children.contains(&Pid::from_child(&child)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
