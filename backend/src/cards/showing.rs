//! Showing cards: an owner's collection, and one card as everybody may see it.

use domain::market::LONGEST_HISTORY;
use domain::{AccountId, CardDetail, CardId, OwnCard, Owned, PictureUrl, Profile, Refusal};

use crate::database::{Row, Statement, sql};
use crate::error::{Error, Fault};
use crate::store::Store;
use crate::{accounts, images};

/// How many cards a collection shows at most, the newest.
pub const MOST_SHOWN: i64 = 1000;

/// The owner's cards, the newest first, at most [`MOST_SHOWN`].
///
/// # Errors
/// Only faults.
pub async fn owned_by(store: &Store, owner: AccountId) -> Result<Vec<OwnCard>, Error> {
    let rows = store.database().all(owned(owner, MOST_SHOWN)).await?;
    Ok(own_cards(store, &rows).await?)
}

/// Profile and cards of an account, as [`accounts::profile`] and [`owned_by`] answer them.
///
/// # Errors
/// Only faults.
pub async fn collection(store: &Store, owner: AccountId) -> Result<Option<(Profile, Vec<OwnCard>)>, Error> {
    let [profile, cards] =
        store.database().each([accounts::profile_of(owner), owned(owner, MOST_SHOWN)]).await?;
    let Some(profile) = profile.first() else { return Ok(None) };
    Ok(Some((accounts::read_profile(profile, owner)?, own_cards(store, &cards).await?)))
}

pub(crate) fn owned(owner: AccountId, limit: i64) -> Statement {
    sql("select id, name, alt, coalesce(thumbnail_key, image_key) as shown_key, price_cents, version from cards \
         where owner_id = $1 order by added_at_ms desc, id desc limit $2")
    .bind(owner)
    .bind(limit)
}

pub(crate) async fn own_cards(store: &Store, rows: &[Row]) -> Result<Vec<OwnCard>, Fault> {
    let urls = images::urls_of(store, rows).await?;
    let card = |(row, thumbnail_url): (&Row, PictureUrl)| {
        Ok(OwnCard {
            id: row.get("id")?,
            name: row.get("name")?,
            alt: row.get("alt")?,
            thumbnail_url,
            price: row.get("price_cents")?,
            version: row.get("version")?,
        })
    };
    rows.iter().zip(urls).map(card).collect()
}

/// One card as everybody may see it; `visitor` decides what is theirs. What operators have hidden, its owner alone
/// sees.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn detail(store: &Store, card: CardId, visitor: Option<AccountId>) -> Result<CardDetail, Error> {
    let statement = sql("select c.id, c.owner_id, c.name, c.alt, c.image_key, c.price_cents, c.version, \
             c.listed_at_ms, a.username, \
             (select count(*) from watches where account_id = $2 and card_id = $1) as watches \
         from cards c join accounts a on a.id = c.owner_id \
         where c.id = $1 and (c.hidden is null or c.owner_id = $2)")
    .bind(card)
    .bind(visitor);
    let row = store.database().maybe(statement).await?.ok_or(Refusal::NotFound)?;
    Ok(detail_of(store, &row, visitor).await?)
}

pub(crate) async fn detail_of(
    store: &Store,
    row: &Row,
    visitor: Option<AccountId>,
) -> Result<CardDetail, Fault> {
    let card: CardId = row.get("id")?;
    let history = history(store, card).await?;
    Ok(CardDetail {
        id: card,
        name: row.get("name")?,
        alt: row.get("alt")?,
        image_url: images::url(store, &row.lend("image_key")?).await?,
        owner: row.get("username")?,
        price: row.get("price_cents")?,
        version: row.get("version")?,
        listed_at_ms: row.get("listed_at_ms")?,
        mine: visitor == Some(row.get("owner_id")?),
        watched: row.get::<i64>("watches")? > 0,
        last_price: history.first().map(|sale| sale.price),
        history,
    })
}

/// The card's sales, newest first: each raised its version.
async fn history(store: &Store, card: CardId) -> Result<Vec<Owned>, Fault> {
    let statement = sql("select s.username as seller, b.username as buyer, p.price_cents, p.bought_at_ms \
         from purchases p join accounts s on s.id = p.seller_id join accounts b on b.id = p.buyer_id \
         where p.card_id = $1 order by p.card_version desc limit $2")
    .bind(card)
    .bind(i64::from(LONGEST_HISTORY));
    let sale = |row: &Row| {
        Ok(Owned {
            seller: row.get("seller")?,
            buyer: row.get("buyer")?,
            price: row.get("price_cents")?,
            at_ms: row.get("bought_at_ms")?,
        })
    };
    store.database().all(statement).await?.iter().map(sale).collect()
}
