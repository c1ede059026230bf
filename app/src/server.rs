//! The node's side of the pages: who is asking, what they may do now, and how a fault becomes an answer.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header, request::Parts};
use backend::Store;
use domain::{AccountId, Profile, Refusal, UploadId};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use sessions::{AccountSession, Decision, Sessions};
use tower_sessions::Session;

use crate::{accounts::Visitor, error::Problem};

/// What a node lends to every request: provided as context to pages and server functions alike.
#[derive(Clone)]
pub struct Node {
    pub store: Store,
    pub sessions: Sessions,
    /// Shown in the footer of the dashboard and in `x-served-by`.
    pub name: Arc<str>,
}

/// The address a request came from, as the node's edge determined it.
#[derive(Clone, Debug)]
pub struct ClientAddress(pub String);

pub(crate) fn store() -> Store {
    expect_context::<Node>().store
}

pub(crate) fn node_name() -> String {
    expect_context::<Node>().name.to_string()
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
    let owner = account_of(&session.ok_or(Problem::Unavailable)?).await?;
    limit_on(node, "sign_upload", &owner.to_string(), UPLOADS).await?;
    Ok(backend::images::put(&node.store, owner, picture).await?)
}

fn parts() -> Parts {
    expect_context::<Parts>()
}

fn session() -> Result<Session, Problem> {
    parts().extensions.get::<Session>().cloned().ok_or(Problem::Unavailable)
}

/// The signed-in account.
///
/// # Errors
/// [`Refusal::SignedOut`] for strangers, [`Problem::Unavailable`] while the session store is out of reach.
pub(crate) async fn account() -> Result<AccountId, Problem> {
    account_of(&session()?).await
}

async fn account_of(session: &Session) -> Result<AccountId, Problem> {
    let account = session.account().await?.ok_or(Refusal::SignedOut)?;
    account.parse().map_err(|_| Refusal::SignedOut.into())
}

/// The signed-in account for pages that strangers see as well: an outage of the sessions does not hide them.
pub(crate) async fn account_if_known() -> Option<AccountId> {
    account().await.ok()
}

pub(crate) async fn profile() -> Result<Profile, Problem> {
    let account = account().await?;
    Ok(backend::accounts::profile(&store(), account).await?.ok_or(Refusal::SignedOut)?)
}

pub(crate) async fn visitor() -> Result<Visitor, Problem> {
    match profile().await {
        Ok(profile) => Ok(Visitor::SignedIn(profile)),
        Err(problem) if problem.is(Refusal::SignedOut) => Ok(Visitor::Stranger),
        Err(_) => Ok(Visitor::Unknown),
    }
}

pub(crate) async fn sign_in(account: AccountId, remember: bool) -> Result<(), Problem> {
    let parts = parts();
    let user_agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Ok(session()?.sign_in(&account.to_string(), remember, user_agent).await?)
}

pub(crate) async fn sign_out() -> Result<(), Problem> {
    Ok(session()?.sign_out().await?)
}

/// How often something may be tried within a time.
type Limit = (u32, Duration);

/// For one name from anywhere.
const SIGN_INS: Limit = (10, Duration::from_secs(300));
/// From one address with any name: enough for an office behind one address, too slow for guessing.
const FROM_ONE_ADDRESS: Limit = (300, Duration::from_secs(300));
/// For one account.
const UPLOADS: Limit = (200, Duration::from_secs(600));

pub(crate) async fn limit_sign_in(username: &str) -> Result<(), Problem> {
    let node = expect_context::<Node>();
    limit_on(&node, "sign_in", &username.trim().to_lowercase(), SIGN_INS).await?;
    limit_by_address("sign_in_from").await
}

pub(crate) async fn limit_by_address(name: &str) -> Result<(), Problem> {
    limit_on(&expect_context(), name, &client_address(), FROM_ONE_ADDRESS).await
}

pub(crate) async fn limit_uploads(owner: AccountId) -> Result<(), Problem> {
    limit_on(&expect_context(), "sign_upload", &owner.to_string(), UPLOADS).await
}

