//! The pages: a session, the rows, and so many bytes.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Html;

use super::Limit;

type Answer = Result<Html<Bytes>, StatusCode>;

pub(super) fn constant(bytes: usize) -> Bytes {
    "<!doctype html>".bytes().chain(std::iter::repeat(b'x')).take(bytes).collect()
}

/// Neither Redis nor SQL.
pub(super) async fn constant_market(State(limit): State<Arc<Limit>>) -> Html<Bytes> {
    Html(limit.market.clone())
}

pub(super) async fn market(State(limit): State<Arc<Limit>>) -> Answer {
    limit.rows.read(|rows| rows.market()).map_err(fault)?;
    Ok(Html(limit.market.clone()))
}

pub(super) async fn dashboard(State(limit): State<Arc<Limit>>, headers: HeaderMap) -> Answer {
    let account = limit.sessions.account(&headers).await.map_err(fault)?.ok_or(StatusCode::UNAUTHORIZED)?;
    limit.rows.read(|rows| Ok(rows.profile(&account)? + rows.collection(&account)?)).map_err(fault)?;
    Ok(Html(limit.dashboard.clone()))
}

/// For strangers too.
pub(super) async fn card(
    State(limit): State<Arc<Limit>>,
    Path(card): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let account = limit.sessions.account(&headers).await.map_err(fault)?;
    let found = limit.rows.read(|rows| {
        if let Some(account) = &account {
            rows.profile(account)?;
        }
        rows.card(&card, account.as_deref())
    });
    match found.map_err(fault)? {
        0 => Err(StatusCode::NOT_FOUND),
        _ => Ok(Html(limit.card.clone())),
    }
}

pub(super) fn fault(error: impl std::fmt::Display) -> StatusCode {
    eprintln!("limit: {error}");
    StatusCode::INTERNAL_SERVER_ERROR
}
