//! How often something may be tried, counted for the whole fleet.

use std::time::Duration;

use domain::{AccountId, Refusal};
use leptos::prelude::expect_context;
use sessions::Decision;

use super::{ClientAddress, Node, parts};
use crate::error::Problem;

/// How often something may be tried within a time.
type Limit = (u32, Duration);

/// For one name from anywhere.
const SIGN_INS: Limit = (10, Duration::from_secs(300));
/// From one address with any name: enough for an office behind one address, too slow for guessing.
const FROM_ONE_ADDRESS: Limit = (300, Duration::from_secs(300));
/// For one account that is signed in: whoever found an unlocked device must not guess its password.
const PASSWORD_CHECKS: Limit = (10, Duration::from_secs(300));
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

pub(crate) async fn limit_password_checks(account: AccountId) -> Result<(), Problem> {
    limit_on(&expect_context(), "password_check", &account.to_string(), PASSWORD_CHECKS).await
}

pub(crate) async fn limit_uploads(owner: AccountId) -> Result<(), Problem> {
    limit_uploads_on(&expect_context(), owner).await
}

pub(super) async fn limit_uploads_on(node: &Node, owner: AccountId) -> Result<(), Problem> {
    limit_on(node, "sign_upload", &owner.to_string(), UPLOADS).await
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
