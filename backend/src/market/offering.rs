//! Offers: what a buyer is asked to agree to.

use domain::{AccountId, CardId, Money, Offer, PurchaseKey, Refusal, Terms};
use uuid::Uuid;

use crate::cards;
use crate::database::sql;
use crate::error::Error;
use crate::store::Store;

/// What a confirmation page shows, with a fresh purchase key.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::OwnCard`] or [`Refusal::NotOnSale`]. A price that the buyer cannot pay is no
/// error but [`Offer::after`].
pub async fn offer(store: &Store, buyer: AccountId, card: CardId) -> Result<Offer, Error> {
    let statement = sql("select c.id, c.owner_id, c.name, c.alt, c.image_key, c.price_cents, c.version, \
             c.listed_at_ms, a.username, b.balance_cents, \
             (select count(*) from watches where account_id = $2 and card_id = $1) as watches \
         from cards c join accounts a on a.id = c.owner_id join accounts b on b.id = $2 \
         where c.id = $1 and (c.hidden is null or c.owner_id = $2)")
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
