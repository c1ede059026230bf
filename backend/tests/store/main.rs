//! The store through its public functions: each test owns its database, SQLite unless
//! `CARDSTORE_TEST_DATABASE_URL` names a PostgreSQL server.
#![expect(clippy::inconsistent_digit_grouping, reason = "cents are set apart: 100_00 is 100.00")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod accounts;
mod addresses;
mod admin;
mod browsing;
mod buying;
mod cards;
mod events;
mod filtering;
mod images;
mod interleavings;
mod leaving;
mod ledger;
mod mail;
mod notifications;
mod opening;
mod passwords;
mod races;
mod searching;
mod seeding;
mod selling;
mod showing;
mod support;
mod watching;
