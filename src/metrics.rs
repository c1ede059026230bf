//! Figures for Prometheus on the admin address: requests by route, purchases, uploads, sessions, streams, mail,
//! connections, panics, the process itself.

mod collectors;
mod outcomes;

use std::{borrow::Cow, fmt, sync::Arc, time::Instant};

use app::server::Node;
use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

use crate::{
    around::{Answers, Next},
    live::Live,
    request_id::method_of,
    shedding::Shedding,
};
use collectors::{OfDatabase, OfOutbox, OfPanics, OfProcess, OfSessions, OfShedding, OfStreams};
use outcomes::{Act, Outcomes};

/// Upper bounds of the buckets of a request's duration, in seconds.
const DURATIONS_S: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

/// This node's figures.
#[derive(Clone)]
pub struct Metrics(Arc<Figures>);

struct Figures {
    registry: Registry,
    node: Node,
    requests: Family<Answered, Counter>,
    durations: Family<Route, Histogram>,
    outcomes: Outcomes,
    outbox: OfOutbox,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    route: Cow<'static, str>,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: Cow<'static, str>,
}

impl Metrics {
    #[must_use]
    pub fn new(node: Node, live: Live, shedding: &Shedding) -> Self {
        let requests = Family::<Answered, Counter>::default();
        let durations = Family::<Route, Histogram>::new_with_constructor(|| Histogram::new(DURATIONS_S));
        let (outcomes, outbox) = (Outcomes::default(), OfOutbox::default());
        tokio::spawn(outcomes.clone().count_sales(node.clone()));

        let mut registry = Registry::default();
        let ours = registry.sub_registry_with_prefix("cardstore");
        ours.register("http_requests", "Requests answered", requests.clone());
        ours.register(
            "http_request_duration_seconds",
            "Time until the head of the answer",
            durations.clone(),
        );
        ours.register("requests_shed", "Requests turned away at once", shedding.turned_away());
        ours.register_collector(Box::new(OfShedding(shedding.clone())));
        outcomes.register(ours);
        ours.register_collector(Box::new(OfSessions(node.sessions.clone())));
        ours.register_collector(Box::new(OfStreams(live)));
        ours.register_collector(Box::new(outbox.clone()));
        ours.register_collector(Box::new(OfDatabase(node.clone())));
        ours.register_collector(Box::new(OfPanics));
        registry.register_collector(Box::new(OfProcess));
        Self(Arc::new(Figures { registry, node, requests, durations, outcomes, outbox }))
    }

    /// Counts the answer to a request that came at `begun`.
    pub(crate) fn count_answer(
        &self,
        route: Cow<'static, str>,
        method: &Method,
        status: StatusCode,
        begun: Instant,
    ) {
        let figures = &self.0;
        let duration_s = begun.elapsed().as_secs_f64();
        figures.durations.get_or_create(&Route { route: route.clone() }).observe(duration_s);
        let answered = Answered { route, method: method_of(method), status: status.as_u16() };
        figures.requests.get_or_create(&answered).inc();
    }

    /// `GET /metrics`, for the admin address.
    pub fn routes(self) -> Router {
        Router::new().route("/metrics", get(show)).with_state(self)
    }
}

async fn show(State(metrics): State<Metrics>) -> Response {
    let figures = &metrics.0;
    figures.outbox.look(&figures.node).await;
    let mut text = String::new();
    match encode(&mut text, &figures.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(fmt::Error) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Middleware around everything that a node answers to people.
pub async fn count(metrics: Arc<Metrics>, request: Request, next: Next<impl Answers>) -> Response {
    let begun = Instant::now();
    let (method, route, act) = (request.method().clone(), route_of(&request), Act::of(&request));
    let response = next.run(request).await;
    if let Some(act) = act {
        metrics.0.outcomes.count(act, &response);
    }
    metrics.count_answer(route.into(), &method, response.status(), begun);
    response
}

/// The pattern that matched, never the address: a label for each card would be one too many.
pub(crate) fn route_of(request: &Request) -> String {
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
