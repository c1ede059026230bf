//! The node: one process of the fleet. Holds no business rule and no SQL; it connects the rooms to HTTP.
// The types of Leptos views nest as deep as the pages do.
#![recursion_limit = "256"]
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test that cannot go on fails"))]

pub mod admin;
pub mod apologies;
pub mod around;
pub mod assets;
pub mod config;
pub mod doctor;
pub mod downloads;
pub mod forms;
pub mod health;
pub mod languages;
pub mod live;
pub mod metrics;
pub mod owners;
pub mod pages;
pub mod panics;
pub mod remembered;
pub mod request_id;
pub mod security;
pub mod serve;
pub mod shedding;
pub mod site;
pub mod telemetry;
pub mod traces;
mod workers;

use std::{sync::Arc, time::Duration};

use app::server::Node;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, StatusCode, header},
};
use tower::ServiceBuilder;
use tower_http::{
    compression::{CompressionLayer, CompressionLevel, predicate::SizeAbove},
    limit::RequestBodyLimitLayer,
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
};

use crate::{
    around::{Share, around},
    config::Config,
    health::Health,
    live::Live,
    metrics::Metrics,
    remembered::Remembered,
    request_id::Requests,
    security::Edge,
    shedding::{Refusals, Shedding},
};

/// The largest body of a call: forms are short, and pictures go to the bucket.
const LARGEST_CALL: usize = 64 * 1024;
/// After this long the visitor is told to try again.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// What the threads of a node have in common.
#[derive(Clone)]
pub struct Common {
    pub config: Arc<Config>,
    pub node: Node,
    pub health: Health,
    pub live: Live,
    pub metrics: Metrics,
    pub shedding: Shedding,
    pub remembered: Remembered,
}

/// Everything a node answers on its public address. Each thread has one of its own: every request clones much of it, and
/// what two cores count they take from each other's caches.
///
/// From the outside in: [`remembered`] answers what is at hand; [`shedding`] turns away what would be too much; static
/// files and health need no session; pages and functions pass the checks of [`security`], then get their session, then
/// [`forms`] turns the posts of browsers without script into calls. What goes wrong anywhere in between is explained by
/// [`apologies`].
pub fn router(common: Common) -> Router {
    let Common { config, node, health, live, metrics, shedding, remembered } = common;
    let (config, node) = (&*config, node.apart());
    let requests = Requests::new(node.name.clone(), config.traces_to().is_some());
    let edge = Edge::new(config);
    let functions = pages::functions(node.clone()).layer(RequestBodyLimitLayer::new(LARGEST_CALL));
    let site = site::read(config);
    let refusals = Refusals::new(&site, &on_every_answer(&node.name));
    let pages = pages::pages(&site, node.clone(), &edge);
    // A stream has no end that a time-out could wait for, and compressing it would hold its lines back.
    let streams = live.routes().layer(
        ServiceBuilder::new().layer(around(edge.clone(), security::check)).layer(node.sessions.layer()),
    );
    let visits = Router::new()
        .merge(functions)
        .merge(downloads::routes(node.clone()))
        .merge(languages::routes(config))
        .merge(pages)
        .layer(
            ServiceBuilder::new()
                .layer(
                    CompressionLayer::new()
                        .quality(CompressionLevel::Fastest)
                        .compress_when(SizeAbove::new(860)),
                )
                .layer(around(edge, security::check))
                .layer(around((), owners::apart))
                .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT))
                // `forms` has bounds of its own, wide enough to answer a picture that is too large with a sentence.
                .layer(DefaultBodyLimit::disable())
                .layer(node.sessions.layer())
                .layer(Share),
        );
    let people = Router::new()
        .merge(assets::files(&config.site_root, site.release.as_deref()))
        .merge(streams)
        .merge(visits)
        .layer(
            ServiceBuilder::new()
                .layer(around(requests, request_id::follow))
                .layer(around(metrics, metrics::count))
                .layer(around(site, apologies::explain))
                .layer(panics::caught())
                .layer(Share),
        );
    // The balancer asks after health all the time: that is no request of anybody.
    let everything = Router::new().merge(health::public(health)).merge(people);
    let [first, second] =
        on_every_answer(&node.name).map(|(name, value)| SetResponseHeaderLayer::overriding(name, value));
    everything.layer(
        ServiceBuilder::new()
            .layer(around(remembered, remembered::answer))
            .layer(around((shedding, refusals), shedding::turn_away))
            .layer(first)
            .layer(second)
            .layer(Share),
    )
}

fn on_every_answer(node: &str) -> [(HeaderName, HeaderValue); 2] {
    let served_by = HeaderValue::from_str(node).unwrap_or_else(|_| HeaderValue::from_static("node"));
    [
        (HeaderName::from_static("x-served-by"), served_by),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ]
}
