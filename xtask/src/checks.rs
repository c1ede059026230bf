//! `cargo xtask test`: every check and test, stage after stage, closed by one line of counts.

mod architecture;
mod chaos;
mod counts;
mod deploy;
pub(crate) mod end2end;
mod faults;
mod report;
mod rolling;
mod services;
mod stages;
mod tokens;

use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::arguments::{ON_REQUEST, STAGES};
use crate::places::Places;
use crate::setup::{self, Need};
use crate::signals::stop_asked;
use report::Report;

pub(crate) fn run(places: &Places, asked: &[String]) -> Result<ExitCode> {
    let is_chosen = |stage: &&str| match asked {
        [] => !ON_REQUEST.contains(stage),
        _ => asked.iter().any(|one| one == stage),
    };
    let chosen: Vec<&str> = STAGES.iter().copied().filter(is_chosen).collect();
    let mut needs = Vec::new();
    if chosen != ["deploy"] {
        needs.push(Need::Build);
    }
    if ["unit", "end2end", "faults", "roll", "chaos"].iter().any(|stage| chosen.contains(stage)) {
        needs.extend([Need::Redis, Need::Postgres, Need::Haproxy, Need::Kill]);
    }
    if chosen.contains(&"unit") {
        needs.push(Need::Python);
    }
    if chosen.contains(&"deploy") {
        needs.extend([Need::Haproxy, Need::Python, Need::Systemd]);
    }
    if chosen.contains(&"end2end") {
        needs.push(Need::Chromium);
    }
    let toolbox = setup::prepare(places, &needs)?;

    let mut report = Report::default();
    for stage in chosen {
        report.stage(stage, |report| match stage {
            "format" => stages::format(&toolbox, report),
            "lint" => stages::lint(&toolbox, report),
            "architecture" => architecture::check(places, &toolbox, report),
            "unit" => services::with(places, &toolbox, |services| stages::unit(&toolbox, services, report)),
            "deploy" => deploy::run(places, report),
            "faults" => faults::run(places, &toolbox, report),
            "roll" => rolling::run(places, &toolbox, report),
            "chaos" => chaos::run(places, &toolbox, report),
            _ => end2end::run(places, &toolbox, report),
        });
        ensure!(!stop_asked(), "stopped before all was checked");
    }
    Ok(report.close())
}
