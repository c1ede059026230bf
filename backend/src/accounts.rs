//! Accounts: registering, signing in, and what a signed-in person sees of their own account.

mod activation;

use domain::{AccountId, EmailAddress, Password, Profile, Refusal, Username};
use uuid::Uuid;

pub use activation::{activate, resend_activation};

use crate::clock::now_ms;
use crate::database::{Row, Transaction, sql, transact};
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
            return activation::send_link(store, transaction, id, username, email).await;
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
/// [`Refusal::WrongCredentials`], or [`Refusal::NotActivated`] to somebody who knew the password.
pub async fn sign_in(store: &Store, username_or_email: &str, password: &str) -> Result<AccountId, Error> {
    let account = find_by_name(store, username_or_email).await?;
    // What could never have been registered is not worth more than the usual work.
    let password = if Password::parse(password).is_ok() { password } else { "" };
    let stored = account.as_ref().map(|row| row.get("password_hash")).transpose()?;
    let matches = store.passwords().verify(password, stored).await?;
    let Some(account) = account.filter(|_| matches) else {
        return Err(Refusal::WrongCredentials.into());
    };
    match account.get::<Option<i64>>("activated_at_ms")? {
        None => Err(Refusal::NotActivated.into()),
        Some(_) => Ok(account.get("id")?),
    }
}

/// A username cannot hold an `@`, an address cannot do without.
async fn find_by_name(store: &Store, name: &str) -> Result<Option<Row>, Fault> {
    let by_name = if name.contains('@') {
        sql("select id, password_hash, activated_at_ms from accounts where email_key = $1")
    } else {
        sql("select id, password_hash, activated_at_ms from accounts where username_key = $1")
    };
    store.database().maybe(by_name.bind(name.trim().to_ascii_lowercase())).await
}

/// The header of every signed-in page; `None` when there is no such active account (any more).
///
/// # Errors
/// Only faults.
pub async fn profile(store: &Store, account: AccountId) -> Result<Option<Profile>, Error> {
    let statement =
        sql("select username, balance_cents from accounts where id = $1 and activated_at_ms is not null")
            .bind(account);
    let Some(row) = store.database().maybe(statement).await? else { return Ok(None) };
    Ok(Some(Profile { id: account, username: username(&row)?, balance: row.get("balance_cents")? }))
}

fn username(row: &Row) -> Result<Username, Fault> {
    let text: String = row.get("username")?;
    Username::parse(&text).map_err(|refusal| Fault::new("a stored username is unusable", refusal.sentence()))
}
