//! The market in memory: what each act answers and changes, in the simplest words.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Money, NotificationKind, Refusal};

use super::acts::Act;

#[derive(Default)]
pub(super) struct Model {
    pub(super) people: Vec<Person>,
    /// Deleted ones stay in their place.
    pub(super) cards: Vec<Card>,
    pub(super) looks: Vec<Look>,
    /// By their look, whose key they carry.
    pub(super) bought: BTreeMap<usize, Bought>,
}

pub(super) struct Person {
    pub(super) balance: i64,
    pub(super) suspended: bool,
    /// What they were told, oldest first: kind, card, amount.
    pub(super) told: Vec<(NotificationKind, usize, i64)>,
}

pub(super) struct Card {
    pub(super) owner: usize,
    pub(super) price: Option<i64>,
    pub(super) version: i64,
    pub(super) deleted: bool,
    pub(super) watchers: BTreeSet<usize>,
    /// The versions that were sold, with seller, buyer and price.
    pub(super) sales: Vec<(i64, usize, usize, i64)>,
}

#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) who: usize,
    pub(super) card: usize,
    pub(super) version: i64,
    pub(super) price: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bought {
    pub(super) buyer: usize,
    pub(super) price: i64,
    pub(super) balance_after: i64,
}

impl Model {
    pub(super) fn suspended(&self) -> Option<usize> {
        self.people.iter().position(|person| person.suspended)
    }

    pub(super) fn is_hidden(&self, card: usize) -> bool {
        self.people[self.cards[card].owner].suspended
    }

    /// Does the act; answers the receipt of a purchase.
    pub(super) fn expect(&mut self, act: &Act) -> Result<Option<Bought>, Refusal> {
        match *act {
            Act::Add { who } => self.add(who)?,
            Act::List { who, card, price } => self.list(who, card, price)?,
            Act::Reprice { who, card, version, price } => self.reprice(who, card, version, price)?,
            Act::Cancel { who, card, version } => self.cancel(who, card, version)?,
            Act::Edit { who, card } => self.own(who, card)?.version += 1,
            Act::Delete { who, card } => self.delete(who, card)?,
            Act::Watch { who, card } => self.watch(who, card)?,
            Act::Unwatch { who, card } => {
                self.cards[card].watchers.remove(&who);
            }
            Act::Look { who, card } => self.look(who, card)?,
            Act::Buy { who, look } => return self.buy(who, look).map(Some),
            Act::Suspend { who } => self.people[who].suspended = true,
            Act::Reinstate { who } => self.people[who].suspended = false,
        }
        Ok(None)
    }

    fn own(&mut self, who: usize, card: usize) -> Result<&mut Card, Refusal> {
        let card = &mut self.cards[card];
        if card.deleted || card.owner != who { Err(Refusal::NotFound) } else { Ok(card) }
    }

    fn add(&mut self, owner: usize) -> Result<(), Refusal> {
        if self.people[owner].suspended {
            return Err(Refusal::Suspended);
        }
        let (watchers, sales) = (BTreeSet::new(), Vec::new());
        self.cards.push(Card { owner, price: None, version: 1, deleted: false, watchers, sales });
        Ok(())
    }

    fn list(&mut self, who: usize, card: usize, price: i64) -> Result<(), Refusal> {
        check(price)?;
        let suspended = self.people[who].suspended;
        let card = self.own(who, card)?;
        match card.price {
            _ if suspended => Err(Refusal::Suspended),
            Some(_) => Err(Refusal::AlreadyOnSale),
            None => {
                card.price = Some(price);
                card.version += 1;
                Ok(())
            }
        }
    }

    fn reprice(&mut self, who: usize, number: usize, version: i64, price: i64) -> Result<(), Refusal> {
        check(price)?;
        let suspended = self.people[who].suspended;
        let card = self.own(who, number)?;
        if card.version != version {
            return Err(Refusal::ListingChanged);
        }
        if suspended {
            return Err(Refusal::Suspended);
        }
        let before = card.price.ok_or(Refusal::NotOnSale)?;
        card.price = Some(price);
        card.version += 1;
        if price < before {
            for watcher in card.watchers.clone() {
                self.people[watcher].told.push((NotificationKind::PriceDropped, number, price));
            }
        }
        Ok(())
    }

