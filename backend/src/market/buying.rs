//! Buying: one transaction that happens under the terms the buyer saw, or does not happen at all.

use domain::{AccountId, CardId, Event, Money, NotificationKind, PurchaseId, Receipt, Refusal, Terms};
use uuid::Uuid;

use super::receipts::{receipt_by_key, receipt_of};
use crate::clock::now_ms;
use crate::database::{Transaction, sql, transact};
use crate::error::{Error, Fault};
use crate::ledger;
use crate::notifications::{self, News};
use crate::store::Store;

/// Buys a card under the terms that the buyer saw, or changes nothing. The same key again, at once or later,
/// answers the same receipt and buys nothing more.
///
/// # Errors
/// [`Refusal::SomebodyWasFaster`], [`Refusal::PriceChanged`], [`Refusal::ListingChanged`] (cancelled and listed
/// again at the same price), [`Refusal::NotOnSale`], [`Refusal::Short`], [`Refusal::OwnCard`], or
/// [`Refusal::NotFound`], also for a key that belongs to another purchase; [`Refusal::Suspended`] for a buyer who is.
pub async fn buy(store: &Store, buyer: AccountId, terms: Terms) -> Result<Receipt, Error> {
    let (receipt, events) = transact!(store, |transaction| buy_once(transaction, buyer, &terms).await)?;
    store.tell(events);
    Ok(receipt)
}

/// Answers the receipt, and what a purchase that just happened has to tell.
async fn buy_once(
    transaction: &mut Transaction,
    buyer: AccountId,
    terms: &Terms,
) -> Result<(Receipt, Vec<Event>), Error> {
    if let Some(receipt) = replayed(transaction, buyer, terms).await? {
        return Ok((receipt, Vec::new()));
    }
    let Some((seller, card_name)) = take_card(transaction, buyer, terms).await? else {
        // The same purchase may have been made by another request since the first look.
        return match replayed(transaction, buyer, terms).await? {
            Some(receipt) => Ok((receipt, Vec::new())),
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
    .bind(card_name.as_str())
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
    let events = tell(transaction, buyer, seller, terms, &card_name, at_ms).await?;
    let row = transaction.maybe(receipt_by_key(buyer, terms.key)).await?;
    let receipt = receipt_of(&row.ok_or_else(|| Fault::new("a purchase has no receipt", "no row"))?)?;
    Ok((receipt, events))
}

/// The seller and whoever else watches the card hear of it; the buyer, who owns it now, watches it no longer.
async fn tell(
    transaction: &mut Transaction,
    buyer: AccountId,
    seller: AccountId,
    terms: &Terms,
    card_name: &str,
    at_ms: i64,
) -> Result<Vec<Event>, Fault> {
    let (card, price) = (terms.card, terms.price);
    let unwatched = sql("delete from watches where account_id = $1 and card_id = $2");
    transaction.execute(unwatched.bind(buyer).bind(card)).await?;
    let news = News {
        card,
        card_name,
        amount: price,
        at_ms,
        to: Some((seller, NotificationKind::Sold)),
        to_watchers: NotificationKind::WatchedSold,
        by: buyer,
    };
    let mut events = notifications::tell(transaction, &news).await?;
    events.extend([
        Event::Sold { card, price },
        Event::Balance { account: buyer },
        Event::Balance { account: seller },
    ]);
    Ok(events)
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
         where id = $1 and version = $2 and price_cents = $3 and owner_id <> $4 and hidden is null")
    .bind(terms.card)
    .bind(terms.version)
    .bind(terms.price)
    .bind(buyer);
    let Some(row) = transaction.maybe(seen).await? else { return Ok(None) };
    let seller: AccountId = row.get("owner_id")?;
    let taken = sql("update cards set owner_id = $5, price_cents = null, listed_at_ms = null, \
             version = version + 1 \
         where id = $1 and version = $2 and price_cents = $3 and owner_id = $4 and hidden is null")
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
    let as_it_is = sql("select owner_id, case when hidden is null then price_cents end as price_cents, \
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
