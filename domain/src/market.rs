//! The market in words and numbers: what is on sale, what a buyer agrees to, and the receipt.

use serde::{Deserialize, Serialize};

use crate::{CardId, Money, PictureUrl, PurchaseId, PurchaseKey, refusal::Refusal};

/// How many cards one page of the market shows.
pub const PAGE_SIZE: u32 = 24;
/// How many of a card's sales its page tells.
pub const LONGEST_HISTORY: u32 = 20;

/// A card on the market page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarketTile {
    pub id: CardId,
    pub name: String,
    pub alt: String,
    /// Of the picture, small when its browser made it so.
    pub thumbnail_url: PictureUrl,
    pub seller: String,
    pub price: Money,
}

/// One page of the market, newest listing first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarketPage {
    pub tiles: Vec<MarketTile>,
    /// Where the next page starts; `None` on the last one. Opaque: it comes back in the URL as it is.
    pub next: Option<String>,
    /// How many cards are on sale that match, up to a bound that keeps counting cheap.
    pub matches: u64,
}

/// What everybody may see of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardDetail {
    pub id: CardId,
    pub name: String,
    pub alt: String,
    pub image_url: PictureUrl,
    pub owner: String,
    pub price: Option<Money>,
    pub version: i64,
    /// When the listing began or was last changed, UTC milliseconds.
    pub listed_at_ms: Option<i64>,
    /// True when the visitor owns it.
    pub mine: bool,
    /// True when the visitor hears of its price drops and its sale.
    pub watched: bool,
    /// Who owned it before, the newest sale first, at most [`LONGEST_HISTORY`].
    pub history: Vec<Owned>,
    /// What it was sold for last.
    pub last_price: Option<Money>,
}

/// One sale in a card's past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owned {
    pub seller: String,
    pub buyer: String,
    pub price: Money,
    /// UTC milliseconds.
    pub at_ms: i64,
}

/// What a buyer saw and agreed to: a purchase under other terms does not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub card: CardId,
    pub version: i64,
    pub price: Money,
    pub key: PurchaseKey,
}

/// What the confirmation page shows: the terms, and the balance now and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub card: CardDetail,
    pub terms: Terms,
    pub balance: Money,
    /// What is left after paying, or the refusal that stands in the way.
    pub after: Result<Money, Refusal>,
}

/// Proof of one purchase; a replay of the purchase answers the same receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub reference: PurchaseId,
    pub card: CardId,
    pub card_name: String,
    pub seller: String,
    pub price: Money,
    /// The buyer's balance right after this purchase.
    pub balance_after: Money,
    /// UTC milliseconds.
    pub bought_at_ms: i64,
}
