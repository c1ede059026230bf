//! Leaving: what goes with an account, and what stays of it so that everybody else's books remain whole.

use domain::{AccountId, CardId, Event, Money, Refusal};

use super::passwords;
use crate::clock::now_ms;
use crate::database::{Transaction, sql, transact};
use crate::error::{Error, Fault};
use crate::ledger;
use crate::store::Store;

/// Deletes an account: its listings end, its cards go with their pictures (at the next sweep), its balance returns
/// to the house, its name and address are forgotten, and nobody signs in to it again. Ledger and purchases stay,
/// under a name that says nothing.
///
/// # Errors
/// [`Refusal::PasswordWrong`], or [`Refusal::SignedOut`] when there is no such active account (any more).
pub async fn delete(store: &Store, account: AccountId, password: &str) -> Result<(), Error> {
    passwords::prove(store, account, password).await?;
    let events = transact!(store, |transaction| {
        // Cards before the account, as a purchase locks them; then what came in until the account was locked.
        let mut events = drop_cards(transaction, account).await?;
        forget(transaction, account).await?;
        events.extend(drop_cards(transaction, account).await?);
        drop_the_rest(transaction, account).await?;
        Ok(events)
    })?;
    store.tell(events);
    Ok(())
}

/// The row stays, empty: of money and of whatever says whose it was.
async fn forget(transaction: &mut Transaction, account: AccountId) -> Result<(), Error> {
    let now = now_ms();
    let held =
        sql("select balance_cents from accounts where id = $1 and deleted_at_ms is null").bind(account);
    let row = transaction.maybe(held).await?.ok_or(Refusal::SignedOut)?;
    let balance: Money = row.get("balance_cents")?;
    if balance > Money::ZERO {
        ledger::take_back(transaction, account, balance, now).await?;
    }
    let forgotten =
        sql("update accounts set username = $2, username_key = $2, email = null, email_key = null, \
             password_hash = null, deleted_at_ms = $3 \
         where id = $1 and deleted_at_ms is null and balance_cents = 0")
        .bind(account)
        .bind(nameless(account))
        .bind(now);
    // A sale came in between the look and here.
    if transaction.execute(forgotten).await? == 0 {
        return Err(Fault::contended(None).into());
    }
    Ok(())
}

/// A username like any other, of the id's last 64 bits, which are random.
fn nameless(account: AccountId) -> String {
    let id = account.to_string().replace('-', "");
    format!("deleted-{}", &id[16..])
}

async fn drop_cards(transaction: &mut Transaction, account: AccountId) -> Result<Vec<Event>, Fault> {
    let pictures = sql("update uploads set state = 'dropped' \
         where id in (select upload_id from cards where owner_id = $1)");
    transaction.execute(pictures.bind(account)).await?;
    let cards = sql("delete from cards where owner_id = $1 returning id, price_cents").bind(account);
    let mut events = Vec::new();
    for row in transaction.all(cards).await? {
        let card: CardId = row.get("id")?;
        if row.get::<Option<Money>>("price_cents")?.is_some() {
            events.push(Event::OffSale { card });
        }
    }
    Ok(events)
}

async fn drop_the_rest(transaction: &mut Transaction, account: AccountId) -> Result<(), Fault> {
    for kept_for_the_account in [
        "delete from tokens where account_id = $1",
        "delete from watches where account_id = $1",
        "delete from notifications where account_id = $1",
        "delete from inboxes where account_id = $1",
    ] {
        transaction.execute(sql(kept_for_the_account).bind(account)).await?;
    }
    Ok(())
}
