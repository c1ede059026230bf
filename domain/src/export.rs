//! The export: everything that is kept about a person, for that person.

use serde::{Deserialize, Serialize};

use crate::{AccountDetails, CardId, Money, Notification, OwnCard, PurchaseId, ledger};

/// Everything as of one moment, each list newest first and bounded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    pub account: AccountDetails,
    pub balance: Money,
    pub cards: Vec<OwnCard>,
    pub ledger: Vec<ledger::Entry>,
    pub purchases: Vec<Exchange>,
    pub notifications: Vec<Notification>,
    /// The cards that the account watches.
    pub watched: Vec<CardId>,
}

/// A purchase that the account took part in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    pub reference: PurchaseId,
    pub card: CardId,
    /// The card's name at that time.
    pub card_name: String,
    pub seller: String,
    pub buyer: String,
    pub price: Money,
    /// UTC milliseconds.
    pub at_ms: i64,
}
