//! Browsing: keyset pages of what is on sale, one statement each, with an index behind every order and filter.

use std::sync::LazyLock;

use domain::market::PAGE_SIZE;
use domain::{MarketPage, MarketTile, Money};

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

/// What a query asks of a card besides being on sale.
struct Filters {
    seller: Option<String>,
    prices: Option<(Money, Money)>,
    pattern: Option<String>,
}

impl Filters {
    fn of(query: &Query) -> Self {
        let given = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let bounded = query.lowest.is_some() || query.highest.is_some();
        let lowest = query.lowest.unwrap_or(Money::LOWEST_PRICE);
        let highest = query.highest.unwrap_or(Money::HIGHEST_PRICE);
        Self {
            seller: given(&query.seller).map(|seller| seller.to_ascii_lowercase()),
            prices: bounded.then_some((lowest, highest)),
            pattern: given(&query.text).map(|text| containing(&text)),
        }
    }
}

fn statement(query: &Query) -> Statement {
    let filters = Filters::of(query);
    let after = query
        .after
        .as_deref()
        .and_then(|after| Cursor::parse(query.sort, after))
        .unwrap_or_else(|| Cursor::start(query.sort));
    let mut statement = sql(page_of(query.sort, &filters))
        .bind(after.position)
        .bind(after.id.to_string())
        .bind(i64::from(PAGE_SIZE) + 1)
        .bind(COUNTED_UP_TO as i64);
    if let Some(seller) = filters.seller {
        statement = statement.bind(seller);
    }
    if let Some((lowest, highest)) = filters.prices {
        statement = statement.bind(lowest).bind(highest);
    }
    match filters.pattern {
        Some(pattern) => statement.bind(pattern),
        None => statement,
    }
}

/// Every order with every set of filters: 24 texts, written once.
fn page_of(sort: Sort, filters: &Filters) -> &'static str {
    static PAGES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let sorts = [Sort::Newest, Sort::CheapestFirst, Sort::DearestFirst];
        let yes_or_no = [false, true];
        let mut pages = Vec::new();
        for sort in sorts {
            for seller in yes_or_no {
                for prices in yes_or_no {
                    for pattern in yes_or_no {
                        pages.push(page(sort, seller, prices, pattern));
                    }
                }
            }
        }
        pages
    });
    let chosen = [filters.seller.is_some(), filters.prices.is_some(), filters.pattern.is_some()];
    let place = chosen.iter().fold(sort as usize, |place, chosen| place * 2 + usize::from(*chosen));
    &PAGES[place]
}

/// Reads one index from the cursor on, and the rows of that page only. The parameters are the cursor (`$1`, `$2`),
/// the page's size, how far to count, then those of the filters in this order.
fn page(sort: Sort, seller: bool, prices: bool, pattern: bool) -> String {
    let (column, beyond, direction) = match sort {
        Sort::Newest => ("listed_at_ms", "<", "desc"),
        Sort::CheapestFirst => ("price_cents", ">", "asc"),
        Sort::DearestFirst => ("price_cents", "<", "desc"),
    };
    let mut on_sale = String::from("price_cents is not null and hidden is null");
    let mut parameter = 4;
    let mut next = || {
        parameter += 1;
        parameter
    };
    if seller {
        on_sale += &format!(" and owner_id = (select id from accounts where username_key = ${})", next());
    }
    if prices {
        on_sale += &format!(" and price_cents >= ${} and price_cents <= ${}", next(), next());
    }
    if pattern {
        on_sale += &format!(" and name_key like ${} escape '!'", next());
    }
    format!(
        "select c.id, c.name, c.alt, c.image_key, c.price_cents, page.position, a.username as seller, \
             (select count(*) from (select 1 from cards where {on_sale} limit $4) as counted) as matches \
         from (select id, {column} as position from cards \
             where {on_sale} and ({column}, id) {beyond} ($1, $2) \
             order by {column} {direction}, id {direction} limit $3) as page \
         join cards c on c.id = page.id join accounts a on a.id = c.owner_id \
         order by page.position {direction}, page.id {direction}"
    )
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
