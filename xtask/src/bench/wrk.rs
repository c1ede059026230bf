//! Runs the load generator and reads what came of it.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::commands;
use crate::places::Places;
use crate::setup::Toolbox;
use crate::signals::stop_asked;

pub(super) const CONNECTIONS: usize = 32;
const MOST_THREADS: usize = 2;

pub(super) struct Wrk {
    program: PathBuf,
    script: PathBuf,
    pub(super) version: String,
    pub(super) threads: usize,
}

#[derive(Clone, Copy)]
pub(super) enum Repeat {
    Again,
    Once,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Told {
    pub(super) requests: u64,
    pub(super) seconds: f64,
    pub(super) p50_us: u64,
    pub(super) p99_us: u64,
    /// Answers of 400 and above.
    pub(super) refused: u64,
    /// Connections that failed, and answers that never came.
    pub(super) broken: u64,
}

impl Wrk {
    pub(super) fn find(places: &Places, toolbox: &Toolbox) -> Result<Wrk> {
        let program = toolbox.program("wrk")?;
        // It says its version and ends with a failure.
        let said = Command::new(&program).arg("--version").output().context("wrk cannot be run")?;
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let version = said.split(" [").next().unwrap_or_default().trim().to_owned();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let script = places.root.join("bench/wrk/requests.lua");
        Ok(Wrk { program, script, version, threads: cores.min(MOST_THREADS) })
    }

    /// Sends the requests of a prepared file to the port for so long.
    pub(super) fn drive(
        &self,
        port: u16,
        file: &std::path::Path,
        seconds: u32,
        repeat: Repeat,
    ) -> Result<Told> {
        let (said, complaint) =
            (self.begin(port, file, seconds, repeat, self.threads, CONNECTIONS)?).end()?;
        read(&said).with_context(|| format!("wrk told no figures: {said}{complaint}"))
    }

    /// The same to several ports at once, with one thread and so many connections each.
    pub(super) fn drive_all(
        &self,
        targets: &[(u16, PathBuf)],
        seconds: u32,
        connections: usize,
    ) -> Result<Vec<Told>> {
        let running = targets
            .iter()
            .map(|(port, file)| self.begin(*port, file, seconds, Repeat::Again, 1, connections))
            .collect::<Result<Vec<_>>>()?;
        running.into_iter().map(|running| read(&running.end()?.0).context("wrk told no figures")).collect()
    }

    fn begin(
        &self,
        port: u16,
        file: &std::path::Path,
        seconds: u32,
        repeat: Repeat,
        threads: usize,
        connections: usize,
    ) -> Result<Running> {
        ensure!(!stop_asked(), "stopped before all was measured");
        let mut wrk = commands::without_cargo(Command::new(&self.program));
        wrk.args(["--timeout", "20s", "--threads", &threads.to_string()]);
        wrk.args([
            "--connections",
            &connections.to_string(),
            "--duration",
            &format!("{seconds}s"),
            "--script",
        ]);
        wrk.arg(&self.script).arg(format!("http://127.0.0.1:{port}")).arg("--").arg(file);
        wrk.arg(threads.to_string()).arg(match repeat {
            Repeat::Again => "again",
            Repeat::Once => "once",
        });
        wrk.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Ok(Running(wrk.spawn().context("wrk cannot be run")?))
    }
}

/// Ends by itself after its time.
struct Running(std::process::Child);

impl Running {
    fn end(self) -> Result<(String, String)> {
        let output = self.0.wait_with_output()?;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ok((text(output.stdout), text(output.stderr)))
    }
}

fn read(said: &str) -> Option<Told> {
    said.lines().find_map(|line| serde_json::from_str(line.trim()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_found_among_what_wrk_says() {
        let said = "Running 4s test\n  2 threads\n{\"requests\":10,\"seconds\":2.0,\"p50_us\":1,\"p99_us\":9,\
                    \"refused\":0,\"broken\":0}\n";
        assert_eq!(read(said).unwrap().requests, 10);
        assert!(read("unable to connect").is_none());
    }
}
