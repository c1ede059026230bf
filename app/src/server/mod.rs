//! The node's side of the pages: who is asking, what they may do now, and how a fault becomes an answer.

mod answers;
mod document;
mod foresight;
mod head;
mod language;
mod limits;
mod page_data;
mod uploads;
mod visits;

use std::{ops::Deref, sync::Arc};

use axum::http::request::Parts;
use backend::Store;
use leptos::prelude::*;
use sessions::Sessions;

pub(crate) use answers::{answer_with_status_of, redirect};
pub use answers::{retry_after, status_of};
pub use document::Document;
pub use foresight::{foresee, shows_collection};
pub use head::{Head, Site};
pub(crate) use language::language;
pub use language::{LANGUAGE_COOKIE, cookies, language_of};
pub(crate) use limits::{limit_by_address, limit_password_checks, limit_sign_in, limit_uploads};
pub use page_data::PageData;
pub(crate) use uploads::sign_upload;
pub use uploads::{LARGEST_PICTURE, picture_too_large, put_picture};
pub use visits::{MemberOnce, account_of, ended_of};
pub(crate) use visits::{
    account, account_if_known, collection, devices_of, end_all_devices_of, end_device, end_other_devices_of,
    ended_because, renew_session, sign_in, sign_out, visitor,
};

/// In the query of a page that was left in the middle of a form: what was typed waits in the session.
pub const RESUME: &str = "resume=1";

/// What a node lends to every request: provided as context to pages and server functions alike.
#[derive(Clone)]
pub struct Node(Arc<Lent>);

pub struct Lent {
    pub store: Store,
    pub sessions: Sessions,
    /// Shown in the footer of the dashboard and in `x-served-by`.
    pub name: Arc<str>,
}

impl Node {
    #[must_use]
    pub fn new(store: Store, sessions: Sessions, name: &str) -> Self {
        Self(Arc::new(Lent { store, sessions, name: name.into() }))
    }

    /// Gives the thread that calls, one of so many, connections of its own to Redis and the database.
    ///
    /// # Errors
    /// None that opening them would not have met before; says which in words.
    pub fn connect_here(&self, threads: usize) -> Result<(), String> {
        self.sessions.connect_here().map_err(|error| format!("Redis: {error}"))?;
        self.store.connect_here(threads).map_err(|error| format!("the database: {error}"))
    }

    /// The same for another thread, which counts for itself who holds it.
    #[must_use]
    pub fn apart(&self) -> Self {
        Self::new(self.store.apart(), self.sessions.clone(), &self.name)
    }
}

impl Deref for Node {
    type Target = Lent;

    fn deref(&self) -> &Lent {
        &self.0
    }
}

/// The request that a page is rendered for, as its renderings share it.
#[derive(Clone)]
pub struct Asked(pub Arc<Parts>);

/// The address a request came from, as the node's edge determined it.
#[derive(Clone, Debug)]
pub struct ClientAddress(pub String);

/// What a request is called on its way through every log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub Arc<str>);

/// What the page that is being rendered is to be called when somebody writes to us about it.
pub(crate) fn request_id() -> Option<String> {
    parts().extensions.get::<RequestId>().map(|RequestId(id)| id.to_string())
}

/// The store, which writes letters in the visitor's language.
pub(crate) fn store() -> Store {
    expect_context::<Node>().store.in_language(language())
}

pub(crate) fn node_name() -> String {
    expect_context::<Node>().name.to_string()
}

/// The request: pages share it, functions have one of their own.
fn parts() -> Arc<Parts> {
    use_context::<Asked>().map_or_else(|| Arc::new(expect_context()), |asked| asked.0)
}
