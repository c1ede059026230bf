//! An account's devices: which browsers are signed in, and how to sign them out from elsewhere.

use std::sync::Arc;

use tower_sessions::Session;

use crate::{
    account::{AccountSession, Ended},
    error::Unavailable,
    index,
    store::Store,
    user_agent,
};

/// The signed-in browsers of any account.
#[derive(Clone, Debug)]
pub struct Directory(pub(crate) Arc<Store>);

/// One signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Names the session on pages and in forms; of no use as a cookie. Stays the same when the session's id changes.
    pub handle: String,
    /// Its name, such as "Firefox"; `None` for one that is not among the common ones.
    pub browser: Option<&'static str>,
    /// What it runs on, such as "Windows"; `None` for what is not common either.
    pub system: Option<&'static str>,
    /// UTC milliseconds of the sign-in.
    pub first_seen_ms: i64,
    /// UTC milliseconds, exact to the touch interval.
    pub last_seen_ms: i64,
    pub remembered: bool,
}

impl Directory {
    /// The most recently used first; 200 at most.
    pub async fn list(&self, account: &str) -> Result<Vec<Device>, Unavailable> {
        let mut entries = index::list(&self.0, account).await?;
        entries.sort_by_key(|entry| std::cmp::Reverse((entry.seen_ms, entry.member.created_ms)));
        Ok(entries
            .into_iter()
            .map(|entry| Device {
                handle: entry.member.name,
                browser: user_agent::browser(&entry.agent),
                system: user_agent::system(&entry.agent),
                first_seen_ms: entry.member.created_ms,
                last_seen_ms: entry.seen_ms,
                remembered: entry.remembered,
            })
            .collect())
    }

    /// When a session of this account ends unless it is used again, in UTC milliseconds of Redis's clock; `None` when
    /// it has ended. Asking does not keep it alive, so that whatever outlives its request, like a stream, can ask.
    pub async fn expires_at_ms(&self, account: &str, handle: &str) -> Result<Option<i64>, Unavailable> {
        index::ends_ms(&self.0, account, handle).await
    }

    /// Signs out one device; `false` when this account has no session of that handle.
    pub async fn end(&self, account: &str, handle: &str) -> Result<bool, Unavailable> {
        index::end_named(&self.0, account, handle, Ended::Elsewhere).await
    }

    /// Signs out every device but the `current` one; answers how many.
    pub async fn end_others(&self, account: &str, current: &Session) -> Result<usize, Unavailable> {
        let current = current.handle().await?;
        self.end_all_but(account, current.as_deref()).await
    }

    /// Signs out every device; answers how many.
    pub async fn end_all(&self, account: &str) -> Result<usize, Unavailable> {
        self.end_all_but(account, None).await
    }

    async fn end_all_but(&self, account: &str, spared: Option<&str>) -> Result<usize, Unavailable> {
        let mut ended = 0;
        loop {
            let listed = index::list(&self.0, account).await?;
            let members: Vec<_> = listed
                .into_iter()
                .map(|entry| entry.member)
                .filter(|member| Some(member.name.as_str()) != spared)
                .collect();
            if members.is_empty() {
                return Ok(ended);
            }
            ended += index::end(&self.0, account, &members, Ended::Elsewhere).await?;
        }
    }
}
