//! Sessions for a fleet of axum nodes, kept in Redis or Valkey: a session created on one node is valid on every
//! node, survives any node, and ends everywhere at once when it ends.
//!
//! ```no_run
//! # use axum::{Router, response::Redirect, routing::{get, post}};
//! use sessions::{AccountSession, Secret, Session, Sessions, Settings, Unavailable};
//!
//! async fn sign_in(session: Session) -> Result<Redirect, axum::http::StatusCode> {
//!     // … after checking the password …
//!     let remembered = false;
//!     session.sign_in("alice", remembered, Some("Firefox/140")).await.map_err(unavailable)?;
//!     Ok(Redirect::to("/"))
//! }
//!
//! async fn home(session: Session) -> Result<String, axum::http::StatusCode> {
//!     let account = session.account().await.map_err(unavailable)?;
//!     Ok(account.unwrap_or_else(|| "a stranger".into()))
//! }
//!
//! fn unavailable(_: Unavailable) -> axum::http::StatusCode {
//!     axum::http::StatusCode::SERVICE_UNAVAILABLE
//! }
//!
//! # async fn node() -> Result<(), Box<dyn std::error::Error>> {
//! let settings = Settings::new(Secret::new("at least 32 random bytes, the same on every node"));
//! let sessions = Sessions::connect("redis://127.0.0.1:6379", settings).await?;
//! let app: Router = Router::new()
//!     .route("/", get(home))
//!     .route("/sign-in", post(sign_in))
//!     .layer(sessions.layer());
//! # Ok(())
//! # }
//! ```
//!
//! Handlers use [`Session`], the type and extractor of `tower-sessions`, with [`AccountSession`] for who is signed
//! in. Behind it is a unit of work: the first look at the session is one round trip, and once a minute a script that
//! keeps it alive; when the handlers are done, everything they changed is one more script. A visit without a cookie, or
//! of a page that does not look, asks Redis nothing.
//!
//! How long a session lasts is decided by [`Settings`] and kept in its record; `Session::set_expiry` has no effect. What
//! a handler changes after it has returned its response, in a streamed body or a spawned task, is not saved.
//!
//! # Promises
//!
//! - *Only what changed is written.* Two requests that change different fields both succeed, on any two nodes.
//! - *What ended stays ended.* A change that arrives after the end is dropped, and the response stands as it is.
//! - *A new id at every sign-in*, and at `Session::cycle_id`: the old cookie is worthless in the same instant. Ids that
//!   this crate did not issue are never adopted.
//! - *A copy of Redis holds no usable cookie*, and whoever can write to it cannot make one up.
//! - *An unreachable store is not a sign-out.* Handlers get [`Unavailable`]; a change that could not be saved makes
//!   the response a 503 ([`NotSaved`]); the cookie stays. A breaker lets an outage cost a request no waiting, and
//!   connections come back by themselves.
//! - *Nothing stays for ever.* Every key has a time to live; there is no cleaner to run.
//!
//! # In Redis
//!
//! Any Redis or Valkey from 6.2 on: alone, as a Cluster, behind Sentinel, over TLS. An ACL user needs `~cardstore:*`
//! (the prefix) and `+@read +@write +@scripting +@connection +time -@dangerous`, on a Cluster also
//! `+cluster|slots +cluster|info`; with [`Settings::events`] or
//! [`Sessions::messages`] also `&* +@pubsub`.
//!
//! | key, after the prefix | holds | until |
//! | --- | --- | --- |
//! | `s:{name}` hash | the record: data as `d:<name>` in JSON beside `v key created seen deadline idle account agent remembered key_before renamed` | it was idle or is too old |
//! | `e:{name}` hash | why a signed-in session ended, for whoever still holds its cookie | 15 minutes after the end |
//! | `a:<account>` sorted set | `<created>:<name>` of the account's sessions by deadline; `!` before one that is being ended | the last deadline |
//! | `l:<limit>:<who>` string | a rate limit; `who` is a keyed hash | it is full again |
//!
//! The record alone decides; the index is a hint, repaired whenever it is read, because on a Cluster the two live in
//! different slots. The clock is Redis's, not that of the nodes.

mod account;
mod breaker;
mod clock;
mod commit;
mod connection;
mod cookie;
#[cfg(any(test, feature = "fuzzing"))]
pub mod decoding;
mod directory;
mod error;
mod events;
mod index;
mod layer;
mod limits;
mod load;
mod messages;
mod metrics;
mod record;
mod sessions;
mod settings;
mod store;
mod token;
mod unit;
mod user_agent;

pub use account::{AccountSession, Ended};
pub use directory::{Device, Directory};
pub use error::{ConnectError, NotSaved, Unavailable};
pub use events::SessionEvent;
pub use layer::{SessionLayer, SessionService};
pub use limits::{Decision, RateLimits};
pub use messages::Messages;
pub use metrics::{LATENCY_BOUNDS_US, Metrics};
pub use sessions::Sessions;
pub use settings::{SECRET_BYTES_MIN, Secret, Settings};
pub use tower_sessions::Session;
