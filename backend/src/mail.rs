//! Mail: an outbox that the causing transaction fills and any node empties, each letter kept until accepted.

mod letter;
mod outbox;
mod post;

use std::path::PathBuf;

pub(crate) use letter::Letter;
pub use outbox::{Delivered, Waiting, deliver_due, waiting};
pub(crate) use outbox::{deliver_until, enqueue};
pub(crate) use post::Post;
pub use post::check;

/// Who writes, and how letters leave. The URL may hold a password, so it has no `Debug`.
#[derive(Clone)]
pub struct Settings {
    /// A mailbox, for example `CardStore <cards@example.com>`.
    pub from: String,
    pub transport: Transport,
}

/// How letters leave.
#[derive(Clone)]
pub enum Transport {
    /// `smtps://user:password@host` or `smtp://user:password@host:587?tls=required`.
    Smtp { url: String },
    /// For one machine: each letter becomes `<utc-ms>-<id>.eml` here (made when missing), and its link is logged.
    Files { folder: PathBuf },
}
