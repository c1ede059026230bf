//! Cards: adding one from an upload, an owner's collection, one card for everybody, and deleting it.

use domain::{AccountId, AltText, CardDetail, CardId, CardName, OwnCard, Refusal, UploadId};
use uuid::Uuid;

use crate::clock::now_ms;
use crate::database::{Row, Transaction, sql, transact};
use crate::error::{Error, Fault};
use crate::images;
use crate::store::Store;

/// How many cards a collection shows at most, the newest.
pub const MOST_SHOWN: i64 = 1000;

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
/// What [`images::confirm`] refuses.
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
         where id = $1 and owner_id = $2 and state = 'confirmed' returning image_key")
    .bind(card.upload)
    .bind(owner);
    let Some(upload) = transaction.maybe(used).await? else {
        return made_before(transaction, owner, card.upload).await;
    };
    let id = CardId::from(Uuid::now_v7());
    let insert = sql("insert into cards \
         (id, owner_id, name, name_key, alt, upload_id, image_key, added_at_ms) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(id)
    .bind(owner)
    .bind(card.name.as_str())
    .bind(card.name.as_str().to_lowercase())
    .bind(card.alt.as_str())
    .bind(card.upload)
    .bind(upload.get::<String>("image_key")?)
    .bind(now_ms());
    transaction.execute(insert).await?;
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

/// The owner's cards, the newest first, at most [`MOST_SHOWN`].
///
/// # Errors
/// Only faults.
pub async fn owned_by(store: &Store, owner: AccountId) -> Result<Vec<OwnCard>, Error> {
    let statement = sql("select id, name, alt, image_key, price_cents, version from cards \
         where owner_id = $1 order by added_at_ms desc, id desc limit $2")
    .bind(owner)
    .bind(MOST_SHOWN);
    let mut cards = Vec::new();
    for row in store.database().all(statement).await? {
        cards.push(OwnCard {
            id: row.get("id")?,
            name: row.get("name")?,
            alt: row.get("alt")?,
            image_url: images::url(store, &row.get::<String>("image_key")?).await?,
            price: row.get("price_cents")?,
            version: row.get("version")?,
        });
    }
    Ok(cards)
}

/// One card as everybody may see it; `visitor` decides what is theirs.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn detail(store: &Store, card: CardId, visitor: Option<AccountId>) -> Result<CardDetail, Error> {
    let statement = sql("select c.id, c.owner_id, c.name, c.alt, c.image_key, c.price_cents, c.version, \
             c.listed_at_ms, a.username \
         from cards c join accounts a on a.id = c.owner_id where c.id = $1")
    .bind(card);
    let row = store.database().maybe(statement).await?.ok_or(Refusal::NotFound)?;
    Ok(detail_of(store, &row, visitor).await?)
}

pub(crate) async fn detail_of(
    store: &Store,
    row: &Row,
    visitor: Option<AccountId>,
) -> Result<CardDetail, Fault> {
    Ok(CardDetail {
        id: row.get("id")?,
        name: row.get("name")?,
        alt: row.get("alt")?,
        image_url: images::url(store, &row.get::<String>("image_key")?).await?,
        owner: row.get("username")?,
        price: row.get("price_cents")?,
        version: row.get("version")?,
        listed_at_ms: row.get("listed_at_ms")?,
        mine: visitor == Some(row.get("owner_id")?),
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
