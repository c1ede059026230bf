//! Turning away, through a router whose pages are slow.

use app::server::Site;
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    routing::get,
};
use http_body_util::BodyExt;
use tokio::sync::Notify;
use tower::ServiceExt;

use super::*;
use crate::around::around;

/// Pages that answer when they are told to.
#[derive(Clone, Default)]
struct Pages {
    begun: Arc<Notify>,
    go_on: Arc<Notify>,
}

impl Pages {
    fn behind(&self, shedding: &Shedding) -> Router {
        let Self { begun, go_on } = self.clone();
        let slow = async move || {
            begun.notify_one();
            go_on.notified().await;
            "done"
        };
        let app = Router::new()
            .route("/", get(slow.clone()).post(slow))
            .route("/healthz", get(async || "alive"))
            .route("/events", get(async || "hello"))
            .route("/pkg/cardstore.css", get(async || "style"));
        let site = Site { stylesheet: "/pkg/cardstore.css".into(), ..Site::default() };
        let node = (HeaderName::from_static("x-served-by"), HeaderValue::from_static("a"));
        app.layer(around((shedding.clone(), Refusals::new(&site, &[node])), turn_away))
    }
}

fn request(method: &str, path: &str, headers: &[(&str, &str)]) -> Request {
    let builder = Request::builder().method(method).uri(path);
    let builder = headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, *value));
    builder.body(Body::empty()).unwrap()
}

async fn ask(app: &Router, request: Request) -> (StatusCode, HeaderMap, String) {
    let (parts, body) = app.clone().oneshot(request).await.unwrap().into_parts();
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    (parts.status, parts.headers, text)
}

#[tokio::test]
async fn one_request_too_many_is_turned_away_at_once_and_the_next_is_served() {
    let (pages, shedding) = (Pages::default(), Shedding::new(1, None, 1));
    let app = pages.behind(&shedding);
    let first = tokio::spawn(app.clone().oneshot(request("GET", "/", &[])));
    pages.begun.notified().await;

    let (status, headers, text) = ask(&app, request("GET", "/", &[("accept", "application/json")])).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        (&headers[header::RETRY_AFTER], &headers["x-served-by"]),
        (&"2".parse().unwrap(), &"a".parse().unwrap())
    );
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(text, "Very busy right now. Please try again in a few seconds.\n");
    assert_eq!(shedding.turned_away().get(), 1);

    pages.go_on.notify_one();
    assert_eq!(first.await.unwrap().unwrap().status(), StatusCode::OK);
    pages.go_on.notify_one();
    assert_eq!(ask(&app, request("GET", "/", &[])).await.0, StatusCode::OK);
    assert_eq!(shedding.turned_away().get(), 1);
}

#[tokio::test]
async fn people_who_are_turned_away_read_a_page_in_their_language() {
    let shedding = Shedding::new(0, None, 1);
    let app = Pages::default().behind(&shedding);
    for (language, heading) in [("en", "Very busy right now"), ("de-AT", "Gerade ist sehr viel los")] {
        let browser = [("accept", "text/html,*/*;q=0.8"), ("accept-language", language)];
        let (status, headers, text) = ask(&app, request("GET", "/", &browser)).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert!(headers.contains_key(header::CONTENT_SECURITY_POLICY));
        assert!(
            text.contains(&format!("<h1>{heading}</h1>")) && text.contains("/pkg/cardstore.css"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn strangers_are_turned_away_before_people_with_a_cookie_and_forms_last() {
    let (pages, shedding) = (Pages::default(), Shedding::new(8, None, 1));
    let app = pages.behind(&shedding);
    let known = [("cookie", "session=1")];
    let mut inside = Vec::new();
    for (method, headers, most) in [("GET", &[][..], 6), ("GET", &known, 7), ("POST", &[], 8)] {
        while inside.len() < most {
            inside.push(tokio::spawn(app.clone().oneshot(request(method, "/", headers))));
            pages.begun.notified().await;
        }
        let (status, ..) = ask(&app, request(method, "/", headers)).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{method} {headers:?}");
    }
    for request in inside {
        pages.go_on.notify_one();
        assert_eq!(request.await.unwrap().unwrap().status(), StatusCode::OK);
    }
    assert_eq!(shedding.now().under_way, 0);
}

#[tokio::test]
async fn health_streams_and_files_are_never_turned_away() {
    let shedding = Shedding::new(0, None, 1);
    let app = Pages::default().behind(&shedding);
    for path in ["/healthz", "/events", "/pkg/cardstore.css"] {
        assert_eq!(ask(&app, request("GET", path, &[])).await.0, StatusCode::OK, "{path}");
    }
    assert_eq!(shedding.turned_away().get(), 0);
}

#[tokio::test]
async fn a_visitor_who_leaves_frees_the_place() {
    let (pages, shedding) = (Pages::default(), Shedding::new(1, None, 1));
    let first = tokio::spawn(pages.behind(&shedding).oneshot(request("GET", "/", &[])));
    pages.begun.notified().await;
    assert_eq!(shedding.now().under_way, 1);
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    assert_eq!(shedding.now().under_way, 0);
}
