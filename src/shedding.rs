//! Turns away at once what would be one request too many, so that those under way stay quick and memory stays bounded.

use std::sync::Arc;

use app::{
    error::Problem,
    server::{language_of, retry_after},
    texts::Texts,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
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

/// `apologies` makes a page of it for people, which loads nothing from the busy node but what browsers keep.
fn busy(headers: &HeaderMap) -> Response {
    let sentence = Texts::of(language_of(headers)).problems.busy_in_short;
    let seconds = retry_after(&Problem::Unavailable).unwrap_or(2);
    let headers = [
        (header::RETRY_AFTER, HeaderValue::from(seconds)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, headers, format!("{sentence}\n")).into_response();
    response.extensions_mut().insert(Shed);
    response
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

    fn request() -> Request {
        Request::builder().uri("/").body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn one_request_too_many_is_turned_away_at_once_and_the_next_is_served() {
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let shedding = Shedding::new(1);
        let app = app(&shedding, &begun, &go_on);
        let first = tokio::spawn(app.clone().oneshot(request()));
        begun.notified().await;

        let refused = app.clone().oneshot(request()).await.unwrap();
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused.headers()[header::RETRY_AFTER], "2");
        assert!(refused.extensions().get::<Shed>().is_some());
        let sentence = "Very busy right now. Please try again in a few seconds.\n";
        assert_eq!(refused.into_body().collect().await.unwrap().to_bytes(), sentence);
        assert_eq!(shedding.turned_away.get(), 1);

        go_on.notify_one();
        assert_eq!(first.await.unwrap().unwrap().status(), StatusCode::OK);
        go_on.notify_one();
        assert_eq!(app.oneshot(request()).await.unwrap().status(), StatusCode::OK);
        assert_eq!(shedding.turned_away.get(), 1);
    }

    #[tokio::test]
    async fn a_visitor_who_leaves_frees_the_place() {
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let shedding = Shedding::new(1);
        let first = tokio::spawn(app(&shedding, &begun, &go_on).oneshot(request()));
        begun.notified().await;
        assert_eq!(shedding.places.available_permits(), 0);
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        assert_eq!(shedding.places.available_permits(), 1);
    }
}
