//! `POST /language`: keeps the language that a visitor chose, and leads back to where they were.

use app::server::LANGUAGE_COOKIE;
use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::post,
};
use domain::Language;
use serde::Deserialize;

use crate::config::Config;

/// A year: as long as browsers keep a cookie, or nearly.
const KEPT_FOR_SECONDS: u32 = 365 * 24 * 3600;
/// More bytes than the form has.
const LARGEST_FORM: usize = 1024;

pub fn routes(config: &Config) -> Router {
    let secure = config.public_url.starts_with("https://");
    Router::new()
        .route("/language", post(choose))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .with_state(Attributes { secure })
}

#[derive(Clone, Copy)]
struct Attributes {
    secure: bool,
}

#[derive(Deserialize)]
struct Chosen {
    language: String,
}

async fn choose(
    State(attributes): State<Attributes>,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Response {
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, back(&headers))]).into_response();
    if let Some(cookie) = Language::of_tag(&chosen.language).and_then(|language| attributes.cookie(language))
    {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

impl Attributes {
    fn cookie(self, language: Language) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        let (name, value) = (LANGUAGE_COOKIE, language.tag());
        let line =
            format!("{name}={value}; HttpOnly; SameSite=Lax; Path=/{secure}; Max-Age={KEPT_FOR_SECONDS}");
        HeaderValue::from_str(&line).ok()
    }
}

/// The page that the form stood on, which our referrer policy has browsers name; the market when one does not.
fn back(headers: &HeaderMap) -> HeaderValue {
    let page = || {
        let referrer: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
        let path = referrer.path_and_query()?.as_str();
        // Two slashes would name another host.
        let ours = path.starts_with('/') && !path.starts_with("//");
        HeaderValue::from_str(path).ok().filter(|_| ours)
    };
    page().unwrap_or(HeaderValue::from_static("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_on_this_site() {
        let back_from = |referrer: &'static str| {
            back(&HeaderMap::from_iter([(header::REFERER, HeaderValue::from_static(referrer))]))
        };
        assert_eq!(back_from("http://localhost:8080/?q=moon&sort=cheapest"), "/?q=moon&sort=cheapest");
        assert_eq!(back_from("https://cards.example/activate?token=x"), "/activate?token=x");
        for elsewhere in ["https://cards.example//evil.example", "rubbish", "", "mailto:a@b.example", "*"] {
            assert_eq!(back_from(elsewhere), "/", "{elsewhere}");
        }
        assert_eq!(back(&HeaderMap::new()), "/");
    }

    #[test]
    fn the_cookie_lasts_a_year_and_is_for_pages_of_this_site_alone() {
        let cookie = |secure| Attributes { secure }.cookie(Language::German).unwrap();
        assert_eq!(cookie(false), "language=de; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000");
        assert_eq!(cookie(true), "language=de; HttpOnly; SameSite=Lax; Path=/; Secure; Max-Age=31536000");
    }
}
