//! Checks the directions in which the rooms of this repository may depend on each other.

mod dependencies;
mod sources;

use anyhow::{Context, Result};

use super::report::Report;
use crate::places::Places;
use crate::setup::Toolbox;
use dependencies::{Metadata, in_tree, none, only, some};
use sources::{one_server_module, pages_without_backend, reads_no_environment, sources};

const ROOMS: &[&str] =
    &["app", "backend", "bench", "demo", "domain", "frontend", "local-s3", "sessions", "src", "xtask"];
const LONG: usize = 300;

/// What the rules of both sides may stand on: nothing that waits, stores or shows.
const DOMAIN_MAY_USE: &[&str] = &["serde", "thiserror", "uuid"];
/// Ends in `*`: every crate that begins so.
const NOT_IN_BACKEND: &[&str] =
    &["app", "cardstore", "sessions", "leptos*", "axum*", "http", "hyper", "tower-http"];
const NOT_IN_SESSIONS: &[&str] = &["app", "cardstore", "backend", "leptos*", "sqlx*"];
const NOT_IN_NODE: &[&str] = &["sqlx*"];
const NOT_IN_BROWSER: &[&str] =
    &["backend", "sessions", "sqlx*", "tokio", "fred", "aws-*", "lettre", "argon2", "axum"];

pub(super) fn check(places: &Places, toolbox: &Toolbox, report: &mut Report) -> Result<()> {
    let mut cargo = toolbox.command("cargo")?;
    cargo.args(["metadata", "--format-version", "1", "--no-deps"]);
    let metadata: Metadata =
        serde_json::from_slice(&cargo.output()?.stdout).context("`cargo metadata` failed")?;
    let mut cargo = toolbox.command("cargo")?;
    cargo.args(["tree", "--package", "frontend", "--target", "wasm32-unknown-unknown"]);
    cargo.args(["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]);
    let tree = String::from_utf8(cargo.output()?.stdout)?;

    let app = sources(&places.root, &["app"])?;
    let silent = sources(&places.root, &["app", "backend", "domain", "sessions", "src"])?;
    report.check(
        "domain stands on nothing that waits, stores or shows",
        only(&metadata, "domain", DOMAIN_MAY_USE),
    );
    report.check("backend knows no web and no sessions", none(&metadata, "backend", NOT_IN_BACKEND));
    report.check("sessions knows no store and no pages", none(&metadata, "sessions", NOT_IN_SESSIONS));
    report.check("the node speaks no SQL", none(&metadata, "cardstore", NOT_IN_NODE));
    report.check("frontend shows the app", some(&metadata, "frontend", "app"));
    report.check("nothing of the server reaches the browser", in_tree(&tree, NOT_IN_BROWSER));
    report.check("app has one module for the server alone", one_server_module(&app));
    report.check("pages leave the backend to server functions", pages_without_backend(&app));
    report.check("only src/config.rs reads the environment", reads_no_environment(&silent));
    for long in sources(&places.root, ROOMS)?.iter().filter(|source| source.text.lines().count() > LONG) {
        println!("note: {} is longer than {LONG} lines", long.path.display());
    }
    Ok(())
}

fn nothing_of<'a>(found: impl Iterator<Item = &'a str>, complaint: &str) -> Result<(), String> {
    let found: Vec<&str> = found.collect();
    if found.is_empty() { Ok(()) } else { Err(format!("{complaint} {}", found.join(", "))) }
}
