//! Signing in: one row, one password, one write to Redis. Nobody counts tries, and no other session is looked at.

use std::sync::Arc;

use argon2::{Argon2, PasswordHash, PasswordVerifier};
use axum::extract::{Form, State};
use axum::http::{HeaderName, StatusCode, header};
use serde::Deserialize;

use super::Limit;
use super::pages::fault;

#[derive(Deserialize)]
pub(super) struct Credentials {
    username: String,
    password: String,
}

pub(super) async fn sign_in(
    State(limit): State<Arc<Limit>>,
    Form(Credentials { username, password }): Form<Credentials>,
) -> Result<(StatusCode, [(HeaderName, String); 2]), StatusCode> {
    let (account, hash) = limit.rows.read(|rows| rows.credentials(&username)).map_err(fault)?;
    let turn = limit.hashing.clone().acquire_owned().await.map_err(fault)?;
    let verified = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        // The cost is the hash's own.
        let hash = PasswordHash::new(&hash)?;
        Argon2::default().verify_password(password.as_bytes(), &hash)
    });
    verified.await.map_err(fault)?.map_err(|_| StatusCode::UNAUTHORIZED)?;
    let cookie = limit.sessions.begin(&account).await.map_err(fault)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, "/dashboard".to_owned()), (header::SET_COOKIE, cookie)]))
}
