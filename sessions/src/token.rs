//! The cookie's value, and the one-way names that Redis knows it by.
//!
//! A value is two random 128-bit numbers. The first, hashed, names the record and stays for the session's whole
//! life; the second, hashed with the secret, must match what the record holds, and changes at every sign-in. A
//! new id therefore is one changed field of one key: atomic, also on a cluster.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use tower_sessions::session::Id;

use crate::settings::Secret;

/// Two [`Id`]s, each 22 characters of URL-safe base64.
const VALUE_CHARS: usize = 44;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    locator: Id,
    /// What [`tower_sessions::Session::id`] shows to handlers: half of the cookie.
    pub(crate) id: Id,
}

impl Token {
    pub(crate) fn new(id: Id) -> Self {
        Self { locator: Id::default(), id }
    }

    /// `None` for anything that this crate did not write.
    pub(crate) fn parse(value: &str) -> Option<Self> {
        if value.len() != VALUE_CHARS || !value.is_ascii() {
            return None;
        }
        let (locator, id) = value.split_at(VALUE_CHARS / 2);
        Some(Self { locator: locator.parse().ok()?, id: id.parse().ok()? })
    }

    pub(crate) fn cookie_value(&self) -> String {
        format!("{}{}", self.locator, self.id)
    }

    pub(crate) fn rotated(&self, id: Id) -> Self {
        Self { locator: self.locator, id }
    }

    /// The record's name in keys, in the account's index and as a device handle. Of no use as a cookie.
    pub(crate) fn name(&self) -> String {
        text(&Sha256::digest(self.locator.0.to_le_bytes()))
    }

    /// What the record must hold for this cookie to be its own.
    pub(crate) fn verifier(&self, secret: &Secret) -> String {
        keyed(secret, &[b"session", &self.locator.0.to_le_bytes(), &self.id.0.to_le_bytes()])
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({})", self.name())
    }
}

/// 22 characters that only a holder of the secret can compute from `parts`.
pub(crate) fn keyed(secret: &Secret, parts: &[&[u8]]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.bytes()).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part);
    }
    text(&mac.finalize().into_bytes())
}

/// The first 128 bits as URL-safe base64.
fn text(hash: &[u8]) -> String {
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    Id(i128::from_le_bytes(half)).to_string()
}
