//! Buying: the offer that a buyer agrees to, one transaction that happens or does not, and its receipt.

use domain::{AccountId, CardId, Money, Offer, PurchaseId, PurchaseKey, Receipt, Refusal, Terms};
use uuid::Uuid;

use crate::clock::now_ms;
use crate::database::{Row, Statement, Transaction, sql, transact};
use crate::error::{Error, Fault};
use crate::store::Store;
use crate::{cards, ledger};

/// What a confirmation page shows, with a fresh purchase key.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::OwnCard`] or [`Refusal::NotOnSale`]. A price that the buyer cannot pay is no
/// error but [`Offer::after`].
pub async fn offer(store: &Store, buyer: AccountId, card: CardId) -> Result<Offer, Error> {
    let statement = sql("select c.id, c.owner_id, c.name, c.alt, c.image_key, c.price_cents, c.version, \
             c.listed_at_ms, a.username, b.balance_cents \
         from cards c join accounts a on a.id = c.owner_id join accounts b on b.id = $2 where c.id = $1")
    .bind(card)
    .bind(buyer);
    let row = store.database().maybe(statement).await?.ok_or(Refusal::NotFound)?;
    let detail = cards::detail_of(store, &row, Some(buyer)).await?;
    if detail.mine {
        return Err(Refusal::OwnCard.into());
    }
    let price = detail.price.ok_or(Refusal::NotOnSale)?;
    let balance: Money = row.get("balance_cents")?;
    let terms = Terms { card, version: detail.version, price, key: PurchaseKey::from(Uuid::now_v7()) };
    let after = balance
        .after_paying(price)
        .ok_or(Refusal::Short { by: Money::from_cents(price.cents() - balance.cents()) });
    Ok(Offer { card: detail, terms, balance, after })
}

/// Buys a card under the terms that the buyer saw, or changes nothing. The same key again, at once or later,
/// answers the same receipt and buys nothing more.
///
/// # Errors
/// [`Refusal::SomebodyWasFaster`], [`Refusal::PriceChanged`], [`Refusal::ListingChanged`] (cancelled and listed
/// again at the same price), [`Refusal::NotOnSale`], [`Refusal::Short`], [`Refusal::OwnCard`], or
/// [`Refusal::NotFound`], also for a key that belongs to another purchase.
pub async fn buy(store: &Store, buyer: AccountId, terms: Terms) -> Result<Receipt, Error> {
    transact!(store, |transaction| buy_once(transaction, buyer, &terms).await)
}

async fn buy_once(transaction: &mut Transaction, buyer: AccountId, terms: &Terms) -> Result<Receipt, Error> {
    if let Some(receipt) = replayed(transaction, buyer, terms).await? {
        return Ok(receipt);
    }
    let Some((seller, card_name)) = take_card(transaction, buyer, terms).await? else {
        // The same purchase may have been made by another request since the first look.
        return match replayed(transaction, buyer, terms).await? {
            Some(receipt) => Ok(receipt),
            None => Err(why_not(transaction, buyer, terms).await?.into()),
        };
    };
    let purchase = PurchaseId::from(Uuid::now_v7());
    let at_ms = now_ms();
    let insert = sql("insert into purchases (id, purchase_key, card_id, card_name, card_version, buyer_id, \
             seller_id, price_cents, bought_at_ms) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing")
    .bind(purchase)
    .bind(terms.key)
    .bind(terms.card)
    .bind(card_name)
    .bind(terms.version)
    .bind(buyer)
    .bind(seller)
    .bind(terms.price)
    .bind(at_ms);
    if transaction.execute(insert).await? != 1 {
        // The key was used for another card at this very moment.
        return Err(Refusal::NotFound.into());
    }
    ledger::pay(transaction, purchase, buyer, seller, terms.price, at_ms).await?;
    let row = transaction.maybe(receipt_by_key(buyer, terms.key)).await?;
    Ok(receipt_of(&row.ok_or_else(|| Fault::new("a purchase has no receipt", "no row"))?)?)
}

