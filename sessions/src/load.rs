//! Reads a session once per request, which also keeps it alive.

use fred::prelude::Value;

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
            let mut fields = Vec::new();
            while let (Some(field), Some(value)) = (texts.next(), texts.next()) {
                fields.push((field, value));
            }
            match Stored::from_fields(fields) {
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
