//! Turns what a request wants into scripts: create, save, destroy, and the account's index after them.
//!
//! On a cluster the record and the index live in different slots. The record is written first and alone decides
//! who is signed in; the index is a hint that is repaired whenever it is read.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fred::prelude::Value;
use serde_json::Value as Json;
use tower_sessions::session::Id;

use crate::{
    error::Unavailable,
    index::{self, Member},
    load::MEMO_LINGERS,
    record::{self, ACCOUNT, Changes, Data, SIGN_IN, Stored},
    store::{self, Store, millis, texts},
    token::Token,
    unit::{Kind, Wanted},
};

/// What the response has to tell the browser.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Committed {
    Nothing,
    /// Without `max_age` until the browser closes.
    Set {
        token: Token,
        max_age: Option<Duration>,
    },
    Removed,
}

struct SignIn {
    account: String,
    agent: String,
    remembered: bool,
}

/// Begins a session, unless there is nothing to keep in it.
pub(crate) async fn create(store: &Store, id: Id, view: &Data) -> Result<Committed, Unavailable> {
    let fields = record::fields(view);
    let sign_in = sign_in(view);
    if fields.is_empty() && sign_in.is_none() {
        return Ok(Committed::Nothing);
    }
    let token = Token::new(id);
    let remembered = sign_in.as_ref().is_some_and(|sign_in| sign_in.remembered);
    let lifetime = store.settings.lifetime(remembered);
    let mut arguments = vec![
        token.verifier(&store.settings.secret).into(),
        millis(lifetime.idle),
        millis(lifetime.max_age),
        millis(MEMO_LINGERS),
    ];
    arguments.extend(account_arguments(sign_in.as_ref()));
    arguments.extend(pairs(fields));
    let answer = texts(store.run(&store::CREATE, store.session_keys(&token.name()), arguments).await?);
    let [_, deadline, created_ms] = answer.as_slice() else {
        // Two random 128-bit numbers were equal.
        return Ok(Committed::Nothing);
    };
    store.counters.created.add_one();
    store.events.created(token.name(), sign_in.as_ref().map(|sign_in| sign_in.account.clone()));
    if let Some(sign_in) = sign_in {
        index::add(store, &sign_in.account, &Member::new(created_ms, token.name()), deadline).await?;
    }
    Ok(Committed::Set { token, max_age: remembered.then(|| until(deadline)) })
}

/// Changes what differs in a session that still exists; one that is gone stays gone.
pub(crate) async fn save(
    store: &Store,
    sent: &Token,
    stored: &Stored,
    wanted: &Wanted,
) -> Result<Committed, Unavailable> {
    let sign_in = sign_in(&wanted.view);
    let act = match (&sign_in, wanted.view.contains_key(ACCOUNT)) {
        (Some(_), _) => "sign_in",
        (None, false) if stored.account.is_some() => "forget",
        (None, _) => "keep",
    };
    let another =
        sign_in.as_ref().is_some_and(|new| stored.account.as_ref().is_some_and(|old| *old != new.account));
    let nothing = Data::new();
    let changes = Changes::between(if another { &nothing } else { &stored.data }, &wanted.view);
    let token = if wanted.kind == Kind::NewId { sent.rotated(wanted.id) } else { *sent };
    if changes.is_empty() && act == "keep" && token == *sent {
        return Ok(Committed::Nothing);
    }

    let [verifier, previous] = store.verifiers(sent);
    let lifetime = store.settings.lifetime(sign_in.as_ref().is_some_and(|sign_in| sign_in.remembered));
    let mut arguments: Vec<Value> = vec![
        verifier.into(),
        previous.into(),
        token.verifier(&store.settings.secret).into(),
        millis(MEMO_LINGERS),
        act.into(),
        millis(lifetime.idle),
        millis(lifetime.max_age),
    ];
    arguments.extend(account_arguments(sign_in.as_ref()));
    arguments.push(i64::from(another).into());
    arguments.push(i64::try_from(changes.removed.len()).unwrap_or(i64::MAX).into());
    arguments.extend(changes.removed.into_iter().map(Value::from));
    arguments.extend(pairs(changes.set));

    let answer = texts(store.run(&store::SAVE, store.session_keys(&sent.name()), arguments).await?);
    let [_, deadline, created_ms, remembered, account_before, created_before_ms] = answer.as_slice() else {
        store.counters.gone.add_one();
        return Ok(Committed::Nothing);
    };
    let account = sign_in.as_ref().map(|sign_in| &sign_in.account);
    let changed = act != "keep" && account.map_or("", String::as_str) != account_before;
    if changed && !account_before.is_empty() {
        store.events.ended(sent.name(), Some(account_before.clone()), None);
    }
    if let Some(account) = account.filter(|_| changed) {
        store.events.created(sent.name(), Some(account.clone()));
    }
    if !account_before.is_empty() && act != "keep" {
        index::remove(store, account_before, &[Member::new(created_before_ms, sent.name())]).await?;
    }
    if let Some(sign_in) = sign_in {
        index::add(store, &sign_in.account, &Member::new(created_ms, sent.name()), deadline).await?;
    }
    if token == *sent {
        return Ok(Committed::Nothing);
    }
    store.counters.rotated.add_one();
    Ok(Committed::Set { token, max_age: (remembered == "1").then(|| until(deadline)) })
}

/// Ends the session of this cookie. That it had ended already is the same success.
pub(crate) async fn destroy(store: &Store, sent: &Token) -> Result<Committed, Unavailable> {
    let [verifier, previous] = store.verifiers(sent);
    let arguments = vec![verifier.into(), previous.into()];
    let answer = texts(store.run(&store::DESTROY, store.session_keys(&sent.name()), arguments).await?);
    if let [_, account, created_ms] = answer.as_slice() {
        store.counters.signed_out.add_one();
        store.events.ended(sent.name(), (!account.is_empty()).then(|| account.clone()), None);
        if !account.is_empty() {
            index::remove(store, account, &[Member::new(created_ms, sent.name())]).await?;
        }
    }
    Ok(Committed::Removed)
}

fn sign_in(view: &Data) -> Option<SignIn> {
    let details = view.get(SIGN_IN)?;
    Some(SignIn {
        account: view.get(ACCOUNT)?.as_str()?.to_owned(),
        agent: details.get("agent").and_then(Json::as_str).unwrap_or_default().to_owned(),
        remembered: details.get("remembered").and_then(Json::as_bool).unwrap_or_default(),
    })
}

fn account_arguments(sign_in: Option<&SignIn>) -> [Value; 3] {
    match sign_in {
        Some(SignIn { account, agent, remembered }) => {
            [account.as_str().into(), agent.as_str().into(), i64::from(*remembered).into()]
        }
        None => ["".into(), "".into(), 0.into()],
    }
}

fn pairs(fields: impl IntoIterator<Item = (String, String)>) -> impl Iterator<Item = Value> {
    fields.into_iter().flat_map(|(field, value)| [field.into(), value.into()])
}

fn until(deadline_ms: &str) -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Duration::from_millis(deadline_ms.parse().unwrap_or_default()).saturating_sub(now)
}
