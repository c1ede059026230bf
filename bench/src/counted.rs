//! A node that counts how often its Rust code asks for memory, and says so when it ends. SQLite, which is C, asks past
//! it.

use std::alloc::System;

use cardstore::{config::Config, serve, telemetry};
use clap::Parser;
use serde_json::json;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "whoever measures reads it")]
async fn main() -> Outcome<()> {
    let config = Config::parse();
    // Spans cost memory too.
    telemetry::start(&config)?;
    serve::run(config).await?;
    let stats = ALLOCATOR.stats();
    let allocations = stats.allocations + stats.reallocations;
    println!("{}", json!({ "allocations": allocations, "bytes": stats.bytes_allocated }));
    Ok(())
}
