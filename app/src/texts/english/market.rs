//! The market, and one card for everybody to see, in English.

use crate::texts::{
    market::{Card, Market},
    placed::{Counted, With},
};

pub(super) const MARKET: Market = Market {
    search_market: "Search the market",
    search_cards: "Search cards",
    search: "Search",
    order: "Order",
    newest_first: "Newest first",
    cheapest_first: "Cheapest first",
    dearest_first: "Dearest first",
    filters: "Filters",
    price_from: "Price from",
    price_to: "to",
    seller: "Seller",
    cards_from: With::new("Cards from {0}"),
    on_sale: Counted { one: "1 card on sale", more: With::new("{0} cards on sale") },
    on_sale_or_more: With::new("{0} or more cards on sale"),
    show_everything: "Show everything",
    first_page: "First page",
    next_page: "Next page",
    nothing_here: "Nothing here",
    nothing_matches: "No card on sale matches. Try fewer words or a wider price.",
    nothing_on_sale: "No card is on sale at the moment. Be the first to sell one.",
    sell_a_card: "Sell a card",
    sold: "Sold",
    gone: "Not for sale any more",
    from: With::new("from {0}"),
};

pub(super) const CARD: Card = Card {
    mine: "This is your card.",
    mine_on_sale: "It is on sale.",
    mine_not_for_sale: "It is not for sale.",
    sell: "Sell it",
    edit: "Edit",
    buy: "Buy this card",
    watch: "Watch this card",
    stop_watching: "Stop watching",
    owned_by: With::new("Owned by {0}"),
    listed: With::new(", listed {0}"),
    not_for_sale: "Not for sale at the moment.",
    past: "Its past",
    sold_to: With::new("{0} sold it to {1}"),
    about: With::new("{0}, a card of {1}'s at CardStore."),
    about_on_sale: With::new("{0}, on sale for {1} from {2} at CardStore."),
};
