//! The rules both sides share, and the words for them. Compiles to wasm; no I/O, no async, no framework.
//!
//! The glossary, one word per idea in every layer:
//!
//! | word | meaning |
//! | --- | --- |
//! | account | a registered person: username, e-mail address, password, balance; *activated* once by mail |
//! | visitor | whoever sends a request: a stranger or a signed-in account |
//! | card | one digital card: a name, a picture with its alt text, exactly one owner |
//! | listing | the fact that a card is on sale at a price; each change of it raises the card's *version* |
//! | purchase | one card changing hands for its price; identified by the *purchase key* of its confirmation page |
//! | receipt | what a purchase answers, and answers again when it is replayed |
//! | ledger | append-only double entries; an account's entries sum to its balance |
//! | notification | what an account should hear, kept in its *inbox* until read and after |
//! | event | what just happened, for pages that are open; never kept |
//! | upload | one picture on its way into the bucket: signed, put, verified, then part of a card |
//! | refusal | a "no" that a visitor can hear, with what to do next |
//! | notice | a "done" that a visitor can read |
//! | text | what a visitor reads, once in every *language*; all texts of a language are its catalogue |
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test that cannot go on fails"))]

pub mod account;
pub mod card;
pub mod event;
pub mod export;
pub mod id;
pub mod image;
pub mod language;
pub mod ledger;
pub mod market;
pub mod money;
pub mod notice;
pub mod notification;
pub mod refusal;

pub use account::{AccountDetails, EmailAddress, Password, Profile, Username};
pub use card::{AltText, CardName, OwnCard};
pub use event::Event;
pub use export::Export;
pub use id::{AccountId, CardId, IdText, PurchaseId, PurchaseKey, UploadId};
pub use image::PictureUrl;
pub use language::Language;
pub use market::{CardDetail, MarketPage, MarketTile, Offer, Owned, Receipt, Terms};
pub use money::Money;
pub use notice::Notice;
pub use notification::{Inbox, Notification, NotificationKind};
pub use refusal::Refusal;
