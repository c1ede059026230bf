//! Passwords: Argon2id away from the async threads, a bounded number at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{self, Output, PasswordHash, Salt, SaltString};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
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
    memories: Arc<Memories>,
    /// What a password for an unknown name is compared with, so that it takes as long.
    nobodys: String,
}

impl Hasher {
    pub(crate) async fn start() -> Self {
        let turns = Arc::new(Semaphore::new(available_parallelism().map_or(2, usize::from)));
        let nobodys = tokio::task::spawn_blocking(|| hash("nobody has this password", &mut Memory::new()))
            .await
            .ok()
            .and_then(Result::ok)
            .expect("a constant is hashed with constant parameters");
        Self { turns, memories: Arc::default(), nobodys }
    }

    pub(crate) async fn hash(&self, password: &Password) -> Result<String, Fault> {
        let password = password.clone();
        self.in_turn(move |memory| hash(password.expose(), memory)).await
    }

    /// Whether the password is the one that was hashed. Without a hash the answer is no, after the same work; what
    /// nobody could have chosen is worth no more than that.
    pub(crate) async fn verify(&self, password: &str, stored: Option<String>) -> Result<bool, Fault> {
        let password = if Password::parse(password).is_ok() { password } else { "" };
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobodys.clone());
        let password = password.to_owned();
        let matches = self.in_turn(move |memory| verify(&password, &stored, memory)).await?;
        Ok(known && matches)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> password_hash::Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        const DOING: &str = "a password could not be hashed";
        let waiting = Waiting::begin(&self.memories);
        let turn = tokio::time::timeout(TURN_TIMEOUT, Arc::clone(&self.turns).acquire_owned())
            .await
            .map_err(|late| Fault::new(DOING, late))?
            .map_err(|closed| Fault::new(DOING, closed))?;
        drop(waiting);
        let memories = self.memories.clone();
        // The turn moves along: a visitor who leaves does not free it before the work is done.
        tokio::task::spawn_blocking(move || {
            let mut memory = memories.take();
            let done = work(&mut memory);
            memories.give_back(memory);
            drop(turn);
            done
        })
        .await
        .map_err(|panic| Fault::new(DOING, panic))?
        .map_err(|error| Fault::new(DOING, error.to_string()))
    }
}

/// What one hash is computed in.
type Memory = Vec<Block>;

/// Memory passes from one hash to the next while somebody waits: fresh pages cost nearly as much as the hash.
#[derive(Default)]
struct Memories {
    waiting: AtomicUsize,
    kept: Mutex<Vec<Memory>>,
}

impl Memories {
    fn take(&self) -> Memory {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn give_back(&self, memory: Memory) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if self.waiting.load(Ordering::Relaxed) > 0 {
            kept.push(memory);
        } else {
            *kept = Vec::new();
        }
    }
}

/// Somebody waits for a turn.
struct Waiting<'a>(&'a Memories);

impl<'a> Waiting<'a> {
    fn begin(memories: &'a Memories) -> Self {
        memories.waiting.fetch_add(1, Ordering::Relaxed);
        Self(memories)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

fn hash(password: &str, memory: &mut Memory) -> password_hash::Result<String> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    let salt = SaltString::generate(&mut OsRng);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let output = output(&argon2, password, salt.as_salt(), Params::DEFAULT_OUTPUT_LEN, memory)?;
    let hash = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: (&params).try_into()?,
        salt: Some(salt.as_salt()),
        hash: Some(output),
    };
    Ok(hash.to_string())
}

/// With the cost that the hash names: it may have been made when another was usual.
fn verify(password: &str, stored: &str, memory: &mut Memory) -> password_hash::Result<bool> {
    let stored = PasswordHash::new(stored)?;
    let (Some(salt), Some(expected)) = (stored.salt, stored.hash) else {
        return Err(password_hash::Error::PhcStringField);
    };
    let version = stored.version.map_or(Ok(Version::default()), Version::try_from)?;
    let argon2 = Argon2::new(stored.algorithm.try_into()?, version, (&stored).try_into()?);
    // Compared in constant time.
    Ok(output(&argon2, password, salt, expected.len(), memory)? == expected)
}

fn output(
    argon2: &Argon2<'_>,
    password: &str,
    salt: Salt<'_>,
    bytes: usize,
    memory: &mut Memory,
) -> password_hash::Result<Output> {
    memory.resize(argon2.params().block_count(), Block::default());
    let mut decoded = [0; Salt::MAX_LENGTH];
    let salt = salt.decode_b64(&mut decoded)?;
    Output::init_with(bytes, |output| {
        Ok(argon2.hash_password_into_with_memory(password.as_bytes(), salt, output, memory)?)
    })
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

    use super::*;

    /// Made elsewhere, cheaply and in this much memory.
    fn foreign(kib: u32, password: &str) -> String {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(kib, 1, 1, None).unwrap());
        argon2.hash_password(password.as_bytes(), &SaltString::generate(&mut OsRng)).unwrap().to_string()
    }

    #[test]
    fn a_hash_is_what_everybody_else_takes_for_one() {
        let memory = &mut Memory::new();
        let ours = hash("correct horse", memory).unwrap();
        assert!(ours.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{ours}");
        let read = PasswordHash::new(&ours).unwrap();
        assert!(Argon2::default().verify_password(b"correct horse", &read).is_ok());
        assert!(verify("correct horse", &ours, memory).unwrap());
        assert!(!verify("correct house", &ours, memory).unwrap());
    }

    #[test]
    fn memory_that_another_hash_was_computed_in_changes_nothing() {
        let memory = &mut Memory::new();
        for kib in [64, 8, 32] {
            let stored = foreign(kib, "correct horse");
            assert!(verify("correct horse", &stored, memory).unwrap());
            assert!(!verify("correct house", &stored, memory).unwrap());
        }
        for not_a_hash in ["", "correct horse", "$argon2id$v=19$m=8,t=1,p=1", "$md5$x"] {
            assert!(verify("correct horse", not_a_hash, memory).is_err(), "{not_a_hash}");
        }
    }

    #[test]
    fn memory_is_kept_only_while_somebody_waits() {
        let memories = Memories::default();
        let waiting = Waiting::begin(&memories);
        memories.give_back(vec![Block::default()]);
        memories.give_back(vec![Block::default()]);
        assert_eq!(memories.take().len(), 1);
        drop(waiting);
        memories.give_back(vec![Block::default()]);
        assert_eq!(memories.take().len(), 0);
    }
}
