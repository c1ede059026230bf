//! Gives every request an id that the answer, every line of its log and the page of a failure share.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use app::server::RequestId;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method},
    response::Response,
};
use tracing::{Instrument, Span, field::Empty};

use crate::{
    around::{Answers, Next},
    metrics::route_of,
    traces::{self, REQUEST},
};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// Longer than anything a balancer makes; what is longer came from somebody else.
const LONGEST: usize = 64;

/// Makes ids and writes down under which node's name they are logged.
#[derive(Clone)]
pub struct Requests(Arc<Made>);

struct Made {
    node: Arc<str>,
    /// The process's own random number: with a count behind it, no two nodes make the same id.
    process: u64,
    count: AtomicU64,
    traced: bool,
}

impl Requests {
    #[must_use]
    pub fn new(node: Arc<str>, traced: bool) -> Self {
        let process = RandomState::new().hash_one(std::process::id());
        Self(Arc::new(Made { node, process, count: AtomicU64::new(0), traced }))
    }

    /// The balancer's id when it looks like one, else a new one.
    fn id_of(&self, headers: &HeaderMap) -> RequestId {
        let sent = headers.get(HEADER).and_then(|value| value.to_str().ok()).filter(|id| is_sane(id));
        RequestId(sent.map_or_else(|| self.make(), Into::into))
    }

    /// Gives an answer that was at hand its id. Nothing happened that a log could tell.
    pub(crate) fn answer_at_once(&self, request: &Request, route: &str, response: &mut Response) {
        let id = self.id_of(request.headers());
        tracing::debug!(id = %id.0, route, "a request was answered at once");
        if self.0.traced {
            let span = self.span(&id, request.method(), route);
            traces::begin(&span, request.method(), route, request.headers());
            traces::end(&span, response.status());
        }
        mark(response, &id);
    }

    fn span(&self, id: &RequestId, method: &Method, route: &str) -> Span {
        tracing::info_span!(
            REQUEST,
            id = %id.0,
            method = method_of(method),
            route,
            node = %self.0.node,
            otel.name = Empty,
            otel.kind = Empty,
        )
    }

    fn make(&self) -> Arc<str> {
        let count = self.0.count.fetch_add(1, Ordering::Relaxed);
        format!("{:016x}-{count:x}", self.0.process).into()
    }
}

/// Short, and of characters that mean nothing to a log or a terminal.
fn is_sane(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=LONGEST).contains(&id.len()) && id.bytes().all(plain)
}

/// Middleware around everything that a node answers to people.
pub async fn follow(requests: Arc<Requests>, mut request: Request, next: Next<impl Answers>) -> Response {
    let begun = Instant::now();
    let id = requests.id_of(request.headers());
    let route = route_of(&request);
    let span = requests.span(&id, request.method(), &route);
    if requests.0.traced {
        traces::begin(&span, request.method(), &route, request.headers());
    }
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).instrument(span.clone()).await;
    mark(&mut response, &id);
    span.in_scope(|| note(&response, begun));
    if requests.0.traced {
        traces::end(&span, response.status());
    }
    response
}

fn mark(response: &mut Response, id: &RequestId) {
    // Only what is sane becomes an id, so it can stand in a header.
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(HEADER, id);
    }
}

/// One line for each request that failed.
fn note(response: &Response, begun: Instant) {
    let status = response.status().as_u16();
    let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(status, duration_ms, "a request failed");
    } else {
        tracing::debug!(status, duration_ms, "a request was answered");
    }
}

/// Anybody may make up a method: logs and figures know the usual ones.
pub(crate) fn method_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id_of(requests: &Requests, sent: &str) -> String {
        let headers = HeaderMap::from_iter([(HEADER, HeaderValue::from_str(sent).unwrap())]);
        requests.id_of(&headers).0.to_string()
    }

    #[test]
    fn the_balancers_id_is_taken_when_it_looks_like_one() {
        let requests = Requests::new("a".into(), false);
        for id in ["0199e1c2-7d5e-7cc1-9d0a-1c7c0a4f8c11", "x", &"a".repeat(64)] {
            assert_eq!(id_of(&requests, id), id);
        }
        for forged in ["", "two words", "a\tb", "<script>", "id=1;x", &"a".repeat(65)] {
            let made = id_of(&requests, forged);
            assert_ne!(made, forged);
            assert!(is_sane(&made), "{made}");
        }
    }

    #[test]
    fn no_two_requests_of_a_fleet_share_an_id() {
        let (a, b) = (Requests::new("a".into(), false), Requests::new("b".into(), false));
        let ids: std::collections::HashSet<_> = (0..100).flat_map(|_| [a.make(), b.make()]).collect();
        assert_eq!(ids.len(), 200);
    }

    #[test]
    fn a_method_that_somebody_made_up_gets_no_name_of_its_own() {
        assert_eq!(method_of(&Method::POST), "POST");
        assert_eq!(method_of(&Method::from_bytes(b"BREW").unwrap()), "other");
    }
}
