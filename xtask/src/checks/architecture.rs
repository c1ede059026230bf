//! Checks the directions in which the rooms of this repository may depend on each other.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::report::Report;
use super::tokens::{self, Skip};
use crate::places::Places;
use crate::setup::Toolbox;

const ROOMS: &[&str] =
    &["app", "backend", "demo", "domain", "frontend", "local-s3", "sessions", "src", "xtask"];
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

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// `None`: an ordinary dependency, not one of tests or of a build script.
    kind: Option<String>,
}

struct Source {
    path: PathBuf,
    text: String,
}

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
    report.check("nothing of the server reaches the browser", in_tree(&tree));
    report.check("app has one module for the server alone", one_server_module(&app));
    report.check("pages leave the backend to server functions", pages_without_backend(&app));
    report.check("only src/config.rs reads the environment", reads_no_environment(&silent));
    for long in sources(&places.root, ROOMS)?.iter().filter(|source| source.text.lines().count() > LONG) {
        println!("note: {} is longer than {LONG} lines", long.path.display());
    }
    Ok(())
}

fn dependencies<'a>(metadata: &'a Metadata, package: &str) -> Result<Vec<&'a str>, String> {
    let package = metadata
        .packages
        .iter()
        .find(|found| found.name == package)
        .ok_or(format!("there is no package {package}"))?;
    Ok(package
        .dependencies
        .iter()
        .filter(|found| found.kind.is_none())
        .map(|found| found.name.as_str())
        .collect())
}

fn only(metadata: &Metadata, package: &str, allowed: &[&str]) -> Result<(), String> {
    nothing_of(
        dependencies(metadata, package)?.into_iter().filter(|name| !allowed.contains(name)),
        "it depends on",
    )
}

fn none(metadata: &Metadata, package: &str, forbidden: &[&str]) -> Result<(), String> {
    nothing_of(
        dependencies(metadata, package)?.into_iter().filter(|name| among(name, forbidden)),
        "it depends on",
    )
}

fn some(metadata: &Metadata, package: &str, wanted: &str) -> Result<(), String> {
    let found = dependencies(metadata, package)?.contains(&wanted);
    if found { Ok(()) } else { Err(format!("{package} does not depend on {wanted}")) }
}

fn in_tree(tree: &str) -> Result<(), String> {
    let mut names: Vec<&str> =
        tree.lines().filter_map(|line| line.split(' ').next()).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return Err("`cargo tree` shows nothing for frontend".to_owned());
    }
    nothing_of(names.into_iter().filter(|name| among(name, NOT_IN_BROWSER)), "its tree for wasm32 holds")
}

fn one_server_module(app: &[Source]) -> Result<(), String> {
    let marked = places(app, |source| {
        tokens::modules_with_attribute(&source.text, |attribute| attribute == "cfg(feature=\"ssr\")")
    });
    if marked.len() == 1 { Ok(()) } else { Err(format!("there are {}: {}", marked.len(), marked.join(", "))) }
}

fn pages_without_backend(app: &[Source]) -> Result<(), String> {
    let named = places(app, |source| {
        let server = source.path.ends_with("app/src/server.rs")
            || source.path.parent().is_some_and(|p| p.ends_with("app/src/server"));
        if server {
            vec![]
        } else {
            tokens::lines_naming(&source.text, &["backend"], Skip::TestsAndServerFunctions)
        }
    });
    nothing_of(named.iter().map(String::as_str), "backend is named at")
}

fn reads_no_environment(sources: &[Source]) -> Result<(), String> {
    let read = places(sources, |source| {
        if source.path.ends_with("src/config.rs") && source.path.components().count() == 2 {
            return vec![];
        }
        let mut lines = tokens::lines_naming(&source.text, &["std", "env"], Skip::Tests);
        lines.extend(
            ["var", "var_os", "vars", "vars_os"]
                .iter()
                .flat_map(|name| tokens::lines_naming(&source.text, &["env", name], Skip::Tests)),
        );
        lines.dedup();
        lines
    });
    nothing_of(read.iter().map(String::as_str), "it is read at")
}

fn among(name: &str, patterns: &[&str]) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == *pattern,
    })
}

