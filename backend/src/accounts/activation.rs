//! Activation: the link that is mailed, what it grants once, and having it sent again.

use domain::{AccountId, EmailAddress, Event, Money, Refusal, Username};

use super::links::{self, Purpose, takes_turn};
use crate::clock::now_ms;
use crate::database::{Transaction, sql, transact};
use crate::error::Error;
use crate::ledger;
use crate::mail::{self, Letter};
use crate::store::Store;

/// Activates the account that the link's token was mailed to, and grants it [`Money::WELCOME_GRANT`]. Doing it
/// twice is the same success, and still one grant.
///
/// # Errors
/// [`Refusal::LinkUnknown`] or, after 24 hours, [`Refusal::LinkExpired`].
pub async fn activate(store: &Store, token: &str) -> Result<Username, Error> {
    let hash = links::hash(token);
    let (username, event) = transact!(store, |transaction| {
        let now = now_ms();
        let found = sql("select a.id, a.username, t.expires_at_ms, t.used_at_ms \
                 from tokens t join accounts a on a.id = t.account_id \
                 where t.hash = $1 and t.purpose = 'activate'")
        .bind(hash.as_str());
        let row = transaction.maybe(found).await?.ok_or(Refusal::LinkUnknown)?;
        let username = super::username(&row)?;
        if row.get::<Option<i64>>("used_at_ms")?.is_some() {
            return Ok((username, None));
        }
        if row.get::<i64>("expires_at_ms")? <= now {
            return Err(Refusal::LinkExpired.into());
        }
        let used = sql("update tokens set used_at_ms = $2 where hash = $1 and used_at_ms is null");
        transaction.execute(used.bind(hash.as_str()).bind(now)).await?;
        Ok((username, activate_account(transaction, row.get("id")?, now).await?))
    })?;
    store.tell(event);
    Ok(username)
}

/// Activates an account and grants it the welcome; `None` when it was active already.
pub(crate) async fn activate_account(
    transaction: &mut Transaction,
    account: AccountId,
    now: i64,
) -> Result<Option<Event>, Error> {
    let activated = sql("update accounts set activated_at_ms = $2 where id = $1 and activated_at_ms is null");
    // Of two that do this at once, one changes a row and grants.
    if transaction.execute(activated.bind(account).bind(now)).await? == 0 {
        return Ok(None);
    }
    ledger::grant(transaction, account, Money::WELCOME_GRANT, now).await?;
    Ok(Some(Event::Balance { account }))
}

/// Mails a new link; the old one stops working. At most one mail a minute, and the same answer for every address.
///
/// # Errors
/// Only faults.
pub async fn resend_activation(store: &Store, email: EmailAddress) -> Result<(), Error> {
    transact!(store, |transaction| write_to_owner(store, transaction, &email).await)?;
    store.post().nudge();
    Ok(())
}

/// Writes to the account with this address, if there is one, and to the address as its owner wrote it: a new link
/// while it waits for activation, a reminder that it exists afterwards. Nothing during the cooldown.
pub(super) async fn write_to_owner(
    store: &Store,
    transaction: &mut Transaction,
    email: &EmailAddress,
) -> Result<(), Error> {
    let Some(owner) = links::owner_of(transaction, email).await? else { return Ok(()) };
    if !owner.activated {
        return send_link_again(store, transaction, &owner).await;
    }
    let turn =
        sql("update accounts set reminder_mail_at_ms = $2 where id = $1 and reminder_mail_at_ms <= $3");
    if takes_turn(transaction, turn, owner.id).await? {
        let link = format!("{}/login", store.public_url());
        mail::enqueue(transaction, &Letter::reminder(store.language(), &owner.email, &owner.username, link))
            .await?;
    }
    Ok(())
}

/// Unless one was sent within the cooldown.
pub(super) async fn send_link_again(
    store: &Store,
    transaction: &mut Transaction,
    owner: &links::Owner,
) -> Result<(), Error> {
    let turn = sql("update accounts set activation_mail_at_ms = $2 \
         where id = $1 and activated_at_ms is null and activation_mail_at_ms <= $3");
    if takes_turn(transaction, turn, owner.id).await? {
        send_link(store, transaction, owner.id, &owner.username, &owner.email).await?;
    }
    Ok(())
}

/// Replaces the account's unused links by a new one and enqueues the mail that carries it.
pub(crate) async fn send_link(
    store: &Store,
    transaction: &mut Transaction,
    account: AccountId,
    username: &Username,
    email: &EmailAddress,
) -> Result<(), Error> {
    let token = links::new_token(transaction, account, Purpose::Activate).await?;
    let link = format!("{}/activate?token={token}", store.public_url());
    mail::enqueue(transaction, &Letter::activation(store.language(), email, username, link)).await?;
    Ok(())
}
