//! What operators do: help people into their accounts, keep bad ones out, and correct balances. Each act is written
//! down in the same transaction.

use domain::{AccountId, CardId, Event, Money, Refusal, Username};
use uuid::Uuid;

use crate::clock::now_ms;
use crate::database::{Row, Transaction, sql, transact};
use crate::error::{Error, Fault};
use crate::store::Store;
use crate::{accounts, ledger};

/// Whose account this is, by username or address.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn find(store: &Store, username_or_email: &str) -> Result<AccountId, Error> {
    transact!(store, |transaction| Ok(Person::find(transaction, username_or_email).await?.id))
}

/// Activates an account whose mail does not arrive, with the welcome grant.
///
/// # Errors
/// [`Refusal::NotFound`] or [`Refusal::AlreadyActivated`].
pub async fn activate(store: &Store, username_or_email: &str) -> Result<Username, Error> {
    let (username, event) = transact!(store, |transaction| {
        let person = Person::find(transaction, username_or_email).await?;
        let now = now_ms();
        let event = accounts::activate_account(transaction, person.id, now).await?;
        let event = event.ok_or(Refusal::AlreadyActivated)?;
        write_down(transaction, "activate", person.id, None, None).await?;
        Ok((person.username, event))
    })?;
    store.tell([event]);
    Ok(username)
}

/// Mails a new activation link at once; the old one stops working.
///
/// # Errors
/// [`Refusal::NotFound`] or [`Refusal::AlreadyActivated`].
pub async fn resend_activation(store: &Store, username_or_email: &str) -> Result<Username, Error> {
    let username = transact!(store, |transaction| {
        let person = Person::find(transaction, username_or_email).await?;
        let turn = sql("update accounts set activation_mail_at_ms = $2 \
             where id = $1 and activated_at_ms is null and deleted_at_ms is null")
        .bind(person.id)
        .bind(now_ms());
        if transaction.execute(turn).await? == 0 {
            return Err(Refusal::AlreadyActivated.into());
        }
        let address = sql("select email from accounts where id = $1").bind(person.id);
        let row = transaction.maybe(address).await?.ok_or(Refusal::NotFound)?;
        let email = accounts::address(&row, "email")?;
        accounts::send_link(store, transaction, person.id, &person.username, &email).await?;
        write_down(transaction, "resend-activation", person.id, None, None).await?;
        Ok(person.username)
    })?;
    store.post().nudge();
    Ok(username)
}

/// Suspends an account: nobody signs in to it, its cards are hidden, and nothing is bought or sold. Suspending it
/// twice is the same success.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn suspend(store: &Store, username_or_email: &str) -> Result<Username, Error> {
    let (username, events) = transact!(store, |transaction| {
        let person = Person::find(transaction, username_or_email).await?;
        let suspended = sql("update accounts set suspended_at_ms = $2 \
             where id = $1 and suspended_at_ms is null and deleted_at_ms is null")
        .bind(person.id)
        .bind(now_ms());
        transaction.execute(suspended).await?;
        let hidden = sql("update cards set hidden = 'suspended' where owner_id = $1 and hidden is null \
             returning id, price_cents");
        let events =
            listings(&transaction.all(hidden.bind(person.id)).await?, |card| Event::OffSale { card })?;
        write_down(transaction, "suspend", person.id, None, None).await?;
        Ok((person.username, events))
    })?;
    store.tell(events);
    Ok(username)
}

/// Ends a suspension; the account's listings are on the market again. Doing it twice is the same success.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn reinstate(store: &Store, username_or_email: &str) -> Result<Username, Error> {
    let (username, events) = transact!(store, |transaction| {
        let person = Person::find(transaction, username_or_email).await?;
        let reinstated = sql("update accounts set suspended_at_ms = null where id = $1").bind(person.id);
        transaction.execute(reinstated).await?;
        let shown = sql("update cards set hidden = null where owner_id = $1 and hidden = 'suspended' \
             returning id, price_cents");
        let events = listings(&transaction.all(shown.bind(person.id)).await?, |card| Event::Listed { card })?;
        write_down(transaction, "reinstate", person.id, None, None).await?;
        Ok((person.username, events))
    })?;
    store.tell(events);
    Ok(username)
}

