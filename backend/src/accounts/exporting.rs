//! Exporting: everything that is kept about a person, read as of one moment.

use domain::export::Exchange;
use domain::{AccountId, Export, Refusal};

use crate::database::{Transaction, sql};
use crate::error::{Error, Fault};
use crate::store::Store;
use crate::{cards, ledger, notifications};

/// How many rows of each kind an export holds at most, the newest.
pub const MOST_EXPORTED: i64 = 10_000;

/// Everything that is kept about the account's owner.
///
/// # Errors
/// [`Refusal::SignedOut`] when there is no such active account (any more).
pub async fn export(store: &Store, account: AccountId) -> Result<Export, Error> {
    let mut snapshot = store.database().snapshot().await?;
    let found = sql("select username, email, created_at_ms, balance_cents from accounts \
         where id = $1 and activated_at_ms is not null and suspended_at_ms is null and deleted_at_ms is null")
    .bind(account);
    let row = snapshot.maybe(found).await?.ok_or(Refusal::SignedOut)?;
    let cards = snapshot.all(cards::owned(account, MOST_EXPORTED)).await?;
    let entries = snapshot.all(ledger::newest(account, MOST_EXPORTED)).await?;
    let told = snapshot.all(notifications::newest(account, MOST_EXPORTED)).await?;
    Ok(Export {
        account: super::details_of(&row)?,
        balance: row.get("balance_cents")?,
        cards: cards::own_cards(store, &cards).await?,
        ledger: entries.iter().map(ledger::entry).collect::<Result<_, _>>()?,
        purchases: purchases(&mut snapshot, account).await?,
        notifications: told.iter().map(notifications::notification).collect::<Result<_, _>>()?,
        watched: watched(&mut snapshot, account).await?,
    })
}

/// Both sides of them, by the account's ledger.
async fn purchases(transaction: &mut Transaction, account: AccountId) -> Result<Vec<Exchange>, Fault> {
    let statement = sql("select p.id, p.card_id, p.card_name, s.username as seller, b.username as buyer, \
             p.price_cents, p.bought_at_ms \
         from ledger l join purchases p on p.id = l.movement_id \
         join accounts s on s.id = p.seller_id join accounts b on b.id = p.buyer_id \
         where l.account_id = $1 order by l.number desc limit $2")
    .bind(account)
    .bind(MOST_EXPORTED);
    let exchange = |row: &crate::database::Row| {
        Ok(Exchange {
            reference: row.get("id")?,
            card: row.get("card_id")?,
            card_name: row.get("card_name")?,
            seller: row.get("seller")?,
            buyer: row.get("buyer")?,
            price: row.get("price_cents")?,
            at_ms: row.get("bought_at_ms")?,
        })
    };
    transaction.all(statement).await?.iter().map(exchange).collect()
}

async fn watched(transaction: &mut Transaction, account: AccountId) -> Result<Vec<domain::CardId>, Fault> {
    let statement = sql("select card_id from watches where account_id = $1 order by card_id desc limit $2")
        .bind(account)
        .bind(MOST_EXPORTED);
    transaction.all(statement).await?.iter().map(|row| row.get("card_id")).collect()
}
