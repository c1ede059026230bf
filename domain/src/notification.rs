//! Notifications: what an account should hear, numbered in its inbox so that none is missed.

use serde::{Deserialize, Serialize};

use crate::{CardId, Money};

/// How far unread notifications are counted: a bell may say "100 or more".
pub const COUNTED_UP_TO: i64 = 100;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotificationKind {
    /// Somebody bought the account's card.
    Sold,
    /// A card that the account watches is cheaper now.
    PriceDropped,
    /// Somebody else bought a card that the account watches.
    WatchedSold,
}

impl NotificationKind {
    const ALL: [(Self, &str); 3] =
        [(Self::Sold, "sold"), (Self::PriceDropped, "price-dropped"), (Self::WatchedSold, "watched-sold")];

    /// The word that stands for it where it is kept.
    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, code)| code)
    }

    /// Reads [`Self::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(kind, _)| *kind)
    }
}

/// One thing to hear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Counts the account's notifications from 1, without gaps.
    pub number: i64,
    pub kind: NotificationKind,
    /// The card may be gone by now.
    pub card: CardId,
    /// The card's name at that time.
    pub card_name: String,
    /// What it was sold for, or its new price.
    pub amount: Option<Money>,
    /// UTC milliseconds.
    pub at_ms: i64,
    pub read: bool,
}

/// A page of the inbox, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    pub notifications: Vec<Notification>,
    /// What to ask for as `before` to go on; `None` on the last page.
    pub next: Option<i64>,
    /// In the whole inbox, counted up to [`COUNTED_UP_TO`].
    pub unread: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_kept_as_it_crosses_the_wire() {
        for (kind, code) in NotificationKind::ALL {
            assert_eq!(NotificationKind::from_code(kind.code()), Some(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{code}\""));
        }
        assert_eq!(NotificationKind::from_code("unheard-of"), None);
    }
}
