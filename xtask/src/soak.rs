//! `cargo xtask soak`: years of a small store in minutes, on a fleet of its own; in the end nothing may have grown.

mod crowd;
mod samples;

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

use crate::fleet::state;
use crate::places::Places;
use crate::progress::{green, red};
use crate::signals::stop_asked;
use crate::{jobs, ports};
use crowd::Crowd;
use samples::{Sample, Samples};

/// Short, so that many sessions begin and end within the time.
const IDLE_SECONDS: &str = "20";
const START_PATIENCE: Duration = Duration::from_secs(60 * 60);
const GLANCE: Duration = Duration::from_millis(200);
/// What names services of the person's own.
const NOT_INHERITED: &[&str] =
    &["DATABASE_URL", "REDIS_URL", "S3_BUCKET", "AWS_ENDPOINT_URL_S3", "SMTP_URL", "IMAGE_BASE_URL"];

pub(crate) fn run(_: &Places, minutes: u32) -> Result<ExitCode> {
    let folder = tempfile::Builder::new().prefix("cardstore-soak-").tempdir()?;
    let fleet = Fleet::start(folder.path())?;
    let written = state::read(folder.path())?;
    let crowd = Crowd::begin(&written)?;
    let mut samples = Samples::default();
    println!("{}", Sample::HEAD);
    for minute in 1..=minutes {
        let until = Instant::now() + Duration::from_secs(60);
        while Instant::now() < until && !stop_asked() {
            thread::sleep(GLANCE);
        }
        if stop_asked() {
            break;
        }
        let sample = Sample::take(&written, &crowd)?;
        println!("{}", sample.in_words(minute));
        samples.keep(sample);
    }
    let complaints = crowd.end();
    fleet.stop()?;
    let said: Vec<String> = samples.verdict().err().into_iter().chain(complaints).collect();
    if said.is_empty() {
        println!("\n{} nothing grew, and nobody was refused", green("ok"));
        return Ok(ExitCode::SUCCESS);
    }
    println!("\n{} {}", red("FAILED"), said.join("\n"));
    Ok(ExitCode::FAILURE)
}

/// `cargo xtask fleet` itself, whose nodes take the short sessions from the environment.
struct Fleet(Child);

impl Fleet {
    fn start(folder: &Path) -> Result<Fleet> {
        let log = folder.join("fleet.log");
        let output = File::create(&log)?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["fleet", "--port", &ports::free(1)?[0].to_string(), "--data"]).arg(folder.join("."));
        NOT_INHERITED.iter().for_each(|name| _ = command.env_remove(name));
        command.env("CARDSTORE_SESSION_IDLE", IDLE_SECONDS);
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let mut fleet = Fleet(command.spawn()?);
        let begun = Instant::now();
        while !folder.join("fleet.json").exists() {
            ensure!(!stop_asked(), "stopped while the fleet was starting");
            if fleet.0.try_wait()?.is_some() || begun.elapsed() > START_PATIENCE {
                bail!("the fleet did not start:\n\n{}", jobs::last_words(&log));
            }
            thread::sleep(GLANCE);
        }
        Ok(fleet)
    }

    fn stop(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.0), Signal::TERM)?;
        let status = self.0.wait()?;
        ensure!(status.success(), "the fleet ended with {status}");
        Ok(())
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        if self.0.try_wait().is_ok_and(|ended| ended.is_none()) {
            // Its parts follow it by themselves.
            let _ = kill_process(Pid::from_child(&self.0), Signal::TERM);
            let _ = self.0.wait();
        }
    }
}
