//! Identifiers: one type per kind of thing, so that a card's id can never be passed for an account's.

use std::{fmt, ops::Deref, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::{Uuid, fmt::Hyphenated};

macro_rules! id {
    ($(#[$doc:meta] $name:ident),* $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// As [`fmt::Display`] writes it, without the way through a formatter: lists have dozens.
            #[must_use]
            pub fn text(self) -> IdText {
                let mut text = [0; Hyphenated::LENGTH];
                self.0.hyphenated().encode_lower(&mut text);
                IdText(text)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text())
            }
        }
    )*};
}

/// The text of an id.
#[derive(Clone, Copy, Debug)]
pub struct IdText([u8; Hyphenated::LENGTH]);

impl Deref for IdText {
    type Target = str;

    fn deref(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

id! {
    /// Names an account.
    AccountId,
    /// Names a card for as long as it exists, whoever owns it.
    CardId,
    /// Names a purchase; printed on its receipt as the reference.
    PurchaseId,
    /// Made when a confirmation page is shown and sent back with it: at most one purchase per key.
    PurchaseKey,
    /// Names one signed upload.
    UploadId,
}
