//! What the layer promises, held against real Redis servers that each test starts for itself.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod configuration;
mod events;
mod expiry;
mod failover;
mod hostile;
mod outages;
mod outages_under_load;
mod races;
mod support;
mod threads;
mod topologies;
