//! Selling, buying, and what is written down about it: which texts there are.

use super::placed::With;

/// Selling a card of mine.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Selling {
    /// The card.
    pub sell: With<1>,
    /// The card.
    pub change_price_of: With<1>,
    pub whole_price: &'static str,
    /// The price at its last sale.
    pub whole_price_last: With<1>,
    pub price: &'static str,
    pub new_price: &'static str,
    pub put_on_sale: &'static str,
    pub back: &'static str,
}

/// The confirmation page and the receipt.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Purchase {
    pub confirm: &'static str,
    /// The card.
    pub buy: With<1>,
    /// The seller.
    pub from: With<1>,
    pub your_balance: &'static str,
    pub afterwards: &'static str,
    /// The price.
    pub buy_for: With<1>,
    pub not_now: &'static str,
    pub see_market: &'static str,
    pub receipt: &'static str,
    pub yours: &'static str,
    /// The card.
    pub in_collection: With<1>,
    pub when: &'static str,
    pub reference: &'static str,
    pub balance_afterwards: &'static str,
    pub to_my_cards: &'static str,
    pub back_to_market: &'static str,
}

/// The ledger in words.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Activity {
    pub download: &'static str,
    pub shown: &'static str,
    pub all: &'static str,
    pub bought: &'static str,
    pub sold: &'static str,
    pub nothing_yet: &'static str,
    pub written_here: &'static str,
    pub somebody: &'static str,
    pub granted: &'static str,
    /// Card, seller.
    pub you_bought: With<2>,
    /// Card, buyer.
    pub you_sold: With<2>,
    pub adjusted: &'static str,
    pub returned: &'static str,
}

/// The inbox.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Notifications {
    pub quiet: &'static str,
    pub read_here: &'static str,
    pub unread: &'static str,
    pub mark_all: &'static str,
    /// Card, price.
    pub sold: With<2>,
    /// Card, price.
    pub price_dropped: With<2>,
    /// Card, price.
    pub watched_sold: With<2>,
}
