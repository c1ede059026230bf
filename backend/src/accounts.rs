//! Accounts: registering, signing in, and what a signed-in person sees and changes of their own account.

mod activation;
mod addresses;
mod exporting;
mod leaving;
mod links;
mod passwords;
mod standing;

use domain::notification::COUNTED_UP_TO;
use domain::{AccountDetails, AccountId, EmailAddress, Password, Profile, Refusal, Username};
use uuid::Uuid;

pub use activation::{activate, resend_activation};
pub use addresses::{change_email, confirm_email};
pub use exporting::{MOST_EXPORTED, export};
pub use leaving::delete;
pub use passwords::{ask_for_reset, change_password, reset_password};

pub(crate) use activation::{activate_account, send_link};
pub(crate) use standing::must_be_active;

use crate::clock::now_ms;
use crate::database::{Row, Statement, Transaction, sql, transact};
use crate::error::{Error, Fault};
use crate::store::Store;

/// What a stranger asks for.
#[derive(Clone, Debug)]
pub struct Registration {
    pub username: Username,
    pub email: EmailAddress,
    pub password: Password,
}

/// Makes an account that waits for its activation, and mails the link. An address that already has an account
/// gets a mail that says so instead; the answer is the same, so that nobody learns who is registered.
///
/// # Errors
/// [`Refusal::UsernameTaken`]: usernames are public anyway.
pub async fn register(store: &Store, registration: Registration) -> Result<(), Error> {
    let password_hash = store.passwords().hash(&registration.password).await?;
    let Registration { username, email, .. } = &registration;
    transact!(store, |transaction| {
        let id = AccountId::from(Uuid::now_v7());
        let inserted = insert(transaction, id, username, email, &password_hash).await?;
        if inserted {
            return send_link(store, transaction, id, username, email).await;
        }
        let taken = sql("select id from accounts where username_key = $1").bind(username.normalised());
        if transaction.maybe(taken).await?.is_some() {
            return Err(Refusal::UsernameTaken.into());
        }
        activation::write_to_owner(store, transaction, email).await
    })?;
    store.post().nudge();
    Ok(())
}

async fn insert(
    transaction: &mut Transaction,
    id: AccountId,
    username: &Username,
    email: &EmailAddress,
    password_hash: &str,
) -> Result<bool, Fault> {
    let statement = sql("insert into accounts \
         (id, username, username_key, email, email_key, password_hash, created_at_ms, activation_mail_at_ms) \
         values ($1, $2, $3, $4, $5, $6, $7, $7) on conflict do nothing")
    .bind(id)
    .bind(username.as_str())
    .bind(username.normalised())
    .bind(email.as_str())
    .bind(email.normalised())
    .bind(password_hash)
    .bind(now_ms());
    Ok(transaction.execute(statement).await? == 1)
}

/// Answers whose name and password these are. An unknown name takes as long as a wrong password.
///
/// # Errors
/// [`Refusal::WrongCredentials`]; to somebody who knew the password, [`Refusal::NotActivated`] or
/// [`Refusal::Suspended`].
pub async fn sign_in(store: &Store, username_or_email: &str, password: &str) -> Result<AccountId, Error> {
    let account = find_by_name(store, username_or_email).await?;
    let stored = account.as_ref().map(|row| row.get("password_hash")).transpose()?;
    let matches = store.passwords().verify(password, stored).await?;
    let Some(account) = account.filter(|_| matches) else {
        return Err(Refusal::WrongCredentials.into());
    };
    if account.get::<Option<i64>>("activated_at_ms")?.is_none() {
        return Err(Refusal::NotActivated.into());
    }
    if account.get::<Option<i64>>("suspended_at_ms")?.is_some() {
        return Err(Refusal::Suspended.into());
    }
    Ok(account.get("id")?)
}

/// A username cannot hold an `@`, an address cannot do without.
async fn find_by_name(store: &Store, name: &str) -> Result<Option<Row>, Fault> {
    let by_name = if name.contains('@') {
        sql("select id, password_hash, activated_at_ms, suspended_at_ms from accounts \
             where email_key = $1 and deleted_at_ms is null")
    } else {
        sql("select id, password_hash, activated_at_ms, suspended_at_ms from accounts \
             where username_key = $1 and deleted_at_ms is null")
    };
    store.database().maybe(by_name.bind(name.trim().to_ascii_lowercase())).await
}

/// The header of every signed-in page; `None` when there is no such active account (any more).
///
/// # Errors
/// Only faults.
pub async fn profile(store: &Store, account: AccountId) -> Result<Option<Profile>, Error> {
    let row = store.database().maybe(profile_of(account)).await?;
    Ok(row.map(|row| read_profile(&row, account)).transpose()?)
}

pub(crate) fn profile_of(account: AccountId) -> Statement {
    sql("select username, balance_cents, (select count(*) from \
             (select 1 from notifications where account_id = $1 and read_at_ms is null limit $2) as counted) \
             as unread, \
             (select coalesce(max(number), 0) from notifications where account_id = $1) as newest \
         from accounts where id = $1 and activated_at_ms is not null and suspended_at_ms is null \
             and deleted_at_ms is null")
    .bind(account)
    .bind(COUNTED_UP_TO)
}

pub(crate) fn read_profile(row: &Row, account: AccountId) -> Result<Profile, Fault> {
    Ok(Profile {
        id: account,
        username: username(row)?,
        balance: row.get("balance_cents")?,
        unread: row.get("unread")?,
        newest: row.get("newest")?,
    })
}

/// The account's own page; `None` when there is no such active account (any more).
///
/// # Errors
/// Only faults.
pub async fn details(store: &Store, account: AccountId) -> Result<Option<AccountDetails>, Error> {
    let statement = sql("select username, email, created_at_ms from accounts \
         where id = $1 and activated_at_ms is not null and suspended_at_ms is null and deleted_at_ms is null")
    .bind(account);
    Ok(store.database().maybe(statement).await?.map(|row| details_of(&row)).transpose()?)
}

fn details_of(row: &Row) -> Result<AccountDetails, Fault> {
    Ok(AccountDetails {
        username: username(row)?,
        email: address(row, "email")?,
        created_at_ms: row.get("created_at_ms")?,
    })
}

pub(crate) fn username(row: &Row) -> Result<Username, Fault> {
    let text: String = row.get("username")?;
    Username::parse(&text)
        .map_err(|refusal| Fault::new("a stored username is unusable", format!("{refusal:?}")))
}

pub(crate) fn address(row: &Row, column: &str) -> Result<EmailAddress, Fault> {
    let text: String = row.get(column)?;
    EmailAddress::parse(&text)
        .map_err(|refusal| Fault::new("a stored address is unusable", format!("{refusal:?}")))
}
