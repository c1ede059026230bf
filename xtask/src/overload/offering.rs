//! People who ask for a page: each when the answer before is there, or so many a second, whatever becomes of them.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::commands;

pub(super) struct Offer {
    /// The bench, whose crowd they are.
    pub(super) program: PathBuf,
    /// Of somebody who is signed in.
    pub(super) cookie: String,
}

#[derive(Clone, Copy)]
pub(super) struct Answered {
    /// 0 when the connection ended without an answer.
    pub(super) status: u16,
    pub(super) took: Duration,
}

impl Offer {
    /// Asks on this port, and waits for all answers. So many people; so many requests a second, or as many as they can.
    pub(super) fn make(
        &self,
        port: u16,
        people: usize,
        each_second: Option<f64>,
        lasts: Duration,
    ) -> Result<Vec<Answered>> {
        let mut command = commands::without_cargo(Command::new(&self.program));
        command.args(["crowd", "--path", "/", "--cookie", &self.cookie, "--port", &port.to_string()]);
        command.args(["--people", &people.to_string(), "--seconds", &lasts.as_secs().to_string()]);
        if let Some(rate) = each_second {
            command.args(["--each-second", &rate.to_string()]);
        }
        let output = command.output().context("the crowd cannot be run")?;
        ensure!(output.status.success(), "the crowd failed: {}", String::from_utf8_lossy(&output.stderr));
        let answers: Vec<(u16, u64)> = serde_json::from_slice(&output.stdout)?;
        let answered = |(status, took_us)| Answered { status, took: Duration::from_micros(took_us) };
        Ok(answers.into_iter().map(answered).collect())
    }
}
