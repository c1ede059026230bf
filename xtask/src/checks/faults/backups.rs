//! Copies of the database that are taken while people trade, and what they are worth.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use rustix::process::Signal;

use super::grounds::{Grounds, PATIENCE};
use super::observing::{RECOVERY, await_for};
use super::watch::Watch;
use crate::setup;

/// The nodes are stopped and go on with the copy.
pub(super) fn of_sqlite(grounds: &mut Grounds, copy: &Path) -> Result<()> {
    let watch = Watch::begin(grounds.port, &grounds.trade, PATIENCE);
    let begun = Instant::now();
    await_for(RECOVERY, "people trade", || Ok(watch.well_since(begun)))?;
    let path = copy.to_str().context("the folder's name is no text")?;
    let asked = Instant::now();
    let said = grounds.admin(&["backup", path])?;
    println!("{said}, in {:.2} s while people trade", asked.elapsed().as_secs_f32());
    let again = grounds.admin(&["backup", path]);
    ensure!(again.is_err(), "a backup that is there was written over");
    let during = Instant::now();
    await_for(RECOVERY, "people still trade", || Ok(watch.well_since(during)))?;
    watch.end();
    println!("the copy: {}", grounds.admin_on(&format!("sqlite://{path}"), &["verify"])?);

    for node in &grounds.nodes {
        grounds.supervisor.signal(&format!("node-{}", node.name), Signal::TERM)?;
    }
    let database = grounds.database_url.trim_start_matches("sqlite://").to_owned();
    for node in grounds.nodes.clone() {
        grounds.supervisor.wait_for_the_end(&format!("node-{}", node.name))?;
    }
    for beside in ["-wal", "-shm"] {
        // The last node to leave may have tidied up already.
        let _ = std::fs::remove_file(format!("{database}{beside}"));
    }
    std::fs::copy(copy, &database)?;
    for node in grounds.nodes.clone() {
        grounds.supervisor.start_again(&format!("node-{}", node.name))?;
    }
    println!("restored: {}", grounds.admin(&["verify"])?);
    for person in grounds.trade.people() {
        await_for(RECOVERY, "people are served from the copy", || {
            Ok(person.is_signed_in().unwrap_or(false).then_some(()))
        })?;
    }
    Ok(())
}

/// As the operators' guide says it is done; the books of the restored database agree.
pub(super) fn of_postgres(grounds: &mut Grounds) -> Result<()> {
    let dump = grounds.data.join("cardstore.dump").display().to_string();
    let url = grounds.database_url.clone();
    let restored = format!("{url}_restored");
    let watch = Watch::begin(grounds.port, &grounds.trade, PATIENCE);
    let begun = Instant::now();
    await_for(RECOVERY, "people trade", || Ok(watch.well_since(begun)))?;
    let asked = Instant::now();
    postgres("pg_dump", &["--format=custom", &format!("--file={dump}"), &url])?;
    println!("dumped in {:.2} s while people trade", asked.elapsed().as_secs_f32());
    let during = Instant::now();
    await_for(RECOVERY, "people still trade", || Ok(watch.well_since(during)))?;
    watch.end();
    postgres("psql", &[&url, "-XAtc", "create database cardstore_restored"])?;
    postgres("pg_restore", &["--no-owner", "--exit-on-error", &format!("--dbname={restored}"), &dump])?;
    println!("restored: {}", grounds.admin_on(&restored, &["verify"])?);
    Ok(())
}

fn postgres(program: &str, arguments: &[&str]) -> Result<()> {
    let programs = setup::postgres_programs().context("PostgreSQL is not installed")?;
    let output = Command::new(programs.join(program)).args(arguments).output()?;
    if !output.status.success() {
        bail!("{program} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
