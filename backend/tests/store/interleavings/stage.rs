//! The real store on two nodes, beside the model of it.

use std::collections::BTreeSet;

use backend::market::Query;
use backend::{Error, Store, admin, cards, ledger, market, notifications, watching};
use domain::{AccountId, AltText, CardId, CardName, Money, Refusal, Terms};

use super::acts::Act;
use super::model::{Bought, Model, Person};
use crate::support::{World, cents, new_card};

const PEOPLE: usize = 4;

pub(super) struct Stage {
    pub(super) model: Model,
    world: World,
    other: Store,
    people: Vec<AccountId>,
    cards: Vec<CardId>,
    looks: Vec<Terms>,
}

impl Stage {
    pub(super) async fn set() -> Self {
        let world = World::new().await;
        let other = world.another_node().await;
        let (mut model, mut people) = (Model::default(), Vec::new());
        for number in 0..PEOPLE {
            people.push(world.named_member(&format!("person{number}")).await);
            let balance = Money::WELCOME_GRANT.cents();
            model.people.push(Person { balance, suspended: false, told: Vec::new() });
        }
        Self { model, world, other, people, cards: Vec::new(), looks: Vec::new() }
    }

    /// Does what the model just did, on one node or the other.
    pub(super) async fn perform(
        &mut self,
        act: &Act,
        expected: &Result<Option<Bought>, Refusal>,
        number: usize,
    ) -> Result<(), Refusal> {
        let store = if number.is_multiple_of(2) { self.world.store.clone() } else { self.other.clone() };
        let store = &store;
        let (person, card) = (|who: usize| self.people[who], |card: usize| self.cards[card]);
        let answer = match *act {
            Act::Add { who } => {
                let upload = self.world.confirmed_upload(person(who)).await;
                let added = cards::add(store, person(who), new_card("Ace", upload)).await;
                added.map(|card| self.cards.push(card))
            }
            Act::List { who, card: it, price } => {
                market::list(store, person(who), card(it), cents(price)).await
            }
            Act::Reprice { who, card: it, version, price } => {
                market::reprice(store, person(who), card(it), version, cents(price)).await
            }
            Act::Cancel { who, card: it, version } => {
                market::cancel(store, person(who), card(it), version).await
            }
            Act::Edit { who, card: it } => {
                let name = CardName::parse("Ace").unwrap();
                cards::edit(store, person(who), card(it), name, AltText::default()).await
            }
            Act::Delete { who, card: it } => cards::delete(store, person(who), card(it)).await,
            Act::Watch { who, card: it } => watching::watch(store, person(who), card(it)).await,
            Act::Unwatch { who, card: it } => watching::unwatch(store, person(who), card(it)).await,
            Act::Look { who, card: it } => {
                let offer = market::offer(store, person(who), card(it)).await;
                offer.map(|offer| self.looks.push(offer.terms))
            }
            Act::Buy { who, look } => {
                let receipt = market::buy(store, person(who), self.looks[look]).await;
                receipt.map(|receipt| {
                    let Ok(Some(expected)) = expected else { panic!("a receipt for nothing: {receipt:?}") };
                    let (price, balance_after) = (receipt.price.cents(), receipt.balance_after.cents());
                    assert_eq!(Bought { buyer: who, price, balance_after }, *expected);
                })
            }
            Act::Suspend { who } => admin::suspend(store, &format!("person{who}")).await.map(|_| ()),
            Act::Reinstate { who } => admin::reinstate(store, &format!("person{who}")).await.map(|_| ()),
        };
        match answer {
            Ok(()) => Ok(()),
            Err(Error::Refused(refusals)) => Err(refusals[0]),
            Err(Error::Fault(fault)) => panic!("{act:?}: {}", fault.chain()),
        }
    }

    /// Everything that can be seen is as in the model.
    pub(super) async fn agrees(&self, when: &str) {
        for number in 0..self.people.len() {
            self.person_agrees(number, when).await;
        }
        for number in 0..self.cards.len() {
            self.card_agrees(number, when).await;
        }
        let page = market::browse(&self.world.store, &Query::default()).await.unwrap();
        let on_sale: Vec<_> = (0..self.cards.len()).filter(|card| self.is_on_sale(*card)).collect();
        assert_eq!(page.matches as usize, on_sale.len(), "{when}");
        let shown: BTreeSet<_> = page.tiles.iter().map(|tile| tile.id).collect();
        assert!(shown.iter().all(|id| on_sale.iter().any(|card| self.cards[*card] == *id)), "{when}");

        let there = self.model.cards.iter().filter(|card| !card.deleted).count();
        assert_eq!(self.world.database.number("select count(*) from cards").await, there as i64, "{when}");
        let purchases = self.world.database.number("select count(*) from purchases").await;
        assert_eq!(purchases, self.model.bought.len() as i64, "{when}");
        let books = ledger::verify(&self.world.store).await.unwrap();
        assert!(books.are_whole(), "{when}: {books:?}");
        assert_eq!(books.held.cents(), PEOPLE as i64 * Money::WELCOME_GRANT.cents(), "{when}");
    }

    fn is_on_sale(&self, card: usize) -> bool {
        let known = &self.model.cards[card];
        !known.deleted && known.price.is_some() && !self.model.is_hidden(card)
    }

    async fn person_agrees(&self, number: usize, when: &str) {
        let (id, known) = (self.people[number], &self.model.people[number]);
        let entries = ledger::all(&self.world.store, id).await.unwrap();
        let sum: i64 = entries.iter().map(|entry| entry.amount.cents()).sum();
        assert_eq!(sum, known.balance, "{when}: the ledger of person {number}");
        let balance = format!("select balance_cents from accounts where id = '{id}'");
        assert_eq!(self.world.database.number(&balance).await, known.balance, "{when}: person {number}");

        let mut told = Vec::new();
        loop {
            let more = notifications::after(&self.world.store, id, told.len() as i64).await.unwrap();
            if more.is_empty() {
                break;
            }
            told.extend(more);
        }
        assert!(told.iter().zip(1..).all(|(told, number)| told.number == number), "{when}");
        let told: Vec<_> = told.iter().map(|told| (told.kind, told.card, told.amount)).collect();
        let expected =
            known.told.iter().map(|(kind, card, amount)| (*kind, self.cards[*card], Some(cents(*amount))));
        assert_eq!(told, expected.collect::<Vec<_>>(), "{when}: the inbox of person {number}");
    }

    async fn card_agrees(&self, number: usize, when: &str) {
        let (id, known) = (self.cards[number], &self.model.cards[number]);
        for (who, person) in self.people.iter().enumerate() {
            let seen = cards::detail(&self.other, id, Some(*person)).await;
            if known.deleted || (self.model.is_hidden(number) && known.owner != who) {
                assert!(matches!(seen, Err(Error::Refused(_))), "{when}: card {number}");
                continue;
            }
            let seen = seen.unwrap();
            assert_eq!(seen.mine, known.owner == who, "{when}: who owns card {number}");
            assert_eq!(seen.watched, known.watchers.contains(&who), "{when}: who watches card {number}");
            assert_eq!((seen.price, seen.version), (known.price.map(cents), known.version), "{when}");
            let history: Vec<_> = seen.history.iter().map(|sale| (sale.buyer.clone(), sale.price)).collect();
            let sales = known.sales.iter().rev().take(domain::market::LONGEST_HISTORY as usize);
            let sales = sales.map(|(_, _, buyer, price)| (format!("person{buyer}"), cents(*price)));
            assert_eq!(history, sales.collect::<Vec<_>>(), "{when}: card {number}");
        }
    }
}
