//! The stages that are cargo's own: format, lints, unit and integration tests.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::counts::{self, Counts};
use super::report::Report;
use super::services::Services;
use crate::setup::Toolbox;

pub(super) fn format(toolbox: &Toolbox, report: &mut Report) -> Result<()> {
    let mut fmt = toolbox.command("cargo")?;
    fmt.args(["fmt", "--all", "--check"]);
    report.check("format", verdict(fmt, "`cargo fmt` puts it right")?);
    Ok(())
}

pub(super) fn lint(toolbox: &Toolbox, report: &mut Report) -> Result<()> {
    let mut native = toolbox.command("cargo")?;
    native.args(["clippy", "--all-targets", "--", "-D", "warnings"]);
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
    let (output, success) = shown(command)?;
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

fn verdict(mut command: Command, way_out: &str) -> Result<Result<(), String>> {
    let status = command.stdin(Stdio::null()).status().context("cargo cannot be run")?;
    Ok(if status.success() { Ok(()) } else { Err(way_out.to_owned()) })
}

/// Shows standard output while it comes, and keeps it.
pub(super) fn shown(mut command: Command) -> Result<(String, bool)> {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot run the tests")?;
    let stdout = child.stdout.take().context("its output was piped")?;
    let mut kept = String::new();
    for line in BufReader::new(stdout).split(b'\n') {
        let line = line?;
        let text = String::from_utf8_lossy(&line);
        writeln!(std::io::stdout(), "{text}")?;
        kept.push_str(&text);
        kept.push('\n');
    }
    Ok((kept, child.wait()?.success()))
}
