//! Addresses: moving an account to another e-mail address, which proves itself first.

use domain::{AccountId, EmailAddress, Refusal, Username};

use super::links::{self, MAIL_COOLDOWN_MS, Purpose, takes_turn};
use super::{activation, must_be_active, passwords};
use crate::clock::now_ms;
use crate::database::{Transaction, sql, transact};
use crate::error::{Error, Fault};
use crate::mail::{self, Letter};
use crate::store::Store;

/// Mails a link to the new address; the account moves there when it is opened. When another account has that
/// address, its owner is told instead; the answer is the same, so that nobody learns who is registered.
///
/// # Errors
/// [`Refusal::PasswordWrong`], [`Refusal::TooManyTries`] within a minute of the last such mail,
/// [`Refusal::Suspended`] or [`Refusal::SignedOut`].
pub async fn change_email(
    store: &Store,
    account: AccountId,
    password: &str,
    email: EmailAddress,
) -> Result<(), Error> {
    passwords::prove(store, account, password).await?;
    transact!(store, |transaction| {
        let turn =
            sql("update accounts set confirm_mail_at_ms = $2 where id = $1 and confirm_mail_at_ms <= $3");
        if !takes_turn(transaction, turn, account).await? {
            return Err(waiting(transaction, account).await?.into());
        }
        must_be_active(transaction, account).await?;
        match links::owner_of(transaction, &email).await? {
            Some(owner) if owner.id != account => {
                activation::write_to_owner(store, transaction, &email).await
            }
            _ => send_link(store, transaction, account, &email).await,
        }
    })?;
    store.post().nudge();
    Ok(())
}

async fn waiting(transaction: &mut Transaction, account: AccountId) -> Result<Refusal, Fault> {
    let last = sql("select confirm_mail_at_ms from accounts where id = $1 and deleted_at_ms is null");
    let Some(row) = transaction.maybe(last.bind(account)).await? else { return Ok(Refusal::SignedOut) };
    let ends_at_ms = row.get::<i64>("confirm_mail_at_ms")? + MAIL_COOLDOWN_MS;
    let seconds = (ends_at_ms - now_ms()).max(1).unsigned_abs().div_ceil(1000);
    Ok(Refusal::TooManyTries { seconds })
}

async fn send_link(
    store: &Store,
    transaction: &mut Transaction,
    account: AccountId,
    email: &EmailAddress,
) -> Result<(), Error> {
    let token = links::new_token(transaction, account, Purpose::Email(email)).await?;
    let username = username_of(transaction, account).await?;
    let link = format!("{}/account/email?token={token}", store.public_url());
    mail::enqueue(transaction, &Letter::confirm_email(store.language(), email, &username, link)).await?;
    Ok(())
}

async fn username_of(transaction: &mut Transaction, account: AccountId) -> Result<Username, Error> {
    let named = sql("select username from accounts where id = $1").bind(account);
    Ok(super::username(&transaction.maybe(named).await?.ok_or(Refusal::SignedOut)?)?)
}

/// Moves the account to the address that the link's token was mailed to, and tells the old one. Doing it twice is
/// the same success.
///
/// # Errors
/// [`Refusal::LinkUnknown`], also when another account took the address meanwhile; after 24 hours,
/// [`Refusal::LinkExpired`].
pub async fn confirm_email(store: &Store, token: &str) -> Result<AccountId, Error> {
    let hash = links::hash(token);
    let account = transact!(store, |transaction| {
        let now = now_ms();
        let found = sql("select t.account_id, t.email as new_email, t.expires_at_ms, t.used_at_ms, \
                 a.username, a.email from tokens t join accounts a on a.id = t.account_id \
                 where t.hash = $1 and t.purpose = 'email' and a.deleted_at_ms is null")
        .bind(hash.as_str());
        let row = transaction.maybe(found).await?.ok_or(Refusal::LinkUnknown)?;
        let account: AccountId = row.get("account_id")?;
        if row.get::<Option<i64>>("used_at_ms")?.is_some() {
            return Ok(account);
        }
        if row.get::<i64>("expires_at_ms")? <= now {
            return Err(Refusal::LinkExpired.into());
        }
        let used = sql("update tokens set used_at_ms = $2 where hash = $1 and used_at_ms is null");
        if transaction.execute(used.bind(hash.as_str()).bind(now)).await? == 0 {
            return Err(Fault::contended(None).into());
        }
        let email = super::address(&row, "new_email")?;
        move_to(transaction, account, &email).await?;
        let link = format!("{}/account", store.public_url());
        let notice = Letter::email_changed(
            store.language(),
            &super::address(&row, "email")?,
            &super::username(&row)?,
            link,
        );
        mail::enqueue(transaction, &notice).await?;
        Ok(account)
    })?;
    store.post().nudge();
    Ok(account)
}

async fn move_to(
    transaction: &mut Transaction,
    account: AccountId,
    email: &EmailAddress,
) -> Result<(), Error> {
    let moved = sql("update accounts set email = $2, email_key = $3 \
         where id = $1 and deleted_at_ms is null \
         and not exists (select 1 from accounts where email_key = $3 and id <> $1)")
    .bind(account)
    .bind(email.as_str())
    .bind(email.normalised());
    if transaction.execute(moved).await? == 1 { Ok(()) } else { Err(Refusal::LinkUnknown.into()) }
}
