//! Remembers for a moment how public pages look to strangers, until something on the market changes.
//!
//! Strangers of one language all see the same: one rendering serves those who come within the same two seconds, and is
//! compressed once, when somebody wants it so. It stands in front of everything else, and keeps answers as they leave:
//! a page that is remembered costs about as much as a file.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use app::server::{LANGUAGE_COOKIE, cookies, language_of};
use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::Language;
use http_body_util::BodyExt;
use tokio::{sync::OnceCell, task::spawn_blocking};

use crate::{
    around::{Answers, Next},
    live::Live,
    metrics::Metrics,
    request_id::Requests,
};

/// What no event tells, like a new name of a card, shows after this long.
const REMEMBERED_FOR: Duration = Duration::from_secs(2);
/// All pages together: about a thousand cards, or two hundred pages of the market.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// A page with more bytes than this is not remembered.
const LARGEST_PAGE: u64 = 256 * 1024;
/// Brotli's middle: most of what there is to gain, in about a millisecond.
const BROTLI_QUALITY: u32 = 5;

/// Pages as strangers see them.
#[derive(Clone)]
pub struct Remembered(Arc<Shared>);

/// A page's language and address.
type Key = (Language, String);

struct Shared {
    live: Live,
    requests: Requests,
    metrics: Metrics,
    pages: Mutex<Pages>,
}

#[derive(Default)]
struct Pages {
    by_key: HashMap<Key, Arc<Page>>,
    bytes: usize,
}

impl Pages {
    /// Forgets the old ones when there is no room; keeps nothing when that gave none.
    fn keep(&mut self, key: Key, page: Arc<Page>) {
        self.bytes -= self.by_key.remove(&key).map_or(0, |before| before.plain.len());
        if self.bytes + page.plain.len() > MOST_BYTES {
            self.forget();
        }
        if self.bytes + page.plain.len() <= MOST_BYTES {
            self.bytes += page.plain.len();
            self.by_key.insert(key, page);
        }
    }

    /// What is too old.
    fn forget(&mut self) {
        self.by_key.retain(|_, page| page.rendered.elapsed() < REMEMBERED_FOR);
        self.bytes = self.by_key.values().map(|page| page.plain.len()).sum();
    }
}

struct Page {
    rendered: Instant,
    /// The market's version when it was rendered.
    version: u64,
    /// Of the plain page.
    headers: HeaderMap,
    plain: Bytes,
    brotli: OnceCell<Bytes>,
}

impl Remembered {
    #[must_use]
    pub fn new(live: Live, requests: Requests, metrics: Metrics) -> Self {
        Self(Arc::new(Shared { live, requests, metrics, pages: Mutex::default() }))
    }

    fn find(&self, key: &Key) -> Option<Arc<Page>> {
        let page = self.pages().by_key.get(key).cloned()?;
        let fresh = page.version == self.0.live.market_version() && page.rendered.elapsed() < REMEMBERED_FOR;
        fresh.then_some(page)
    }

    fn keep(&self, key: Key, page: Arc<Page>) {
        let mut pages = self.pages();
        if pages.by_key.is_empty() {
            tokio::spawn(self.clone().forget());
        }
        pages.keep(key, page);
    }

    /// Until nothing is remembered: a node that has nothing to do needs no memory for it.
    async fn forget(self) {
        loop {
            tokio::time::sleep(REMEMBERED_FOR).await;
            let mut pages = self.pages();
            pages.forget();
            if pages.by_key.is_empty() {
                *pages = Pages::default();
                return;
            }
        }
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Middleware around everything.
pub async fn answer(remembered: Arc<Remembered>, mut request: Request, next: Next<impl Answers>) -> Response {
    let Some(route) = route_for_strangers(&request) else {
        return next.run(request).await;
    };
    let begun = Instant::now();
    let brotli = accepts_brotli(request.headers());
    let address = request.uri().path_and_query().map_or("/", |address| address.as_str()).to_owned();
    let key = (language_of(request.headers()), address);
    if let Some(page) = remembered.find(&key) {
        let mut response = page.response(brotli).await;
        remembered.0.requests.answer_at_once(&request, route, &mut response);
        remembered.0.metrics.count_answer(route.into(), request.method(), response.status(), begun);
        return response;
    }
    // What changes from here on may be missing in what is rendered.
    let version = remembered.0.live.market_version();
    // Compressed here, once.
    request.headers_mut().remove(header::ACCEPT_ENCODING);
    let response = next.run(request).await;
    if response.status() != StatusCode::OK || response.headers().contains_key(header::SET_COOKIE) {
        return response;
    }
    if response.body().size_hint().exact().is_none_or(|bytes| bytes > LARGEST_PAGE) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = body.collect().await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let page = Arc::new(Page::new(version, parts.headers, &body.to_bytes()));
    remembered.keep(key, page.clone());
    page.response(brotli).await
}

/// The route of the market or of a card, for who has no cookie that could make somebody of them.
fn route_for_strangers(request: &Request) -> Option<&'static str> {
    let route = match request.uri().path() {
        "/" => "/",
        path => path
            .strip_prefix("/cards/")
            .filter(|id| !id.is_empty() && !id.contains('/'))
            .map(|_| "/cards/{id}")?,
    };
    let anonymous = || cookies(request.headers()).all(|(name, _)| name == LANGUAGE_COOKIE);
    (request.method() == Method::GET && anonymous()).then_some(route)
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim().eq_ignore_ascii_case("br") && !matches!(quality.trim(), "q=0" | "q=0.0")
        })
}

