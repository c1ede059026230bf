//! Links: whom they are mailed to, how often, and their tokens, which are kept only as a hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{AccountId, EmailAddress, Username};
use sha2::{Digest as _, Sha256};

use crate::bytes::{hex, random};
use crate::clock::now_ms;
use crate::database::{Statement, Transaction, sql};
use crate::error::Fault;

/// The shortest time between two mails of a kind to one account, in milliseconds.
pub(super) const MAIL_COOLDOWN_MS: i64 = 60 * 1000;

/// Whose address it is.
pub(super) struct Owner {
    pub(super) id: AccountId,
    pub(super) username: Username,
    /// As its owner wrote it.
    pub(super) email: EmailAddress,
    pub(super) activated: bool,
}

pub(super) async fn owner_of(
    transaction: &mut Transaction,
    email: &EmailAddress,
) -> Result<Option<Owner>, Fault> {
    let owner = sql("select id, username, email, activated_at_ms from accounts where email_key = $1");
    let Some(row) = transaction.maybe(owner.bind(email.normalised())).await? else { return Ok(None) };
    Ok(Some(Owner {
        id: row.get("id")?,
        username: super::username(&row)?,
        email: super::address(&row, "email")?,
        activated: row.get::<Option<i64>>("activated_at_ms")?.is_some(),
    }))
}

/// Does `turn`, which moves a time of the account `$1` to `$2` unless it is after `$3`; answers whether it did.
pub(super) async fn takes_turn(
    transaction: &mut Transaction,
    turn: Statement,
    account: AccountId,
) -> Result<bool, Fault> {
    let now = now_ms();
    Ok(transaction.execute(turn.bind(account).bind(now).bind(now - MAIL_COOLDOWN_MS)).await? == 1)
}

/// What a link is for.
#[derive(Clone, Copy)]
pub(super) enum Purpose<'a> {
    Activate,
    Reset,
    /// Makes this address the account's.
    Email(&'a EmailAddress),
}

impl Purpose<'_> {
    fn stored(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Reset => "reset",
            Self::Email(_) => "email",
        }
    }

    /// In milliseconds.
    fn lifetime_ms(self) -> i64 {
        const HOUR_MS: i64 = 60 * 60 * 1000;
        match self {
            Self::Reset => HOUR_MS,
            Self::Activate | Self::Email(_) => 24 * HOUR_MS,
        }
    }
}

/// Replaces the account's unused tokens of this purpose by a new one, for a link.
pub(super) async fn new_token(
    transaction: &mut Transaction,
    account: AccountId,
    purpose: Purpose<'_>,
) -> Result<String, Fault> {
    let token = URL_SAFE_NO_PAD.encode(random::<32>());
    let old = sql("delete from tokens where account_id = $1 and purpose = $2 and used_at_ms is null");
    transaction.execute(old.bind(account).bind(purpose.stored())).await?;
    let email = if let Purpose::Email(email) = purpose { Some(email.as_str()) } else { None };
    let new = sql("insert into tokens (hash, account_id, purpose, email, expires_at_ms) \
         values ($1, $2, $3, $4, $5)")
    .bind(hash(&token))
    .bind(account)
    .bind(purpose.stored())
    .bind(email)
    .bind(now_ms() + purpose.lifetime_ms());
    transaction.execute(new).await?;
    Ok(token)
}

/// Makes the links useless that could change who holds the account.
pub(super) async fn revoke(transaction: &mut Transaction, account: AccountId) -> Result<(), Fault> {
    let revoked = sql("delete from tokens where account_id = $1 and purpose in ('reset', 'email')");
    transaction.execute(revoked.bind(account)).await?;
    Ok(())
}

pub(super) fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}
