//! The ledger: append-only double entries, an account's activity, and the proof that the books are whole.

mod movement;
mod proof;

use domain::{AccountId, Money};

pub(crate) use movement::{grant, pay};
pub use proof::{Books, verify};

use crate::database::{Row, sql};
use crate::error::{Error, Fault};
use crate::store::Store;

/// How many entries one page of an account's activity shows.
pub const PAGE_SIZE: usize = 50;

/// What an entry was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Granted,
    Bought,
    Sold,
}

/// One movement of money as its account sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// UTC milliseconds.
    pub at_ms: i64,
    pub kind: Kind,
    /// The card's name at that time; `None` for a grant.
    pub card_name: Option<String>,
    /// The other account's username; `None` for a grant.
    pub counterparty: Option<String>,
    /// Negative when it left the account.
    pub amount: Money,
    /// The account's balance right after it.
    pub balance_after: Money,
}

/// Entries, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub entries: Vec<Entry>,
    /// What to ask for as `before` to go on; `None` on the last page.
    pub next: Option<i64>,
}

/// An account's activity, newest first, [`PAGE_SIZE`] at a time; `before` is the [`Page::next`] of the page above.
///
/// # Errors
/// Only faults.
pub async fn entries(store: &Store, account: AccountId, before: Option<i64>) -> Result<Page, Error> {
    let statement =
        sql("select l.number, l.at_ms, l.kind, l.amount_cents, l.balance_after_cents, p.card_name, \
             c.username as counterparty \
         from ledger l \
         left join purchases p on p.id = l.movement_id \
         left join accounts c on c.id = case l.kind when 'sold' then p.buyer_id else p.seller_id end \
         where l.account_id = $1 and l.number < $2 order by l.number desc limit $3")
        .bind(account)
        .bind(before.unwrap_or(i64::MAX))
        .bind(PAGE_SIZE as i64 + 1);
    let mut rows = store.database().all(statement).await?;
    let more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let next = rows.last().filter(|_| more).map(|row| row.get("number")).transpose()?;
    let entries = rows.iter().map(entry).collect::<Result<_, _>>()?;
    Ok(Page { entries, next })
}

fn entry(row: &Row) -> Result<Entry, Fault> {
    let kind = match row.get::<String>("kind")?.as_str() {
        "granted" => Kind::Granted,
        "bought" => Kind::Bought,
        "sold" => Kind::Sold,
        other => return Err(Fault::new("an account has an entry of the house", other)),
    };
    Ok(Entry {
        at_ms: row.get("at_ms")?,
        kind,
        card_name: row.get("card_name")?,
        counterparty: row.get("counterparty")?,
        amount: row.get("amount_cents")?,
        balance_after: row.get("balance_after_cents")?,
    })
}
