//! Events: what just happened, for pages that are open at this moment.

use serde::{Deserialize, Serialize};

use crate::{AccountId, CardId, Money};

/// Told after the fact and kept nowhere: whoever misses one finds the same in the market, inbox or ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// On the market now.
    Listed {
        card: CardId,
    },
    Repriced {
        card: CardId,
        price: Money,
    },
    /// Off the market, unsold.
    OffSale {
        card: CardId,
    },
    Sold {
        card: CardId,
        price: Money,
    },
    /// The account's inbox changed; for its own pages only.
    Inbox {
        account: AccountId,
    },
    /// The account's balance changed; for its own pages only.
    Balance {
        account: AccountId,
    },
}

impl Event {
    /// Whose pages may hear of it; `None` when everybody's may.
    #[must_use]
    pub fn only_for(&self) -> Option<AccountId> {
        match self {
            Self::Inbox { account } | Self::Balance { account } => Some(*account),
            Self::Listed { .. } | Self::Repriced { .. } | Self::OffSale { .. } | Self::Sold { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_event_survives_the_wire() {
        let (card, account) = (CardId::from(Uuid::nil()), AccountId::from(Uuid::nil()));
        for event in [
            Event::Listed { card },
            Event::Sold { card, price: Money::from_cents(12_50) },
            Event::Inbox { account },
        ] {
            let wire = serde_json::to_string(&event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&wire).unwrap(), event, "{wire}");
        }
    }

    #[test]
    fn what_is_private_names_its_account() {
        let account = AccountId::from(Uuid::max());
        assert_eq!(Event::Balance { account }.only_for(), Some(account));
        assert_eq!(Event::OffSale { card: CardId::from(Uuid::nil()) }.only_for(), None);
    }
}
