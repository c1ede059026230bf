//! The fleet under fire, as its `fleet.json` describes it: where it answers, which processes it runs, where mail lands.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::http::Ready;

/// How long nodes that were killed may take until they answer again.
const RETURN_PATIENCE: Duration = Duration::from_secs(60);
const GLANCE: Duration = Duration::from_millis(50);

pub(super) struct Running {
    folder: PathBuf,
    sent_again: AtomicUsize,
}

#[derive(Deserialize)]
pub(super) struct Described {
    pub(super) url: String,
    pub(super) nodes: Vec<Node>,
    pub(super) database_url: String,
    pub(super) redis_url: String,
    pub(super) mail_dir: PathBuf,
}

#[derive(Deserialize)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) url: String,
    pub(super) pid: Option<i32>,
}

impl Running {
    pub(super) fn on(folder: &Path) -> Running {
        Running { folder: folder.to_owned(), sent_again: AtomicUsize::new(0) }
    }

    /// As it is now: a node that was killed comes back as another process.
    pub(super) fn described(&self) -> Result<Described> {
        let text = fs::read(self.folder.join("fleet.json")).context("the fleet is gone")?;
        Ok(serde_json::from_slice(&text)?)
    }

    /// Where its balancer listens.
    pub(super) fn port(&self) -> Result<u16> {
        port(&self.described()?.url)
    }

    /// The program that its nodes run.
    pub(super) fn program(&self) -> PathBuf {
        self.folder.join("release/cardstore")
    }

    pub(super) fn wait_until_all_answer(&self) -> Result<()> {
        let deadline = Instant::now() + RETURN_PATIENCE;
        for node in self.described()?.nodes {
            let ready = Ready::Answers(port(&node.url)?, "/healthz");
            while !ready.now() {
                if Instant::now() > deadline {
                    bail!("node {} did not come back", node.name);
                }
                thread::sleep(GLANCE);
            }
        }
        Ok(())
    }

    pub(super) fn count_sent_again(&self) {
        self.sent_again.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn sent_again(&self) -> usize {
        self.sent_again.load(Ordering::Relaxed)
    }
}

fn port(url: &str) -> Result<u16> {
    let (_, port) = url.rsplit_once(':').context("an address of the fleet names its port")?;
    Ok(port.trim_end_matches('/').parse()?)
}
