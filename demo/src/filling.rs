//! Fills the store as its people would: they arrive, add cards, sell to each other, and put the rest on sale.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use backend::cards::{self, NewCard};
use backend::{Store, images, ledger, market};
use domain::{AccountId, AltText, CardId, CardName, Money, Refusal};
use futures::{StreamExt as _, TryStreamExt as _};

use crate::catalogue::{Catalogue, Listing, Plan, Sale};
use crate::letters::Letters;
use crate::people;

/// How many cards pass between two lines of progress.
const CARDS_PER_LINE: usize = 25;

const LISTED_APART: Duration = Duration::from_millis(2);

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    /// The store was empty and is full of life now.
    Now { people: usize, cards: usize, sales: usize, listings: usize },
    /// Somebody lives there already; nothing was touched.
    Before,
}

/// Fills the store unless it has accounts; `say` is given a line of progress now and then.
///
/// # Errors
/// Whatever the store refuses or cannot do; what was done until then stays.
pub async fn fill(
    store: &Store,
    letters: &Letters,
    catalogue: &Catalogue,
    say: impl Fn(String),
) -> Result<Filled, Failure> {
    if ledger::verify(store).await?.accounts > 0 {
        return Ok(Filled::Before);
    }
    let people = people::settle(store, letters).await?;
    say(format!("{} people have arrived", people.len()));
    let cards = add_cards(store, catalogue, &people, &say).await?;
    for sale in &catalogue.sales {
        sell(store, &people, cards[sale.card], sale).await?;
    }
    say(format!("{} cards have found a new owner", catalogue.sales.len()));
    // The newest listing is shown first, and listings are told apart by the millisecond.
    for listing in catalogue.listings.iter().rev() {
        put_on_sale(store, &people, cards[listing.card], listing).await?;
        tokio::time::sleep(LISTED_APART).await;
    }
    Ok(Filled::Now {
        people: people.len(),
        cards: cards.len(),
        sales: catalogue.sales.len(),
        listings: catalogue.listings.len(),
    })
}

/// Answers the cards in the order of the catalogue.
async fn add_cards(
    store: &Store,
    catalogue: &Catalogue,
    people: &[AccountId],
    say: impl Fn(String),
) -> Result<Vec<CardId>, Failure> {
    let painters = std::thread::available_parallelism().map_or(2, usize::from);
    let total = catalogue.cards.len();
    let owners = catalogue.owners.iter().map(|&owner| people[owner]);
    // One more than there are cores: somebody always paints while others upload.
    let mut added = futures::stream::iter(catalogue.cards.iter().copied().zip(owners))
        .map(|(plan, owner)| add_card(store, owner, plan))
        .buffered(painters + 1);
    let mut cards = Vec::with_capacity(total);
    while let Some(card) = added.try_next().await? {
        cards.push(card);
        if cards.len() % CARDS_PER_LINE == 0 {
            say(format!("{} of {total} cards are painted", cards.len()));
        }
    }
    Ok(cards)
}

async fn add_card(store: &Store, owner: AccountId, plan: Plan) -> Result<CardId, Failure> {
    let artwork = tokio::task::spawn_blocking(move || plan.paint()).await.map_err(Failure::new)?;
    let upload = images::put_with_thumbnail(store, owner, artwork.jpeg, artwork.thumbnail).await?;
    let card = NewCard { name: CardName::parse(&artwork.name)?, alt: AltText::parse(&artwork.alt)?, upload };
    Ok(cards::add(store, owner, card).await?)
}

async fn sell(store: &Store, people: &[AccountId], card: CardId, sale: &Sale) -> Result<(), Failure> {
    let buyer = people[sale.buyer];
    market::list(store, people[sale.seller], card, Money::from_cents(sale.price_cents)).await?;
    let offer = market::offer(store, buyer, card).await?;
    market::buy(store, buyer, offer.terms).await?;
    Ok(())
}

async fn put_on_sale(
    store: &Store,
    people: &[AccountId],
    card: CardId,
    listing: &Listing,
) -> Result<(), Failure> {
    let price = Money::from_cents(listing.price_cents);
    Ok(market::list(store, people[listing.owner], card, price).await?)
}

/// Why the store was not filled, for the person at the terminal.
#[derive(Clone, Debug)]
pub struct Failure(Arc<str>);

impl Failure {
    pub(crate) fn new(reason: impl fmt::Display) -> Self {
        Self(reason.to_string().into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::new(format!("{refusal:?}"))
    }
}

impl From<backend::Error> for Failure {
    fn from(error: backend::Error) -> Self {
        match error {
            backend::Error::Refused(refusals) => Self::new(format!("{refusals:?}")),
            backend::Error::Fault(fault) => Self::new(fault.chain()),
        }
    }
}