/// The receipt of this purchase when it was made before.
async fn replayed(
    transaction: &mut Transaction,
    buyer: AccountId,
    terms: &Terms,
) -> Result<Option<Receipt>, Error> {
    let used = sql("select buyer_id, card_id from purchases where purchase_key = $1").bind(terms.key);
    let Some(row) = transaction.maybe(used).await? else { return Ok(None) };
    if row.get::<AccountId>("buyer_id")? != buyer || row.get::<CardId>("card_id")? != terms.card {
        return Err(Refusal::NotFound.into());
    }
    let row = transaction.maybe(receipt_by_key(buyer, terms.key)).await?;
    Ok(row.map(|row| receipt_of(&row)).transpose()?)
}

/// Hands the card over if it still is what the buyer saw; answers who sold it and its name.
async fn take_card(
    transaction: &mut Transaction,
    buyer: AccountId,
    terms: &Terms,
) -> Result<Option<(AccountId, String)>, Fault> {
    let seen = sql("select owner_id, name from cards \
         where id = $1 and version = $2 and price_cents = $3 and owner_id <> $4")
    .bind(terms.card)
    .bind(terms.version)
    .bind(terms.price)
    .bind(buyer);
    let Some(row) = transaction.maybe(seen).await? else { return Ok(None) };
    let seller: AccountId = row.get("owner_id")?;
    let taken = sql("update cards set owner_id = $5, price_cents = null, listed_at_ms = null, \
             version = version + 1 \
         where id = $1 and version = $2 and price_cents = $3 and owner_id = $4")
    .bind(terms.card)
    .bind(terms.version)
    .bind(terms.price)
    .bind(seller)
    .bind(buyer);
    let handed_over = transaction.execute(taken).await? == 1;
    Ok(handed_over.then_some((seller, row.get("name")?)))
}

/// Tells the buyer what happened to the card since they saw it.
async fn why_not(transaction: &mut Transaction, buyer: AccountId, terms: &Terms) -> Result<Refusal, Fault> {
    let as_it_is = sql("select owner_id, price_cents, \
             (select count(*) from purchases where card_id = $1 and card_version >= $2) as sold_since \
         from cards where id = $1")
    .bind(terms.card)
    .bind(terms.version);
    let Some(row) = transaction.maybe(as_it_is).await? else { return Ok(Refusal::NotFound) };
    if row.get::<AccountId>("owner_id")? == buyer {
        return Ok(Refusal::OwnCard);
    }
    if row.get::<i64>("sold_since")? > 0 {
        return Ok(Refusal::SomebodyWasFaster);
    }
    Ok(match row.get::<Option<Money>>("price_cents")? {
        None => Refusal::NotOnSale,
        Some(now) if now != terms.price => Refusal::PriceChanged { seen: terms.price, now },
        Some(_) => Refusal::ListingChanged,
    })
}

/// The receipt of the buyer's own purchase with this key; `None` when there is none.
///
/// # Errors
/// Only faults.
pub async fn receipt(store: &Store, buyer: AccountId, key: PurchaseKey) -> Result<Option<Receipt>, Error> {
    let row = store.database().maybe(receipt_by_key(buyer, key)).await?;
    Ok(row.map(|row| receipt_of(&row)).transpose()?)
}

fn receipt_by_key(buyer: AccountId, key: PurchaseKey) -> Statement {
    sql("select p.id, p.card_id, p.card_name, a.username as seller, p.price_cents, p.bought_at_ms, \
             l.balance_after_cents \
         from purchases p join accounts a on a.id = p.seller_id \
         join ledger l on l.movement_id = p.id and l.kind = 'bought' \
         where p.purchase_key = $1 and p.buyer_id = $2")
    .bind(key)
    .bind(buyer)
}

fn receipt_of(row: &Row) -> Result<Receipt, Fault> {
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
