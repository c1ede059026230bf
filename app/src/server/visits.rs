//! Who is asking: the session of this request, its account, and the account's other sessions.

use std::sync::Arc;

use axum::http::header;
use domain::{AccountId, OwnCard, Profile, Refusal};
use leptos::prelude::{expect_context, use_context};
use sessions::{AccountSession, Directory};
use tokio::sync::OnceCell;
use tower_sessions::Session;

use super::{Node, parts, store};
use crate::{
    accounts::{Ended, SignedInDevice, Visitor},
    error::Problem,
};

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

/// The account that is signed in to this session.
///
/// # Errors
/// [`Refusal::SignedOut`] for strangers, [`Problem::Unavailable`] while the session store is out of reach.
pub async fn account_of(session: &Session) -> Result<AccountId, Problem> {
    let account = session.account().await?.ok_or(Refusal::SignedOut)?;
    account.parse().map_err(|_| Refusal::SignedOut.into())
}

/// The signed-in account for pages that strangers see as well: an outage of the sessions does not hide them.
pub(crate) async fn account_if_known() -> Option<AccountId> {
    account().await.ok()
}

/// The member as the renderings of one page know them: header and page ask, the database is asked once.
#[derive(Clone)]
pub struct MemberOnce {
    member: Arc<OnceCell<Result<Member, Problem>>>,
    with_cards: bool,
}

#[derive(Clone)]
struct Member {
    profile: Profile,
    cards: Option<Arc<Vec<OwnCard>>>,
}

impl MemberOnce {
    /// `with_cards` when the page shows those of its visitor.
    #[must_use]
    pub fn new(with_cards: bool) -> Self {
        Self { member: Arc::default(), with_cards }
    }
}

pub(crate) async fn profile() -> Result<Profile, Problem> {
    let member = match use_context::<MemberOnce>() {
        Some(once) => once.member.get_or_init(|| load(once.with_cards)).await.clone(),
        None => load(false).await,
    };
    Ok(member?.profile)
}

/// The profile, and the cards.
pub(crate) async fn collection() -> Result<(Profile, Arc<Vec<OwnCard>>), Problem> {
    let member = match use_context::<MemberOnce>().filter(|once| once.with_cards) {
        Some(once) => once.member.get_or_init(|| load(true)).await.clone(),
        None => load(true).await,
    };
    let Member { profile, cards } = member?;
    Ok((profile, cards.unwrap_or_default()))
}

async fn load(with_cards: bool) -> Result<Member, Problem> {
    let account = account().await?;
    let member = if with_cards {
        let found = backend::cards::collection(&store(), account).await?;
        found.map(|(profile, cards)| Member { profile, cards: Some(Arc::new(cards)) })
    } else {
        let found = backend::accounts::profile(&store(), account).await?;
        found.map(|profile| Member { profile, cards: None })
    };
    Ok(member.ok_or(Refusal::SignedOut)?)
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

/// Gives this session a new id, as after every proof of who somebody is.
pub(crate) async fn renew_session() -> Result<(), Problem> {
    session()?.cycle_id().await.map_err(|_| Problem::Unavailable)
}

pub(crate) async fn ended_because() -> Result<Option<Ended>, Problem> {
    ended_of(&session()?).await
}

/// Why the session that this browser still has the cookie of is no more.
///
/// # Errors
/// [`Problem::Unavailable`] while the session store is out of reach.
pub async fn ended_of(session: &Session) -> Result<Option<Ended>, Problem> {
    Ok(session.ended_because().await?.map(|ended| match ended {
        sessions::Ended::Idle => Ended::Idle,
        sessions::Ended::Absolute => Ended::Absolute,
        sessions::Ended::Elsewhere => Ended::Elsewhere,
        sessions::Ended::Limit => Ended::Limit,
    }))
}

fn directory() -> Directory {
    expect_context::<Node>().sessions.directory()
}

/// The browsers that are signed in to the account, the most recently used first.
pub(crate) async fn devices_of(account: AccountId) -> Result<Vec<SignedInDevice>, Problem> {
    let this = session()?.handle().await?;
    let devices = directory().list(&account.to_string()).await?;
    Ok(devices
        .into_iter()
        .map(|device| SignedInDevice {
            this: this.as_ref() == Some(&device.handle),
            handle: device.handle,
            browser: device.browser.map(str::to_owned),
            system: device.system.map(str::to_owned),
            first_seen_ms: device.first_seen_ms,
            last_seen_ms: device.last_seen_ms,
            remembered: device.remembered,
        })
        .collect())
}

/// False when the account has no such device.
pub(crate) async fn end_device(account: AccountId, handle: &str) -> Result<bool, Problem> {
    Ok(directory().end(&account.to_string(), handle).await?)
}

pub(crate) async fn end_other_devices_of(account: AccountId) -> Result<(), Problem> {
    directory().end_others(&account.to_string(), &session()?).await?;
    Ok(())
}

pub(crate) async fn end_all_devices_of(account: AccountId) -> Result<(), Problem> {
    directory().end_all(&account.to_string()).await?;
    Ok(())
}
