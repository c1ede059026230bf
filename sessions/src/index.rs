//! The index of an account's sessions: a hint for lists and limits, repaired whenever it is read.

use std::fmt;

use fred::prelude::{HashesInterface, SortedSetsInterface, Value};
use futures::future::try_join_all;

use crate::{
    account::Ended,
    error::Unavailable,
    load::MEMO_LINGERS,
    record,
    store::{self, Store, millis, texts},
};

/// One read of an account looks at no more than so many of its sessions, those that last longest.
const LISTED_MAX: i64 = 200;
/// A node that claimed sessions to end them has this long before another one may.
const LEASE: std::time::Duration = std::time::Duration::from_secs(10);

/// A session as its index names it: sorted as text, the oldest comes first, and those of one millisecond in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) created_ms: i64,
    pub(crate) name: String,
}

impl Member {
    pub(crate) fn new(created_ms: &str, name: String) -> Self {
        Self { created_ms: created_ms.parse().unwrap_or_default(), name }
    }

    fn parse(member: &str) -> Option<Self> {
        let (created, name) = member.trim_start_matches('!').split_once(':')?;
        Some(Self { created_ms: created.parse().ok()?, name: name.to_owned() })
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:013}:{}", self.created_ms, self.name)
    }
}

/// A session that the index names and that exists.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) member: Member,
    pub(crate) seen_ms: i64,
    pub(crate) agent: String,
    pub(crate) remembered: bool,
}

/// Lists a session that was just written, and ends the oldest beyond the limit.
pub(crate) async fn add(
    store: &Store,
    account: &str,
    member: &Member,
    deadline: &str,
) -> Result<(), Unavailable> {
    let limit = store.settings.sessions_per_account;
    let key = store.index_key(account);
    let arguments: Vec<Value> = vec![member.to_string().into(), deadline.into(), i64::from(limit).into()];
    let oldest = members(store.run(&store::INDEX, vec![key.clone()], arguments).await?);
    if oldest.is_empty() {
        return Ok(());
    }
    // Sessions that ran out must not count against those that live.
    let living = try_join_all(oldest.iter().map(|member| entry(store, account, member))).await?;
    let dead = oldest.iter().zip(&living).filter(|(_, entry)| entry.is_none());
    let mut arguments: Vec<Value> = vec![i64::from(limit).into(), millis(LEASE)];
    arguments.extend(dead.map(|(member, _)| member.to_string().into()));
    let beyond = members(store.run(&store::CLAIM, vec![key], arguments).await?);
    end(store, account, &beyond, Ended::Limit).await?;
    Ok(())
}

pub(crate) async fn list(store: &Store, account: &str) -> Result<Vec<Entry>, Unavailable> {
    let key = store.index_key(account);
    let listed = members(
        store.ask(|client| async move { client.zrevrange(key, 0, LISTED_MAX - 1, false).await }).await?,
    );
    let found = try_join_all(listed.iter().map(|member| entry(store, account, member))).await?;
    let gone =
        listed.iter().zip(&found).filter(|(_, entry)| entry.is_none()).map(|(member, _)| member.clone());
    remove(store, account, &gone.collect::<Vec<_>>()).await?;
    Ok(found.into_iter().flatten().collect())
}

/// Ends sessions of this account and of no other; answers how many of them still lived.
pub(crate) async fn end(
    store: &Store,
    account: &str,
    listed: &[Member],
    why: Ended,
) -> Result<usize, Unavailable> {
    let ended = try_join_all(listed.iter().map(|member| end_one(store, account, &member.name, why))).await?;
    // Only now: should this node die in between, the index still names what is left to end.
    remove(store, account, listed).await?;
    Ok(ended.into_iter().flatten().count())
}

/// Ends one session that only its name is known of.
pub(crate) async fn end_named(
    store: &Store,
    account: &str,
    name: &str,
    why: Ended,
) -> Result<bool, Unavailable> {
    let Some(created_ms) = end_one(store, account, name, why).await? else { return Ok(false) };
    remove(store, account, &[Member::new(&created_ms, name.to_owned())]).await?;
    Ok(true)
}

pub(crate) async fn remove(store: &Store, account: &str, listed: &[Member]) -> Result<(), Unavailable> {
    if listed.is_empty() {
        return Ok(());
    }
    let key = store.index_key(account);
    let members: Vec<String> =
        listed.iter().flat_map(|member| [member.to_string(), format!("!{member}")]).collect();
    store.ask(|client| async move { client.zrem::<Value, _, _>(key, members).await.map(drop) }).await
}

/// When the session was created, if it was this account's and lived until now.
async fn end_one(
    store: &Store,
    account: &str,
    name: &str,
    why: Ended,
) -> Result<Option<String>, Unavailable> {
    let arguments: Vec<Value> = vec![account.into(), why.to_string().into(), millis(MEMO_LINGERS)];
    let created = texts(store.run(&store::END, store.session_keys(name), arguments).await?).pop();
    if created.is_some() {
        store.events.ended(name.to_owned(), Some(account.to_owned()), Some(why));
        match why {
            Ended::Limit => store.counters.ended_by_limit.add_one(),
            _ => store.counters.ended_elsewhere.add_one(),
        }
    }
    Ok(created)
}

async fn entry(store: &Store, account: &str, member: &Member) -> Result<Option<Entry>, Unavailable> {
    let key = store.session_keys(&member.name).swap_remove(0);
    let fields = vec!["account", "created", "seen", "agent", "remembered"];
    let answer = texts(store.ask(|client| async move { client.hmget(key, fields).await }).await?);
    let [holder, created_ms, seen_ms, agent, remembered] = answer.as_slice() else { return Ok(None) };
    let current = Member::new(created_ms, member.name.clone());
    // A session that was signed in once more is listed again, under the time of that.
    Ok((holder == account && current == *member).then(|| Entry {
        member: current,
        seen_ms: seen_ms.parse().unwrap_or_default(),
        agent: agent.clone(),
        remembered: remembered == "1",
    }))
}

/// When the session ends unless it is used again, if it is this account's.
pub(crate) async fn ends_ms(store: &Store, account: &str, name: &str) -> Result<Option<i64>, Unavailable> {
    let key = store.session_keys(name).swap_remove(0);
    let fields = vec!["account", "seen", "idle", "deadline"];
    let answer = texts(store.ask(|client| async move { client.hmget(key, fields).await }).await?);
    let [holder, seen, idle, deadline] = answer.as_slice() else { return Ok(None) };
    let number = |text: &String| text.parse().ok();
    Ok(record::ends_ms(number(seen), number(idle), number(deadline)).filter(|_| holder == account))
}

fn members(answer: Value) -> Vec<Member> {
    texts(answer).iter().filter_map(|member| Member::parse(member)).collect()
}
