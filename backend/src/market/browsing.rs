//! Browsing: keyset pages of what is on sale, one statement each, with an index behind every order and filter.

use domain::market::PAGE_SIZE;
use domain::{CardId, MarketPage, MarketTile, Money, PictureUrl};

use super::cursor::Cursor;
use super::pages;
use super::searching::Terms;
use crate::database::{Row, sql};
use crate::error::{Error, Fault};
use crate::images;
use crate::store::Store;

/// How far matches are counted: a page may say "1,000 or more".
pub const COUNTED_UP_TO: u64 = 1000;

/// What a visitor looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What words of a card's name begin with, each of them, without regard to case.
    pub text: Option<String>,
    /// A username, without regard to case.
    pub seller: Option<String>,
    pub lowest: Option<Money>,
    pub highest: Option<Money>,
    pub sort: Sort,
    /// The [`MarketPage::next`] of the page before. What is no such cursor means the first page.
    pub after: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Newest,
    CheapestFirst,
    DearestFirst,
}

/// One page of what is on sale.
///
/// # Errors
/// Only faults.
pub async fn browse(store: &Store, query: &Query) -> Result<MarketPage, Error> {
    let terms = match pages::given(query.text.as_deref()) {
        None => None,
        Some(text) => match Terms::of(store, text).await? {
            None => return Ok(MarketPage::default()),
            terms => terms,
        },
    };
    let mut rows = store.database().all(pages::statement(query, terms.as_ref())).await?;
    let more = rows.len() > PAGE_SIZE as usize;
    rows.truncate(PAGE_SIZE as usize);
    let matches = rows.first().map_or(Ok(0), |row| row.get::<i64>("matches"))?;
    let next = match rows.last() {
        Some(last) if more => Some(Cursor::at(query.sort, last)?.to_string()),
        _ => None,
    };
    let urls = images::urls_of(store, &rows).await?;
    let tiles = rows.iter().zip(urls).map(tile).collect::<Result<_, Fault>>()?;
    Ok(MarketPage { tiles, next, matches: u64::try_from(matches).unwrap_or(0) })
}

/// What these cards cost, in their order; `None` is not on sale. Of more than a page of them, the rest is left out.
///
/// # Errors
/// Only faults.
pub async fn prices(store: &Store, cards: &[CardId]) -> Result<Vec<Option<Money>>, Error> {
    let Some(last) = cards.last() else { return Ok(Vec::new()) };
    let cards = &cards[..cards.len().min(PAGE_SIZE as usize)];
    let on_sale = sql(
        "select id, price_cents from cards where price_cents is not null and id in ($1, $2, $3, $4, $5, $6, \
         $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)",
    );
    // One statement for any number: it is prepared once.
    let as_many = cards.iter().chain(std::iter::repeat(last)).take(PAGE_SIZE as usize);
    let rows = store.database().all(as_many.fold(on_sale, |statement, card| statement.bind(*card))).await?;
    let known: Vec<(CardId, Money)> =
        rows.iter().map(|row| Ok((row.get("id")?, row.get("price_cents")?))).collect::<Result<_, Fault>>()?;
    let price = |card: &CardId| known.iter().find(|(id, _)| id == card).map(|(_, price)| *price);
    Ok(cards.iter().map(price).collect())
}

fn tile((row, thumbnail_url): (&Row, PictureUrl)) -> Result<MarketTile, Fault> {
    Ok(MarketTile {
        id: row.get("id")?,
        name: row.get("name")?,
        alt: row.get("alt")?,
        thumbnail_url,
        seller: row.get("seller")?,
        price: row.get("price_cents")?,
    })
}
