//! The ledger as an account sees it: what moved its balance, and how a list of that is asked for.

use serde::{Deserialize, Serialize};

use crate::{CardId, Money, PurchaseKey};

/// What an entry was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The welcome grant.
    Granted,
    Bought,
    Sold,
    /// Given or taken by the operator.
    Adjusted,
    /// Went back to the house when the account was deleted.
    Returned,
}

/// One movement of money as its account sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// UTC milliseconds.
    pub at_ms: i64,
    pub kind: Kind,
    /// The card, while it exists; `None` when none changed hands.
    pub card: Option<CardId>,
    /// The card's name at that time; `None` when none changed hands.
    pub card_name: Option<String>,
    /// The other account's username; `None` when it was the house.
    pub counterparty: Option<String>,
    /// Names the receipt of the account's own purchase.
    pub purchase: Option<PurchaseKey>,
    /// Negative when it left the account.
    pub amount: Money,
    /// The account's balance right after it.
    pub balance_after: Money,
}

/// Entries, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    pub entries: Vec<Entry>,
    /// What to ask for as `before` to go on; `None` on the last page.
    pub next: Option<i64>,
}

/// Which entries to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Filter {
    #[default]
    All,
    Bought,
    Sold,
}

impl Filter {
    const ALL: [(Self, &str); 3] = [(Self::All, "all"), (Self::Bought, "bought"), (Self::Sold, "sold")];

    /// The word that stands for it in a URL.
    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(filter, _)| *filter == self).map_or("", |(_, code)| code)
    }

    /// Reads [`Self::code`] back; anything else shows everything.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL.iter().find(|(_, known)| *known == code).map_or(Self::All, |(filter, _)| *filter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_survives_the_url() {
        for (filter, code) in Filter::ALL {
            assert_eq!(Filter::from_code(filter.code()), filter);
            assert_eq!(serde_json::to_string(&filter).unwrap(), format!("\"{code}\""));
        }
        assert_eq!(Filter::from_code("<script>"), Filter::All);
    }
}