async fn limit_on(node: &Node, name: &str, who: &str, (limit, window): Limit) -> Result<(), Problem> {
    match node.sessions.rate_limits().take(name, who, limit, window).await? {
        Decision::Allowed => Ok(()),
        Decision::RetryAfter(wait) => Err(Refusal::TooManyTries { seconds: wait.as_secs().max(1) }.into()),
    }
}

fn client_address() -> String {
    parts().extensions.get::<ClientAddress>().map_or_else(String::new, |address| address.0.clone())
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

/// Sends the browser to another page of this site instead of the one that is being rendered.
pub(crate) fn redirect(path: &str) {
    if let (Some(response), Ok(location)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(path)) {
        response.insert_header(header::LOCATION, location);
        response.set_status(StatusCode::SEE_OTHER);
    }
}

/// Answers the page that is being rendered with the status that its problem means.
pub(crate) fn answer_with_status_of(problem: &Problem) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status_of(problem));
        if let Some(seconds) = retry_after(problem) {
            response.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
}

/// The HTTP status that callers who do not read HTML go by.
#[must_use]
pub fn status_of(problem: &Problem) -> StatusCode {
    match problem {
        Problem::Refused { refusals } => {
            refusals.first().map_or(StatusCode::UNPROCESSABLE_ENTITY, |it| match it {
                Refusal::SignedOut | Refusal::WrongCredentials => StatusCode::UNAUTHORIZED,
                Refusal::NotActivated => StatusCode::FORBIDDEN,
                Refusal::NotFound | Refusal::LinkUnknown => StatusCode::NOT_FOUND,
                Refusal::LinkExpired => StatusCode::GONE,
                Refusal::TooManyTries { .. } => StatusCode::TOO_MANY_REQUESTS,
                refusal if refusal.is_conflict() => StatusCode::CONFLICT,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            })
        }
        Problem::Unavailable | Problem::Offline => StatusCode::SERVICE_UNAVAILABLE,
        Problem::OutOfDate => StatusCode::BAD_REQUEST,
    }
}

/// After how many seconds the same request may succeed, when time alone can heal the problem.
#[must_use]
pub fn retry_after(problem: &Problem) -> Option<u64> {
    match problem {
        Problem::Unavailable | Problem::Offline => Some(2),
        Problem::Refused { refusals } => refusals.iter().find_map(|refusal| match refusal {
            Refusal::TooManyTries { seconds } => Some(*seconds),
            _ => None,
        }),
        Problem::OutOfDate => None,
    }
}

/// A refusal is for the visitor; a fault is logged here, once, and shown as "unavailable".
impl From<backend::Error> for Problem {
    fn from(error: backend::Error) -> Self {
        match error {
            backend::Error::Refused(refusals) => Self::Refused { refusals },
            backend::Error::Fault(fault) => {
                tracing::error!(fault = fault.chain(), "the store could not do what was asked");
                Self::Unavailable
            }
        }
    }
}

impl From<sessions::Unavailable> for Problem {
    fn from(_: sessions::Unavailable) -> Self {
        Self::Unavailable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_a_client_error_and_an_outage_is_not() {
        assert_eq!(status_of(&Refusal::SignedOut.into()), StatusCode::UNAUTHORIZED);
        assert_eq!(status_of(&Refusal::SomebodyWasFaster.into()), StatusCode::CONFLICT);
        assert_eq!(status_of(&Refusal::PriceUnreadable.into()), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(status_of(&Problem::Unavailable), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(retry_after(&Refusal::TooManyTries { seconds: 7 }.into()), Some(7));
    }

    #[test]
    fn a_sha256_has_64_hexadecimal_digits() {
        assert_eq!(sha256_from_hex(&"ab".repeat(32)), Some([0xab; 32]));
        for text in ["", "zz", &"é".repeat(32), &"g".repeat(64)] {
            assert_eq!(sha256_from_hex(text), None);
        }
    }
}
