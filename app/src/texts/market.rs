//! The market, and one card for everybody to see: which texts there are.

use super::placed::{Counted, With};

/// The market page: search, filters, tiles.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Market {
    pub search_market: &'static str,
    pub search_cards: &'static str,
    pub search: &'static str,
    pub order: &'static str,
    pub newest_first: &'static str,
    pub cheapest_first: &'static str,
    pub dearest_first: &'static str,
    pub filters: &'static str,
    pub price_from: &'static str,
    pub price_to: &'static str,
    pub seller: &'static str,
    /// The seller.
    pub cards_from: With<1>,
    pub on_sale: Counted,
    /// As far as is counted.
    pub on_sale_or_more: With<1>,
    pub show_everything: &'static str,
    pub first_page: &'static str,
    pub next_page: &'static str,
    pub nothing_here: &'static str,
    pub nothing_matches: &'static str,
    pub nothing_on_sale: &'static str,
    pub sell_a_card: &'static str,
    pub sold: &'static str,
    pub gone: &'static str,
    /// The seller.
    pub from: With<1>,
}

/// One card for everybody to see.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Card {
    pub mine: &'static str,
    pub mine_on_sale: &'static str,
    pub mine_not_for_sale: &'static str,
    pub sell: &'static str,
    pub edit: &'static str,
    pub buy: &'static str,
    pub watch: &'static str,
    pub stop_watching: &'static str,
    /// The owner.
    pub owned_by: With<1>,
    /// How long ago; follows the owner.
    pub listed: With<1>,
    pub not_for_sale: &'static str,
    pub past: &'static str,
    /// Seller, buyer.
    pub sold_to: With<2>,
    /// Card, owner.
    pub about: With<2>,
    /// Card, price, owner.
    pub about_on_sale: With<3>,
}
