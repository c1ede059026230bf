//! Traces by OpenTelemetry: a span for each request, and below it one for each question to Redis, the database and the
//! bucket, sent to whoever `OTEL_EXPORTER_OTLP_ENDPOINT` names.

mod sending;

use std::time::Duration;

use axum::http::{HeaderMap, Method, StatusCode};
use opentelemetry::{
    KeyValue,
    propagation::TextMapPropagator,
    trace::{Status, TracerProvider},
};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use tracing::{Level, Metadata, Span, Subscriber, subscriber::Interest};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, filter::DynFilterFn, registry::LookupSpan};

use crate::{request_id::method_of, serve::Outcome};

/// As the OTLP specification appends it to the endpoint.
const PATH: &str = "/v1/traces";
/// How long stopping may wait for the last spans to leave.
const STOP_WITHIN: Duration = Duration::from_secs(3);
/// The crates whose spans are sent.
const OURS: [&str; 4] = ["cardstore", "app", "backend", "sessions"];
/// The span that all others stand below.
pub(crate) const REQUEST: &str = "request";

/// Collects spans and sends them in batches.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Must be called inside the runtime that is to send.
    ///
    /// # Errors
    /// The endpoint is no URL, or TLS cannot be set up.
    pub fn start(endpoint: &str, node: &str) -> Outcome<Self> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}{PATH}", endpoint.trim_end_matches('/')))
            .with_http_client(sending::Client::new()?)
            .build()?;
        let resource = Resource::builder()
            .with_service_name("cardstore")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .with_attribute(KeyValue::new("service.instance.id", node.to_owned()))
            .build();
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource);
        Ok(Self(provider.build()))
    }

    /// Sees the spans of requests and what is logged in them.
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync>(&self) -> impl Layer<S> + use<S> {
        let layer = tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("cardstore"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false);
        // What the node does by itself would be a trace of one span each time.
        let belongs = DynFilterFn::new(|it, context| {
            is_ours(it) && (it.name() == REQUEST || context.lookup_current().is_some())
        });
        layer.with_filter(belongs.with_callsite_filter(|it| match is_ours(it) {
            true => Interest::sometimes(),
            false => Interest::never(),
        }))
    }

    /// Sends what is left.
    pub async fn stop(self) {
        let stopped = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(STOP_WITHIN)).await;
        if !matches!(stopped, Ok(Ok(()))) {
            tracing::warn!("the last traces could not be sent");
        }
    }
}

fn is_ours(metadata: &Metadata<'_>) -> bool {
    let from = metadata.target().split("::").next().unwrap_or_default();
    OURS.contains(&from) && (metadata.is_span() || *metadata.level() <= Level::INFO)
}

/// Names a request's span, and puts it below the one that its `traceparent` names (W3C Trace Context).
pub(crate) fn begin(span: &Span, method: &Method, route: &str, headers: &HeaderMap) {
    span.record("otel.kind", "server");
    span.record("otel.name", format!("{} {route}", method_of(method)));
    let caller = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
    // Nothing is lost where no layer collects spans.
    _ = span.set_parent(caller);
}

/// Notes how a request was answered.
pub(crate) fn end(span: &Span, status: StatusCode) {
    span.set_attribute("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.set_status(Status::error(""));
    }
}

#[cfg(test)]
mod tests;
