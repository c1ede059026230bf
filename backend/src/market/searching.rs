//! Searching: how many cards have a word decides whether they are looked up by it, or met on the way through the market.

use super::pages::LONGEST_TEXT;
use crate::cards::{coded, words};
use crate::database::sql;
use crate::error::Fault;
use crate::store::Store;

/// How many words of a search count, the first.
pub(super) const MOST_TERMS: usize = 4;
/// A word that fewer cards have is rare: those are looked up and put in order. Of more, a page fills soon by reading
/// the market in its order.
pub(super) const RARE: i64 = 1000;

/// What a search asks of a name: that for each of its terms there is a word which begins with it.
pub(super) struct Terms {
    terms: Vec<String>,
    /// The rarest, when it is rare.
    pub(super) rare: Option<String>,
}

impl Terms {
    /// `None` when there is no word in the text, which no name has.
    pub(super) async fn of(store: &Store, text: &str) -> Result<Option<Self>, Fault> {
        let text: String = text.chars().take(LONGEST_TEXT).collect();
        let mut terms = words(&text);
        terms.truncate(MOST_TERMS);
        let mut rarest: Option<(i64, &String)> = None;
        for term in &terms {
            let cards = cards_with(store, term).await?;
            if cards < RARE && rarest.is_none_or(|(fewest, _)| cards < fewest) {
                rarest = Some((cards, term));
            }
        }
        let rare = rarest.map(|(_, term)| coded(term));
        Ok((!terms.is_empty()).then_some(Self { terms, rare }))
    }

    /// A pattern for each term; what is left of them fits everything.
    pub(super) fn patterns(&self) -> [String; MOST_TERMS] {
        std::array::from_fn(|place| self.terms.get(place).map_or("%".to_owned(), |term| format!("% {term}%")))
    }
}

/// Up to [`RARE`].
async fn cards_with(store: &Store, term: &str) -> Result<i64, Fault> {
    let [from, to] = beginning(&coded(term));
    let counted = sql("select count(*) as words from \
             (select 1 from card_words where word >= $1 and word < $2 limit $3) as counted")
    .bind(from)
    .bind(to)
    .bind(RARE);
    let row = store.database().maybe(counted).await?;
    row.map_or(Ok(0), |row| row.get("words"))
}

/// The range of coded words that begin with this one: `g` follows every hexadecimal digit.
pub(super) fn beginning(coded: &str) -> [String; 2] {
    [coded.to_owned(), format!("{coded}g")]
}
