//! Selling: putting a card on the market, changing its price, taking it off again.

use domain::{AccountId, CardId, Event, Money, NotificationKind, Refusal};

use crate::clock::now_ms;
use crate::database::{Row, Transaction, sql, transact};
use crate::error::{Error, Fault};
use crate::notifications::{self, News};
use crate::store::Store;

/// Puts a card on sale; its version rises by one.
///
/// # Errors
/// [`Refusal::PriceOutOfRange`], [`Refusal::AlreadyOnSale`], [`Refusal::TakenDown`], [`Refusal::Suspended`], or
/// [`Refusal::NotFound`] when it is not the owner's.
pub async fn list(store: &Store, owner: AccountId, card: CardId, price: Money) -> Result<(), Error> {
    check_price(price)?;
    transact!(store, |transaction| {
        let listed = sql("update cards set price_cents = $3, listed_at_ms = $4, version = version + 1 \
             where id = $1 and owner_id = $2 and price_cents is null and hidden is null")
        .bind(card)
        .bind(owner)
        .bind(price)
        .bind(now_ms());
        if transaction.execute(listed).await? == 1 {
            return Ok(());
        }
        let row = as_it_is(transaction, owner, card).await?;
        Err(hidden(&row)?.unwrap_or(Refusal::AlreadyOnSale).into())
    })?;
    store.tell([Event::Listed { card }]);
    Ok(())
}

/// Changes the price of the listing that the owner saw as `version`; its version rises by one. Whoever watches the
/// card is told when it is cheaper now.
///
/// # Errors
/// [`Refusal::PriceOutOfRange`]; [`Refusal::ListingChanged`] when it is not at that version any more;
/// [`Refusal::NotOnSale`]; [`Refusal::Suspended`]; or [`Refusal::NotFound`] when it is not the owner's (any more).
pub async fn reprice(
    store: &Store,
    owner: AccountId,
    card: CardId,
    version: i64,
    price: Money,
) -> Result<(), Error> {
    check_price(price)?;
    let events = transact!(store, |transaction| {
        let seen = sql("select name, price_cents from cards \
             where id = $1 and owner_id = $2 and version = $3 and price_cents is not null and hidden is null")
        .bind(card)
        .bind(owner)
        .bind(version);
        let Some(before) = transaction.maybe(seen).await? else {
            return Err(why_not(transaction, owner, card, version).await?);
        };
        let at_ms = now_ms();
        let repriced = sql("update cards set price_cents = $4, listed_at_ms = $5, version = version + 1 \
             where id = $1 and owner_id = $2 and version = $3 and price_cents is not null and hidden is null")
        .bind(card)
        .bind(owner)
        .bind(version)
        .bind(price)
        .bind(at_ms);
        if transaction.execute(repriced).await? == 0 {
            return Err(Fault::contended(None).into());
        }
        let mut events = vec![Event::Repriced { card, price }];
        if price < before.get::<Money>("price_cents")? {
            events.extend(tell_watchers(transaction, owner, card, &before, price, at_ms).await?);
        }
        Ok(events)
    })?;
    store.tell(events);
    Ok(())
}

async fn tell_watchers(
    transaction: &mut Transaction,
    owner: AccountId,
    card: CardId,
    before: &Row,
    price: Money,
    at_ms: i64,
) -> Result<Vec<Event>, Fault> {
    let news = News {
        card,
        card_name: &before.get::<String>("name")?,
        amount: price,
        at_ms,
        to: None,
        to_watchers: NotificationKind::PriceDropped,
        by: owner,
    };
    notifications::tell(transaction, &news).await
}

/// Takes the listing that the owner saw as `version` off the market; its version rises by one.
///
/// # Errors
/// [`Refusal::ListingChanged`] when it is not at that version any more, [`Refusal::NotOnSale`], or
/// [`Refusal::NotFound`] when it is not the owner's (any more).
pub async fn cancel(store: &Store, owner: AccountId, card: CardId, version: i64) -> Result<(), Error> {
    transact!(store, |transaction| {
        let cancelled =
            sql("update cards set price_cents = null, listed_at_ms = null, version = version + 1 \
             where id = $1 and owner_id = $2 and version = $3 and price_cents is not null")
            .bind(card)
            .bind(owner)
            .bind(version);
        if transaction.execute(cancelled).await? == 1 {
            return Ok(());
        }
        Err(why_not(transaction, owner, card, version).await?)
    })?;
    store.tell([Event::OffSale { card }]);
    Ok(())
}

fn check_price(price: Money) -> Result<(), Refusal> {
    if (Money::LOWEST_PRICE..=Money::HIGHEST_PRICE).contains(&price) {
        Ok(())
    } else {
        Err(Refusal::PriceOutOfRange)
    }
}

async fn as_it_is(transaction: &mut Transaction, owner: AccountId, card: CardId) -> Result<Row, Error> {
    let statement = sql("select version, hidden from cards where id = $1 and owner_id = $2");
    Ok(transaction.maybe(statement.bind(card).bind(owner)).await?.ok_or(Refusal::NotFound)?)
}

fn hidden(card: &Row) -> Result<Option<Refusal>, Fault> {
    Ok(match card.get::<Option<String>>("hidden")?.as_deref() {
        None => None,
        Some("suspended") => Some(Refusal::Suspended),
        Some(_) => Some(Refusal::TakenDown),
    })
}

async fn why_not(
    transaction: &mut Transaction,
    owner: AccountId,
    card: CardId,
    version: i64,
) -> Result<Error, Error> {
    let row = as_it_is(transaction, owner, card).await?;
    if row.get::<i64>("version")? != version {
        return Ok(Refusal::ListingChanged.into());
    }
    Ok(hidden(&row)?.unwrap_or(Refusal::NotOnSale).into())
}
