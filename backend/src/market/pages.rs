//! The market's pages as SQL: every order with every set of filters, each of which reads one index.

use std::sync::LazyLock;

use domain::Money;
use domain::market::PAGE_SIZE;

use super::browsing::{COUNTED_UP_TO, Query, Sort};
use super::cursor::Cursor;
use crate::database::{Statement, sql};

/// The longest search text that is looked for, in characters: no name is longer.
const LONGEST_TEXT: usize = domain::CardName::LONGEST;

pub(super) fn statement(query: &Query) -> Statement {
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
    let counted = on_sale(seller, prices, pattern, "price_cents");
    // The plus keeps a planner from reading the prices first and sorting all of them by time.
    let shown =
        on_sale(seller, prices, pattern, if sort == Sort::Newest { "+price_cents" } else { "price_cents" });
    format!(
        "select c.id, c.name, c.alt, c.image_key, c.thumbnail_key, c.price_cents, page.position, \
             a.username as seller, \
             (select count(*) from (select 1 from cards where {counted} limit $4) as counted) as matches \
         from (select id, {column} as position from cards \
             where {shown} and ({column}, id) {beyond} ($1, $2) \
             order by {column} {direction}, id {direction} limit $3) as page \
         join cards c on c.id = page.id join accounts a on a.id = c.owner_id \
         order by page.position {direction}, page.id {direction}"
    )
}

fn on_sale(seller: bool, prices: bool, pattern: bool, price: &str) -> String {
    let mut conditions = String::from("price_cents is not null and hidden is null");
    let mut parameter = 4;
    let mut next = || {
        parameter += 1;
        parameter
    };
    if seller {
        conditions += &format!(" and owner_id = (select id from accounts where username_key = ${})", next());
    }
    if prices {
        conditions += &format!(" and {price} >= ${} and {price} <= ${}", next(), next());
    }
    if pattern {
        conditions += &format!(" and name_key like ${} escape '!'", next());
    }
    conditions
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
