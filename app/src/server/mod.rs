//! The node's side of the pages: who is asking, what they may do now, and how a fault becomes an answer.

mod answers;
mod document;
mod foresight;
mod head;
mod limits;
mod page_data;
mod visits;

use std::{ops::Deref, sync::Arc};

use axum::http::request::Parts;
use backend::Store;
use domain::{Refusal, UploadId};
use leptos::prelude::*;
use sessions::Sessions;
use tower_sessions::Session;

use crate::error::Problem;

pub(crate) use answers::{answer_with_status_of, redirect};
pub use answers::{retry_after, status_of};
pub use document::Document;
pub use foresight::foresee;
pub use head::{Head, Site};
pub(crate) use limits::{limit_by_address, limit_password_checks, limit_sign_in, limit_uploads};
pub use page_data::PageData;
pub use visits::{ProfileOnce, account_of, ended_of};
pub(crate) use visits::{
    account, account_if_known, devices_of, end_all_devices_of, end_device, end_other_devices_of,
    ended_because, profile, renew_session, sign_in, sign_out, visitor,
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

pub(crate) fn store() -> Store {
    expect_context::<Node>().store.clone()
}

pub(crate) fn node_name() -> String {
    expect_context::<Node>().name.to_string()
}

/// The request: pages share it, functions have one of their own.
fn parts() -> Arc<Parts> {
    use_context::<Asked>().map_or_else(|| Arc::new(expect_context()), |asked| asked.0)
}

/// The most bytes that a picture sent with a form may have.
pub const LARGEST_PICTURE: usize = domain::image::LARGEST_BYTES as usize;

/// The answer to a picture with more.
#[must_use]
pub fn picture_too_large() -> Problem {
    Refusal::PictureTooLarge.into()
}

/// Puts a picture that came with a form into the bucket, as the visitor's browser would have with script.
///
/// # Errors
/// As [`sign_upload`](crate::upload::sign_upload) and the checks of a card's picture.
pub async fn put_picture(
    node: &Node,
    session: Option<Session>,
    picture: Vec<u8>,
) -> Result<UploadId, Problem> {
    let owner = visits::account_of(&session.ok_or(Problem::Unavailable)?).await?;
    limits::limit_uploads_on(node, owner).await?;
    Ok(backend::images::put(&node.store, owner, picture).await?)
}

pub(crate) fn sha256_from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sha256_has_64_hexadecimal_digits() {
        assert_eq!(sha256_from_hex(&"ab".repeat(32)), Some([0xab; 32]));
        for text in ["", "zz", &"é".repeat(32), &"g".repeat(64)] {
            assert_eq!(sha256_from_hex(text), None);
        }
    }
}
