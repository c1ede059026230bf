//! `cargo xtask doctor`: `cardstore doctor` with exactly the settings that a node of the running fleet has.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::fleet::state;
use crate::places::Places;

pub(crate) fn run(places: &Places, data: Option<&PathBuf>) -> Result<ExitCode> {
    let data = data.cloned().unwrap_or_else(|| places.root.join(".fleet"));
    let node = state::read(&data)?.nodes.into_iter().next().context("the fleet has no node")?;
    let pid = node.pid.with_context(|| format!("node {} is not running", node.name))?;
    let environment =
        fs::read(format!("/proc/{pid}/environ")).context("the node's settings cannot be read")?;
    let mut command = Command::new(data.join("release/cardstore"));
    command.arg("doctor").env_clear().envs(variables(&environment)).current_dir(&places.root);
    let status = command.status().context("the fleet's program cannot be run")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `NAME=value`, each ended by a zero.
fn variables(environment: &[u8]) -> Vec<(String, String)> {
    let lines = environment.split(|byte| *byte == 0).filter_map(|line| std::str::from_utf8(line).ok());
    let pairs = lines.filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_hold_an_equals_sign() {
        let variables = variables(b"A=1\0REDIS_URL=redis://h?a=b\0\0");
        assert_eq!(variables, [("A".into(), "1".into()), ("REDIS_URL".into(), "redis://h?a=b".into())]);
    }
}
