//! The market by seller, price and text, alone and together.

use std::collections::BTreeSet;

use backend::market::{self, Query, Sort};
use domain::CardId;
use domain::market::PAGE_SIZE;

use crate::support::{World, cents};

/// A card as the test knows it.
struct Known {
    id: CardId,
    seller: &'static str,
    name: String,
    price: i64,
}

impl World {
    /// More than two pages of cards of two sellers, of every price from 1 on, half of them aces.
    async fn market(&self) -> Vec<Known> {
        let sellers = [("Ana", self.named_member("Ana").await), ("bob", self.named_member("bob").await)];
        let mut known = Vec::new();
        for price in 1..=2 * i64::from(PAGE_SIZE) + 10 {
            let (seller, account) = sellers[usize::from(price % 3 == 0)];
            let name = format!("{} {price}", if price % 2 == 0 { "Ace" } else { "Queen" });
            let id = self.named_card(account, &name).await;
            market::list(&self.store, account, id, cents(price)).await.unwrap();
            known.push(Known { id, seller, name, price });
        }
        known
    }

    /// Every card that following `next` shows.
    async fn finds(&self, mut query: Query) -> Vec<CardId> {
        let mut found = Vec::new();
        loop {
            let page = market::browse(&self.store, &query).await.unwrap();
            found.extend(page.tiles.iter().map(|tile| tile.id));
            query.after = page.next;
            if query.after.is_none() {
                assert!(page.matches as usize == found.len() || page.tiles.is_empty(), "{query:?}");
                return found;
            }
        }
    }
}

fn has_word(name: &str, text: &str) -> bool {
    let name = name.to_lowercase();
    text.split(' ').all(|term| name.split(' ').any(|word| word.starts_with(term)))
}

#[tokio::test]
async fn every_set_of_filters_finds_what_it_says_once_in_every_order() {
    let world = World::new().await;
    let known = world.market().await;
    for seller in [None, Some("ANA"), Some("bob")] {
        for text in [None, Some("ace"), Some("2"), Some("queen 1")] {
            for (lowest, highest) in [(None, None), (Some(10), None), (None, Some(40)), (Some(10), Some(40))]
            {
                let expected: BTreeSet<_> = known
                    .iter()
                    .filter(|card| seller.is_none_or(|seller| card.seller.eq_ignore_ascii_case(seller)))
                    .filter(|card| text.is_none_or(|text| has_word(&card.name, text)))
                    .filter(|card| lowest.is_none_or(|lowest| card.price >= lowest))
                    .filter(|card| highest.is_none_or(|highest| card.price <= highest))
                    .map(|card| card.id)
                    .collect();
                for sort in [Sort::Newest, Sort::CheapestFirst, Sort::DearestFirst] {
                    let query = Query {
                        seller: seller.map(str::to_owned),
                        text: text.map(str::to_owned),
                        lowest: lowest.map(cents),
                        highest: highest.map(cents),
                        sort,
                        after: None,
                    };
                    let found = world.finds(query.clone()).await;
                    let price = |id: &CardId| known.iter().find(|card| card.id == *id).unwrap().price;
                    match sort {
                        Sort::Newest => {}
                        Sort::CheapestFirst => assert!(found.is_sorted_by_key(price)),
                        Sort::DearestFirst => assert!(found.iter().rev().is_sorted_by_key(price)),
                    }
                    assert_eq!(found.len(), expected.len(), "{query:?}");
                    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected, "{query:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn filters_that_fit_nothing_find_nothing() {
    let world = World::new().await;
    let ana = world.named_member("ana").await;
    world.card_on_sale(ana, 5).await;
    let all = Query::default();
    for query in [
        Query { seller: Some("nobody".into()), ..all.clone() },
        Query { seller: Some("an".into()), ..all.clone() },
        Query { seller: Some("' or 1=1 --".into()), ..all.clone() },
        Query { lowest: Some(cents(6)), ..all.clone() },
        Query { highest: Some(cents(4)), ..all.clone() },
        Query { lowest: Some(cents(9)), highest: Some(cents(1)), ..all.clone() },
        Query { lowest: Some(cents(i64::MAX)), highest: Some(cents(i64::MIN)), ..all.clone() },
    ] {
        assert_eq!(world.finds(query.clone()).await, [], "{query:?}");
    }
    for query in [
        Query { seller: Some(" ANA ".into()), ..all.clone() },
        Query { seller: Some("  ".into()), ..all.clone() },
        Query { lowest: Some(cents(5)), highest: Some(cents(5)), ..all.clone() },
        Query { lowest: Some(cents(i64::MIN)), highest: Some(cents(i64::MAX)), ..all.clone() },
    ] {
        assert_eq!(world.finds(query.clone()).await.len(), 1, "{query:?}");
    }
}
