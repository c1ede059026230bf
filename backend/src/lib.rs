//! What the store does: accounts, cards, the market, the ledger, pictures and mail, on SQL, S3 and SMTP.
//!
//! Free functions in plural modules take a [`Store`] and whoever acts; they answer the domain's types, or an
//! [`Error`] that is either a refusal for the visitor or a fault for us. This crate knows no status code, cookie
//! or HTML page, and never reads the environment.
//!
//! Side effects follow the commit: mail is enqueued inside the transaction that causes it, objects are deleted
//! after the row says so, and [`Store::events`] tells what has happened, never what may.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test that cannot go on fails"))]

pub mod accounts;
pub mod admin;
mod bytes;
pub mod cards;
mod clock;
mod database;
mod error;
pub mod images;
pub mod ledger;
pub mod mail;
pub mod market;
pub mod notifications;
mod passwords;
pub mod seeding;
mod store;
pub mod watching;

pub use database::Connections;
pub use domain::Event;
pub use error::{Error, Fault, OpenError};
pub use store::{Settings, Store};
