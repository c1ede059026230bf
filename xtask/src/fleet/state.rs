//! `fleet.json`: what runs where, for tests and for people who want to break something on purpose.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;

use super::balancer::Balancer;
use super::data::{self, DataFolder};
use super::node::Node;
use super::parts::{S3, Services};
use super::supervisor::Supervisor;

pub(super) struct State {
    pub(super) public_url: String,
    pub(super) nodes: Vec<Node>,
    pub(super) services: Services,
    pub(super) balancer: Balancer,
}

#[derive(Serialize)]
struct Written<'a> {
    url: &'a str,
    nodes: Vec<WrittenNode<'a>>,
    haproxy_pid: Option<u32>,
    haproxy_socket: &'a PathBuf,
    redis_url: &'a str,
    redis_pid: Option<u32>,
    s3: &'a Option<S3>,
    s3_pid: Option<u32>,
    database_url: &'a str,
    postgres_pid: Option<u32>,
    mail_dir: &'a Option<PathBuf>,
}

#[derive(Serialize)]
struct WrittenNode<'a> {
    name: &'a str,
    url: String,
    admin_url: String,
    pid: Option<u32>,
}

impl State {
    /// Readable by its owner only: it holds the keys of the local S3.
    pub(super) fn write(&self, data: &DataFolder, supervisor: &Supervisor) -> Result<()> {
        let nodes = self.nodes.iter().map(|node| WrittenNode {
            name: &node.name,
            url: format!("http://127.0.0.1:{}", node.port),
            admin_url: format!("http://127.0.0.1:{}", node.admin_port),
            pid: supervisor.pid(&format!("node-{}", node.name)),
        });
        let written = Written {
            url: &self.public_url,
            nodes: nodes.collect(),
            haproxy_pid: supervisor.pid("haproxy"),
            haproxy_socket: &self.balancer.socket,
            redis_url: &self.services.redis_url,
            redis_pid: supervisor.pid("redis"),
            s3: &self.services.s3,
            s3_pid: supervisor.pid("s3"),
            database_url: &self.services.database_url,
            postgres_pid: supervisor.pid("postgres"),
            mail_dir: &self.services.mail_dir,
        };
        data::write_private(&data.join("fleet.json"), &serde_json::to_vec_pretty(&written)?)
    }
}

pub(super) fn remove(data: &DataFolder) {
    let _ = fs::remove_file(data.join("fleet.json"));
}
