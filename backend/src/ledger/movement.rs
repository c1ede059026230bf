//! Movements: the only code that changes a balance, each time with the two entries that say why.

use domain::{AccountId, Money, PurchaseId, Refusal};
use uuid::Uuid;

use crate::database::{Row, Statement, Transaction, sql};
use crate::error::{Error, Fault};

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
