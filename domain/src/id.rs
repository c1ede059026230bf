//! Identifiers: one type per kind of thing, so that a card's id can never be passed for an account's.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta] $name:ident),* $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

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
                self.0.hyphenated().fmt(f)
            }
        }
    )*};
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
