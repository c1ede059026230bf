//! Answers 304 to a reader that already has the object.

use http::header::{self, HeaderName};
use http::{HeaderValue, Response, StatusCode};
use s3s::Body;

/// What RFC 9110, section 15.4.5, keeps in a 304.
const KEPT_HEADERS: [HeaderName; 5] =
    [header::CACHE_CONTROL, header::DATE, header::ETAG, header::EXPIRES, header::LAST_MODIFIED];

/// Turns a successful answer whose ETag is among `known_etags` (an If-None-Match value) into a 304.
pub(crate) fn not_modified(response: Response<Body>, known_etags: &HeaderValue) -> Response<Body> {
    let current = response.headers().get(header::ETAG);
    if !response.status().is_success() || !current.is_some_and(|etag| is_among(etag, known_etags)) {
        return response;
    }
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::NOT_MODIFIED;
    for name in KEPT_HEADERS {
        if let Some(value) = response.headers().get(&name) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}

/// The weak comparison of RFC 9110, section 8.8.3.2.
fn is_among(etag: &HeaderValue, list: &HeaderValue) -> bool {
    let (Ok(etag), Ok(list)) = (etag.to_str(), list.to_str()) else { return false };
    list.split(',').map(str::trim).any(|one| one == "*" || opaque(one) == opaque(etag))
}

fn opaque(etag: &str) -> &str {
    etag.strip_prefix("W/").unwrap_or(etag)
}