fn listings(cards: &[Row], event: impl Fn(CardId) -> Event) -> Result<Vec<Event>, Fault> {
    let mut events = Vec::new();
    for row in cards {
        if row.get::<Option<Money>>("price_cents")?.is_some() {
            events.push(event(row.get("id")?));
        }
    }
    Ok(events)
}

/// Takes a card off the market for good: only its owner sees it, and nobody can put it on sale again.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn take_down(store: &Store, card: CardId) -> Result<(), Error> {
    transact!(store, |transaction| {
        let taken = sql("update cards set hidden = 'taken-down', price_cents = null, listed_at_ms = null, \
                 version = version + 1 where id = $1 returning owner_id")
        .bind(card);
        let row = transaction.maybe(taken).await?.ok_or(Refusal::NotFound)?;
        write_down(transaction, "take-down", row.get("owner_id")?, Some(card), None).await
    })?;
    store.tell([Event::OffSale { card }]);
    Ok(())
}

/// Gives an account money, or takes it when the amount is negative; answers its balance.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::PriceOutOfRange`] for nothing, or more than a card can cost;
/// [`Refusal::Short`] when it does not hold as much.
pub async fn adjust(store: &Store, username_or_email: &str, amount: Money) -> Result<Money, Error> {
    let bound = Money::HIGHEST_PRICE.cents();
    if amount == Money::ZERO || !(-bound..=bound).contains(&amount.cents()) {
        return Err(Refusal::PriceOutOfRange.into());
    }
    let (account, balance) = transact!(store, |transaction| {
        let person = Person::find(transaction, username_or_email).await?;
        let balance = ledger::adjust(transaction, person.id, amount, now_ms()).await?;
        write_down(transaction, "adjust", person.id, None, Some(amount)).await?;
        Ok((person.id, balance))
    })?;
    store.tell([Event::Balance { account }]);
    Ok(balance)
}

/// Copies the database as of one moment into a new file, while others read and write.
///
/// # Errors
/// Only faults, also on PostgreSQL: it has tools of its own.
pub async fn backup(store: &Store, file: &str) -> Result<(), Error> {
    Ok(store.database().copy_to(file).await?)
}

/// Whether the database takes what is written: asks it to change nothing.
///
/// # Errors
/// Only faults.
pub async fn can_write(store: &Store) -> Result<(), Error> {
    transact!(store, |transaction| {
        transaction.execute(sql("update accounts set entries = entries where id = ''")).await?;
        Ok(())
    })
}

struct Person {
    id: AccountId,
    username: Username,
}

impl Person {
    async fn find(transaction: &mut Transaction, username_or_email: &str) -> Result<Self, Error> {
        let by_name = if username_or_email.contains('@') {
            sql("select id, username from accounts where email_key = $1 and deleted_at_ms is null")
        } else {
            sql("select id, username from accounts where username_key = $1 and deleted_at_ms is null")
        };
        let found = by_name.bind(username_or_email.trim().to_ascii_lowercase());
        let row = transaction.maybe(found).await?.ok_or(Refusal::NotFound)?;
        Ok(Self { id: row.get("id")?, username: accounts::username(&row)? })
    }
}

async fn write_down(
    transaction: &mut Transaction,
    act: &'static str,
    account: AccountId,
    card: Option<CardId>,
    amount: Option<Money>,
) -> Result<(), Error> {
    let written = sql("insert into operations (id, act, account_id, card_id, amount_cents, at_ms) \
         values ($1, $2, $3, $4, $5, $6)")
    .bind(Uuid::now_v7().to_string())
    .bind(act)
    .bind(account)
    .bind(card)
    .bind(amount)
    .bind(now_ms());
    transaction.execute(written).await?;
    Ok(())
}
