//! What seeded people did: who added which card, who bought it, and what everybody held after each purchase.

use domain::{AccountId, CardId, Money, PurchaseId};
use uuid::Uuid;

use super::Size;
use crate::clock::now_ms;

/// One sale for so many cards.
const CARDS_PER_SALE: usize = 5;
/// One card in so many is on sale.
const CARDS_PER_LISTING: u64 = 3;
/// Prices are spread over the orders of magnitude from 0.01 to 10,000.00; few can pay more than they were given.
const MAGNITUDES: u32 = 6;

pub(super) struct History {
    pub(super) people: Vec<Person>,
    pub(super) cards: Vec<Card>,
    /// In the order in which they happened.
    pub(super) sales: Vec<Sale>,
    /// When it began; every act follows the one before by a millisecond.
    pub(super) began_at_ms: i64,
}

pub(super) struct Person {
    pub(super) id: AccountId,
    pub(super) balance_cents: i64,
    pub(super) entries: i64,
}

pub(super) struct Card {
    pub(super) id: CardId,
    pub(super) upload: Uuid,
    /// Places among the people.
    pub(super) adder: usize,
    pub(super) owner: usize,
    pub(super) version: i64,
    pub(super) price_cents: Option<i64>,
}

pub(super) struct Sale {
    pub(super) id: PurchaseId,
    pub(super) key: Uuid,
    pub(super) card: usize,
    pub(super) card_version: i64,
    pub(super) price_cents: i64,
    pub(super) buyer: After,
    pub(super) seller: After,
}

/// Somebody right after an entry in the ledger.
#[derive(Clone, Copy)]
pub(super) struct After {
    pub(super) person: usize,
    pub(super) number: i64,
    pub(super) balance_cents: i64,
}

impl History {
    pub(super) fn invent(size: Size, chance: &dyn Fn() -> u64) -> Self {
        let below = |bound: usize| (chance() % bound.max(1) as u64) as usize;
        let mut people: Vec<Person> = (0..size.accounts.max(2)).map(|_| Person::welcomed()).collect();
        let mut cards: Vec<Card> = (0..size.cards).map(|_| Card::added_by(below(people.len()))).collect();
        let mut sales = Vec::new();
        for _ in 0..size.cards / CARDS_PER_SALE {
            let (card, buyer) = (below(cards.len()), below(people.len()));
            let price_cents = price(chance);
            // Not everybody who looks can buy.
            if cards[card].owner != buyer && people[buyer].balance_cents >= price_cents {
                sales.push(sell(&mut people, &mut cards[card], card, buyer, price_cents));
            }
        }
        for card in &mut cards {
            if chance().is_multiple_of(CARDS_PER_LISTING) {
                card.price_cents = Some(price(chance));
                card.version += 1;
            }
        }
        let acts = people.len() + cards.len() + sales.len();
        Self { people, cards, sales, began_at_ms: now_ms() - acts as i64 }
    }
}

impl Person {
    fn welcomed() -> Self {
        let balance_cents = Money::WELCOME_GRANT.cents();
        Self { id: AccountId::from(Uuid::now_v7()), balance_cents, entries: 1 }
    }

    fn receive(&mut self, person: usize, cents: i64) -> After {
        self.balance_cents += cents;
        self.entries += 1;
        After { person, number: self.entries, balance_cents: self.balance_cents }
    }
}

impl Card {
    fn added_by(adder: usize) -> Self {
        let (id, upload) = (CardId::from(Uuid::now_v7()), Uuid::now_v7());
        Self { id, upload, adder, owner: adder, version: 1, price_cents: None }
    }
}

fn sell(people: &mut [Person], card: &mut Card, place: usize, buyer: usize, price_cents: i64) -> Sale {
    let seller = card.owner;
    card.owner = buyer;
    // Put on sale, and bought.
    card.version += 2;
    Sale {
        id: PurchaseId::from(Uuid::now_v7()),
        key: Uuid::now_v7(),
        card: place,
        card_version: card.version - 1,
        price_cents,
        buyer: people[buyer].receive(buyer, -price_cents),
        seller: people[seller].receive(seller, price_cents),
    }
}

fn price(chance: &dyn Fn() -> u64) -> i64 {
    let highest = 10_u64.pow(chance() as u32 % MAGNITUDES + 1);
    (chance() % highest + 1) as i64
}
