//! The market as it is to be: every card, who adds it, what is sold to whom, and what is on sale in the end.

use crate::art::{Artwork, Family, paint};
use crate::dice::Dice;
use crate::people::PEOPLE;
use crate::prices::{price, resale};

const PER_FAMILY: usize = 8;
const SALES: usize = 38;
/// How often somebody looks for something to buy, found or not.
const LOOKS: usize = 10_000;
/// All of the first of each family are on sale, so that the market's first page shows every kind.
const ALWAYS_ON_SALE: usize = 2;
/// How many of the others are.
const ON_SALE_SHARE: f32 = 0.46;
/// What every account is given at activation, and what nobody in the demo spends.
const GRANT_CENTS: i64 = 100_00;
const RESERVE_CENTS: i64 = 6_00;
const SEED: u64 = 20;

/// One card, before anybody has added it.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub family: Family,
    /// From 1, within its family.
    pub number: usize,
    seed: u64,
}

impl Plan {
    /// Takes about a tenth of a second.
    #[must_use]
    pub fn paint(&self) -> Artwork {
        paint(self.family, self.number, self.seed)
    }
}

/// `card` counts in [`Catalogue::cards`], people in [`PEOPLE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sale {
    pub card: usize,
    pub seller: usize,
    pub buyer: usize,
    pub price_cents: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    pub card: usize,
    pub owner: usize,
    pub price_cents: i64,
}

/// The same every time.
pub struct Catalogue {
    /// The first page of the market begins with the first.
    pub cards: Vec<Plan>,
    /// Who adds each card.
    pub owners: Vec<usize>,
    /// In the order in which they happen.
    pub sales: Vec<Sale>,
    /// In the order of [`Catalogue::cards`].
    pub listings: Vec<Listing>,
}

impl Catalogue {
    #[must_use]
    pub fn draw_up() -> Self {
        Self::of(PER_FAMILY)
    }

    /// A smaller or larger market, with this many cards of each family.
    #[must_use]
    pub fn of(per_family: usize) -> Self {
        let dice = Dice::new(SEED, 0);
        let cards = cards(per_family);
        let owners: Vec<_> =
            (0..cards.len()).map(|card| (card * 5 + dice.whole(0, 2)) % PEOPLE.len()).collect();
        let mut owners_now = owners.clone();
        let sales = sales(&dice, &cards, &mut owners_now);
        let listings = listings(&dice, &cards, &owners_now, &sales);
        Self { cards, owners, sales, listings }
    }
}

/// One of each family, then the next of each: neighbours on a page are never of a kind.
fn cards(per_family: usize) -> Vec<Plan> {
    let numbers = 1..=per_family;
    numbers
        .flat_map(|number| Family::ALL.map(|family| Plan { family, number, seed: seed(family, number) }))
        .collect()
}

fn seed(family: Family, number: usize) -> u64 {
    number as u64 * 1009 + family as u64
}

/// Everybody buys in turn, something that they can pay.
fn sales(dice: &Dice, cards: &[Plan], owners: &mut [usize]) -> Vec<Sale> {
    let mut balances = [GRANT_CENTS; PEOPLE.len()];
    let mut sales: Vec<Sale> = vec![];
    for buyer in (0..PEOPLE.len()).cycle().take(LOOKS) {
        if sales.len() == SALES {
            break;
        }
        let card = dice.whole(0, cards.len() - 1);
        let price_cents = match sales.iter().rev().find(|sale| sale.card == card) {
            Some(before) => resale(dice, before.price_cents),
            None => price(dice, cards[card].family),
        };
        let seller = owners[card];
        if seller == buyer || balances[buyer] - price_cents < RESERVE_CENTS {
            continue;
        }
        balances[buyer] -= price_cents;
        balances[seller] += price_cents;
        owners[card] = buyer;
        sales.push(Sale { card, seller, buyer, price_cents });
    }
    sales
}

fn listings(dice: &Dice, cards: &[Plan], owners: &[usize], sales: &[Sale]) -> Vec<Listing> {
    let mut listings = vec![];
    for (card, plan) in cards.iter().enumerate() {
        if plan.number > ALWAYS_ON_SALE && !dice.chance(ON_SALE_SHARE) {
            continue;
        }
        let price_cents = match sales.iter().rev().find(|sale| sale.card == card) {
            Some(before) => resale(dice, before.price_cents),
            None => price(dice, plan.family),
        };
        listings.push(Listing { card, owner: owners[card], price_cents });
    }
    listings
}
