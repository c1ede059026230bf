//! The market: what is on sale, found by search, filters, sort and page; and one card for everybody to see.

mod browsing;
mod card;
mod search;
mod watching;

pub use browsing::{LoadMarket, MarketPage, load_market};
pub use card::{CardPage, LoadCard, load_card};
pub use search::Search;
pub use watching::{Unwatch, Watch, unwatch, watch};
