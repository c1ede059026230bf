//! Adding, showing, editing and deleting cards.

use backend::{cards, market};
use domain::{AltText, CardId, CardName, Refusal};

use crate::support::{World, cents, new_card, refusal};

fn nothing() -> CardId {
    uuid::Uuid::now_v7().into()
}

#[tokio::test]
async fn a_new_card_is_in_its_owners_collection_and_not_on_sale() {
    let world = World::new().await;
    let ana = world.named_member("ana").await;
    let first = world.named_card(ana, "First").await;
    let second = world.named_card(ana, "<img onerror=alert(1)>").await;

    let owned = cards::owned_by(&world.store, ana).await.unwrap();
    let (profile, same) = cards::collection(&world.store, ana).await.unwrap().unwrap();
    assert_eq!((profile.id, &same), (ana, &owned));
    assert_eq!(owned.iter().map(|card| card.id).collect::<Vec<_>>(), [second, first], "the newest first");
    assert_eq!(owned[0].name, "<img onerror=alert(1)>");
    assert_eq!((owned[0].price, owned[0].version, owned[0].alt.as_str()), (None, 1, "A card"));
    assert!(owned[0].thumbnail_url.starts_with("http://127.0.0.1:9/pictures/"));

    let detail = cards::detail(&world.store, first, None).await.unwrap();
    assert_eq!((detail.owner.as_str(), detail.mine, detail.listed_at_ms), ("ana", false, None));
}

#[tokio::test]
async fn a_card_is_mine_only_to_its_owner() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card(ana).await;
    assert!(cards::detail(&world.store, card, Some(ana)).await.unwrap().mine);
    assert!(!cards::detail(&world.store, card, Some(bo)).await.unwrap().mine);
    assert!(cards::owned_by(&world.store, bo).await.unwrap().is_empty());
    assert_eq!(refusal(cards::detail(&world.store, nothing(), Some(ana)).await), Refusal::NotFound);
}

#[tokio::test]
async fn an_upload_becomes_one_card_however_often_it_is_asked() {
    let world = World::new().await;
    let ana = world.member().await;
    let upload = world.confirmed_upload(ana).await;
    let card = cards::add(&world.store, ana, new_card("Ace", upload)).await.unwrap();
    let again = cards::add(&world.store, ana, new_card("Another", upload)).await.unwrap();
    assert_eq!(card, again);
    let owned = cards::owned_by(&world.store, ana).await.unwrap();
    assert_eq!(owned.len(), 1);
    assert_eq!(owned[0].name, "Ace");
}

#[tokio::test]
async fn somebody_elses_upload_is_not_found() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let upload = world.confirmed_upload(ana).await;
    assert_eq!(refusal(cards::add(&world.store, bo, new_card("Ace", upload)).await), Refusal::NotFound);
    let unknown = uuid::Uuid::now_v7().into();
    assert_eq!(refusal(cards::add(&world.store, bo, new_card("Ace", unknown)).await), Refusal::NotFound);
    cards::add(&world.store, ana, new_card("Ace", upload)).await.unwrap();
    assert_eq!(refusal(cards::add(&world.store, bo, new_card("Ace", upload)).await), Refusal::NotFound);
}

