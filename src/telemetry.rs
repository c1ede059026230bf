//! Logs, JSON for machines and text for people, and traces where somebody collects them.

use tracing_subscriber::{
    EnvFilter, Layer, Registry, fmt, layer::SubscriberExt, registry, util::SubscriberInitExt,
};

use crate::{config::Config, serve::Outcome, traces::Traces};

/// Sends every event to standard output from here on, and spans to the collector that the settings name. A filter that
/// cannot be read falls back to `info`.
///
/// # Errors
/// The collector's address cannot be used.
pub fn start(config: &Config) -> Outcome<Option<Traces>> {
    let filter = EnvFilter::try_new(&config.log_filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines: Box<dyn Layer<Registry> + Send + Sync> = if config.log == "json" {
        fmt::layer().json().flatten_event(true).with_span_list(false).boxed()
    } else {
        fmt::layer().with_target(false).with_ansi(false).boxed()
    };
    let subscriber = registry().with(lines.with_filter(filter));
    let Some(endpoint) = config.traces_to() else {
        subscriber.init();
        return Ok(None);
    };
    let traces = Traces::start(endpoint, &config.node)
        .map_err(|error| format!("OTEL_EXPORTER_OTLP_ENDPOINT does not work: {error}"))?;
    subscriber.with(traces.layer()).init();
    Ok(Some(traces))
}

/// While there is one subscriber only, whoever reaches an event first decides for everybody whether it is listened to,
/// and most tests have none. From here on they have one that is interested and writes nowhere.
#[cfg(test)]
pub(crate) fn listened_to_everywhere() {
    use tracing::{level_filters::LevelFilter, subscriber::set_global_default};
    drop(set_global_default(registry().with(LevelFilter::INFO)));
}
