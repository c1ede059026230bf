//! The record of a session: a Redis hash of named fields, and its likeness in `tower_sessions`.
//!
//! The application's data are fields called `d:<name>` holding JSON; the rest belongs to this crate. A reader takes
//! the fields it knows and a save touches only the fields it changed, so nodes of different versions can share
//! a record: what a newer one added survives a save by an older one.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use serde_json::{Value, json};

/// Names starting with this belong to the crate and are never stored as data.
const RESERVED: char = '@';
/// Who is signed in, as the handlers' view of the record has it.
pub(crate) const ACCOUNT: &str = "@account";
/// The record's name, see [`crate::token::Token::name`].
pub(crate) const HANDLE: &str = "@handle";
/// When the session ends unless it is used again, in UTC milliseconds.
pub(crate) const ENDS: &str = "@ends";
/// Why there is no session any more.
pub(crate) const ENDED: &str = "@ended";
/// A sign-in that waits for the end of the request.
pub(crate) const SIGN_IN: &str = "@sign_in";

pub(crate) type Data = HashMap<String, Value>;

/// A record that this version cannot read.
#[derive(Debug)]
pub(crate) struct Unreadable;

/// What was in Redis when the request first asked.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) account: Option<String>,
    pub(crate) seen_ms: Option<i64>,
    pub(crate) ends_ms: Option<i64>,
    /// Without reserved names.
    pub(crate) data: Data,
}

impl Stored {
    pub(crate) fn from_fields(
        fields: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Unreadable> {
        let mut stored = Self { account: None, seen_ms: None, ends_ms: None, data: Data::new() };
        let (mut idle, mut deadline) = (None, None);
        for (field, value) in fields {
            if let Some(name) = field.strip_prefix("d:").filter(|name| !is_reserved(name)) {
                let value = serde_json::from_str(&value).map_err(|_| Unreadable)?;
                stored.data.insert(name.to_owned(), value);
                continue;
            }
            match field.as_str() {
                "account" => stored.account = Some(value),
                "seen" => stored.seen_ms = value.parse().ok(),
                "idle" => idle = value.parse().ok(),
                "deadline" => deadline = value.parse().ok(),
                _ => {}
            }
        }
        stored.ends_ms = ends_ms(stored.seen_ms, idle, deadline);
        Ok(stored)
    }

    /// Touched less than `interval` ago, and not past its end. After a failover the clock may have gone back.
    pub(crate) fn is_fresh(&self, now_ms: i64, interval: Duration) -> bool {
        let (Some(seen_ms), Some(ends_ms)) = (self.seen_ms, self.ends_ms) else { return false };
        u128::from(now_ms.abs_diff(seen_ms)) < interval.as_millis() && now_ms < ends_ms
    }

    /// The record as a handler's `Session` sees it.
    pub(crate) fn view(&self, name: &str) -> Data {
        let mut view = self.data.clone();
        view.insert(HANDLE.into(), json!(name));
        if let Some(account) = &self.account {
            view.insert(ACCOUNT.into(), json!(account));
        }
        if let Some(ends_ms) = self.ends_ms {
            view.insert(ENDS.into(), json!(ends_ms));
        }
        view
    }
}

/// The scripts set the key's expiry to this whenever they write `seen`.
pub(crate) fn ends_ms(seen_ms: Option<i64>, idle_ms: Option<i64>, deadline_ms: Option<i64>) -> Option<i64> {
    Some(seen_ms?.saturating_add(idle_ms?).min(deadline_ms?))
}

/// The view of a session that is no more, which can only say why.
pub(crate) fn ended_view(why: &str) -> Data {
    Data::from([(ENDED.to_owned(), json!(why))])
}

pub(crate) fn is_reserved(name: &str) -> bool {
    name.starts_with(RESERVED)
}

/// The application's part of a view as fields and values of the hash.
pub(crate) fn fields(view: &Data) -> BTreeMap<String, String> {
    let own = view.iter().filter(|(name, _)| !is_reserved(name));
    own.map(|(name, value)| (format!("d:{name}"), value.to_string())).collect()
}

/// The fields to set and the names of those to remove, to turn `before` into `after`.
pub(crate) struct Changes {
    pub(crate) set: BTreeMap<String, String>,
    pub(crate) removed: Vec<String>,
}

impl Changes {
    pub(crate) fn between(before: &Data, after: &Data) -> Self {
        let (before, mut set) = (fields(before), fields(after));
        let removed = before.keys().filter(|field| !set.contains_key(*field)).cloned().collect();
        set.retain(|field, value| before.get(field) != Some(value));
        Self { set, removed }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.set.is_empty() && self.removed.is_empty()
    }
}
