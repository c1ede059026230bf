//! The ledger: append-only double entries, an account's activity, and the proof that the books are whole.

mod movement;
mod proof;

pub use domain::ledger::{Entry, Filter, Kind, Page};
use domain::{AccountId, PurchaseKey};

pub(crate) use movement::{adjust, grant, pay, take_back};
pub use proof::{Books, verify};

use crate::database::{Row, Statement, sql};
use crate::error::{Error, Fault};
use crate::store::Store;

/// How many entries one page of an account's activity shows.
pub const PAGE_SIZE: usize = 50;
/// How many entries [`all`] answers at most.
pub const MOST_LISTED: i64 = 10_000;

/// An account's activity, newest first, [`PAGE_SIZE`] at a time; `before` is the [`Page::next`] of the page above.
///
/// # Errors
/// Only faults.
pub async fn entries(
    store: &Store,
    account: AccountId,
    filter: Filter,
    before: Option<i64>,
) -> Result<Page, Error> {
    let statement = page(account, filter, before.unwrap_or(i64::MAX), PAGE_SIZE as i64 + 1);
    let mut rows = store.database().all(statement).await?;
    let more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let next = rows.last().filter(|_| more).map(|row| row.get("number")).transpose()?;
    let entries = rows.iter().map(entry).collect::<Result<_, _>>()?;
    Ok(Page { entries, next })
}

/// An account's activity in one piece, newest first, at most [`MOST_LISTED`] entries.
///
/// # Errors
/// Only faults.
pub async fn all(store: &Store, account: AccountId) -> Result<Vec<Entry>, Error> {
    let rows = store.database().all(newest(account, MOST_LISTED)).await?;
    Ok(rows.iter().map(entry).collect::<Result<_, _>>()?)
}

pub(crate) fn newest(account: AccountId, limit: i64) -> Statement {
    page(account, Filter::All, i64::MAX, limit)
}

/// The newest `$3` entries of account `$1` before number `$2`.
macro_rules! page {
    ($filter:literal) => {
        concat!(
            "select l.number, l.at_ms, l.kind, l.amount_cents, l.balance_after_cents, p.card_name, \
                 p.purchase_key, k.id as card_id, c.username as counterparty \
             from ledger l \
             left join purchases p on p.id = l.movement_id \
             left join cards k on k.id = p.card_id \
             left join accounts c on c.id = case l.kind when 'sold' then p.buyer_id else p.seller_id end \
             where l.account_id = $1 and l.number < $2",
            $filter,
            " order by l.number desc limit $3"
        )
    };
}

fn page(account: AccountId, filter: Filter, before: i64, limit: i64) -> Statement {
    sql(match filter {
        Filter::All => page!(""),
        Filter::Bought => page!(" and l.kind = 'bought'"),
        Filter::Sold => page!(" and l.kind = 'sold'"),
    })
    .bind(account)
    .bind(before)
    .bind(limit)
}

pub(crate) fn entry(row: &Row) -> Result<Entry, Fault> {
    let kind = match row.get::<String>("kind")?.as_str() {
        "granted" => Kind::Granted,
        "adjusted" => Kind::Adjusted,
        "returned" => Kind::Returned,
        "bought" => Kind::Bought,
        "sold" => Kind::Sold,
        other => return Err(Fault::new("an account has an entry of the house", other)),
    };
    // The receipt is the buyer's alone.
    let purchase = row.get::<Option<PurchaseKey>>("purchase_key")?.filter(|_| kind == Kind::Bought);
    Ok(Entry {
        at_ms: row.get("at_ms")?,
        kind,
        card: row.get("card_id")?,
        card_name: row.get("card_name")?,
        counterparty: row.get("counterparty")?,
        purchase,
        amount: row.get("amount_cents")?,
        balance_after: row.get("balance_after_cents")?,
    })
}
