//! The ledger: append-only double entries, their order per account, and the proof that the books are whole.

mod proof;

use domain::{AccountId, Money, PurchaseId, Refusal};
use uuid::Uuid;

pub use proof::{Books, verify};

use crate::database::{Row, Statement, Transaction, sql};
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

/// Gives an account money that did not exist before. At most once per account.
pub(crate) async fn grant(
    transaction: &mut Transaction,
    account: AccountId,
    amount: Money,
    at_ms: i64,
) -> Result<(), Error> {
    let movement = Uuid::now_v7().to_string();
    let minted =
        sql("insert into ledger (movement_id, kind, amount_cents, at_ms) values ($1, 'minted', $2, $3)")
            .bind(movement.as_str())
            .bind(-amount.cents())
            .bind(at_ms);
    transaction.execute(minted).await?;
    credit(transaction, &Movement { id: &movement, kind: "granted", amount, at_ms }, account).await
}

/// Moves the price of a purchase from its buyer to its seller; answers what the buyer has left.
///
/// # Errors
/// [`Refusal::Short`] when the buyer cannot pay.
pub(crate) async fn pay(
    transaction: &mut Transaction,
    purchase: PurchaseId,
    buyer: AccountId,
    seller: AccountId,
    price: Money,
    at_ms: i64,
) -> Result<Money, Error> {
    let id = purchase.to_string();
    let bought = Movement { id: &id, kind: "bought", amount: price, at_ms };
    let sold = Movement { id: &id, kind: "sold", amount: price, at_ms };
    // Always the smaller id first: two people who buy from each other at once do not wait in a circle.
    if buyer < seller {
        let left = debit(transaction, &bought, buyer).await?;
        credit(transaction, &sold, seller).await?;
        Ok(left)
    } else {
        credit(transaction, &sold, seller).await?;
        debit(transaction, &bought, buyer).await
    }
}

struct Movement<'a> {
    id: &'a str,
    kind: &'static str,
    amount: Money,
    at_ms: i64,
}

async fn credit(
    transaction: &mut Transaction,
    movement: &Movement<'_>,
    account: AccountId,
) -> Result<(), Error> {
    let paid = sql("update accounts set balance_cents = balance_cents + $2, entries = entries + 1 \
         where id = $1 returning balance_cents, entries")
    .bind(account)
    .bind(movement.amount);
    let row =
        transaction.maybe(paid).await?.ok_or_else(|| Fault::new("money has no owner", movement.kind))?;
    transaction.execute(append(movement, account, movement.amount.cents(), &row)?).await?;
    Ok(())
}

async fn debit(
    transaction: &mut Transaction,
    movement: &Movement<'_>,
    account: AccountId,
) -> Result<Money, Error> {
    let taken = sql("update accounts set balance_cents = balance_cents - $2, entries = entries + 1 \
         where id = $1 and balance_cents >= $2 returning balance_cents, entries")
    .bind(account)
    .bind(movement.amount);
    let Some(row) = transaction.maybe(taken).await? else {
        return Err(short(transaction, account, movement.amount).await?);
    };
    transaction.execute(append(movement, account, -movement.amount.cents(), &row)?).await?;
    Ok(row.get("balance_cents")?)
}

fn append(
    movement: &Movement<'_>,
    account: AccountId,
    amount_cents: i64,
    after: &Row,
) -> Result<Statement, Fault> {
    Ok(sql("insert into ledger \
         (movement_id, kind, account_id, number, amount_cents, balance_after_cents, at_ms) \
         values ($1, $2, $3, $4, $5, $6, $7)")
    .bind(movement.id)
    .bind(movement.kind)
    .bind(account)
    .bind(after.get::<i64>("entries")?)
    .bind(amount_cents)
    .bind(after.get::<i64>("balance_cents")?)
    .bind(movement.at_ms))
}

/// How much is missing; when a sale came in meanwhile and nothing is, the purchase is worth another attempt.
async fn short(transaction: &mut Transaction, account: AccountId, price: Money) -> Result<Error, Error> {
    let balance = sql("select balance_cents from accounts where id = $1").bind(account);
    let Some(row) = transaction.maybe(balance).await? else { return Ok(Refusal::NotFound.into()) };
    let missing = price.cents() - row.get::<i64>("balance_cents")?;
    Ok(if missing > 0 {
        Refusal::Short { by: Money::from_cents(missing) }.into()
    } else {
        Fault::contended(None).into()
    })
}
