//! What the source files of a room may name.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::super::tokens::{self, Skip};
use super::nothing_of;

pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

pub(super) fn one_server_module(app: &[Source]) -> Result<(), String> {
    let marked = places(app, |source| {
        tokens::modules_with_attribute(&source.text, |attribute| attribute == "cfg(feature=\"ssr\")")
    });
    if marked.len() == 1 { Ok(()) } else { Err(format!("there are {}: {}", marked.len(), marked.join(", "))) }
}

pub(super) fn pages_without_backend(app: &[Source]) -> Result<(), String> {
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

pub(super) fn reads_no_environment(sources: &[Source]) -> Result<(), String> {
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
pub(super) fn sources(root: &Path, rooms: &[&str]) -> Result<Vec<Source>> {
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

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.to_owned() }
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
