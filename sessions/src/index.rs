//! The index of an account's sessions: a hint for lists and limits, repaired whenever it is read.

use fred::prelude::{HashesInterface, SortedSetsInterface, Value};
use futures::future::try_join_all;

use crate::{
    account::Ended,
    error::Unavailable,
    load::MEMO_LINGERS,
    store::{self, Store, millis, texts},
};

/// One read of an account without a limit looks at its most recent sessions only.
const LISTED_MAX: i64 = 200;

/// A session that the index names and that exists.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) created_ms: i64,
    pub(crate) seen_ms: i64,
    pub(crate) agent: String,
    pub(crate) remembered: bool,
}

/// Lists a session that was just written, and ends the oldest beyond the limit.
///
/// Every sign-in sees all entries made before it, and one is ended only when as many newer ones live as the
/// limit allows. So however many run at once, the newest remain, and the last to be listed ends the rest.
pub(crate) async fn add(store: &Store, account: &str, name: &str, deadline: &str) -> Result<(), Unavailable> {
    let limit = store.settings.sessions_per_account;
    let arguments: Vec<Value> = vec![name.into(), deadline.into(), i64::from(limit).into()];
    let listed = texts(store.run(&store::INDEX, vec![store.index_key(account)], arguments).await?);
    if listed.is_empty() {
        return Ok(());
    }
    let mut living = living(store, account, listed).await?;
    living.sort_by(|a, b| (a.created_ms, &a.name).cmp(&(b.created_ms, &b.name)));
    let oldest: Vec<String> = living
        .iter()
        .take(living.len().saturating_sub(limit as usize))
        .map(|entry| entry.name.clone())
        .collect();
    end(store, account, &oldest, Ended::Limit).await?;
    Ok(())
}

pub(crate) async fn list(store: &Store, account: &str) -> Result<Vec<Entry>, Unavailable> {
    let key = store.index_key(account);
    let answer: Value =
        store.ask(|client| async move { client.zrevrange(key, 0, LISTED_MAX - 1, false).await }).await?;
    living(store, account, texts(answer)).await
}

/// Ends sessions of this account and of no other; answers how many of them still lived.
pub(crate) async fn end(
    store: &Store,
    account: &str,
    names: &[String],
    why: Ended,
) -> Result<usize, Unavailable> {
    if names.is_empty() {
        return Ok(0);
    }
    let ended = try_join_all(names.iter().map(|name| {
        let arguments: Vec<Value> = vec![account.into(), why.to_string().into(), millis(MEMO_LINGERS)];
        store.run(&store::END, store.session_keys(name), arguments)
    }))
    .await?;
    // Only now: should this node die in between, the index still names what is left to end.
    remove(store, account, names).await?;
    let ended = ended.iter().filter(|answer| answer.as_i64() == Some(1)).count();
    for _ in 0..ended {
        match why {
            Ended::Limit => store.counters.ended_by_limit.add_one(),
            _ => store.counters.ended_elsewhere.add_one(),
        }
    }
    Ok(ended)
}

pub(crate) async fn remove(store: &Store, account: &str, names: &[String]) -> Result<(), Unavailable> {
    if names.is_empty() {
        return Ok(());
    }
    let (key, names) = (store.index_key(account), names.to_vec());
    store.ask(|client| async move { client.zrem::<Value, _, _>(key, names).await.map(drop) }).await
}

/// Looks at each named session; the names of those that are gone leave the index.
async fn living(store: &Store, account: &str, names: Vec<String>) -> Result<Vec<Entry>, Unavailable> {
    let found = try_join_all(names.iter().map(|name| entry(store, account, name))).await?;
    let gone: Vec<String> =
        names.into_iter().zip(&found).filter(|(_, entry)| entry.is_none()).map(|(name, _)| name).collect();
    remove(store, account, &gone).await?;
    Ok(found.into_iter().flatten().collect())
}

async fn entry(store: &Store, account: &str, name: &str) -> Result<Option<Entry>, Unavailable> {
    let key = store.session_keys(name).swap_remove(0);
    let fields = vec!["account", "created", "seen", "agent", "remembered"];
    let answer: Value = store.ask(|client| async move { client.hmget(key, fields).await }).await?;
    let texts = texts(answer);
    let [holder, created, seen, agent, remembered] = texts.as_slice() else { return Ok(None) };
    if holder != account {
        return Ok(None);
    }
    Ok(Some(Entry {
        name: name.to_owned(),
        created_ms: created.parse().unwrap_or_default(),
        seen_ms: seen.parse().unwrap_or_default(),
        agent: agent.clone(),
        remembered: remembered == "1",
    }))
}