    fn cancel(&mut self, who: usize, card: usize, version: i64) -> Result<(), Refusal> {
        let suspended = self.people[who].suspended;
        let card = self.own(who, card)?;
        if card.version != version {
            return Err(Refusal::ListingChanged);
        }
        if card.price.is_none() {
            return Err(if suspended { Refusal::Suspended } else { Refusal::NotOnSale });
        }
        card.price = None;
        card.version += 1;
        Ok(())
    }

    fn delete(&mut self, who: usize, card: usize) -> Result<(), Refusal> {
        let card = self.own(who, card)?;
        if card.price.is_some() {
            return Err(Refusal::CancelSaleFirst);
        }
        card.deleted = true;
        card.watchers.clear();
        Ok(())
    }

    fn watch(&mut self, who: usize, card: usize) -> Result<(), Refusal> {
        if self.cards[card].deleted || self.is_hidden(card) {
            return Err(Refusal::NotFound);
        }
        if self.cards[card].owner == who {
            return Err(Refusal::OwnCard);
        }
        if self.people[who].suspended {
            return Err(Refusal::Suspended);
        }
        self.cards[card].watchers.insert(who);
        Ok(())
    }

    fn look(&mut self, who: usize, number: usize) -> Result<(), Refusal> {
        let card = &self.cards[number];
        if card.deleted || (self.is_hidden(number) && card.owner != who) {
            return Err(Refusal::NotFound);
        }
        if card.owner == who {
            return Err(Refusal::OwnCard);
        }
        let price = card.price.ok_or(Refusal::NotOnSale)?;
        self.looks.push(Look { who, card: number, version: card.version, price });
        Ok(())
    }

    fn buy(&mut self, who: usize, number: usize) -> Result<Bought, Refusal> {
        if let Some(bought) = self.bought.get(&number) {
            return if bought.buyer == who { Ok(*bought) } else { Err(Refusal::NotFound) };
        }
        let look = self.looks[number];
        self.still_as_seen(who, &look)?;
        if self.people[who].suspended {
            return Err(Refusal::Suspended);
        }
        let left = self.people[who].balance - look.price;
        if left < 0 {
            return Err(Refusal::Short { by: Money::from_cents(-left) });
        }
        let card = &mut self.cards[look.card];
        let seller = card.owner;
        card.sales.push((card.version, seller, who, look.price));
        (card.owner, card.price, card.version) = (who, None, card.version + 1);
        card.watchers.remove(&who);
        for watcher in card.watchers.clone() {
            self.people[watcher].told.push((NotificationKind::WatchedSold, look.card, look.price));
        }
        self.people[seller].told.push((NotificationKind::Sold, look.card, look.price));
        self.people[seller].balance += look.price;
        self.people[who].balance = left;
        let bought = Bought { buyer: who, price: look.price, balance_after: left };
        self.bought.insert(number, bought);
        Ok(bought)
    }

    fn still_as_seen(&self, who: usize, look: &Look) -> Result<(), Refusal> {
        let card = &self.cards[look.card];
        if card.deleted {
            return Err(Refusal::NotFound);
        }
        if card.owner == who {
            return Err(Refusal::OwnCard);
        }
        if card.sales.iter().any(|(version, ..)| *version >= look.version) {
            return Err(Refusal::SomebodyWasFaster);
        }
        let now = card.price.filter(|_| !self.is_hidden(look.card)).ok_or(Refusal::NotOnSale)?;
        if now != look.price {
            let (seen, now) = (Money::from_cents(look.price), Money::from_cents(now));
            return Err(Refusal::PriceChanged { seen, now });
        }
        if card.version != look.version { Err(Refusal::ListingChanged) } else { Ok(()) }
    }
}

fn check(price: i64) -> Result<(), Refusal> {
    if (1..=100_000_000).contains(&price) { Ok(()) } else { Err(Refusal::PriceOutOfRange) }
}
