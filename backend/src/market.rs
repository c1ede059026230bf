//! The market: looking at what is on sale, putting cards on it, and buying from it.

mod browsing;
mod buying;
mod cursor;
mod offering;
mod pages;
mod receipts;
mod searching;
mod selling;

pub use browsing::{COUNTED_UP_TO, Query, Sort, browse, prices};
pub use buying::buy;
pub use offering::offer;
pub use receipts::receipt;
pub use selling::{cancel, list, reprice};
