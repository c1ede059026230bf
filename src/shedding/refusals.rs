//! What somebody hears who is turned away: a sentence, or a page of one, written down in advance because thousands may
//! be about to hear it.

use app::{
    error::Problem,
    server::{Site, language_of, retry_after},
    texts::Texts,
};
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use domain::Language;

use crate::apologies;

/// For people and for scripts, in each language.
pub struct Refusals([[Refusal; Language::ALL.len()]; 2]);

struct Refusal {
    headers: HeaderMap,
    body: Bytes,
}

impl Refusals {
    /// `always` is what every answer of the node bears.
    #[must_use]
    pub fn new(site: &Site, always: &[(HeaderName, HeaderValue)]) -> Self {
        let mut common: HeaderMap = always.iter().cloned().collect();
        common
            .insert(header::RETRY_AFTER, HeaderValue::from(retry_after(&Problem::Unavailable).unwrap_or(2)));
        common.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let page = |language| {
            let mut headers = common.clone();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            headers.insert(header::CONTENT_SECURITY_POLICY, apologies::POLICY);
            Refusal { headers, body: apologies::busy(site, language).into() }
        };
        let sentence = |language| {
            let mut headers = common.clone();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
            let sentence = Texts::of(language).problems.busy_in_short;
            Refusal { headers, body: format!("{sentence}\n").into() }
        };
        Self([Language::ALL.map(page), Language::ALL.map(sentence)])
    }

    pub(super) fn answer(&self, asked: &HeaderMap) -> Response {
        let Self([pages, sentences]) = self;
        let of_language = if apologies::reads_html(asked) { pages } else { sentences };
        let refusal = &of_language[language_of(asked) as usize];
        let mut response = Response::new(Body::from(refusal.body.clone()));
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        response.headers_mut().clone_from(&refusal.headers);
        response
    }
}
