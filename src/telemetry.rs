//! Logs: JSON for machines, text for people.

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::Config;

/// Sends every event to standard output from here on. A filter that cannot be read falls back to `info`.
pub fn start(config: &Config) {
    let filter = EnvFilter::try_new(&config.log_filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    if config.log == "json" {
        registry.with(fmt::layer().json().flatten_event(true).with_span_list(false)).init();
    } else {
        registry.with(fmt::layer().with_target(false).with_ansi(false)).init();
    }
}
