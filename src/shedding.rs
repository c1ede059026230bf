//! Turns away at once what would be one request too many, so that those under way stay quick and memory stays bounded.

use std::sync::Arc;

use app::{
    error::Problem,
    server::{language_of, retry_after},
    texts::{Problems, Texts},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::Language;
use prometheus_client::metrics::counter::Counter;
use tokio::sync::Semaphore;

/// How many requests a node works on at once, and how many it turned away.
#[derive(Clone)]
pub struct Shedding {
    places: Arc<Semaphore>,
    turned_away: Counter,
}

/// Marks the answer to a request that was turned away.
#[derive(Clone, Copy)]
pub struct Shed;

impl Shedding {
    #[must_use]
    pub fn new(most_requests: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(most_requests)), turned_away: Counter::default() }
    }

    pub(crate) fn turned_away(&self) -> Counter {
        self.turned_away.clone()
    }
}

/// Middleware around what is counted. A request keeps its place until the head of its answer is known.
pub async fn bound(State(shedding): State<Shedding>, request: Request, next: Next) -> Response {
    match shedding.places.try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_) => {
            shedding.turned_away.inc();
            busy(request.headers())
        }
    }
}

fn busy(headers: &HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT).map(HeaderValue::as_bytes).unwrap_or_default();
    let reads_html = accepted.windows(9).any(|word| word == b"text/html");
    let language = language_of(headers);
    let said = &Texts::of(language).problems;
    let (kind, body) = match reads_html {
        true => ("text/html; charset=utf-8", page(language, said)),
        false => ("text/plain; charset=utf-8", format!("{}\n", said.busy_in_short)),
    };
    let seconds = retry_after(&Problem::Unavailable).unwrap_or(2);
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'"));
    headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response.extensions_mut().insert(Shed);
    response
}

/// Needs nothing but itself: a page that loads something would ask the busy node once more.
fn page(language: Language, said: &Problems) -> String {
    let (tag, busy, explained) = (language.tag(), said.busy, said.busy_explained);
    format!(
        "<!doctype html><html lang=\"{tag}\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{busy}</title>\
         <h1>{busy}</h1><p>{explained}</p>\n"
    )
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware, routing::get};
    use http_body_util::BodyExt;
    use tokio::sync::Notify;
    use tower::ServiceExt;

    use super::*;

    /// Answers when it is told to.
    fn app(shedding: &Shedding, begun: &Arc<Notify>, go_on: &Arc<Notify>) -> Router {
        let (begun, go_on) = (begun.clone(), go_on.clone());
        let slow = move || async move {
            begun.notify_one();
            go_on.notified().await;
            "done"
        };
        Router::new().route("/", get(slow)).layer(middleware::from_fn_with_state(shedding.clone(), bound))
    }

    fn request(accept: &str) -> Request {
        Request::builder().uri("/").header(header::ACCEPT, accept).body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn one_request_too_many_is_turned_away_at_once_and_the_next_is_served() {
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let shedding = Shedding::new(1);
        let app = app(&shedding, &begun, &go_on);
        let first = tokio::spawn(app.clone().oneshot(request("*/*")));
        begun.notified().await;

        let refused = app.clone().oneshot(request("text/html,application/xhtml+xml;q=0.9")).await.unwrap();
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused.headers()[header::RETRY_AFTER], "2");
        assert_eq!(refused.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert!(refused.extensions().get::<Shed>().is_some());
        let page = refused.into_body().collect().await.unwrap().to_bytes();
        assert!(page.starts_with(b"<!doctype html>"));
        let refused = app.clone().oneshot(request("application/json")).await.unwrap();
        assert_eq!(refused.headers()[header::CONTENT_TYPE], "text/plain; charset=utf-8");
        assert_eq!(shedding.turned_away.get(), 2);

        go_on.notify_one();
        assert_eq!(first.await.unwrap().unwrap().status(), StatusCode::OK);
        go_on.notify_one();
        assert_eq!(app.oneshot(request("*/*")).await.unwrap().status(), StatusCode::OK);
        assert_eq!(shedding.turned_away.get(), 2);
    }

    #[tokio::test]
    async fn a_visitor_who_leaves_frees_the_place() {
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let shedding = Shedding::new(1);
        let first = tokio::spawn(app(&shedding, &begun, &go_on).oneshot(request("*/*")));
        begun.notified().await;
        assert_eq!(shedding.places.available_permits(), 0);
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        assert_eq!(shedding.places.available_permits(), 1);
    }
}
