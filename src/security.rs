//! The edge of the node: where a request may come from, what a page may load, and headers that say so.

use std::{net::SocketAddr, sync::Arc};

use app::server::{ClientAddress, Document};
use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use crate::{
    around::{Answers, Next},
    config::Config,
    workers::Visitor,
};

/// What the edge needs to know of the deployment.
#[derive(Clone)]
pub struct Edge(Arc<EdgeSettings>);

struct EdgeSettings {
    origin: String,
    image_origins: String,
    secure: bool,
    proxies: usize,
    live_reload: bool,
}

impl Edge {
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self(Arc::new(EdgeSettings {
            origin: config.origin().to_owned(),
            image_origins: config.image_origins().join(" "),
            secure: config.public_url.starts_with("https://"),
            proxies: config.proxies,
            live_reload: config.watch.is_some(),
        }))
    }

    /// The content security policy of every page. It names the pages' own inline scripts by their hashes, so that it is
    /// the same for all pages and nothing that is slipped into one runs.
    #[must_use]
    pub fn policy(&self, document: &Document) -> HeaderValue {
        let Self(settings) = self;
        let images = &settings.image_origins;
        let hashes: String =
            document.inline_scripts().iter().map(|script| format!(" '{}'", hash(script))).collect();
        // cargo-leptos tells a page under development over a web socket of its own to reload.
        let reload = if settings.live_reload { " ws:" } else { "" };
        let policy = format!(
            "default-src 'none'; script-src 'self'{hashes} 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' blob: {images}; connect-src 'self' {images}{reload}; font-src 'self'; \
             manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }
}

/// As a policy names a script (Content Security Policy Level 3, section 2.3.1).
fn hash(script: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(script)))
}

/// Refuses what another site sends in a visitor's name; notes the visitor's address; says how to treat the answer.
pub async fn check(edge: Arc<Edge>, mut request: Request, next: Next<impl Answers>) -> Response {
    let settings = &edge.0;
    if !request.method().is_safe() && !same_origin(request.headers(), &settings.origin) {
        tracing::warn!(method = %Method::as_str(request.method()), "refused a request from another site");
        return (StatusCode::FORBIDDEN, "This request came from another site.\n").into_response();
    }
    let peer = request.extensions().get::<ConnectInfo<Visitor>>().map(|ConnectInfo(visitor)| visitor.address);
    let address = client_address(request.headers(), peer, settings.proxies);
    request.extensions_mut().insert(ClientAddress(address));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CACHE_CONTROL, "private, no-cache");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=()",
    );
    if settings.secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    response
}

/// Browsers say where a request comes from: by Fetch Metadata, or at least by its origin. What says neither is
/// not a browser, carries no cookie of anybody else, and is held to the same rules as everybody.
fn same_origin(headers: &HeaderMap, origin: &str) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text(&HeaderName::from_static("sec-fetch-site")), text(&header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(sent)) => sent == origin,
        (None, None) => !headers.contains_key(header::COOKIE),
    }
}

/// The address that the outermost trusted proxy saw, or the peer's where there is no proxy.
fn client_address(headers: &HeaderMap, peer: Option<SocketAddr>, proxies: usize) -> String {
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    let trusted = proxies.checked_sub(1).and_then(|back| hops.len().checked_sub(back + 1)).map(|at| hops[at]);
    match (trusted.filter(|hop| hop.parse::<std::net::IpAddr>().is_ok()), peer) {
        (Some(hop), _) => hop.to_owned(),
        (None, Some(peer)) => peer.ip().to_string(),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_this_site_may_change_something() {
        let origin = "http://localhost:8080";
        assert!(same_origin(&headers(&[("sec-fetch-site", "same-origin")]), origin));
        assert!(same_origin(&headers(&[("origin", origin), ("cookie", "a=b")]), origin));
        assert!(same_origin(&headers(&[]), origin));
        for refused in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site"), ("origin", "http://localhost:8080")],
            &[("origin", "http://evil.example")],
            &[("origin", "null")],
            &[("cookie", "a=b")],
        ] {
            assert!(!same_origin(&headers(refused), origin), "{refused:?}");
        }
    }

    #[test]
    fn a_visitor_cannot_choose_their_own_address() {
        let peer = Some("10.0.0.9:1234".parse().unwrap());
        let forged = headers(&[("x-forwarded-for", "1.1.1.1, 203.0.113.7")]);
        assert_eq!(client_address(&forged, peer, 1), "203.0.113.7");
        assert_eq!(client_address(&forged, peer, 0), "10.0.0.9");
        assert_eq!(client_address(&headers(&[("x-forwarded-for", "<x>")]), peer, 1), "10.0.0.9");
    }
}
