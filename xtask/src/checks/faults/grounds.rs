//! A whole fleet in a temporary folder whose every part can be stopped, killed and started again, and two traders in it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::arguments::{Database, FleetOptions};
use crate::fleet::balancer::{self, Balancer};
use crate::fleet::data::DataFolder;
use crate::fleet::launch::Launch;
use crate::fleet::node::{Node, Settings};
use crate::fleet::output::Output;
use crate::fleet::parts::{self, Services};
use crate::fleet::release::Release;
use crate::fleet::supervisor::Supervisor;
use crate::fleet::{self, postgres};
use crate::places::Places;
use crate::ports;
use crate::visits::client::Client;
use crate::visits::person::Person;
use crate::visits::trade::Trade;

const NODES: usize = 2;
const CARDS: usize = 24;
/// Longer than the balancer waits for a node: what people see in the end is its answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(75);
/// What names services of the person's own.
const NOT_INHERITED: &[&str] = &["AWS_ENDPOINT_URL_S3", "SMTP_URL", "IMAGE_BASE_URL", "RUST_LOG"];

pub(super) struct Grounds {
    pub(super) port: u16,
    pub(super) data: DataFolder,
    pub(super) supervisor: Supervisor,
    pub(super) nodes: Vec<Node>,
    pub(super) balancer: Balancer,
    pub(super) trade: Trade,
    /// Nobody listens there until somebody does.
    pub(super) smtp_port: u16,
    pub(super) database_url: String,
    release: Release,
    settings: Settings,
}

/// Starts it and answers its URL.
pub(super) type StartRedis = fn(&DataFolder, &mut Supervisor) -> Result<String>;

/// The database server's own account has to pass through.
pub(super) fn folder() -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("cardstore-faults-").tempdir()?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711))?;
    Ok(folder)
}

impl Grounds {
    /// `place` is where SQLite's file lies.
    pub(super) fn open(
        places: &Places,
        programs: &Path,
        folder: &Path,
        (database, redis): (Database, StartRedis),
        place: &Path,
    ) -> Result<Grounds> {
        let options = FleetOptions { data: Some(folder.to_owned()), ..FleetOptions::default() };
        let data = DataFolder::open(places, &options)?;
        let free = ports::free(2)?;
        let (port, smtp_port) = (free[0], free[1]);
        let public_url = format!("http://localhost:{port}");
        let mut supervisor = Supervisor::default();
        let services = Services {
            redis_url: redis(&data, &mut supervisor)?,
            s3: Some(parts::local_s3(&data, programs, &public_url, &mut supervisor)?),
            database_url: match database {
                Database::Sqlite => format!("sqlite://{}", place.join("cardstore.db").display()),
                Database::Postgres => postgres::start(&data, &mut supervisor)?,
            },
            mail_dir: None,
        };
        let release = Release::keep(places, programs, &data)?;
        let settings = Settings::gather(&release.site, &data, &services, &public_url)
            .with("SMTP_URL", &format!("smtp://127.0.0.1:{smtp_port}"))
            .with("CARDSTORE_LOG", "json");
        let nodes = Node::name_all(NODES)?;
        for node in &nodes {
            let output = Output::File(data.log(&format!("node-{}", node.name)));
            let mut part = fleet::node_part(node, &release, &settings, output);
            part.launch = part.launch.without(NOT_INHERITED);
            supervisor.start(part)?;
        }
        let balancer = balancer::start(port, &nodes, &data, &mut supervisor)?;
        let people = ["ann", "ben"].map(|name| Person::new(name, port, PATIENCE));
        for person in &people {
            person.register()?;
            admin(&release, &settings.of(&nodes[0]), &["activate", &person.name])?;
            person.sign_in()?;
        }
        let trade = Trade::open(people, CARDS)?;
        let database_url = services.database_url;
        Ok(Grounds {
            port,
            data,
            supervisor,
            nodes,
            balancer,
            trade,
            smtp_port,
            database_url,
            release,
            settings,
        })
    }

    /// What an operator's command says, run beside the fleet with a node's settings.
    pub(super) fn admin(&self, words: &[&str]) -> Result<String> {
        admin(&self.release, &self.settings.of(&self.nodes[0]), words)
    }

    /// The same on another database.
    pub(super) fn admin_on(&self, database_url: &str, words: &[&str]) -> Result<String> {
        let mut settings = self.settings.of(&self.nodes[0]);
        settings.push(("DATABASE_URL".to_owned(), database_url.to_owned()));
        admin(&self.release, &settings, words)
    }

    /// A figure of one node, the first line of this name.
    pub(super) fn figure(&self, node: &Node, name: &str) -> Result<f64> {
        let figures = Client::once(node.admin_port, PATIENCE).get("/metrics", None)?.body;
        let line = figures.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.rsplit(' ').next()?.parse().ok());
        value.with_context(|| format!("node {} tells no {name}", node.name))
    }

    pub(super) fn close(mut self) {
        self.supervisor.stop();
    }
}

fn admin(release: &Release, settings: &[(String, String)], words: &[&str]) -> Result<String> {
    let launch = Launch::of(&release.program).without(NOT_INHERITED).with(settings.iter().cloned());
    let output = launch.arguments(["admin"]).arguments(words.iter().copied()).command()?.output()?;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if !output.status.success() {
        bail!("`cardstore admin {}` failed: {said}", words.join(" "));
    }
    Ok(said)
}
