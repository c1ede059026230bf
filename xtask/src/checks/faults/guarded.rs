//! Redis with a replica and a sentinel that appoints it when the primary dies.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::fleet::data::DataFolder;
use crate::fleet::launch::Launch;
use crate::fleet::output::Output;
use crate::fleet::part::Part;
use crate::fleet::parts;
use crate::fleet::supervisor::Supervisor;
use crate::http::Ready;
use crate::{places, ports, redis};

/// Replicates at once, not after waiting for further replicas.
const AT_ONCE: &str = "repl-diskless-sync-delay 0\n";
const PATIENCE: Duration = Duration::from_secs(60);
const GLANCE: Duration = Duration::from_millis(100);

/// Answers the URL under which nodes ask the sentinel who the primary is.
pub(super) fn start(data: &DataFolder, supervisor: &mut Supervisor) -> Result<String> {
    let primary = parts::redis_called("redis", AT_ONCE, data, supervisor)?;
    let following = format!("replicaof 127.0.0.1 {primary}\n");
    let replica = parts::redis_called("redis-replica", &following, data, supervisor)?;
    await_words(replica, "INFO replication", "master_link_status:up")?;

    let sentinel = ports::free(1)?[0];
    let config = data.join("sentinel.conf");
    let lines = format!(
        "port {sentinel}\nbind 127.0.0.1\nsentinel monitor main 127.0.0.1 {primary} 1\n\
         sentinel down-after-milliseconds main 1000\nsentinel failover-timeout main 1000\n"
    );
    fs::write(&config, lines)?;
    supervisor.start(Part {
        name: "sentinel".to_owned(),
        launch: Launch::of(&program()?).arguments([config, "--sentinel".into()]),
        ready: Ready::Listens(sentinel),
        output: Output::File(data.log("sentinel")),
    })?;
    await_words(sentinel, "SENTINEL REPLICAS main", "master-link-status\r\n$2\r\nok")?;
    Ok(format!("redis-sentinel://127.0.0.1:{sentinel}?sentinelServiceName=main"))
}

fn program() -> Result<PathBuf> {
    places::program("redis-server", &[]).context("redis-server is not installed")
}

fn await_words(port: u16, command: &str, words: &str) -> Result<()> {
    let begun = Instant::now();
    while !redis::ask(&format!("127.0.0.1:{port}"), command)?.contains(words) {
        ensure!(begun.elapsed() < PATIENCE, "{command} never answered {words}");
        thread::sleep(GLANCE);
    }
    Ok(())
}
