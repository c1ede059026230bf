//! Starts parts in order, watches over them, and stops them all in reverse order.

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

use super::launch::Launch;
use super::output::Output;
use super::part::{GLANCE, Part, Running, cause};
use crate::http::Ready;
use crate::signals::stop_asked;

const START_PATIENCE: Duration = Duration::from_secs(60);
const JOB_PATIENCE: Duration = Duration::from_secs(300);

#[derive(Default)]
pub(crate) struct Supervisor {
    running: Vec<Running>,
}

impl Supervisor {
    /// Starts a part and waits until it is ready.
    pub(crate) fn start(&mut self, part: Part) -> Result<()> {
        self.running.push(Running::start(part, self.running.len())?);
        await_ready(self.running.last_mut().context("one was just added")?)
    }

    /// For whoever breaks things on purpose.
    pub(crate) fn signal(&self, name: &str, signal: Signal) -> Result<()> {
        let pid = self.pid(name).and_then(|pid| Pid::from_raw(pid.try_into().ok()?));
        Ok(kill_process(pid.with_context(|| format!("there is no {name}"))?, signal)?)
    }

    /// Of a part that was told to end.
    pub(crate) fn wait_for_the_end(&mut self, name: &str) -> Result<()> {
        let place = self.place(name)?;
        self.running[place].child.wait()?;
        Ok(())
    }

    /// Waits for the end of a part that was told to end, starts it again and waits until it is ready.
    pub(crate) fn start_again(&mut self, name: &str) -> Result<()> {
        let place = self.place(name)?;
        let running = &mut self.running[place];
        running.child.wait()?;
        running.start_over(place)?;
        await_ready(running)
    }

    /// Takes effect when the part is started again.
    pub(crate) fn add_environment(&mut self, name: &str, pairs: &[(&str, &str)]) -> Result<()> {
        let place = self.place(name)?;
        let part = &mut self.running[place].part;
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        part.launch = part.launch.clone().with(pairs);
        Ok(())
    }

    fn place(&self, name: &str) -> Result<usize> {
        let place = self.running.iter().position(|running| running.part.name == name);
        place.with_context(|| format!("there is no {name}"))
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
            if stop_asked() || job.since.elapsed() > JOB_PATIENCE {
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
        while !stop_asked() {
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

fn await_ready(newest: &mut Running) -> Result<()> {
    loop {
        if newest.part.ready.now() {
            return Ok(());
        }
        if let Some(status) = newest.child.try_wait()? {
            bail!("{} ended while starting ({status}){}", newest.part.name, newest.part.last_words());
        }
        if stop_asked() {
            bail!("stopped while {} was starting", newest.part.name);
        }
        if newest.since.elapsed() > START_PATIENCE {
            let (name, seconds) = (&newest.part.name, START_PATIENCE.as_secs());
            bail!("{name} was not ready within {seconds} s{}", newest.part.last_words());
        }
        thread::sleep(GLANCE);
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop();
    }
}
