//! The page that people see when no page could be made: what happened, what they can do, and what to name when they
//! write to us.

use std::sync::Arc;

use app::{
    server::{RequestId, Site, language_of},
    texts::{Problems, Texts},
};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use domain::Language;
use sessions::NotSaved;

use crate::around::{Answers, Next};

/// It runs nothing and sends nothing.
pub(crate) const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'self'; base-uri 'none'");

/// A heading and what to do.
type Words = (&'static str, &'static str);

/// Middleware around everything that answers people: explains a failure that does not explain itself.
pub async fn explain(site: Arc<Site>, request: Request, next: Next<impl Answers>) -> Response {
    let reads_html = reads_html(request.headers());
    let language = language_of(request.headers());
    let id = request.extensions().get::<RequestId>().cloned();
    let response = next.run(request).await;
    if reads_html && response.status().is_server_error() && !explains_itself(response.headers()) {
        page(&site, response, id, language)
    } else {
        response
    }
}

/// People, by their browsers.
pub(crate) fn reads_html(headers: &HeaderMap) -> bool {
    has(headers, header::ACCEPT, b"text/html")
}

/// What people see whom the node turns away.
pub(crate) fn busy(site: &Site, language: Language) -> String {
    let said = &Texts::of(language).problems;
    html(site, language, (said.busy, said.busy_explained), None)
}

/// A page of the store, or the answer of a function.
fn explains_itself(headers: &HeaderMap) -> bool {
    [b"text/html".as_slice(), b"application/json"].iter().any(|kind| has(headers, header::CONTENT_TYPE, kind))
}

fn has(headers: &HeaderMap, name: header::HeaderName, word: &[u8]) -> bool {
    headers.get(name).is_some_and(|value| value.as_bytes().windows(word.len()).any(|it| it == word))
}

fn words_for(response: &Response, said: &'static Problems) -> Words {
    let extensions = response.extensions();
    match response.status() {
        _ if extensions.get::<NotSaved>().is_some() => (said.not_kept, said.not_kept_explained),
        StatusCode::SERVICE_UNAVAILABLE => (said.back_soon, said.late_explained),
        _ => (said.broken, said.broken_explained),
    }
}

fn page(site: &Site, response: Response, id: Option<RequestId>, language: Language) -> Response {
    let html = html(site, language, words_for(&response, &Texts::of(language).problems), id);
    let (mut parts, _) = response.into_parts();
    for gone in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::CONTENT_ENCODING] {
        parts.headers.remove(gone);
    }
    parts.headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let (page, body) = Html(html).into_response().into_parts();
    parts.headers.extend(page.headers);
    Response::from_parts(parts, body)
}

fn html(site: &Site, language: Language, (heading, sentence): Words, id: Option<RequestId>) -> String {
    let texts = Texts::of(language);
    let Problems { try_again, to_name, .. } = texts.problems;
    // An id holds nothing that means something to HTML.
    let name = id.map_or_else(String::new, |RequestId(id)| {
        format!("<p class=\"hint\">{to_name} <code>{id}</code></p>")
    });
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{heading}</title>\
         <link rel=\"stylesheet\" href=\"{}\"></head><body><main><section class=\"empty\"><h1>{heading}</h1>\
         <p>{sentence}</p>{name}<p class=\"actions\"><a class=\"button primary\" href=\"\">{try_again}</a>\
         <a class=\"button\" href=\"/\">{}</a></p></section></main></body></html>\n",
        language.tag(),
        site.stylesheet,
        texts.frame.go_to_market
    )
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, routing::get};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;
    use crate::around::around;
    use crate::{panics, request_id};

    fn marked<T: Clone + Send + Sync + 'static>(mark: T) -> Response {
        let mut response = (StatusCode::SERVICE_UNAVAILABLE, "a sentence").into_response();
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        response.extensions_mut().insert(mark);
        response
    }

    fn app() -> Router {
        let site = Site { stylesheet: "/pkg/a.css".into(), ..Site::default() };
        let requests = request_id::Requests::new("a".into(), false);
        Router::new()
            .route("/broken", get(async || -> &str { panic!("on purpose") }))
            .route("/not-kept", get(async || marked(NotSaved)))
            .route("/late", get(async || StatusCode::SERVICE_UNAVAILABLE))
            .route("/page", get(async || (StatusCode::SERVICE_UNAVAILABLE, Html("a page"))))
            .route("/fine", get(async || "fine"))
            .layer(panics::caught())
            .layer(around(site, explain))
            .layer(around(requests, request_id::follow))
    }

    async fn ask(path: &str, accept: &str) -> (StatusCode, HeaderMap, String) {
        ask_in("en", path, accept).await
    }

    async fn ask_in(language: &str, path: &str, accept: &str) -> (StatusCode, HeaderMap, String) {
        let request = Request::get(path).header("accept", accept).header("x-request-id", "id-1");
        let request = request.header("accept-language", language);
        let response = app().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        (parts.status, parts.headers, text)
    }

    const BROWSER: &str = "text/html,application/xhtml+xml;q=0.9";

    #[tokio::test]
    async fn a_panic_becomes_a_page_with_the_requests_id() {
        let (status, headers, text) = ask("/broken", BROWSER).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(headers["x-request-id"], "id-1");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert!(text.contains("Something went wrong") && text.contains("<code>id-1</code>"), "{text}");
        assert!(!text.contains("on purpose"));
        assert_eq!(ask("/fine", BROWSER).await.2, "fine", "and the next is served");
    }

    #[tokio::test]
    async fn each_failure_has_words_of_its_own_and_keeps_its_status() {
        let said = &Texts::of(Language::English).problems;
        for (path, heading) in [("/not-kept", said.not_kept), ("/late", said.back_soon)] {
            let (status, headers, text) = ask(path, BROWSER).await;
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
            assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
            assert!(text.contains(&format!("<h1>{heading}</h1>")) && text.contains("id-1"), "{text}");
        }
        assert_eq!(ask("/not-kept", BROWSER).await.1[header::RETRY_AFTER], "2");
        let (_, _, text) = ask_in("de", "/not-kept", BROWSER).await;
        assert!(
            text.contains("lang=\"de\"") && text.contains(Texts::of(Language::German).problems.not_kept),
            "{text}"
        );
    }

    #[tokio::test]
    async fn what_explains_itself_and_what_no_person_reads_stays_as_it_is() {
        assert_eq!(ask("/page", BROWSER).await.2, "a page");
        assert_eq!(ask("/not-kept", "application/json").await.2, "a sentence");
        assert_eq!(ask("/broken", "application/json").await.2, "Something went wrong. Please try again.\n");
    }
}
