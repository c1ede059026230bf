//! The bucket's CORS rule: who may use it from a page, and how.
//!
//! By hand because S3 refuses a preflight with 403, where tower-http answers 200 to every one.

use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, Response, StatusCode};
use s3s::Body;

const ALLOWED_METHODS: &str = "PUT, GET, HEAD";
const ALLOWED_HEADERS: &str = "content-type, if-none-match, x-amz-checksum-sha256";
const EXPOSED_HEADERS: HeaderValue = HeaderValue::from_static("ETag, x-amz-checksum-sha256");
const MAX_AGE_SECONDS: HeaderValue = HeaderValue::from_static("600");
const VARY: HeaderValue =
    HeaderValue::from_static("Origin, Access-Control-Request-Headers, Access-Control-Request-Method");

pub(crate) struct Cors {
    origins: Vec<HeaderValue>,
}

impl Cors {
    pub(crate) fn new(origins: Vec<HeaderValue>) -> Self {
        Self { origins }
    }

    /// The answer to a preflight; `None` when the request is not one.
    pub(crate) fn preflight(&self, method: &Method, asked: &HeaderMap) -> Option<Response<Body>> {
        let wanted_method = asked.get(header::ACCESS_CONTROL_REQUEST_METHOD)?;
        if method != Method::OPTIONS {
            return None;
        }
        let wanted_headers = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS);
        let mut answer = Response::new(Body::empty());
        let allowed = self.origin(asked).filter(|_| {
            is_listed(wanted_method, ALLOWED_METHODS)
                && wanted_headers.is_none_or(|names| is_listed(names, ALLOWED_HEADERS))
        });
        match allowed {
            Some(origin) => {
                let headers = answer.headers_mut();
                allow_origin(origin, headers);
                headers
                    .insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(ALLOWED_METHODS));
                headers
                    .insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED_HEADERS));
                headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
            }
            None => *answer.status_mut() = StatusCode::FORBIDDEN,
        }
        Some(answer)
    }

    /// Lets the page that sent `asked` read the answer with these `headers`, refusals included.
    pub(crate) fn allow(&self, asked: &HeaderMap, headers: &mut HeaderMap) {
        if let Some(origin) = self.origin(asked) {
            allow_origin(origin, headers);
        }
    }

    fn origin<'a>(&self, asked: &'a HeaderMap) -> Option<&'a HeaderValue> {
        asked.get(header::ORIGIN).filter(|origin| self.origins.contains(origin))
    }
}

fn allow_origin(origin: &HeaderValue, headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    headers.insert(header::VARY, VARY);
}

/// Whether every comma-separated word of `wanted` is one of `listed`.
fn is_listed(wanted: &HeaderValue, listed: &str) -> bool {
    let Ok(wanted) = wanted.to_str() else { return false };
    wanted.split(',').all(|word| listed.split(", ").any(|known| known.eq_ignore_ascii_case(word.trim())))
}
