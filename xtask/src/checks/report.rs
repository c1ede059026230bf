//! Counts what passed and failed, and prints it the same way everywhere.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

use crate::progress::{bold, green, red, seconds};

#[derive(Debug, Default)]
pub(super) struct Report {
    passed: u64,
    failed: u64,
    complaints: Vec<String>,
}

impl Report {
    /// Runs a stage under a heading; a stage that cannot run at all counts as one failure.
    pub(super) fn stage(&mut self, name: &str, run: impl FnOnce(&mut Report) -> Result<()>) {
        println!("\n{}", bold(&format!("== {name}")));
        let begun = Instant::now();
        if let Err(trouble) = run(self) {
            self.check(name, Err(format!("{trouble:#}")));
        }
        println!("== {name} took {}", seconds(begun.elapsed()));
    }

    pub(super) fn check(&mut self, name: &str, outcome: Result<(), String>) {
        match outcome {
            Ok(()) => {
                self.passed += 1;
                println!("{} {name}", green("ok"));
            }
            Err(complaint) => {
                self.failed += 1;
                println!("{} {name}: {complaint}", red("FAILED"));
                self.complaints.push(name.to_owned());
            }
        }
    }

    pub(super) fn add(&mut self, name: &str, passed: u64, failed: u64) {
        self.passed += passed;
        self.failed += failed;
        if failed > 0 {
            self.complaints.push(format!("{name} ({failed})"));
        }
    }

    pub(super) fn failed(&self) -> u64 {
        self.failed
    }

    pub(super) fn close(self) -> ExitCode {
        if !self.complaints.is_empty() {
            println!("\nFailed: {}", self.complaints.join(", "));
        }
        println!("\n{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
