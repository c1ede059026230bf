//! Movements: the only code that changes a balance, each time with the two entries that say why.

use domain::{AccountId, Money, PurchaseId, Refusal};
use uuid::Uuid;

use crate::database::{Row, Statement, Transaction, sql};
use crate::error::{Error, Fault};

/// Gives an account the welcome that did not exist before. At most once per account.
pub(crate) async fn grant(
    transaction: &mut Transaction,
    account: AccountId,
    amount: Money,
    at_ms: i64,
) -> Result<(), Error> {
    with_house(transaction, "granted", account, amount, at_ms).await?;
    Ok(())
}

/// Gives an account money, or takes it when the amount is negative; answers its balance.
///
/// # Errors
/// [`Refusal::Short`] when it does not hold as much.
pub(crate) async fn adjust(
    transaction: &mut Transaction,
    account: AccountId,
    amount: Money,
    at_ms: i64,
) -> Result<Money, Error> {
    with_house(transaction, "adjusted", account, amount, at_ms).await
}

/// Takes back what an account holds that is about to go.
pub(crate) async fn take_back(
    transaction: &mut Transaction,
    account: AccountId,
    amount: Money,
    at_ms: i64,
) -> Result<(), Error> {
    with_house(transaction, "returned", account, Money::from_cents(-amount.cents()), at_ms).await?;
    Ok(())
}

async fn with_house(
    transaction: &mut Transaction,
    kind: &'static str,
    account: AccountId,
    to_account: Money,
    at_ms: i64,
) -> Result<Money, Error> {
    let id = Uuid::now_v7().to_string();
    let gives = to_account > Money::ZERO;
    let house = sql("insert into ledger (movement_id, kind, amount_cents, at_ms) values ($1, $2, $3, $4)")
        .bind(id.as_str())
        .bind(if gives { "minted" } else { "reclaimed" })
        .bind(-to_account.cents())
        .bind(at_ms);
    transaction.execute(house).await?;
    let amount = Money::from_cents(to_account.cents().saturating_abs());
    let movement = Movement { id: &id, kind, amount, at_ms };
    if gives {
        credit(transaction, &movement, account).await?.ok_or_else(|| Refusal::NotFound.into())
    } else {
        debit(transaction, &movement, account).await
    }
}

/// Moves the price of a purchase from its buyer to its seller; answers what the buyer has left.
///
/// # Errors
/// [`Refusal::Short`] when the buyer cannot pay; [`Refusal::Suspended`] or [`Refusal::NotFound`] when the buyer, and
/// [`Refusal::NotOnSale`] when the seller is suspended or gone.
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
        credit(transaction, &sold, seller).await?.ok_or(Refusal::NotOnSale)?;
        Ok(left)
    } else {
        credit(transaction, &sold, seller).await?.ok_or(Refusal::NotOnSale)?;
        debit(transaction, &bought, buyer).await
    }
}

struct Movement<'a> {
    id: &'a str,
    kind: &'static str,
    amount: Money,
    at_ms: i64,
}

impl Movement<'_> {
    /// Whoever is suspended neither buys nor sells.
    fn needs_standing(&self) -> bool {
        matches!(self.kind, "bought" | "sold")
    }
}

/// Answers the balance after it; `None` when the account may not receive it.
async fn credit(
    transaction: &mut Transaction,
    movement: &Movement<'_>,
    account: AccountId,
) -> Result<Option<Money>, Error> {
    let paid = if movement.needs_standing() {
        sql("update accounts set balance_cents = balance_cents + $2, entries = entries + 1 \
             where id = $1 and deleted_at_ms is null and suspended_at_ms is null \
             returning balance_cents, entries")
    } else {
        sql("update accounts set balance_cents = balance_cents + $2, entries = entries + 1 \
             where id = $1 and deleted_at_ms is null returning balance_cents, entries")
    };
    let Some(row) = transaction.maybe(paid.bind(account).bind(movement.amount)).await? else {
        return Ok(None);
    };
    transaction.execute(append(movement, account, movement.amount.cents(), &row)?).await?;
    Ok(Some(row.get("balance_cents")?))
}

/// Answers the balance after it.
async fn debit(
    transaction: &mut Transaction,
    movement: &Movement<'_>,
    account: AccountId,
) -> Result<Money, Error> {
    let taken = if movement.needs_standing() {
        sql("update accounts set balance_cents = balance_cents - $2, entries = entries + 1 \
             where id = $1 and balance_cents >= $2 and deleted_at_ms is null and suspended_at_ms is null \
             returning balance_cents, entries")
    } else {
        sql("update accounts set balance_cents = balance_cents - $2, entries = entries + 1 \
             where id = $1 and balance_cents >= $2 and deleted_at_ms is null \
             returning balance_cents, entries")
    };
    let Some(row) = transaction.maybe(taken.bind(account).bind(movement.amount)).await? else {
        return Err(why_not(transaction, movement, account).await?);
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

/// Who may not pay, or how much is missing; when a sale came in meanwhile and nothing is, the movement is worth
/// another attempt.
async fn why_not(
    transaction: &mut Transaction,
    movement: &Movement<'_>,
    account: AccountId,
) -> Result<Error, Error> {
    let held =
        sql("select balance_cents, suspended_at_ms from accounts where id = $1 and deleted_at_ms is null");
    let Some(row) = transaction.maybe(held.bind(account)).await? else { return Ok(Refusal::NotFound.into()) };
    if movement.needs_standing() && row.get::<Option<i64>>("suspended_at_ms")?.is_some() {
        return Ok(Refusal::Suspended.into());
    }
    let missing = movement.amount.cents() - row.get::<i64>("balance_cents")?;
    Ok(if missing > 0 {
        Refusal::Short { by: Money::from_cents(missing) }.into()
    } else {
        Fault::contended(None).into()
    })
}