fn nothing_of<'a>(found: impl Iterator<Item = &'a str>, complaint: &str) -> Result<(), String> {
    let found: Vec<&str> = found.collect();
    if found.is_empty() { Ok(()) } else { Err(format!("{complaint} {}", found.join(", "))) }
}

fn places(sources: &[Source], lines: impl Fn(&Source) -> Vec<usize>) -> Vec<String> {
    let lines =
        |source| lines(source).into_iter().map(move |line| format!("{}:{line}", Source::path(source)));
    sources.iter().flat_map(lines).collect()
}

impl Source {
    fn path(&self) -> std::path::Display<'_> {
        self.path.display()
    }
}

/// Every Rust file of the rooms, tests aside, with its path from the root.
fn sources(root: &Path, rooms: &[&str]) -> Result<Vec<Source>> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = rooms
        .iter()
        .map(|room| if *room == "src" { root.join("src") } else { root.join(room).join("src") })
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path)?;
                found.push(Source { path: path.strip_prefix(root)?.to_owned(), text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(package: &str, names: &[&str]) -> Metadata {
        let dependencies =
            names.iter().map(|name| Dependency { name: (*name).to_owned(), kind: None }).collect();
        Metadata { packages: vec![Package { name: package.to_owned(), dependencies }] }
    }

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.to_owned() }
    }

    #[test]
    fn a_room_that_reaches_in_the_wrong_direction_is_named() {
        assert_eq!(
            only(&metadata("domain", &["serde", "tokio"]), "domain", DOMAIN_MAY_USE).unwrap_err(),
            "it depends on tokio"
        );
        let backend = metadata("backend", &["domain", "leptos_router", "axum"]);
        assert_eq!(
            none(&backend, "backend", NOT_IN_BACKEND).unwrap_err(),
            "it depends on leptos_router, axum"
        );
        assert!(none(&metadata("backend", &["domain", "sqlx"]), "backend", NOT_IN_BACKEND).is_ok());
    }

    #[test]
    fn a_tool_that_only_tests_use_is_no_dependency() {
        let mut domain = metadata("domain", &["tokio"]);
        domain.packages[0].dependencies[0].kind = Some("dev".to_owned());
        assert!(only(&domain, "domain", DOMAIN_MAY_USE).is_ok());
    }

    #[test]
    fn a_crate_of_the_server_is_found_in_the_browsers_tree() {
        assert!(in_tree("frontend v0.1.0 (/x)\napp v0.1.0\ntokio-util v1\n").is_ok());
        assert!(in_tree("frontend v0.1.0\nsqlx-core v0.9.0\n").unwrap_err().contains("sqlx-core"));
        assert!(in_tree("").is_err());
    }

    #[test]
    fn pages_name_the_backend_in_server_functions_only() {
        let good = source("app/src/cards.rs", "#[server] async fn all() { backend::cards::all() }");
        let server = source("app/src/server.rs", "use backend::Store;");
        assert!(pages_without_backend(&[good, server]).is_ok());
        let bad = source("app/src/cards.rs", "\nuse backend::Store;");
        assert_eq!(pages_without_backend(&[bad]).unwrap_err(), "backend is named at app/src/cards.rs:2");
    }

    #[test]
    fn only_the_nodes_config_reads_the_environment() {
        let read = "fn f() { let _ = std::env::var(\"A\"); }";
        assert!(reads_no_environment(&[source("src/config.rs", read)]).is_ok());
        assert!(reads_no_environment(&[source("backend/src/config.rs", read)]).is_err());
        let test = format!("#[cfg(test)] mod tests {{ {read} }}");
        assert!(reads_no_environment(&[source("backend/src/lib.rs", &test)]).is_ok());
    }

    #[test]
    fn a_second_module_for_the_server_is_noticed() {
        let one = source("app/src/lib.rs", "#[cfg(feature = \"ssr\")] mod server;");
        let two = source("app/src/cards.rs", "#[cfg(feature = \"ssr\")] mod x {}");
        assert!(one_server_module(std::slice::from_ref(&one)).is_ok());
        assert!(one_server_module(&[one, two]).is_err());
    }
}
