//! Reads a session once per request, which also keeps it alive.

use fred::prelude::{HashesInterface, KeysInterface, Value};

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
        None => examine(store, token).await,
    }
}

/// The record, if it is this cookie's, whole and not to be touched yet: then no script is needed, which would cost
/// Redis ten times as much. That it is neither idle nor too old shows in that its key is still there.
async fn glance(store: &Store, token: &Token) -> Result<Option<Stored>, Unavailable> {
    let key = store.session_keys(&token.name()).swap_remove(0);
    let answer = store
        .ask(|client| async move {
            let one_round_trip = client.pipeline();
            let _: () = one_round_trip.hgetall(&key).await?;
            let _: () = one_round_trip.pttl(&key).await?;
            match one_round_trip.all::<Value>().await {
                Err(error) if error.details().starts_with("WRONGTYPE") => Ok(Value::Null),
                answer => answer,
            }
        })
        .await?;
    let mut answer = answer.into_array().into_iter();
    let (Some(record), Some(remaining_ms)) = (answer.next(), answer.next().and_then(|ttl| ttl.as_i64()))
    else {
        return Ok(None);
    };
    let fields = pairs(texts(record).into_iter());
    let verifier = token.verifier(&store.settings.secret);
    if remaining_ms <= 0 || !fields.iter().any(|(field, value)| field == "key" && *value == verifier) {
        return Ok(None);
    }
    let interval = store.settings.effective_touch_interval();
    Ok(Stored::from_fields(fields).ok().filter(|stored| {
        stored.rested_ms(remaining_ms).is_some_and(|rested_ms| u128::from(rested_ms) < interval.as_millis())
    }))
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
        Some("found") => match Stored::from_fields(pairs(texts)) {
            Ok(stored) => Found::Session(stored),
            Err(_) => {
                drop_unreadable(store, token, &name).await?;
                Found::Nothing
            }
        },
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
