//! The stage of a measurement: a Redis, an S3 and a seeded database of its own, and who is on it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use rustix::process::Signal;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

use crate::arguments::FleetOptions;
use crate::commands;
use crate::fleet::data::DataFolder;
use crate::fleet::node::{Node, Settings};
use crate::fleet::node_part;
use crate::fleet::output::Output;
use crate::fleet::part::Part;
use crate::fleet::parts::{self, Services};
use crate::fleet::release::Release;
use crate::fleet::supervisor::Supervisor;
use crate::places::Places;
use crate::seed;

/// Every seeded account's.
pub(super) const PASSWORD: &str = "demo-password";
/// What would lead a node to services of the person's own.
const NOT_INHERITED: &[&str] = &["SMTP_URL", "IMAGE_BASE_URL", "RUST_LOG"];
const PUBLIC_URL: &str = "http://localhost:8080";
/// Cards that are bought in a round, at most.
pub(super) const TRADED: usize = 25_000;

/// Where the programs are.
pub(super) struct Programs {
    /// All but Express.
    pub(super) built: PathBuf,
    pub(super) express: PathBuf,
}

pub(super) struct Stage {
    pub(super) data: DataFolder,
    pub(super) services: Services,
    pub(super) cast: Cast,
    pub(super) express: PathBuf,
    pub(super) supervisor: Supervisor,
    bench: PathBuf,
    release: Release,
    _folder: TempDir,
}

/// Who and what is measured.
#[derive(Deserialize)]
pub(super) struct Cast {
    pub(super) collector: String,
    pub(super) buyers: Vec<String>,
    /// Their ids.
    pub(super) cards: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Offered {
    pub(super) card: String,
    pub(super) version: i64,
    pub(super) price_cents: i64,
    /// Of the purchase that is to come.
    pub(super) key: String,
}

impl Stage {
    pub(super) fn set(places: &Places, programs: &Programs, size: (usize, usize)) -> Result<Stage> {
        let folder = tempfile::Builder::new().prefix("cardstore-bench-").tempdir()?;
        let options = FleetOptions { data: Some(folder.path().to_owned()), ..FleetOptions::default() };
        let data = DataFolder::open(places, &options)?;
        let release = Release::keep(places, &programs.built, &data)?;
        let mut supervisor = Supervisor::default();
        let services = Services {
            redis_url: parts::redis(&data, &mut supervisor)?,
            s3: Some(parts::local_s3(&data, &programs.built, PUBLIC_URL, &mut supervisor)?),
            database_url: format!("sqlite://{}", data.join("cardstore.db").display()),
            mail_dir: Some(data.join("mail")),
        };
        seed::fill(
            &programs.built,
            size,
            nobodys(Settings::gather(&release.site, &data, &services, PUBLIC_URL)),
        )?;
        let traded = TRADED.min(size.1 / 4).to_string();
        let cast = ask(&programs.built, &data, "stage", &["--password", PASSWORD, "--traded", &traded])?;
        Ok(Stage {
            data,
            services,
            cast,
            express: programs.express.clone(),
            supervisor,
            bench: programs.built.clone(),
            release,
            _folder: folder,
        })
    }

    /// Those of a node that nobody starts, with more beyond the usual.
    pub(super) fn settings(&self, more: &[(&str, &str)]) -> Vec<(String, String)> {
        nobodys(self.gather(more))
    }

    /// In order: a program may have something to write at its end.
    pub(super) fn stop_node(&mut self, name: &str) -> Result<()> {
        let part = format!("node-{name}");
        self.supervisor.signal(&part, Signal::TERM)?;
        self.supervisor.wait_for_the_end(&part)
    }

    /// Starts a node with settings beyond the usual.
    pub(super) fn start_node(&mut self, node: &Node, more: &[(&str, &str)]) -> Result<()> {
        let part = self.node_part(node, more);
        self.supervisor.start(part)
    }

    /// The node that counts what it allocates.
    pub(super) fn start_counted(&mut self, node: &Node) -> Result<()> {
        let program = self.release.program.with_file_name("counted");
        // Beside the names of the hashed files.
        std::fs::copy(self.bench.join("counted"), &program).context("there is no node that counts")?;
        let mut part = self.node_part(node, &[]);
        part.launch.program = program;
        self.supervisor.start(part)
    }

    pub(super) fn node_part(&self, node: &Node, more: &[(&str, &str)]) -> Part {
        let output = Output::File(self.data.log(&node.name));
        let mut part = node_part(node, &self.release, &self.gather(more), output);
        part.launch = part.launch.without(NOT_INHERITED);
        part
    }

    fn gather(&self, more: &[(&str, &str)]) -> Settings {
        let usual = Settings::gather(&self.release.site, &self.data, &self.services, PUBLIC_URL);
        more.iter().fold(usual, |settings, (name, value)| settings.with(name, value))
    }

    pub(super) fn bench(&self) -> PathBuf {
        self.bench.join("bench")
    }

    pub(super) fn database(&self) -> PathBuf {
        self.data.join("cardstore.db")
    }

    /// Puts the cards of a round of purchases on sale.
    pub(super) fn offer(&self) -> Result<Vec<Offered>> {
        ask(&self.bench, &self.data, "offer", &[])
    }

    /// How many of them were bought.
    pub(super) fn sold(&self) -> Result<u64> {
        ask(&self.bench, &self.data, "sold", &[])
    }
}

fn nobodys(settings: Settings) -> Vec<(String, String)> {
    settings.of(&Node { name: "seed".to_owned(), port: 0, admin_port: 0 })
}

fn ask<T: DeserializeOwned>(bench: &Path, data: &DataFolder, what: &str, more: &[&str]) -> Result<T> {
    let mut command = commands::without_cargo(Command::new(bench.join("bench")));
    command.arg(what).arg("--database").arg(data.join("cardstore.db")).args(more);
    let output = command.output().context("the bench cannot be run")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(serde_json::from_slice(&output.stdout)?)
}
