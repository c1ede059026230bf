//! A form sent after the session ended: what was typed waits in the visitor's next session until they signed in.

use std::collections::HashMap;

use app::{
    accounts::Ended,
    form::Returned,
    server::{RESUME, ended_of},
};
use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

/// The name of the session's entry.
const KEPT: &str = "kept_form";
/// More text than this is not kept.
const LARGEST_KEPT: usize = 8 * 1024;

#[derive(Serialize, Deserialize)]
struct Kept {
    path: String,
    returned: Returned,
}

/// Leads to the sign-in page and from there back to the form, filled in as it was. Only for browsers whose session
/// ended: others have typed nothing into a page of ours.
pub(super) async fn sign_in_first(
    function: &str,
    values: HashMap<String, String>,
    original: &Parts,
) -> Response {
    let path = original.uri.path().to_owned();
    let query = match keep(function, values, &path, original).await {
        Some(ended) => vec![("next", format!("{path}?{RESUME}")), ("ended", ended.code().to_owned())],
        None => vec![("next", path)],
    };
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    let location = HeaderValue::from_str(&format!("/login?{query}"));
    let location = location.unwrap_or(HeaderValue::from_static("/login"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

async fn keep(
    function: &str,
    mut values: HashMap<String, String>,
    path: &str,
    original: &Parts,
) -> Option<Ended> {
    let session = original.extensions.get::<Session>()?;
    super::without_secrets(&mut values);
    let length: usize = values.iter().map(|(name, value)| name.len() + value.len()).sum();
    let ended = ended_of(session).await.ok().flatten().filter(|_| length <= LARGEST_KEPT)?;
    let returned = Returned { function: format!("/api/{function}"), values, problem: None };
    session.insert(KEPT, Kept { path: path.to_owned(), returned }).await.ok()?;
    Some(ended)
}

/// Hands what was kept to the page that it was typed into, once.
pub(super) async fn filled_in(mut request: Request) -> Request {
    let asked = request.uri().query().is_some_and(|query| query.split('&').any(|pair| pair == RESUME));
    let session = request.extensions().get::<Session>().filter(|_| asked).cloned();
    if let Some(session) = session
        && let Ok(Some(kept)) = session.remove::<Kept>(KEPT).await
        && kept.path == request.uri().path()
    {
        request.extensions_mut().insert(kept.returned);
    }
    request
}
