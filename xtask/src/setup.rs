//! Makes a machine ready: finds what a command needs and installs what is missing.

mod apt;
mod cargo_tools;
mod compiler;
mod debian_toolchain;
mod npm;
mod toolchain;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::commands;
use crate::places::{self, Places};
pub(crate) use compiler::{Compiler, profdata};
pub(crate) use npm::ensure_node;
use toolchain::Toolchain;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Need {
    /// Rust for both halves, cargo-leptos, wasm-bindgen and wasm-opt.
    Build,
    Redis,
    Haproxy,
    Postgres,
    /// The load generator of measurements.
    Wrk,
    Chromium,
    /// `kill`, with which tests end servers.
    Kill,
    /// For the tests of `deploy/`, with environments of its own.
    Python,
    /// `systemd-analyze`, which judges units whether systemd runs here or not.
    Systemd,
}

pub(crate) const EVERYTHING: &[Need] = &[
    Need::Build,
    Need::Redis,
    Need::Haproxy,
    Need::Postgres,
    Need::Wrk,
    Need::Chromium,
    Need::Kill,
    Need::Python,
    Need::Systemd,
];

/// The way to every tool that was prepared.
pub(crate) struct Toolbox {
    root: PathBuf,
    folders: Vec<PathBuf>,
    toolchain: Toolchain,
}

impl Toolbox {
    /// A command in the repository's root that sees the prepared toolchain and tools first.
    pub(crate) fn command(&self, name: &str) -> Result<Command> {
        let mut command = commands::without_cargo(Command::new(self.program(name)?));
        command.current_dir(&self.root).env("PATH", self.path()?);
        self.toolchain.choose(&mut command);
        Ok(command)
    }

    /// The same way to the tools, for a program that is started and kept running.
    pub(crate) fn environment(&self) -> Result<Vec<(String, String)>> {
        let path = self.path()?.into_string().ok().context("PATH is not text")?;
        Ok([("PATH".to_owned(), path)].into_iter().chain(self.toolchain.variable()).collect())
    }

    pub(crate) fn program(&self, name: &str) -> Result<PathBuf> {
        places::program(name, &self.folders)
            .with_context(|| format!("`{name}` is not on this machine's PATH"))
    }

    fn path(&self) -> Result<OsString> {
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let folders = self.folders.iter().cloned().chain(std::env::split_paths(&inherited));
        std::env::join_paths(folders).context("a tool's folder has a colon in its name")
    }
}

/// Takes well under a second when nothing is missing.
pub(crate) fn prepare(places: &Places, needs: &[Need]) -> Result<Toolbox> {
    install_services(places, needs)?;
    let building = needs.contains(&Need::Build);
    let toolchain = if building { toolchain::prepare(places)? } else { Toolchain::Active };
    let mut toolbox = Toolbox { root: places.root.clone(), folders: toolchain.folders(), toolchain };
    toolbox.folders.push(places.tools().join("bin"));
    toolbox.folders.push(places.npm().join("node_modules/.bin"));
    if building {
        cargo_tools::prepare(places, &toolbox)?;
        npm::prepare(places, &toolbox)?;
    }
    Ok(toolbox)
}

/// The newest PostgreSQL server's programs; Debian keeps them off the search path.
pub(crate) fn postgres_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest =
        versions.map(|entry| entry.path().join("bin")).filter(|bin| bin.join("initdb").exists()).max();
    newest.or_else(|| Some(places::program("initdb", &[])?.parent()?.to_owned()))
}

/// Debian's own Chromium, or a Chrome that is already there.
pub(crate) fn browser() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| places::program(name, &[]))
}

fn install_services(places: &Places, needs: &[Need]) -> Result<()> {
    let present = |need: &Need| match need {
        Need::Build | Need::Chromium => true,
        Need::Redis => places::program("redis-server", &[]).is_some(),
        Need::Haproxy => places::program("haproxy", &[]).is_some(),
        Need::Postgres => postgres_programs().is_some(),
        Need::Wrk => places::program("wrk", &[]).is_some(),
        Need::Kill => places::program("kill", &[]).is_some(),
        Need::Python => commands::succeeds(Command::new("python3").args(["-c", "import ensurepip, venv"])),
        Need::Systemd => places::program("systemd-analyze", &[]).is_some(),
    };
    if needs.contains(&Need::Chromium) && browser().is_none() {
        // No reason to stop: the tests' runner can fetch a browser of its own.
        if let Err(trouble) = apt::install(places, &[Need::Chromium.package()]) {
            eprintln!("note: {trouble:#}");
        }
    }
    let needs = needs.iter().filter(|need| **need != Need::Chromium);
    let missing: Vec<&str> = needs.filter(|need| !present(need)).map(|need| need.package()).collect();
    if missing.is_empty() { Ok(()) } else { apt::install(places, &missing) }
}

impl Need {
    fn package(self) -> &'static str {
        match self {
            Need::Build => "build-essential",
            Need::Redis => "redis-server",
            Need::Haproxy => "haproxy",
            Need::Postgres => "postgresql",
            Need::Wrk => "wrk",
            Need::Chromium => "chromium",
            Need::Kill => "procps",
            Need::Python => "python3-venv",
            Need::Systemd => "systemd",
        }
    }
}
