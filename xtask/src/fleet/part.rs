//! One part of the fleet as a process: started, brought back when it dies, ended with all it started.

use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal};

use super::launch::Launch;
use super::output::Output;
use crate::http::Ready;
use crate::jobs;

pub(super) const GLANCE: Duration = Duration::from_millis(50);
/// A little more than a node gives its last requests.
const STOP_PATIENCE: Duration = Duration::from_secs(20);
const GROUP_SIGNALS: u32 = 10;
const BACKOFF: Duration = Duration::from_millis(500);
/// A part that lived shorter than this died of its own start.
const SHORT_LIFE: Duration = Duration::from_secs(5);
const KILLED: i32 = 9;
const SHORT_LIVES_ALLOWED: u32 = 5;

pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) launch: Launch,
    pub(crate) ready: Ready,
    pub(crate) output: Output,
}

pub(super) struct Running {
    pub(super) part: Part,
    pub(super) child: Child,
    pub(super) since: Instant,
    short_lives: u32,
    start_again: Option<Instant>,
}

impl Running {
    pub(super) fn start(part: Part, place: usize) -> Result<Running> {
        let child = spawn(&part, place)?;
        Ok(Running { part, child, since: Instant::now(), short_lives: 0, start_again: None })
    }

    /// Returns whether the part was started again.
    pub(super) fn tend(&mut self, place: usize) -> Result<bool> {
        if let Some(due) = self.start_again {
            if Instant::now() < due {
                return Ok(false);
            }
            self.start_over(place)?;
            return Ok(true);
        }
        let Some(status) = self.child.try_wait()? else { return Ok(false) };
        // Somebody who kills it again and again, to see what happens, is no reason to give up.
        let of_itself = status.signal() != Some(KILLED);
        self.short_lives =
            if of_itself && self.since.elapsed() < SHORT_LIFE { self.short_lives + 1 } else { 0 };
        let name = &self.part.name;
        if self.short_lives >= SHORT_LIVES_ALLOWED {
            bail!(
                "{name} ended {SHORT_LIVES_ALLOWED} times right after its start, last with {}{}",
                cause(status),
                self.part.last_words()
            );
        }
        println!("{name} ended ({}); starting it again", cause(status));
        self.start_again = Some(Instant::now() + BACKOFF * (1 + self.short_lives));
        Ok(false)
    }

    pub(super) fn start_over(&mut self, place: usize) -> Result<()> {
        self.child = spawn(&self.part, place)?;
        self.since = Instant::now();
        self.start_again = None;
        Ok(())
    }

    pub(super) fn stop(&mut self) {
        if self.start_again.is_some() {
            return; // it has ended, and its process id may be somebody else's by now
        }
        let pid = Pid::from_child(&self.child);
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            // Fails only when the part ended by itself in this moment.
            let _ = rustix::process::kill_process(pid, self.part.launch.stop_signal);
            let deadline = Instant::now() + STOP_PATIENCE;
            while self.child.try_wait().is_ok_and(|ended| ended.is_none()) && Instant::now() < deadline {
                thread::sleep(GLANCE);
            }
            // Fails only when it has ended by now.
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
        // Whatever the part started itself shares its group. Usually nobody is left to hear this; asked again,
        // because a child may come into being between two signals.
        for _ in 0..GROUP_SIGNALS {
            if rustix::process::kill_process_group(pid, Signal::KILL).is_err() {
                break;
            }
            thread::sleep(GLANCE);
        }
    }
}

impl Part {
    pub(super) fn last_words(&self) -> String {
        match &self.output {
            Output::Terminal => "; its log is above".to_owned(),
            Output::File(file) => {
                format!(". It ended with:\n\n{}\n\nIts log is {}", jobs::last_words(file), file.display())
            }
        }
    }
}

fn spawn(part: &Part, place: usize) -> Result<Child> {
    let mut command = part.launch.command()?;
    part.output.attach(&mut command)?;
    let mut child = command.spawn().with_context(|| format!("cannot start {}", part.name))?;
    part.output.follow(&mut child, &part.name, place);
    Ok(child)
}

pub(super) fn cause(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => status.to_string(),
    }
}
