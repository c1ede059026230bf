//! What an application decides about its sessions: durations, names, limits and the secret.

use std::{fmt, path::PathBuf, thread::available_parallelism, time::Duration};

use crate::error::ConnectError;

/// The fewest bytes a [`Secret`] may have.
pub const SECRET_BYTES_MIN: usize = 32;

/// Clients multiplex: a few connections carry any number of requests at once.
const MOST_CONNECTIONS: usize = 4;

/// The key that ties cookies to records. Every node of a fleet needs the same one; it never leaves the nodes, so
/// whoever can read or write Redis can neither reconstruct a cookie nor make a session up.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Start from [`Settings::new`] and change what differs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Begins every key this crate writes, so that several applications can share one Redis.
    pub key_prefix: String,
    /// Without its `__Host-`, which is added when the cookie is secure.
    pub cookie_name: String,
    pub secret: Secret,
    /// Accepted for sessions that began under it, while a fleet changes over to a new `secret`.
    pub previous_secret: Option<Secret>,
    /// `true` when browsers reach the application over https: the cookie is then `__Host-` and `Secure`.
    pub secure_cookie: bool,
    /// A session ends when nobody used it for this long; between `idle - touch_interval` and `idle`, to be exact.
    pub idle: Duration,
    /// A session ends this long after its sign-in (or creation), however busy.
    pub max_age: Duration,
    /// Takes the place of both `idle` and `max_age` for "keep me signed in".
    pub remembered_max_age: Duration,
    /// A session in use is written to at most this often; never less often than a quarter of `idle`.
    pub touch_interval: Duration,
    /// One more sign-in ends the account's oldest session; 0 means no limit.
    pub sessions_per_account: u32,
    /// Whether to subscribe to the expiry notifications of Redis and tell [`crate::SessionEvent::Expired`]. The other
    /// events need no Redis and are always told.
    pub events: bool,
    /// How many connections all threads share, each with any number of commands under way.
    pub connections: usize,
    /// A PEM file of certificate authorities to trust for `rediss` URLs, instead of the system's.
    pub tls_ca_file: Option<PathBuf>,
    /// How long one Redis command may take before the store counts as unavailable.
    pub command_timeout: Duration,
}

impl Settings {
    pub fn new(secret: Secret) -> Self {
        Self {
            key_prefix: "cardstore:".into(),
            cookie_name: "cardstore".into(),
            secret,
            previous_secret: None,
            secure_cookie: true,
            idle: Duration::from_secs(30 * 60),
            max_age: Duration::from_secs(12 * 60 * 60),
            remembered_max_age: Duration::from_secs(30 * 24 * 60 * 60),
            touch_interval: Duration::from_secs(60),
            sessions_per_account: 10,
            events: false,
            connections: available_parallelism().map_or(1, usize::from).min(MOST_CONNECTIONS),
            tls_ca_file: None,
            command_timeout: Duration::from_millis(500),
        }
    }

    pub(crate) fn check(&self) -> Result<(), ConnectError> {
        let refuse = |why: &str| Err(ConnectError::Settings(why.to_owned()));
        let secrets = [Some(&self.secret), self.previous_secret.as_ref()];
        if secrets.into_iter().flatten().any(|secret| secret.bytes().len() < SECRET_BYTES_MIN) {
            return refuse("a session secret needs at least 32 bytes");
        }
        let shortest = Duration::from_millis(1);
        if [self.idle, self.max_age, self.remembered_max_age, self.command_timeout]
            .iter()
            .any(|d| *d < shortest)
        {
            return refuse("idle, max_age, remembered_max_age and command_timeout must be at least 1 ms");
        }
        if self.connections == 0 {
            return refuse("connections must be at least 1");
        }
        let token = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if self.cookie_name.is_empty() || !self.cookie_name.chars().all(token) {
            return refuse("the cookie name may hold only letters, digits, _ and -");
        }
        // A brace would move the hash tag that keeps the keys of one session in one cluster slot.
        if self.key_prefix.contains(['{', '}']) {
            return refuse("the key prefix may not hold braces");
        }
        Ok(())
    }

    pub(crate) fn cookie_name(&self) -> String {
        if self.secure_cookie { format!("__Host-{}", self.cookie_name) } else { self.cookie_name.clone() }
    }

    /// How long a session of this kind may rest, and how long it may last.
    pub(crate) fn lifetime(&self, remembered: bool) -> Lifetime {
        if remembered {
            Lifetime { idle: self.remembered_max_age, max_age: self.remembered_max_age }
        } else {
            Lifetime { idle: self.idle, max_age: self.max_age }
        }
    }

    pub(crate) fn effective_touch_interval(&self) -> Duration {
        self.touch_interval.min(self.idle / 4)
    }
}

pub(crate) struct Lifetime {
    pub(crate) idle: Duration,
    pub(crate) max_age: Duration,
}
