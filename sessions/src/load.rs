//! Reads a session once per request, which also keeps it alive.

use fred::prelude::{HashesInterface, Value};

use crate::{
    error::Unavailable,
    record::Stored,
    store::{self, Store, millis, texts},
    token::Token,
};

/// How long a cookie's holder is told why the session ended.
pub(crate) const MEMO_LINGERS: std::time::Duration = std::time::Duration::from_secs(15 * 60);

#[derive(Clone, Debug)]
pub(crate) enum Found {
    Session(Stored),
    /// It was one; this is why it is no more.
    Ended(String),
    /// It got a new id a moment ago, which this browser had not heard of yet.
    Renamed,
    Nothing,
}

pub(crate) async fn load(store: &Store, token: &Token) -> Result<Found, Unavailable> {
    match glance(store, token).await? {
        Some(stored) => Ok(Found::Session(stored)),
        None => Box::pin(examine(store, token)).await,
    }
}

/// The record, if it is this cookie's, whole and not to be touched yet: then no script is needed, which would cost
/// Redis twenty times as much. That its key is still there says that it is neither idle nor too old.
async fn glance(store: &Store, token: &Token) -> Result<Option<Stored>, Unavailable> {
    let interval = store.settings.effective_touch_interval();
    let Some(now_ms) = store.clock.utc_ms(interval) else { return Ok(None) };
    let key = store.session_keys(&token.name()).swap_remove(0);
    let answer = store.ask(|client| async move {
        match client.hgetall::<Value, _>(key).await {
            Err(error) if error.details().starts_with("WRONGTYPE") => Ok(Value::Null),
            answer => answer,
        }
    });
    let fields = pairs(texts(answer.await?).into_iter());
    let verifier = token.verifier(&store.settings.secret);
    if !fields.iter().any(|(field, value)| field == "key" && *value == verifier) {
        return Ok(None);
    }
    let stored = Stored::from_fields(fields).ok();
    Ok(stored.filter(|stored| stored.is_fresh(now_ms, interval)))
}

/// Whatever else there is: a session to be kept alive, one that ended, one that was renamed, damage.
async fn examine(store: &Store, token: &Token) -> Result<Found, Unavailable> {
    let name = token.name();
    let [verifier, previous] = store.verifiers(token);
    let arguments: Vec<Value> = vec![
        verifier.into(),
        previous.into(),
        millis(store.settings.effective_touch_interval()),
        millis(MEMO_LINGERS),
    ];
    let answer = store.run(&store::LOAD, store.session_keys(&name), arguments).await?;
    let mut texts = texts(answer).into_iter();
    Ok(match texts.next().as_deref() {
        Some("found") => {
            if let Some(Ok(now_ms)) = texts.next().map(|now| now.parse()) {
                store.clock.told(now_ms);
            }
            match Stored::from_fields(pairs(texts)) {
                Ok(stored) => Found::Session(stored),
                Err(_) => {
                    drop_unreadable(store, token, &name).await?;
                    Found::Nothing
                }
            }
        }
        Some("ended") => {
            let why = texts.next().unwrap_or_default();
            if why == "idle" || why == "absolute" {
                store.counters.expired.add_one();
            }
            Found::Ended(why)
        }
        Some("renamed") => Found::Renamed,
        Some("corrupt") => {
            report_unreadable(store, &name);
            Found::Nothing
        }
        _ => {
            store.counters.rejected.add_one();
            Found::Nothing
        }
    })
}

fn pairs(mut texts: impl Iterator<Item = String>) -> Vec<(String, String)> {
    std::iter::from_fn(|| texts.next().zip(texts.next())).collect()
}

async fn drop_unreadable(store: &Store, token: &Token, name: &str) -> Result<(), Unavailable> {
    let [verifier, previous] = store.verifiers(token);
    store.run(&store::DESTROY, store.session_keys(name), vec![verifier.into(), previous.into()]).await?;
    report_unreadable(store, name);
    Ok(())
}

fn report_unreadable(store: &Store, name: &str) {
    store.counters.unreadable.add_one();
    tracing::error!(session = name, "a session record could not be read and was removed");
}