#[tokio::test]
async fn two_cards_may_share_a_name() {
    let world = World::new().await;
    let ana = world.member().await;
    assert_ne!(world.named_card(ana, "Ace").await, world.named_card(ana, "Ace").await);
    assert_eq!(cards::owned_by(&world.store, ana).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_deleted_card_is_gone_and_its_picture_waits_for_the_sweeper() {
    let world = World::new().await;
    let ana = world.member().await;
    let upload = world.confirmed_upload(ana).await;
    let card = cards::add(&world.store, ana, new_card("Ace", upload)).await.unwrap();
    cards::delete(&world.store, ana, card).await.unwrap();

    assert_eq!(refusal(cards::detail(&world.store, card, Some(ana)).await), Refusal::NotFound);
    assert_eq!(refusal(cards::delete(&world.store, ana, card).await), Refusal::NotFound);
    assert_eq!(world.database.number("select count(*) from uploads where state = 'dropped'").await, 1);
    let again = cards::add(&world.store, ana, new_card("Ace", upload)).await;
    assert_eq!(refusal(again), Refusal::NotFound, "a dropped picture makes no card");
}

#[tokio::test]
async fn a_listed_card_is_deleted_only_after_its_sale_was_cancelled() {
    let world = World::new().await;
    let ana = world.member().await;
    let card = world.card_on_sale(ana, 1_00).await;
    assert_eq!(refusal(cards::delete(&world.store, ana, card).await), Refusal::CancelSaleFirst);
    market::cancel(&world.store, ana, card, 2).await.unwrap();
    cards::delete(&world.store, ana, card).await.unwrap();
}

#[tokio::test]
async fn nobody_deletes_somebody_elses_card() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let (kept, sold) = (world.card(ana).await, world.card_on_sale(ana, 1_00).await);
    assert_eq!(refusal(cards::delete(&world.store, bo, kept).await), Refusal::NotFound);
    assert_eq!(refusal(cards::delete(&world.store, bo, sold).await), Refusal::NotFound);
    world.buys(bo, sold).await;
    assert_eq!(refusal(cards::delete(&world.store, ana, sold).await), Refusal::NotFound);
    cards::delete(&world.store, bo, sold).await.unwrap();
}

#[tokio::test]
async fn a_bought_card_joins_others_of_its_name() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let mine = world.named_card(bo, "Ace").await;
    let bought = world.card_on_sale(ana, 5_00).await;
    world.buys(bo, bought).await;
    let mut owned: Vec<_> = cards::owned_by(&world.store, bo).await.unwrap();
    owned.sort_by_key(|card| card.id);
    assert_eq!(owned.iter().map(|card| card.id).collect::<Vec<_>>(), [mine, bought]);
    assert_eq!(world.balance(bo).await, cents(95_00));
}

#[tokio::test]
async fn an_edited_card_has_another_name_and_alt_text_and_is_found_by_it() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 1_00).await;
    let edit = async |who, what| {
        let (name, alt) = (CardName::parse("Ночь").unwrap(), AltText::parse("").unwrap());
        cards::edit(&world.store, who, what, name, alt).await
    };
    assert_eq!(refusal(edit(bo, card).await), Refusal::NotFound);
    assert_eq!(refusal(edit(ana, nothing()).await), Refusal::NotFound);
    edit(ana, card).await.unwrap();
    let detail = cards::detail(&world.store, card, None).await.unwrap();
    assert_eq!((detail.name.as_str(), detail.alt.as_str()), ("Ночь", ""));
    assert_eq!(detail.price, Some(cents(1_00)), "it stays on sale");
    for (text, matches) in [("НОЧ", 1), ("ace", 0)] {
        let query = market::Query { text: Some(text.into()), ..market::Query::default() };
        assert_eq!(market::browse(&world.store, &query).await.unwrap().matches, matches, "{text}");
    }
}

#[tokio::test]
async fn nobody_buys_a_card_under_a_name_that_they_did_not_see() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 1_00).await;
    let terms = world.terms(bo, card).await;
    let name = CardName::parse("Joker").unwrap();
    cards::edit(&world.store, ana, card, name, AltText::default()).await.unwrap();
    assert_eq!(refusal(market::buy(&world.store, bo, terms).await), Refusal::ListingChanged);
    world.buys(bo, card).await;
}

#[tokio::test]
async fn a_card_tells_who_owned_it_before_with_the_newest_sale_first() {
    let world = World::new().await;
    let (ana, bo) = (world.named_member("ana").await, world.named_member("bob").await);
    let card = world.card_on_sale(ana, 1_00).await;
    let new = cards::detail(&world.store, card, None).await.unwrap();
    assert_eq!((new.history.len(), new.last_price), (0, None));

    let (mut seller, mut buyer) = (ana, bo);
    let sales = i64::from(domain::market::LONGEST_HISTORY) + 2;
    for sale in 1..=sales {
        world.buys(buyer, card).await;
        (seller, buyer) = (buyer, seller);
        market::list(&world.store, seller, card, cents(100 + sale)).await.unwrap();
    }
    let detail = cards::detail(&world.store, card, None).await.unwrap();
    assert_eq!(detail.history.len(), domain::market::LONGEST_HISTORY as usize);
    assert_eq!(detail.last_price, Some(cents(100 + sales - 1)));
    let newest: Vec<_> = detail.history[..2]
        .iter()
        .map(|sale| (sale.seller.as_str(), sale.buyer.as_str(), sale.price.cents()))
        .collect();
    assert_eq!(newest, [("bob", "ana", 100 + sales - 1), ("ana", "bob", 100 + sales - 2)]);
    assert!(detail.history.iter().all(|sale| sale.at_ms > 0));
    let offered = market::offer(&world.store, buyer, card).await.unwrap().card;
    assert_eq!(offered.history, detail.history);
}
