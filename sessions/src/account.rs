//! Signing in and out, as an extension of `tower_sessions::Session`.

use std::{fmt, future::Future, str::FromStr};

use serde_json::json;
use tower_sessions::Session;

use crate::{
    error::Unavailable,
    record::{ACCOUNT, ENDED, ENDS, HANDLE, SIGN_IN},
};

/// More of a `User-Agent` than this is not kept.
const AGENT_CHARS_MAX: usize = 256;

/// Why a session that once was signed in is no more. Told for a quarter of an hour afterwards, and only to whoever
/// still holds its cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nobody used it for the idle time.
    Idle,
    /// Its longest lifetime was over.
    Absolute,
    /// It was signed out from another device, or by a change of password.
    Elsewhere,
    /// The account signed in on more devices than it may.
    Limit,
}

/// Acts on the session of this request. Nothing reaches Redis before the response does: when the handler is done,
/// the layer writes everything at once.
pub trait AccountSession {
    /// Who is signed in; `None` for strangers, who cost no Redis call unless they sent a session's cookie.
    fn account(&self) -> impl Future<Output = Result<Option<String>, Unavailable>> + Send;

    /// Signs this browser in under a new id. What it gathered as a stranger stays; what another account left is
    /// dropped. `remembered` outlives the browser's window. The `user_agent` describes it in the list of devices.
    fn sign_in(
        &self,
        account: &str,
        remembered: bool,
        user_agent: Option<&str>,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send;

    /// Ends the session and removes the cookie. Doing it twice is the same success.
    fn sign_out(&self) -> impl Future<Output = Result<(), Unavailable>> + Send;

    /// Which entry of [`crate::Directory::list`] this session is; `None` before it was first saved.
    fn handle(&self) -> impl Future<Output = Result<Option<String>, Unavailable>> + Send;

    /// When the session ends unless it is used again, in UTC milliseconds of Redis's clock, as it was read by this
    /// request; `None` before it was first saved. [`crate::Directory::expires_at_ms`] reads it anew.
    fn expires_at_ms(&self) -> impl Future<Output = Result<Option<i64>, Unavailable>> + Send;

    /// Why the session that this cookie belonged to is gone, as long as Redis can tell.
    fn ended_because(&self) -> impl Future<Output = Result<Option<Ended>, Unavailable>> + Send;
}

impl AccountSession for Session {
    async fn account(&self) -> Result<Option<String>, Unavailable> {
        Ok(self.get(ACCOUNT).await?)
    }

    async fn sign_in(
        &self,
        account: &str,
        remembered: bool,
        user_agent: Option<&str>,
    ) -> Result<(), Unavailable> {
        if self.account().await?.is_some_and(|before| before != account) {
            self.clear().await;
        }
        let agent: String = user_agent
            .unwrap_or_default()
            .chars()
            .filter(|c| !c.is_control())
            .take(AGENT_CHARS_MAX)
            .collect();
        self.insert_value(ACCOUNT, json!(account)).await?;
        self.insert_value(SIGN_IN, json!({ "remembered": remembered, "agent": agent })).await?;
        self.cycle_id().await?;
        Ok(())
    }

    async fn sign_out(&self) -> Result<(), Unavailable> {
        Ok(self.flush().await?)
    }

    async fn handle(&self) -> Result<Option<String>, Unavailable> {
        Ok(self.get(HANDLE).await?)
    }

    async fn expires_at_ms(&self) -> Result<Option<i64>, Unavailable> {
        Ok(self.get(ENDS).await?)
    }

    async fn ended_because(&self) -> Result<Option<Ended>, Unavailable> {
        let why: Option<String> = self.get(ENDED).await?;
        Ok(why.and_then(|why| why.parse().ok()))
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ended::Idle => "idle",
            Ended::Absolute => "absolute",
            Ended::Elsewhere => "elsewhere",
            Ended::Limit => "limit",
        })
    }
}

impl FromStr for Ended {
    type Err = ();

    fn from_str(why: &str) -> Result<Self, ()> {
        [Ended::Idle, Ended::Absolute, Ended::Elsewhere, Ended::Limit]
            .into_iter()
            .find(|ended| ended.to_string() == why)
            .ok_or(())
    }
}
