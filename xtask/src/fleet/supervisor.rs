//! Starts parts, brings back the ones that die, and stops them all in reverse order.

use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal};

use super::launch::Launch;
use super::output::Output;
use crate::commands;
use crate::http::Ready;
use crate::signals::StopAsked;

const GLANCE: Duration = Duration::from_millis(50);
const START_PATIENCE: Duration = Duration::from_secs(60);
const JOB_PATIENCE: Duration = Duration::from_secs(300);
const STOP_PATIENCE: Duration = Duration::from_secs(10);
const GROUP_SIGNALS: u32 = 10;
const BACKOFF: Duration = Duration::from_millis(500);
/// A part that lived shorter than this died of its own start.
const SHORT_LIFE: Duration = Duration::from_secs(5);
const SHORT_LIVES_ALLOWED: u32 = 5;

pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) launch: Launch,
    pub(crate) ready: Ready,
    pub(crate) output: Output,
}

struct Running {
    part: Part,
    child: Child,
    since: Instant,
    short_lives: u32,
    start_again: Option<Instant>,
}

pub(crate) struct Supervisor {
    running: Vec<Running>,
    stop: StopAsked,
}

impl Supervisor {
    pub(crate) fn new(stop: StopAsked) -> Supervisor {
        Supervisor { running: vec![], stop }
    }

    /// Starts a part and waits until it is ready.
    pub(crate) fn start(&mut self, part: Part) -> Result<()> {
        let child = spawn(&part, self.running.len())?;
        self.running.push(Running { part, child, since: Instant::now(), short_lives: 0, start_again: None });
        let newest = self.running.last_mut().context("one was just added")?;
        loop {
            if newest.part.ready.now() {
                return Ok(());
            }
            if let Some(status) = newest.child.try_wait()? {
                bail!("{} ended while starting ({status}){}", newest.part.name, newest.part.last_words());
            }
            if self.stop.now() {
                bail!("stopped while {} was starting", newest.part.name);
            }
            if newest.since.elapsed() > START_PATIENCE {
                bail!(
                    "{} was not ready within {} s{}",
                    newest.part.name,
                    START_PATIENCE.as_secs(),
                    newest.part.last_words()
                );
            }
            thread::sleep(GLANCE);
        }
    }

    /// Starts a program that does its work and ends, and waits for that.
    pub(crate) fn run_once(&mut self, name: &str, launch: Launch) -> Result<()> {
        let part = Part { name: name.to_owned(), launch, ready: Ready::AtOnce, output: Output::Terminal };
        self.start(part)?;
        let mut job = self.running.pop().context("one was just started")?;
        let status = loop {
            if let Some(status) = job.child.try_wait()? {
                break status;
            }
            if self.stop.now() || job.since.elapsed() > JOB_PATIENCE {
                job.stop();
                bail!("{name} was stopped before it was through");
            }
            thread::sleep(GLANCE);
        };
        ensure!(status.success(), "{name} failed ({}); its log is above", cause(status));
        Ok(())
    }

    /// Returns when a stop is asked for; fails when a part cannot be kept alive.
    /// `restarted` is told after every restart, because a process id has changed.
    pub(crate) fn watch(&mut self, restarted: impl Fn(&Supervisor) -> Result<()>) -> Result<()> {
        while !self.stop.now() {
            let mut changed = false;
            for (place, running) in self.running.iter_mut().enumerate() {
                changed |= running.tend(place)?;
            }
            if changed {
                restarted(self)?;
            }
            thread::sleep(GLANCE);
        }
        Ok(())
    }

    pub(crate) fn pid(&self, name: &str) -> Option<u32> {
        self.running.iter().find(|running| running.part.name == name).map(|running| running.child.id())
    }

    pub(crate) fn stop(&mut self) {
        while let Some(mut running) = self.running.pop() {
            running.stop();
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Running {
    /// Returns whether the part was started again.
    fn tend(&mut self, place: usize) -> Result<bool> {
        if let Some(due) = self.start_again {
            if Instant::now() < due {
                return Ok(false);
            }
            self.child = spawn(&self.part, place)?;
            self.since = Instant::now();
            self.start_again = None;
            return Ok(true);
        }
        let Some(status) = self.child.try_wait()? else { return Ok(false) };
        self.short_lives = if self.since.elapsed() < SHORT_LIFE { self.short_lives + 1 } else { 0 };
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

    fn stop(&mut self) {
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
    fn last_words(&self) -> String {
        match &self.output {
            Output::Terminal => "; its log is above".to_owned(),
            Output::File(file) => {
                format!(". It ended with:\n\n{}\n\nIts log is {}", commands::last_words(file), file.display())
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

fn cause(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => status.to_string(),
    }
}
