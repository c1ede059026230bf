//! The market's pages as SQL: every order with every set of filters, each of which reads one index.

use std::sync::LazyLock;

use domain::Money;
use domain::market::PAGE_SIZE;

use super::browsing::{COUNTED_UP_TO, Query, Sort};
use super::cursor::Cursor;
use super::searching::{MOST_TERMS, RARE, Terms, beginning};
use crate::database::{Statement, sql};

/// The longest search text that is looked for, in characters: no name is longer.
pub(super) const LONGEST_TEXT: usize = domain::CardName::LONGEST;

pub(super) fn statement(query: &Query, terms: Option<&Terms>) -> Statement {
    let filters = Filters::of(query);
    let text = Text::of(terms);
    let after = query
        .after
        .as_deref()
        .and_then(|after| Cursor::parse(query.sort, after))
        .unwrap_or_else(|| Cursor::start(query.sort));
    let mut statement = sql(page_of(query.sort, &filters, text))
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
    let Some(terms) = terms else { return statement };
    let rare = terms.rare.as_deref().map(beginning).into_iter().flatten();
    terms.patterns().into_iter().chain(rare).fold(statement, Statement::bind)
}

/// How a search finds its cards.
#[derive(Clone, Copy)]
enum Text {
    /// It has no words.
    Any,
    /// On the way through the market.
    Met,
    /// By its rarest word.
    LookedUp,
}

impl Text {
    const ALL: [Self; 3] = [Self::Any, Self::Met, Self::LookedUp];

    fn of(terms: Option<&Terms>) -> Self {
        match terms {
            None => Self::Any,
            Some(Terms { rare: None, .. }) => Self::Met,
            Some(Terms { rare: Some(_), .. }) => Self::LookedUp,
        }
    }
}

/// What a query asks of a card besides being on sale.
struct Filters {
    seller: Option<String>,
    prices: Option<(Money, Money)>,
}

impl Filters {
    fn of(query: &Query) -> Self {
        let bounded = query.lowest.is_some() || query.highest.is_some();
        let lowest = query.lowest.unwrap_or(Money::LOWEST_PRICE);
        let highest = query.highest.unwrap_or(Money::HIGHEST_PRICE);
        Self {
            seller: given(query.seller.as_deref()).map(str::to_ascii_lowercase),
            prices: bounded.then_some((lowest, highest)),
        }
    }
}

/// What was typed into a field, if anything.
pub(super) fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Every order with every set of filters: 36 texts, written once.
fn page_of(sort: Sort, filters: &Filters, text: Text) -> &'static str {
    static PAGES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let sorts = [Sort::Newest, Sort::CheapestFirst, Sort::DearestFirst];
        let yes_or_no = [false, true];
        let mut pages = Vec::new();
        for sort in sorts {
            for seller in yes_or_no {
                for prices in yes_or_no {
                    pages.extend(Text::ALL.map(|text| page(sort, seller, prices, text)));
                }
            }
        }
        pages
    });
    let place = (sort as usize * 2 + usize::from(filters.seller.is_some())) * 2;
    let place = (place + usize::from(filters.prices.is_some())) * Text::ALL.len() + text as usize;
    &PAGES[place]
}

/// Reads one index from the cursor on, or the cards with a rare word, and the rows of that page only. The parameters
/// are the cursor (`$1`, `$2`), the page's size, how far to count, then those of the filters in this order.
fn page(sort: Sort, seller: bool, prices: bool, text: Text) -> String {
    let (column, beyond, direction) = match sort {
        Sort::Newest => ("listed_at_ms", "<", "desc"),
        Sort::CheapestFirst => ("price_cents", ">", "asc"),
        Sort::DearestFirst => ("price_cents", "<", "desc"),
    };
    let counted = on_sale(seller, prices, text, "price_cents");
    // The plus keeps a planner from reading the prices first and sorting all of them by time.
    let shown =
        on_sale(seller, prices, text, if sort == Sort::Newest { "+price_cents" } else { "price_cents" });
    format!(
        "select c.id, c.name, c.alt, coalesce(c.thumbnail_key, c.image_key) as shown_key, c.price_cents, page.position, \
             a.username as seller, (select count(*) from (select 1 from {counted} limit $4) as counted) as matches \
         from (select id, {column} as position from {shown} and ({column}, id) {beyond} ($1, $2) \
             order by {column} {direction}, id {direction} limit $3) as page \
         join cards c on c.id = page.id join accounts a on a.id = c.owner_id \
         order by page.position {direction}, page.id {direction}"
    )
}

/// The cards to look at, and what is asked of them.
fn on_sale(seller: bool, prices: bool, text: Text, price: &str) -> String {
    let mut parameter = 4;
    let mut next = || {
        parameter += 1;
        parameter
    };
    let mut conditions = String::new();
    if seller {
        conditions += &format!(" and owner_id = (select id from accounts where username_key = ${})", next());
    }
    if prices {
        conditions += &format!(" and {price} >= ${} and {price} <= ${}", next(), next());
    }
    if !matches!(text, Text::Any) {
        let likes: Vec<_> = (0..MOST_TERMS).map(|_| format!("name_key like ${}", next())).collect();
        // Asked like this, PostgreSQL expects it of most cards; asked plainly, of next to none, and would read the
        // whole market before it sorts what is left.
        conditions += &format!(" and case when {} then 1 end is not null", likes.join(" and "));
    }
    match text {
        Text::Any | Text::Met => {
            format!("cards where price_cents is not null and hidden is null{conditions}")
        }
        // The bound tells a planner how few they are, `cross join` tells SQLite to begin with them, and said like
        // this no index over the whole market fits.
        Text::LookedUp => format!(
            "(select distinct card_id from card_words where word >= ${} and word < ${} limit {RARE}) as found \
             cross join cards where id = card_id and coalesce(price_cents, 0) > 0 and coalesce(hidden, '') = '' \
             {conditions}",
            next(),
            next()
        ),
    }
}
