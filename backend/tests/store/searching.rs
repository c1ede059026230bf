//! Searching the market by the words of names, whether many cards have them or few.

use std::collections::BTreeSet;

use backend::market::{self, Query, Sort};
use backend::{accounts, cards};
use domain::market::PAGE_SIZE;
use domain::{AltText, CardId, CardName};

use crate::support::{PASSWORD, World, cents};

const SORTS: [Sort; 3] = [Sort::Newest, Sort::CheapestFirst, Sort::DearestFirst];

impl World {
    async fn looks_for(&self, text: &str, sort: Sort) -> Vec<String> {
        let query = Query { text: Some(text.to_owned()), sort, ..Query::default() };
        let page = market::browse(&self.store, &query).await.unwrap();
        assert!(page.next.is_some() || page.matches == page.tiles.len() as u64, "{text}");
        page.tiles.into_iter().map(|tile| tile.name).collect()
    }

    async fn named_card_on_sale(&self, owner: domain::AccountId, name: &str) -> CardId {
        let card = self.named_card(owner, name).await;
        market::list(&self.store, owner, card, cents(1)).await.unwrap();
        card
    }
}

#[tokio::test]
async fn a_search_finds_names_by_how_their_words_begin_without_regard_to_case() {
    let world = World::new().await;
    let ana = world.member().await;
    let names =
        ["Ace of Spades", "ace of hearts", "Queen", "100% wool", "under_score", "Ночь", "Moon, moonlit"];
    for name in names {
        world.named_card_on_sale(ana, name).await;
    }
    for (text, found) in [
        ("ACE", &["Ace of Spades", "ace of hearts"][..]),
        (" spades ", &["Ace of Spades"]),
        ("hea ac", &["ace of hearts"]),
        ("ace of spades", &["Ace of Spades"]),
        ("ace queen", &[]),
        ("een", &[]),
        ("НО", &["Ночь"]),
        ("100%", &["100% wool"]),
        ("score", &["under_score"]),
        ("moon", &["Moon, moonlit"]),
        ("nothing", &[]),
        ("' or 1=1 --", &[]),
        ("%", &[]),
        ("_", &[]),
        ("!", &[]),
    ] {
        for sort in SORTS {
            assert_eq!(
                world.looks_for(text, sort).await.iter().collect::<BTreeSet<_>>(),
                found.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>().iter().collect(),
                "{text}"
            );
        }
    }
    assert_eq!(world.looks_for("  ", Sort::Newest).await.len(), names.len());
    for endless in ["x".repeat(100_000), "x ".repeat(50_000), "a b c d e f g h".to_owned()] {
        assert_eq!(world.looks_for(&endless, Sort::Newest).await, [""; 0]);
    }
}

#[tokio::test]
async fn a_word_that_many_have_and_one_that_few_have_are_found_alone_and_together() {
    let world = World::new().await;
    let ana = world.member().await;
    world.crowd(ana, "common").await;
    world.named_card_on_sale(ana, "A common pearl").await;
    world.named_card_on_sale(ana, "Another pearl").await;
    for sort in SORTS {
        assert_eq!(world.looks_for("com", sort).await.len(), PAGE_SIZE as usize);
        assert_eq!(world.looks_for("pearl", sort).await.len(), 2);
        for text in ["common pearl", "pea comm", "pearl a common"] {
            assert_eq!(world.looks_for(text, sort).await, ["A common pearl"], "{text} {sort:?}");
        }
    }
}

#[tokio::test]
async fn a_card_is_found_by_the_name_it_has_now() {
    let world = World::new().await;
    let ana = world.person("ana").await;
    let card = world.named_card_on_sale(ana, "Old name").await;
    let name = CardName::parse("New name").unwrap();
    cards::edit(&world.store, ana, card, name, AltText::default()).await.unwrap();
    assert_eq!(world.looks_for("old", Sort::Newest).await, [""; 0]);
    assert_eq!(world.looks_for("new", Sort::Newest).await, ["New name"]);
    assert_eq!(world.database.number("select count(*) from card_words").await, 2);
    accounts::delete(&world.store, ana, PASSWORD).await.unwrap();
    assert_eq!(world.looks_for("new", Sort::Newest).await, [""; 0]);
    assert_eq!(world.database.number("select count(*) from card_words").await, 0);
}
