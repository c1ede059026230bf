//! Starts a node, or does one act of an operator.

use std::process::ExitCode;

use cardstore::{admin, config::Config, doctor, panics, serve, telemetry};
use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// A node of the CardStore fleet.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// What operators do, beside the running fleet: same settings, one act, and out.
    #[command(subcommand)]
    Admin(admin::Act),
    /// Looks at every part with these settings and says what is wrong and what to do.
    Doctor,
}

/// Visitors are answered on threads of their own.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Arguments { config, task } = Arguments::parse();
    let traces = match telemetry::start(&config) {
        Ok(traces) => traces,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    panics::watch();
    let done = match task {
        None => serve::run(config).await,
        Some(Task::Admin(act)) => admin::run(&config, act).await,
        Some(Task::Doctor) => doctor::run(&config).await,
    };
    if let Some(traces) = traces {
        traces.stop().await;
    }
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}
