//! Figures for Prometheus on the admin address: requests by route, sessions, streams, purchases, the process itself.

use std::{fmt, fs, sync::Arc, time::Instant};

use app::server::Node;
use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use domain::Event;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, NoLabelSet, text::encode},
    metrics::{
        MetricType,
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::ConstGauge,
        histogram::Histogram,
    },
    registry::Registry,
};
use sessions::{LATENCY_BOUNDS_US, Sessions};
use tokio::sync::broadcast::error::RecvError;

use crate::live::Live;

/// Upper bounds of the buckets of a request's duration, in seconds.
const DURATIONS_S: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

/// This node's figures.
#[derive(Clone)]
pub struct Metrics(Arc<Figures>);

struct Figures {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Route, Histogram>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    route: String,
    method: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: String,
}

impl Metrics {
    #[must_use]
    pub fn new(node: Node, live: Live) -> Self {
        let requests = Family::<Answered, Counter>::default();
        let durations = Family::<Route, Histogram>::new_with_constructor(|| Histogram::new(DURATIONS_S));
        let purchases = Counter::<u64>::default();
        tokio::spawn(count_purchases(node.clone(), purchases.clone()));

        let mut registry = Registry::default();
        let ours = registry.sub_registry_with_prefix("cardstore");
        ours.register("http_requests", "Requests answered", requests.clone());
        ours.register(
            "http_request_duration_seconds",
            "Time until the head of the answer",
            durations.clone(),
        );
        ours.register("purchases", "Cards that changed hands on this node", purchases);
        ours.register_collector(Box::new(OfSessions(node.sessions)));
        ours.register_collector(Box::new(OfStreams(live)));
        registry.register_collector(Box::new(OfProcess));
        Self(Arc::new(Figures { registry, requests, durations }))
    }

    /// `GET /metrics`, for the admin address.
    pub fn routes(self) -> Router {
        Router::new().route("/metrics", get(show)).with_state(self)
    }
}

async fn show(State(metrics): State<Metrics>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &metrics.0.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(fmt::Error) => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Middleware around everything that a node answers on its public address.
pub async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().as_str().to_owned();
    let route = route_of(&request);
    let response = next.run(request).await;
    let figures = &metrics.0;
    figures.durations.get_or_create(&Route { route: route.clone() }).observe(begun.elapsed().as_secs_f64());
    let status = response.status().as_u16();
    figures.requests.get_or_create(&Answered { route, method, status }).inc();
    response
}

/// The pattern that matched, never the address: a label for each card would be one too many.
fn route_of(request: &Request) -> String {
    let pattern = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    match pattern.strip_suffix("{*function}") {
        // The names of functions are few and known.
        Some(prefix) if crate::pages::is_function(request.uri().path()) => {
            let name = request.uri().path().trim_start_matches(prefix);
            format!("{prefix}{name}")
        }
        _ => pattern.to_owned(),
    }
}

async fn count_purchases(node: Node, purchases: Counter) {
    let mut events = node.store.events();
    loop {
        match events.recv().await {
            Ok(Event::Sold { .. }) => _ = purchases.inc(),
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

#[derive(Debug)]
struct OfSessions(Sessions);

impl Collector for OfSessions {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let now = self.0.metrics();
        let counted = [
            ("created", now.created),
            ("rotated", now.rotated),
            ("signed_out", now.signed_out),
            ("ended_elsewhere", now.ended_elsewhere),
            ("ended_by_limit", now.ended_by_limit),
            ("expired", now.expired),
            ("rejected", now.rejected),
            ("gone", now.gone),
            ("unreadable", now.unreadable),
            ("unavailable", now.unavailable),
        ];
        for (name, count) in counted {
            let name = format!("sessions_{name}");
            let counter = ConstCounter::new(count);
            counter.encode(encoder.encode_descriptor(
                &name,
                "Sessions, by what became of them",
                None,
                MetricType::Counter,
            )?)?;
        }
        gauge(
            &mut encoder,
            "session_store_available",
            "1 while the session store answers",
            i64::from(now.available),
        )?;
        let buckets: Vec<(f64, u64)> = LATENCY_BOUNDS_US
            .iter()
            .map(|us| *us as f64 / 1e6)
            .chain([f64::MAX])
            .zip(now.latency_counts)
            .collect();
        let mut histogram = encoder.encode_descriptor(
            "session_store_duration_seconds",
            "Time that a command to the session store took",
            None,
            MetricType::Histogram,
        )?;
        let count = now.latency_counts.iter().sum();
        histogram.encode_histogram::<NoLabelSet>(now.latency_sum_us as f64 / 1e6, count, &buckets, None)
    }
}

struct OfStreams(Live);

impl fmt::Debug for OfStreams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OfStreams")
    }
}

impl Collector for OfStreams {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let open = i64::try_from(self.0.streams()).unwrap_or(i64::MAX);
        gauge(&mut encoder, "event_streams", "Open streams of server-sent events", open)
    }
}

/// As the kernel sees this process; absent where there is no `/proc`.
#[derive(Debug)]
struct OfProcess;

impl Collector for OfProcess {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        const PAGE_BYTES: i64 = 4096;
        let resident = fs::read_to_string("/proc/self/statm").ok();
        let pages = resident.and_then(|text| text.split(' ').nth(1)?.parse::<i64>().ok());
        if let Some(pages) = pages {
            let bytes = pages * PAGE_BYTES;
            gauge(&mut encoder, "process_resident_memory_bytes", "Memory of this process", bytes)?;
        }
        if let Ok(files) = fs::read_dir("/proc/self/fd") {
            let open = i64::try_from(files.count()).unwrap_or(i64::MAX);
            gauge(&mut encoder, "process_open_fds", "Open files and sockets of this process", open)?;
        }
        Ok(())
    }
}

fn gauge(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: i64) -> fmt::Result {
    ConstGauge::new(value).encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)
}
