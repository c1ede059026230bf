//! What measuring needs beside the node: the limit to compare it with, the data to compare on, people who ask.

mod crowd;
mod limit;
mod stage;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[derive(Parser)]
#[command(about)]
enum Task {
    /// Asks a node for a page, and says every answer.
    Crowd(crowd::Crowd),
    /// Serves what the store's pages could cost at least.
    Limit(limit::Settings),
    /// Prepares a seeded database and says who and what is on it, as JSON.
    Stage(stage::Stage),
    /// Puts cards on sale for a round of purchases and says which, as JSON.
    Offer(stage::Offer),
    /// Counts how many of them were bought since.
    Sold(stage::Sold),
}

fn main() -> ExitCode {
    let done = match Task::parse() {
        Task::Crowd(crowd) => crowd.run(),
        Task::Limit(settings) => limit::run(settings),
        Task::Stage(stage) => stage.run(),
        Task::Offer(offer) => offer.run(),
        Task::Sold(sold) => sold.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
