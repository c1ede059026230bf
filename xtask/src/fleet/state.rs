//! `fleet.json`: what runs where, for tests and for people who want to break something on purpose.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::balancer::Balancer;
use super::data::{self, DataFolder};
use super::node::Node;
use super::parts::{S3, Services};
use super::supervisor::Supervisor;
use crate::visits::client::Client;

const FILE: &str = "fleet.json";
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct State {
    pub(super) public_url: String,
    pub(super) nodes: Vec<Node>,
    pub(super) services: Services,
    pub(super) balancer: Balancer,
}

#[derive(Deserialize, Serialize)]
pub(crate) struct Written {
    url: String,
    pub(crate) nodes: Vec<WrittenNode>,
    pub(crate) haproxy_pid: Option<u32>,
    /// HAProxy's admin socket.
    pub(crate) haproxy_socket: PathBuf,
    redis_url: String,
    pub(crate) redis_pid: Option<u32>,
    s3: Option<S3>,
    s3_pid: Option<u32>,
    database_url: String,
    postgres_pid: Option<u32>,
    mail_dir: Option<PathBuf>,
}

#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct WrittenNode {
    pub(crate) name: String,
    url: String,
    admin_url: String,
    pub(crate) pid: Option<u32>,
}

impl State {
    /// Readable by its owner only: it holds the keys of the local S3.
    pub(super) fn write(&self, data: &DataFolder, supervisor: &Supervisor) -> Result<()> {
        let nodes = self.nodes.iter().map(|node| WrittenNode {
            name: node.name.clone(),
            url: format!("http://127.0.0.1:{}", node.port),
            admin_url: format!("http://127.0.0.1:{}", node.admin_port),
            pid: supervisor.pid(&format!("node-{}", node.name)),
        });
        let written = Written {
            url: self.public_url.clone(),
            nodes: nodes.collect(),
            haproxy_pid: supervisor.pid("haproxy"),
            haproxy_socket: self.balancer.socket.clone(),
            redis_url: self.services.redis_url.clone(),
            redis_pid: supervisor.pid("redis"),
            s3: self.services.s3.clone(),
            s3_pid: supervisor.pid("s3"),
            database_url: self.services.database_url.clone(),
            postgres_pid: supervisor.pid("postgres"),
            mail_dir: self.services.mail_dir.clone(),
        };
        data::write_private(&data.join(FILE), &serde_json::to_vec_pretty(&written)?)
    }
}

impl Written {
    pub(crate) fn port(&self) -> Result<u16> {
        port_of(&self.url)
    }

    /// Host and port.
    pub(crate) fn redis_address(&self) -> Result<&str> {
        self.redis_url.strip_prefix("redis://").context("the fleet's Redis is not its own")
    }

    pub(crate) fn mail_dir(&self) -> Result<&Path> {
        self.mail_dir.as_deref().context("the fleet's mail goes to a server")
    }
}

impl WrittenNode {
    pub(crate) fn port(&self) -> Result<u16> {
        port_of(&self.url)
    }

    pub(crate) fn admin_port(&self) -> Result<u16> {
        port_of(&self.admin_url)
    }

    /// What the node tells Prometheus under this name, which has no labels.
    pub(crate) fn figure(&self, name: &str) -> Result<f64> {
        let figures = Client::once(self.admin_port()?, PATIENCE).get("/metrics", None)?.body;
        let found = figures.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok());
        found.with_context(|| format!("node {} tells no {name}", self.name))
    }
}

fn port_of(url: &str) -> Result<u16> {
    let port = url.rsplit(':').next().and_then(|port| port.parse().ok());
    port.with_context(|| format!("{url} names no port"))
}

/// What the fleet that runs on this data folder wrote last.
pub(crate) fn read(data: &Path) -> Result<Written> {
    let text = fs::read(data.join(FILE)).context("no fleet runs here; `cargo xtask fleet` starts one")?;
    Ok(serde_json::from_slice(&text)?)
}

pub(super) fn remove(data: &DataFolder) {
    let _ = fs::remove_file(data.join(FILE));
}
