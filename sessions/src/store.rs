//! Asks Redis: scripts by their hash, bounded in time, behind the breaker, counted.

use std::{
    future::Future,
    sync::LazyLock,
    time::{Duration, Instant},
};

use fred::{
    prelude::{Client, ClientLike, Error, ErrorKind, FredResult, LuaInterface, Value},
    types::scripts::Script,
};
use tracing::Instrument;

use crate::{
    breaker::Breaker,
    clock::Clock,
    connection::Clients,
    error::Unavailable,
    events::Events,
    metrics::Counters,
    settings::Settings,
    token::{Token, keyed},
};

/// How often a store behind an open breaker is asked whether it is back.
const PROBE_EVERY: Duration = Duration::from_millis(250);

#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) settings: Settings,
    pub(crate) breaker: Breaker,
    pub(crate) clock: Clock,
    pub(crate) counters: Counters,
    pub(crate) clients: Clients,
    pub(crate) events: Events,
}

impl Store {
    pub(crate) fn new(settings: Settings, clients: Clients) -> Self {
        Self {
            settings,
            clients,
            breaker: Breaker::default(),
            clock: Clock::default(),
            counters: Counters::default(),
            events: Events::default(),
        }
    }

    /// Runs a script in one round trip; in two when the server has not seen it yet.
    pub(crate) async fn run(
        &self,
        script: &Script,
        keys: Vec<String>,
        arguments: Vec<Value>,
    ) -> Result<Value, Unavailable> {
        self.ask(|client| async move {
            match client.evalsha(script.sha1().clone(), keys.clone(), arguments.clone()).await {
                Err(error) if error.details().starts_with("NOSCRIPT") => {
                    client.eval(script.lua().cloned().unwrap_or_default(), keys, arguments).await
                }
                answer => answer,
            }
        })
        .await
    }

    /// Everything sent to Redis goes through here.
    pub(crate) async fn ask<T, F>(&self, command: impl FnOnce(Client) -> F) -> Result<T, Unavailable>
    where
        F: Future<Output = FredResult<T>>,
    {
        if self.breaker.is_open() {
            self.counters.unavailable.add_one();
            return Err(Unavailable);
        }
        let client = self.clients.connected();
        if !client.is_connected() {
            self.breaker.open();
            self.counters.unavailable.add_one();
            return Err(Unavailable);
        }
        let asked_at = Instant::now();
        let asking = tracing::trace_span!("redis", otel.kind = "client", db.system.name = "redis");
        // In a box: what waits for it is moved about, and holds it more than once.
        let answer = self.bounded(Box::pin(command(client.clone()))).instrument(asking).await;
        self.counters.took(asked_at.elapsed());
        answer.map_err(|error| {
            tracing::warn!(%error, "the session store failed");
            self.counters.unavailable.add_one();
            Unavailable
        })
    }

    pub(crate) async fn ping(&self) -> Result<(), Unavailable> {
        let client = self.clients.connected().clone();
        self.bounded(async move { client.ping::<Value>(None).await.map(drop) }).await.map_err(|_| Unavailable)
    }

    /// Keeps asking while the breaker is open, for ever.
    pub(crate) async fn watch(&self) {
        loop {
            self.breaker.until_open().await;
            tokio::time::sleep(PROBE_EVERY).await;
            // An answer closes the breaker.
            let _ = self.ping().await;
        }
    }

    /// The client's own timeout ends an attempt; this one also ends its repetitions.
    async fn bounded<T>(&self, command: impl Future<Output = FredResult<T>>) -> FredResult<T> {
        let answer = tokio::time::timeout(self.settings.command_timeout, command).await;
        let answer = answer.unwrap_or_else(|_| Err(Error::new(ErrorKind::Timeout, "no answer in time")));
        match &answer {
            Err(error) if is_silence(error.kind()) => self.breaker.unanswered(),
            _ => self.breaker.answered(),
        }
        answer
    }

    /// The record and the memo of how it ended, in one cluster slot.
    pub(crate) fn session_keys(&self, name: &str) -> Vec<String> {
        let prefix = &self.settings.key_prefix;
        vec![format!("{prefix}s:{{{name}}}"), format!("{prefix}e:{{{name}}}")]
    }

    pub(crate) fn index_key(&self, account: &str) -> String {
        format!("{}a:{account}", self.settings.key_prefix)
    }

    pub(crate) fn limit_key(&self, name: &str, who: &str) -> String {
        let who = keyed(&self.settings.secret, &[b"limit", name.as_bytes(), who.as_bytes()]);
        format!("{}l:{name}:{who}", self.settings.key_prefix)
    }

    /// What the record may hold for this cookie: under the secret, and under the one before it.
    pub(crate) fn verifiers(&self, token: &Token) -> [String; 2] {
        let current = token.verifier(&self.settings.secret);
        let previous = self.settings.previous_secret.as_ref().map(|secret| token.verifier(secret));
        [current.clone(), previous.unwrap_or(current)]
    }
}

fn is_silence(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Timeout | ErrorKind::IO | ErrorKind::Canceled | ErrorKind::Backpressure | ErrorKind::Tls
    )
}

pub(crate) fn millis(duration: Duration) -> Value {
    Value::Integer(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
}

/// The texts of an answer like `{'done', …}`.
pub(crate) fn texts(answer: Value) -> Vec<String> {
    answer.into_array().into_iter().map(|value| value.into_string().unwrap_or_default()).collect()
}

macro_rules! scripts {
    ($($name:ident = $file:literal;)*) => {
        $(pub(crate) static $name: LazyLock<Script> = LazyLock::new(|| Script::from_lua(include_str!($file)));)*
    };
}

scripts! {
    LOAD = "scripts/load.lua";
    CREATE = "scripts/create.lua";
    SAVE = "scripts/save.lua";
    DESTROY = "scripts/destroy.lua";
    END = "scripts/end.lua";
    INDEX = "scripts/index.lua";
    CLAIM = "scripts/claim.lua";
    TAKE = "scripts/take.lua";
}
