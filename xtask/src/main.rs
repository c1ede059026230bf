//! The project's one tool: sets a machine up, builds, runs the fleet, and runs every check.
#![expect(clippy::print_stdout, reason = "a command line tool talks to its terminal")]
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test that cannot go on fails"))]

mod arguments;
mod bench;
mod builds;
mod checks;
mod commands;
mod dev;
mod doctor;
mod fleet;
mod http;
mod jobs;
mod overload;
mod places;
mod ports;
mod progress;
mod redis;
mod roll;
mod screenshots;
mod seed;
mod setup;
mod signals;
mod soak;
mod visits;

use std::process::ExitCode;

use arguments::Task;
use places::Places;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(_) if signals::stop_asked() => ExitCode::from(130),
        Err(trouble) => {
            eprintln!("\n{} {trouble:#}", progress::red("error:"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<ExitCode> {
    let task = arguments::parse(pico_args::Arguments::from_env())?;
    let places = Places::find()?;
    signals::listen()?;
    match task {
        Task::Help => println!("{}", arguments::HELP),
        Task::Setup => {
            setup::prepare(&places, setup::EVERYTHING)?;
            println!("\nThis machine is ready: cargo xtask fleet");
        }
        Task::Fleet(options) => fleet::run(&places, &options)?,
        Task::Roll { data } => roll::run(&places, data.as_ref())?,
        Task::Doctor { data } => return doctor::run(&places, data.as_ref()),
        Task::Soak { minutes } => return soak::run(&places, minutes),
        Task::Overload => return overload::run(&places),
        Task::Bench(options) => bench::run(&places, &options)?,
        Task::Ship => bench::ship(&places)?,
        Task::Seed(options) => seed::run(&places, &options)?,
        Task::Screenshots => screenshots::run(&places)?,
        Task::Dev(options) => dev::run(&places, &options)?,
        Task::Test { stages } => return checks::run(&places, &stages),
    }
    Ok(ExitCode::SUCCESS)
}
