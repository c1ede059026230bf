//! Receipts: proof of a purchase, for its buyer only.

use domain::{AccountId, PurchaseKey, Receipt};

use crate::database::{Row, Statement, sql};
use crate::error::{Error, Fault};
use crate::store::Store;

/// The receipt of the buyer's own purchase with this key; `None` when there is none.
///
/// # Errors
/// Only faults.
pub async fn receipt(store: &Store, buyer: AccountId, key: PurchaseKey) -> Result<Option<Receipt>, Error> {
    let row = store.database().maybe(receipt_by_key(buyer, key)).await?;
    Ok(row.map(|row| receipt_of(&row)).transpose()?)
}

pub(super) fn receipt_by_key(buyer: AccountId, key: PurchaseKey) -> Statement {
    sql("select p.id, p.card_id, p.card_name, a.username as seller, p.price_cents, p.bought_at_ms, \
             l.balance_after_cents \
         from purchases p join accounts a on a.id = p.seller_id \
         join ledger l on l.movement_id = p.id and l.kind = 'bought' \
         where p.purchase_key = $1 and p.buyer_id = $2")
    .bind(key)
    .bind(buyer)
}

pub(super) fn receipt_of(row: &Row) -> Result<Receipt, Fault> {
    Ok(Receipt {
        reference: row.get("id")?,
        card: row.get("card_id")?,
        card_name: row.get("card_name")?,
        seller: row.get("seller")?,
        price: row.get("price_cents")?,
        balance_after: row.get("balance_after_cents")?,
        bought_at_ms: row.get("bought_at_ms")?,
    })
}
