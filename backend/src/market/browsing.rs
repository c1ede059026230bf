//! Browsing: keyset pages of what is on sale, one statement each, with an index behind every order.

use domain::market::PAGE_SIZE;
use domain::{MarketPage, MarketTile};

use super::cursor::Cursor;
use crate::database::{Row, Statement, sql};
use crate::error::{Error, Fault};
use crate::images;
use crate::store::Store;

/// How far matches are counted: a page may say "1,000 or more".
pub const COUNTED_UP_TO: u64 = 1000;

/// The longest search text that is looked for, in characters: no name is longer.
const LONGEST_TEXT: usize = domain::CardName::LONGEST;

/// What a visitor looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Part of a card's name, without regard to case.
    pub text: Option<String>,
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
    let mut rows = store.database().all(statement(query)).await?;
    let more = rows.len() > PAGE_SIZE as usize;
    rows.truncate(PAGE_SIZE as usize);
    let matches = rows.first().map_or(Ok(0), |row| row.get::<i64>("matches"))?;
    let next = match rows.last() {
        Some(last) if more => Some(Cursor::at(query.sort, last)?.to_string()),
        _ => None,
    };
    let mut tiles = Vec::with_capacity(rows.len());
    for row in &rows {
        tiles.push(tile(store, row).await?);
    }
    Ok(MarketPage { tiles, next, matches: u64::try_from(matches).unwrap_or(0) })
}

async fn tile(store: &Store, row: &Row) -> Result<MarketTile, Fault> {
    Ok(MarketTile {
        id: row.get("id")?,
        name: row.get("name")?,
        alt: row.get("alt")?,
        image_url: images::url(store, &row.get::<String>("image_key")?).await?,
        seller: row.get("seller")?,
        price: row.get("price_cents")?,
    })
}

/// Builds the six statements, so that each is a constant and reads one index from the cursor on.
macro_rules! page {
    ($column:literal, $beyond:literal, $direction:literal, $filter:literal) => {
        concat!(
            "select c.id, c.name, c.alt, c.image_key, c.price_cents, c.",
            $column,
            " as position, a.username as seller, (select count(*) from \
               (select 1 from cards where price_cents is not null",
            $filter,
            " limit $4) as counted) as matches \
             from (select * from cards where price_cents is not null",
            $filter,
            " and (",
            $column,
            ", id) ",
            $beyond,
            " ($1, $2) order by ",
            $column,
            " ",
            $direction,
            ", id ",
            $direction,
            " limit $3) as c join accounts a on a.id = c.owner_id order by c.",
            $column,
            " ",
            $direction,
            ", c.id ",
            $direction
        )
    };
}

fn statement(query: &Query) -> Statement {
    let text = query.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let text_of_page = match (query.sort, text) {
        (Sort::Newest, None) => page!("listed_at_ms", "<", "desc", ""),
        (Sort::CheapestFirst, None) => page!("price_cents", ">", "asc", ""),
        (Sort::DearestFirst, None) => page!("price_cents", "<", "desc", ""),
        (Sort::Newest, Some(_)) => page!("listed_at_ms", "<", "desc", " and name_key like $5 escape '!'"),
        (Sort::CheapestFirst, Some(_)) => {
            page!("price_cents", ">", "asc", " and name_key like $5 escape '!'")
        }
        (Sort::DearestFirst, Some(_)) => {
            page!("price_cents", "<", "desc", " and name_key like $5 escape '!'")
        }
    };
    let after = query
        .after
        .as_deref()
        .and_then(|after| Cursor::parse(query.sort, after))
        .unwrap_or_else(|| Cursor::start(query.sort));
    let statement = sql(text_of_page)
        .bind(after.position)
        .bind(after.id.to_string())
        .bind(i64::from(PAGE_SIZE) + 1)
        .bind(COUNTED_UP_TO as i64);
    match text {
        Some(text) => statement.bind(containing(text)),
        None => statement,
    }
}

/// A pattern for names that contain the text; what `like` reads as wildcards is taken literally.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.to_lowercase().chars().take(LONGEST_TEXT) {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
