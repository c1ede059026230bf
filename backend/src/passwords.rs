//! Passwords: Argon2id away from the async threads, a bounded number at a time.

use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{self, PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::Password;
use tokio::sync::Semaphore;

use crate::error::Fault;

/// OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How long a hash waits for its turn before the store counts as overloaded.
const TURN_TIMEOUT: Duration = Duration::from_secs(20);

pub(crate) struct Hasher {
    /// One per core: hashing is all computing, more would only wait in memory.
    turns: Arc<Semaphore>,
    /// What a password for an unknown name is compared with, so that it takes as long.
    nobodys: String,
}

impl Hasher {
    pub(crate) async fn start() -> Self {
        let turns = Arc::new(Semaphore::new(available_parallelism().map_or(2, usize::from)));
        let nobodys = tokio::task::spawn_blocking(|| hash("nobody has this password"))
            .await
            .ok()
            .and_then(Result::ok)
            .expect("a constant is hashed with constant parameters");
        Self { turns, nobodys }
    }

    pub(crate) async fn hash(&self, password: &Password) -> Result<String, Fault> {
        let password = password.clone();
        self.in_turn(move || hash(password.expose())).await
    }

    /// Whether the password is the one that was hashed. Without a hash the answer is no, after the same work; what
    /// nobody could have chosen is worth no more than that.
    pub(crate) async fn verify(&self, password: &str, stored: Option<String>) -> Result<bool, Fault> {
        let password = if Password::parse(password).is_ok() { password } else { "" };
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobodys.clone());
        let password = password.to_owned();
        let matches = self.in_turn(move || verify(&password, &stored)).await?;
        Ok(known && matches)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> password_hash::Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        const DOING: &str = "a password could not be hashed";
        let turn = tokio::time::timeout(TURN_TIMEOUT, Arc::clone(&self.turns).acquire_owned())
            .await
            .map_err(|late| Fault::new(DOING, late))?
            .map_err(|closed| Fault::new(DOING, closed))?;
        // The turn moves along: a visitor who leaves does not free it before the work is done.
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
        .map_err(|panic| Fault::new(DOING, panic))?
        .map_err(|error| Fault::new(DOING, error.to_string()))
    }
}

fn argon2id() -> password_hash::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> password_hash::Result<String> {
    let salt = SaltString::generate(&mut OsRng);
    Ok(argon2id()?.hash_password(password.as_bytes(), &salt)?.to_string())
}

/// With the cost that the hash names: it may have been made when another was usual.
fn verify(password: &str, stored: &str) -> password_hash::Result<bool> {
    match argon2id()?.verify_password(password.as_bytes(), &PasswordHash::new(stored)?) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::Password) => Ok(false),
        Err(error) => Err(error),
    }
}
