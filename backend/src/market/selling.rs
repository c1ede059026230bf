//! Selling: putting a card on the market, changing its price, taking it off again.

use domain::{AccountId, CardId, Money, Refusal};

use crate::clock::now_ms;
use crate::database::{Row, Statement, sql, transact};
use crate::error::Error;
use crate::store::Store;

/// Puts a card on sale; its version rises by one.
///
/// # Errors
/// [`Refusal::PriceOutOfRange`], [`Refusal::AlreadyOnSale`], or [`Refusal::NotFound`] when it is not the owner's.
pub async fn list(store: &Store, owner: AccountId, card: CardId, price: Money) -> Result<(), Error> {
    check_price(price)?;
    let listed = || {
        sql("update cards set price_cents = $3, listed_at_ms = $4, version = version + 1 \
             where id = $1 and owner_id = $2 and price_cents is null")
        .bind(card)
        .bind(owner)
        .bind(price)
        .bind(now_ms())
    };
    change(store, owner, card, listed, |_| Ok(Refusal::AlreadyOnSale)).await
}

/// Changes the price of the listing that the owner saw as `version`; its version rises by one.
///
/// # Errors
/// [`Refusal::PriceOutOfRange`]; [`Refusal::ListingChanged`] when it is not at that version any more;
/// [`Refusal::NotOnSale`]; or [`Refusal::NotFound`] when it is not the owner's (any more).
pub async fn reprice(
    store: &Store,
    owner: AccountId,
    card: CardId,
    version: i64,
    price: Money,
) -> Result<(), Error> {
    check_price(price)?;
    let repriced = || {
        sql("update cards set price_cents = $4, listed_at_ms = $5, version = version + 1 \
             where id = $1 and owner_id = $2 and version = $3 and price_cents is not null")
        .bind(card)
        .bind(owner)
        .bind(version)
        .bind(price)
        .bind(now_ms())
    };
    change(store, owner, card, repriced, |row| why_not(row, version)).await
}

/// Takes the listing that the owner saw as `version` off the market; its version rises by one.
///
/// # Errors
/// [`Refusal::ListingChanged`] when it is not at that version any more, [`Refusal::NotOnSale`], or
/// [`Refusal::NotFound`] when it is not the owner's (any more).
pub async fn cancel(store: &Store, owner: AccountId, card: CardId, version: i64) -> Result<(), Error> {
    let cancelled = || {
        sql("update cards set price_cents = null, listed_at_ms = null, version = version + 1 \
             where id = $1 and owner_id = $2 and version = $3 and price_cents is not null")
        .bind(card)
        .bind(owner)
        .bind(version)
    };
    change(store, owner, card, cancelled, |row| why_not(row, version)).await
}

fn check_price(price: Money) -> Result<(), Refusal> {
    if (Money::LOWEST_PRICE..=Money::HIGHEST_PRICE).contains(&price) {
        Ok(())
    } else {
        Err(Refusal::PriceOutOfRange)
    }
}

fn why_not(card: &Row, version: i64) -> Result<Refusal, Error> {
    let changed = card.get::<i64>("version")? != version;
    Ok(if changed { Refusal::ListingChanged } else { Refusal::NotOnSale })
}

/// Does a conditional update of one card of the owner's; when it changes nothing, the card as it is says why.
async fn change(
    store: &Store,
    owner: AccountId,
    card: CardId,
    update: impl Fn() -> Statement,
    why_not: impl Fn(&Row) -> Result<Refusal, Error>,
) -> Result<(), Error> {
    transact!(store, |transaction| {
        if transaction.execute(update()).await? == 1 {
            return Ok(());
        }
        let as_it_is = sql("select version from cards where id = $1 and owner_id = $2");
        let row = transaction.maybe(as_it_is.bind(card).bind(owner)).await?.ok_or(Refusal::NotFound)?;
        Err(why_not(&row)?.into())
    })
}