fn compress(plain: &[u8]) -> Bytes {
    let mut compressed = Vec::with_capacity(plain.len() / 4);
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 4096, BROTLI_QUALITY, 22);
    // Writing to memory cannot fail.
    _ = std::io::Write::write_all(&mut writer, plain);
    drop(writer);
    compressed.into()
}

impl Page {
    fn new(version: u64, mut headers: HeaderMap, plain: &Bytes) -> Self {
        headers.remove(header::CONTENT_LENGTH);
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, accept-language, cookie"));
        // What it was written into had room to grow.
        let plain = Bytes::copy_from_slice(plain);
        Self { rendered: Instant::now(), version, headers, plain, brotli: OnceCell::new() }
    }

    /// `None` when the node stops meanwhile.
    async fn compressed(&self) -> Option<&Bytes> {
        let plain = self.plain.clone();
        self.brotli.get_or_try_init(|| spawn_blocking(move || compress(&plain))).await.ok()
    }

    async fn response(&self, brotli: bool) -> Response {
        let compressed = if brotli { self.compressed().await } else { None };
        let mut response = Response::new(Body::from(compressed.unwrap_or(&self.plain).clone()));
        response.headers_mut().clone_from(&self.headers);
        if compressed.is_some() {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str, cookie: Option<&str>) -> Request {
        let builder = Request::builder().uri(path);
        let builder = cookie.into_iter().fold(builder, |builder, cookie| builder.header("cookie", cookie));
        builder.body(Body::empty()).unwrap()
    }

    #[test]
    fn only_what_everybody_sees_alike_is_remembered() {
        let route = |path: &str, cookie| route_for_strangers(&request(path, cookie));
        assert_eq!(route("/?q=x", None), Some("/"));
        assert_eq!(route("/cards/1", None), Some("/cards/{id}"));
        assert_eq!(route("/", Some("language=de")), Some("/"));
        for cookie in ["session=1", "language=de; session=1", "session", "languages=de"] {
            assert_eq!(route("/", Some(cookie)), None, "{cookie}");
        }
        for path in ["/dashboard", "/cards/", "/cards/1/buy", "/login"] {
            assert_eq!(route(path, None), None, "{path}");
        }
    }

    #[test]
    fn no_more_is_remembered_than_there_is_room_for() {
        let page = |bytes: usize, age: Duration| {
            let rendered = Instant::now().checked_sub(age).unwrap();
            let plain = vec![b'x'; bytes].into();
            Arc::new(Page { rendered, version: 0, headers: HeaderMap::new(), plain, brotli: OnceCell::new() })
        };
        let key = |name: usize| (Language::English, format!("/cards/{name}"));
        let mut pages = Pages::default();
        pages.keep(key(0), page(MOST_BYTES / 2, REMEMBERED_FOR));
        pages.keep(key(1), page(MOST_BYTES / 2, Duration::ZERO));
        pages.keep(key(1), page(MOST_BYTES / 4, Duration::ZERO));
        assert_eq!((pages.by_key.len(), pages.bytes), (2, MOST_BYTES / 4 * 3));
        pages.keep(key(2), page(MOST_BYTES / 2, Duration::ZERO));
        assert_eq!((pages.by_key.len(), pages.bytes), (2, MOST_BYTES / 4 * 3), "the old one made room");
        pages.keep(key(3), page(MOST_BYTES / 2, Duration::ZERO));
        assert_eq!(pages.bytes, MOST_BYTES / 4 * 3, "nobody would make room");
        assert!(!pages.by_key.contains_key(&key(0)) && !pages.by_key.contains_key(&key(3)));
        for page in pages.by_key.values_mut() {
            Arc::get_mut(page).unwrap().rendered -= REMEMBERED_FOR;
        }
        pages.forget();
        assert_eq!((pages.by_key.len(), pages.bytes), (0, 0));
    }

    #[test]
    fn brotli_is_sent_to_whom_it_suits() {
        let accepts = |value: &'static str| {
            accepts_brotli(&HeaderMap::from_iter([(
                header::ACCEPT_ENCODING,
                HeaderValue::from_static(value),
            )]))
        };
        assert!(accepts("gzip, deflate, br"));
        assert!(accepts("br;q=1.0"));
        assert!(!accepts("gzip, br;q=0"));
        assert!(!accepts_brotli(&HeaderMap::new()));
    }
}
