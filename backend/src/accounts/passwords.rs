//! Passwords of accounts: proving the current one, changing it, and choosing a new one by mail.

use domain::{AccountId, EmailAddress, Password, Refusal};

use super::links::{self, Purpose, takes_turn};
use super::{activation, must_be_active};
use crate::clock::now_ms;
use crate::database::{Row, sql, transact};
use crate::error::Error;
use crate::mail::{self, Letter};
use crate::store::Store;

/// Mails a link to a new password to whoever has this address; to an account that waits for its activation, the
/// link that activates it. At most one mail a minute, and the same answer for every address.
///
/// # Errors
/// Only faults.
pub async fn ask_for_reset(store: &Store, email: EmailAddress) -> Result<(), Error> {
    transact!(store, |transaction| {
        let Some(owner) = links::owner_of(transaction, &email).await? else { return Ok(()) };
        if !owner.activated {
            return activation::send_link_again(store, transaction, &owner).await;
        }
        let turn = sql("update accounts set reset_mail_at_ms = $2 where id = $1 and reset_mail_at_ms <= $3");
        if takes_turn(transaction, turn, owner.id).await? {
            let token = links::new_token(transaction, owner.id, Purpose::Reset).await?;
            let link = format!("{}/reset?token={token}", store.public_url());
            mail::enqueue(transaction, &Letter::reset(store.language(), &owner.email, &owner.username, link))
                .await?;
        }
        Ok(())
    })?;
    store.post().nudge();
    Ok(())
}

/// Gives the account that the link's token was mailed to a new password, once per link; other links that could
/// change who holds the account stop working. Answers whose sessions are to end.
///
/// # Errors
/// [`Refusal::LinkUnknown`], also for a used one; after an hour, [`Refusal::LinkExpired`].
pub async fn reset_password(store: &Store, token: &str, password: Password) -> Result<AccountId, Error> {
    let hash = links::hash(token);
    let found = || {
        sql("select account_id, expires_at_ms from tokens where hash = $1 and purpose = 'reset'")
            .bind(hash.as_str())
    };
    // Looked at first, so that a guessed link does not cost a hash.
    usable(store.database().maybe(found()).await?)?;
    let password_hash = store.passwords().hash(&password).await?;
    transact!(store, |transaction| {
        let account = usable(transaction.maybe(found()).await?)?;
        let used = sql("delete from tokens where hash = $1 and purpose = 'reset'").bind(hash.as_str());
        if transaction.execute(used).await? == 0 {
            return Err(Refusal::LinkUnknown.into());
        }
        let reset = sql("update accounts set password_hash = $2 where id = $1 and deleted_at_ms is null")
            .bind(account)
            .bind(password_hash.as_str());
        if transaction.execute(reset).await? == 0 {
            return Err(Refusal::LinkUnknown.into());
        }
        links::revoke(transaction, account).await?;
        Ok(account)
    })
}

fn usable(link: Option<Row>) -> Result<AccountId, Error> {
    let row = link.ok_or(Refusal::LinkUnknown)?;
    if row.get::<i64>("expires_at_ms")? <= now_ms() {
        return Err(Refusal::LinkExpired.into());
    }
    Ok(row.get("account_id")?)
}

/// Changes the password of somebody who knows it; links that were mailed before stop working.
///
/// # Errors
/// [`Refusal::PasswordWrong`]; [`Refusal::Suspended`] or [`Refusal::SignedOut`].
pub async fn change_password(
    store: &Store,
    account: AccountId,
    current: &str,
    password: Password,
) -> Result<(), Error> {
    let known = prove(store, account, current).await?;
    let password_hash = store.passwords().hash(&password).await?;
    transact!(store, |transaction| {
        // Of two that knew the same password, the second does not know it any more.
        let changed = sql("update accounts set password_hash = $3 where id = $1 and password_hash = $2")
            .bind(account)
            .bind(known.as_str())
            .bind(password_hash.as_str());
        if transaction.execute(changed).await? == 0 {
            return Err(Refusal::PasswordWrong.into());
        }
        links::revoke(transaction, account).await?;
        must_be_active(transaction, account).await
    })
}

/// Proves that whoever acts knows the account's password; answers its hash, for a condition.
///
/// # Errors
/// [`Refusal::PasswordWrong`], or [`Refusal::SignedOut`] when there is no such active account (any more).
pub(super) async fn prove(store: &Store, account: AccountId, password: &str) -> Result<String, Error> {
    let stored = sql("select password_hash from accounts \
         where id = $1 and activated_at_ms is not null and suspended_at_ms is null and deleted_at_ms is null")
    .bind(account);
    let row = store.database().maybe(stored).await?.ok_or(Refusal::SignedOut)?;
    let stored: String = row.get("password_hash")?;
    if store.passwords().verify(password, Some(stored.clone())).await? {
        Ok(stored)
    } else {
        Err(Refusal::PasswordWrong.into())
    }
}
