//! Traces as a collector receives them: a real one on this machine, that speaks OTLP.

use std::{
    future::IntoFuture,
    sync::{Arc, Mutex},
};

use axum::{
    Router, body::Body, body::Bytes, extract::Request, http::StatusCode, routing::get, routing::post,
};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::{ResourceSpans, Span, span::SpanKind, status::StatusCode as SpanStatus},
};
use prost::Message;
use tokio::net::TcpListener;
use tower::ServiceExt;
use tracing::instrument::WithSubscriber;
use tracing_subscriber::layer::SubscriberExt;

use super::Traces;
use crate::around::around;
use crate::request_id::{Requests, follow};
use crate::telemetry::listened_to_everywhere;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

#[derive(Clone, Default)]
struct Received(Arc<Mutex<Vec<ResourceSpans>>>);

impl Received {
    /// Listens on a free port and answers its address.
    async fn open(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let received = self.clone();
        let take = async move |body: Bytes| {
            let request = ExportTraceServiceRequest::decode(body).unwrap();
            received.0.lock().unwrap().extend(request.resource_spans);
        };
        tokio::spawn(axum::serve(listener, Router::new().route("/v1/traces", post(take))).into_future());
        address
    }

    fn spans(&self) -> Vec<Span> {
        let all = self.0.lock().unwrap();
        all.iter().flat_map(|it| it.scope_spans.iter().flat_map(|scope| scope.spans.clone())).collect()
    }

    fn named(&self, name: &str) -> Span {
        let spans = self.spans();
        let found = spans.iter().find(|span| span.name == name);
        found.unwrap_or_else(|| panic!("{name} is not among {spans:#?}")).clone()
    }
}

fn value(attributes: &[KeyValue], key: &str) -> Option<Value> {
    attributes.iter().find(|it| it.key == key)?.value.clone()?.value
}

fn text(words: &str) -> Option<Value> {
    Some(Value::StringValue(words.to_owned()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn show_card() -> StatusCode {
    tracing::trace_span!("sql", otel.kind = "client", db.query.text = "select $1").in_scope(|| {});
    tracing::trace_span!(target: "hyper::client", "somebody else's").in_scope(|| {});
    StatusCode::OK
}

async fn fail() -> StatusCode {
    tracing::error!("the store could not do what was asked");
    StatusCode::SERVICE_UNAVAILABLE
}

/// Asks a node that sends its traces to `endpoint`, and stops it.
async fn ask(endpoint: &str, requests: impl IntoIterator<Item = Request>) {
    let app = Router::new()
        .route("/cards/{id}", get(show_card))
        .route("/broken", get(fail))
        .layer(around(Requests::new("a".into(), true), follow));
    listened_to_everywhere();
    let traces = Traces::start(endpoint, "a").unwrap();
    let subscriber = tracing_subscriber::registry().with(traces.layer());
    let asking = async {
        tracing::trace_span!("sql").in_scope(|| {});
        for request in requests {
            app.clone().oneshot(request).await.unwrap();
        }
    };
    asking.with_subscriber(subscriber).await;
    traces.stop().await;
}

fn request(path: &str, headers: &[(&str, &str)]) -> Request {
    let builder = Request::get(path);
    let builder = headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, *value));
    builder.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_request_is_a_span_below_its_callers_and_above_what_it_asked() {
    let received = Received::default();
    let endpoint = received.open().await;
    let traceparent = format!("00-{TRACE}-{CALLER}-01");
    let headers = [("traceparent", &*traceparent), ("x-request-id", "id-9"), ("cookie", "session=secret")];
    ask(&endpoint, [request("/cards/7?q=typed", &headers)]).await;

    let answered = received.named("GET /cards/{id}");
    assert_eq!((&*hex(&answered.trace_id), &*hex(&answered.parent_span_id)), (TRACE, CALLER));
    assert_eq!(answered.kind, SpanKind::Server as i32);
    assert_eq!(value(&answered.attributes, "id"), text("id-9"));
    assert_eq!(value(&answered.attributes, "route"), text("/cards/{id}"));
    assert_eq!(value(&answered.attributes, "node"), text("a"));
    assert_eq!(value(&answered.attributes, "http.response.status_code"), Some(Value::IntValue(200)));
    let asked = received.named("sql");
    assert_eq!((&asked.trace_id, &asked.parent_span_id), (&answered.trace_id, &answered.span_id));
    assert_eq!(value(&asked.attributes, "db.query.text"), text("select $1"));
    assert_eq!(received.spans().len(), 2, "what is no part of a request is not sent");

    let all = received.0.lock().unwrap();
    let of_node = &all[0].resource.as_ref().unwrap().attributes;
    assert_eq!(value(of_node, "service.name"), text("cardstore"));
    assert_eq!(value(of_node, "service.instance.id"), text("a"));
    let everything = format!("{all:?}");
    assert!(!everything.contains("typed") && !everything.contains("secret"), "{everything}");
}

#[tokio::test]
async fn a_failure_is_marked_and_carries_what_was_logged() {
    let received = Received::default();
    let endpoint = received.open().await;
    ask(&format!("{endpoint}/"), [request("/broken", &[])]).await;

    let failed = received.named("GET /broken");
    assert!(failed.parent_span_id.is_empty());
    assert_eq!(failed.status.unwrap().code, SpanStatus::Error as i32);
    let logged: Vec<_> = failed.events.iter().map(|event| &*event.name).collect();
    assert_eq!(logged, ["the store could not do what was asked", "a request failed"]);
}

#[tokio::test]
async fn a_collector_that_is_away_holds_nobody_up() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    ask(&format!("http://{nobody}"), [request("/cards/7", &[])]).await;
}

#[tokio::test]
async fn an_endpoint_that_is_no_address_is_refused() {
    assert!(Traces::start("not an address", "a").is_err());
}
