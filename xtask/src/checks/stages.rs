//! The stages that are cargo's own: format, lints, unit and integration tests.

use std::process::Command;

use anyhow::Result;

use super::counts::{self, Counts};
use super::report::Report;
use super::services::Services;
use crate::jobs;
use crate::setup::Toolbox;

pub(super) fn format(toolbox: &Toolbox, report: &mut Report) -> Result<()> {
    let mut fmt = toolbox.command("cargo")?;
    fmt.args(["fmt", "--all", "--check"]);
    report.check("format", verdict(fmt, "`cargo fmt` puts it right")?);
    Ok(())
}

pub(super) fn lint(toolbox: &Toolbox, report: &mut Report) -> Result<()> {
    let mut native = toolbox.command("cargo")?;
    // What measures is built on demand only, and held to the same rules.
    native.args(["clippy", "--workspace", "--exclude", "frontend", "--all-targets"]);
    native.args(["--features", "bench/allocations", "--", "-D", "warnings"]);
    report.check("lint: this machine", verdict(native, "see above")?);

    // By itself: beside the node, cargo would unify the features of the two halves.
    let mut browser = toolbox.command("cargo")?;
    browser.args([
        "clippy",
        "--package",
        "frontend",
        "--target",
        "wasm32-unknown-unknown",
        "--",
        "-D",
        "warnings",
    ]);
    report.check("lint: the browser", verdict(browser, "see above")?);
    Ok(())
}

/// Everything once on SQLite, then what speaks SQL once more on PostgreSQL.
pub(super) fn unit(toolbox: &Toolbox, services: &Services, report: &mut Report) -> Result<()> {
    let mut all = toolbox.command("cargo")?;
    all.args(["test", "--no-fail-fast"]).envs(services.settings());
    count(all, "unit", report)?;

    let mut postgres = toolbox.command("cargo")?;
    postgres.args(["test", "--no-fail-fast", "--package", "backend"]).envs(services.settings());
    postgres.env("CARDSTORE_TEST_DATABASE_URL", &services.postgres_url);
    count(postgres, "unit on PostgreSQL", report)
}

fn count(command: Command, name: &str, report: &mut Report) -> Result<()> {
    let (output, success) = jobs::show(command)?;
    let counts = counts::of_cargo(&output);
    report.add(name, counts.passed, counts.failed);
    // Nothing failed and yet it did not succeed: something does not compile.
    if !success && counts.failed == 0 {
        report.check(name, Err("the tests could not be run; see above".to_owned()));
    }
    let Counts { passed, failed } = counts;
    println!("{name}: {passed} passed, {failed} failed");
    Ok(())
}

/// Shows what a check says; `way_out` is for who reads that it failed.
pub(super) fn verdict(command: Command, way_out: &str) -> Result<Result<(), String>> {
    let (_, success) = jobs::show(command)?;
    Ok(if success { Ok(()) } else { Err(way_out.to_owned()) })
}
