//! Cards: adding one from an upload, editing and deleting it; showing them is next door.

mod showing;
mod words;

use domain::{AccountId, AltText, CardId, CardName, Refusal, UploadId};
use uuid::Uuid;

pub use showing::{MOST_SHOWN, collection, detail, owned_by};
pub(crate) use showing::{detail_of, own_cards, owned};
pub(crate) use words::{coded, key as name_key, words};

use crate::clock::now_ms;
use crate::database::{Transaction, sql, transact};
use crate::error::Error;
use crate::store::Store;
use crate::{accounts, images};

/// What a person says about a new card.
#[derive(Clone, Debug)]
pub struct NewCard {
    pub name: CardName,
    pub alt: AltText,
    pub upload: UploadId,
}

/// Makes a card of an upload after checking the picture as [`images::confirm`] does. An upload becomes at most
/// one card: asking again answers the card it became, as it was named first.
///
/// # Errors
/// What [`images::confirm`] refuses; [`Refusal::Suspended`] or [`Refusal::SignedOut`].
pub async fn add(store: &Store, owner: AccountId, card: NewCard) -> Result<CardId, Error> {
    images::confirm(store, owner, card.upload).await?;
    transact!(store, |transaction| add_confirmed(transaction, owner, &card).await)
}

async fn add_confirmed(
    transaction: &mut Transaction,
    owner: AccountId,
    card: &NewCard,
) -> Result<CardId, Error> {
    let used = sql("update uploads set state = 'used' \
         where id = $1 and owner_id = $2 and state = 'confirmed' returning image_key, thumbnail_key")
    .bind(card.upload)
    .bind(owner);
    let Some(upload) = transaction.maybe(used).await? else {
        return made_before(transaction, owner, card.upload).await;
    };
    let id = CardId::from(Uuid::now_v7());
    let insert = sql("insert into cards \
         (id, owner_id, name, name_key, alt, upload_id, image_key, thumbnail_key, added_at_ms) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(id)
    .bind(owner)
    .bind(card.name.as_str())
    .bind(words::key(card.name.as_str()))
    .bind(card.alt.as_str())
    .bind(card.upload)
    .bind(upload.get::<String>("image_key")?)
    .bind(upload.get::<Option<String>>("thumbnail_key")?.as_deref())
    .bind(now_ms());
    transaction.execute(insert).await?;
    words::index(transaction, id, card.name.as_str()).await?;
    accounts::must_be_active(transaction, owner).await?;
    Ok(id)
}

async fn made_before(
    transaction: &mut Transaction,
    owner: AccountId,
    upload: UploadId,
) -> Result<CardId, Error> {
    let made = sql("select c.id from cards c join uploads u on u.id = c.upload_id \
         where u.id = $1 and u.owner_id = $2")
    .bind(upload)
    .bind(owner);
    let row = transaction.maybe(made).await?.ok_or(Refusal::NotFound)?;
    Ok(row.get("id")?)
}

/// Gives a card another name and alt text. Its version rises by one, so that nobody buys what they did not see.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not the owner's (any more).
pub async fn edit(
    store: &Store,
    owner: AccountId,
    card: CardId,
    name: CardName,
    alt: AltText,
) -> Result<(), Error> {
    transact!(store, |transaction| {
        let edited = sql("update cards set name = $3, name_key = $4, alt = $5, version = version + 1 \
             where id = $1 and owner_id = $2")
        .bind(card)
        .bind(owner)
        .bind(name.as_str())
        .bind(words::key(name.as_str()))
        .bind(alt.as_str());
        if transaction.execute(edited).await? == 0 {
            return Err(Refusal::NotFound.into());
        }
        Ok(words::index(transaction, card, name.as_str()).await?)
    })
}

/// Deletes a card that is not on sale; its picture follows with the next sweep. Purchases and the ledger keep its
/// name.
///
/// # Errors
/// [`Refusal::CancelSaleFirst`], or [`Refusal::NotFound`] when it is not the owner's (any more).
pub async fn delete(store: &Store, owner: AccountId, card: CardId) -> Result<(), Error> {
    transact!(store, |transaction| {
        let deleted = sql("delete from cards where id = $1 and owner_id = $2 and price_cents is null \
                 returning upload_id")
        .bind(card)
        .bind(owner);
        let Some(row) = transaction.maybe(deleted).await? else {
            let listed = sql("select id from cards where id = $1 and owner_id = $2").bind(card).bind(owner);
            let there = transaction.maybe(listed).await?.is_some();
            return Err(if there { Refusal::CancelSaleFirst } else { Refusal::NotFound }.into());
        };
        let dropped = sql("update uploads set state = 'dropped' where id = $1");
        transaction.execute(dropped.bind(row.get::<UploadId>("upload_id")?)).await?;
        Ok(())
    })
}
