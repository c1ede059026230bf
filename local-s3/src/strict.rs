//! Puts S3's refusals in front of `s3s-fs`, so that what works here works there.

use http::header::{CONTENT_LENGTH, IF_NONE_MATCH};
use http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use s3s::service::S3Service;
use s3s::{Body, HttpError, S3Error, S3ErrorCode};

use crate::conditional;
use crate::cors::Cors;
use crate::turns::Turns;

/// Far above any picture; bounds the memory of a write that has to wait for its turn.
const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;

pub(crate) struct StrictS3 {
    objects: S3Service,
    cors: Cors,
    turns: Turns,
}

impl StrictS3 {
    pub(crate) fn new(objects: S3Service, cors: Cors) -> Self {
        Self { objects, cors, turns: Turns::default() }
    }

    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Result<Response<Body>, HttpError> {
        if let Some(answer) = self.cors.preflight(request.method(), request.headers()) {
            return Ok(answer);
        }
        let asked = request.headers().clone();
        let mut response = match *request.method() {
            Method::PUT => self.put(request).await?,
            Method::GET | Method::HEAD => self.read(request).await?,
            _ => self.objects.call(request.map(Body::from)).await?,
        };
        self.cors.allow(&asked, response.headers_mut());
        Ok(response)
    }

    /// The whole body is taken in before the turn, so that, as at S3, the first complete write wins and an
    /// upload that stalls keeps nobody waiting.
    async fn put(&self, request: Request<Incoming>) -> Result<Response<Body>, HttpError> {
        if !request.headers().contains_key(CONTENT_LENGTH) {
            return refuse(
                S3ErrorCode::MissingContentLength,
                "You must provide the Content-Length HTTP header.",
            );
        }
        if !request.headers().contains_key(IF_NONE_MATCH) {
            return self.objects.call(request.map(Body::from)).await;
        }
        let (head, body) = request.into_parts();
        let Ok(body) = Limited::new(body, MAX_BODY_BYTES).collect().await else {
            return refuse(S3ErrorCode::IncompleteBody, "The body ended early or is too large.");
        };
        let _turn = self.turns.take(head.uri.path()).await;
        self.objects.call(Request::from_parts(head, Body::from(body.to_bytes()))).await
    }

    async fn read(&self, request: Request<Incoming>) -> Result<Response<Body>, HttpError> {
        let known_etags = request.headers().get(IF_NONE_MATCH).cloned();
        let checksum_wanted = wants_checksum(request.headers());
        let mut response = self.objects.call(request.map(Body::from)).await?;
        if !checksum_wanted {
            hide_checksums(response.headers_mut());
        }
        Ok(match known_etags {
            Some(etags) => conditional::not_modified(response, &etags),
            None => response,
        })
    }
}

fn wants_checksum(headers: &HeaderMap) -> bool {
    headers.get("x-amz-checksum-mode").is_some_and(|mode| mode.as_bytes().eq_ignore_ascii_case(b"enabled"))
}

/// S3 keeps checksums to itself unless asked, and a reader that forgets to ask must notice here already.
fn hide_checksums(headers: &mut HeaderMap) {
    let names: Vec<_> =
        headers.keys().filter(|name| name.as_str().starts_with("x-amz-checksum-")).cloned().collect();
    for name in names {
        headers.remove(name);
    }
}

fn refuse(code: S3ErrorCode, message: &'static str) -> Result<Response<Body>, HttpError> {
    S3Error::with_message(code, message)
        .to_http_response()
        .map_err(|error| HttpError::from_std_error(Box::new(error)))
}
