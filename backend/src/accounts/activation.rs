//! Activation: the link that is mailed, what it grants once, and having it sent again.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{AccountId, EmailAddress, Money, Refusal, Username};
use sha2::{Digest as _, Sha256};

use crate::bytes::{hex, random};
use crate::clock::now_ms;
use crate::database::{Statement, Transaction, sql, transact};
use crate::error::{Error, Fault};
use crate::ledger;
use crate::mail::{self, Letter};
use crate::store::Store;

/// How long a link works, in milliseconds.
const LINK_LIFETIME_MS: i64 = 24 * 60 * 60 * 1000;
/// The shortest time between two mails of a kind to one account, in milliseconds.
const MAIL_COOLDOWN_MS: i64 = 60 * 1000;

/// Activates the account that the link's token was mailed to, and grants it [`Money::WELCOME_GRANT`]. Doing it
/// twice is the same success, and still one grant.
///
/// # Errors
/// [`Refusal::LinkUnknown`] or, after 24 hours, [`Refusal::LinkExpired`].
pub async fn activate(store: &Store, token: &str) -> Result<Username, Error> {
    let hash = hash(token);
    transact!(store, |transaction| {
        let now = now_ms();
        let found = sql("select a.id, a.username, t.expires_at_ms, t.used_at_ms \
                 from tokens t join accounts a on a.id = t.account_id \
                 where t.hash = $1 and t.purpose = 'activate'")
        .bind(hash.as_str());
        let row = transaction.maybe(found).await?.ok_or(Refusal::LinkUnknown)?;
        let username = super::username(&row)?;
        if row.get::<Option<i64>>("used_at_ms")?.is_some() {
            return Ok(username);
        }
        if row.get::<i64>("expires_at_ms")? <= now {
            return Err(Refusal::LinkExpired.into());
        }
        use_up(transaction, &hash, row.get("id")?, now).await?;
        Ok(username)
    })
}

async fn use_up(
    transaction: &mut Transaction,
    hash: &str,
    account: AccountId,
    now: i64,
) -> Result<(), Error> {
    let used = sql("update tokens set used_at_ms = $2 where hash = $1 and used_at_ms is null");
    transaction.execute(used.bind(hash).bind(now)).await?;
    let activated = sql("update accounts set activated_at_ms = $2 where id = $1 and activated_at_ms is null");
    // Of two that do this at once, one changes a row and grants.
    if transaction.execute(activated.bind(account).bind(now)).await? == 1 {
        ledger::grant(transaction, account, Money::WELCOME_GRANT, now).await?;
    }
    Ok(())
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
    let owner = sql("select id, username, email, activated_at_ms from accounts where email_key = $1");
    let Some(row) = transaction.maybe(owner.bind(email.normalised())).await? else { return Ok(()) };
    let account: AccountId = row.get("id")?;
    let username = super::username(&row)?;
    let email = EmailAddress::parse(&row.get::<String>("email")?)
        .map_err(|refusal| Fault::new("a stored address is unusable", refusal.sentence()))?;
    if row.get::<Option<i64>>("activated_at_ms")?.is_none() {
        let turn = sql("update accounts set activation_mail_at_ms = $2 \
             where id = $1 and activated_at_ms is null and activation_mail_at_ms <= $3");
        if takes_turn(transaction, turn, account).await? {
            send_link(store, transaction, account, &username, &email).await?;
        }
    } else {
        let turn = sql("update accounts set reminder_mail_at_ms = $2 \
             where id = $1 and reminder_mail_at_ms <= $3");
        if takes_turn(transaction, turn, account).await? {
            let link = format!("{}/login", store.public_url());
            mail::enqueue(transaction, &Letter::reminder(&email, &username, link)).await?;
        }
    }
    Ok(())
}

async fn takes_turn(
    transaction: &mut Transaction,
    turn: Statement,
    account: AccountId,
) -> Result<bool, Fault> {
    let now = now_ms();
    Ok(transaction.execute(turn.bind(account).bind(now).bind(now - MAIL_COOLDOWN_MS)).await? == 1)
}

/// Replaces the account's unused links by a new one and enqueues the mail that carries it.
pub(super) async fn send_link(
    store: &Store,
    transaction: &mut Transaction,
    account: AccountId,
    username: &Username,
    email: &EmailAddress,
) -> Result<(), Error> {
    let token = new_token();
    let old = sql("delete from tokens where account_id = $1 and purpose = 'activate' and used_at_ms is null");
    transaction.execute(old.bind(account)).await?;
    let new = sql("insert into tokens (hash, account_id, purpose, expires_at_ms) \
         values ($1, $2, 'activate', $3)")
    .bind(hash(&token))
    .bind(account)
    .bind(now_ms() + LINK_LIFETIME_MS);
    transaction.execute(new).await?;
    let link = format!("{}/activate?token={token}", store.public_url());
    mail::enqueue(transaction, &Letter::activation(email, username, link)).await?;
    Ok(())
}

/// 256 random bits in letters that a URL leaves alone.
fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(random::<32>())
}

fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}
