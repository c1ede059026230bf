//! Adding, showing and deleting cards.

use backend::{cards, market};
use domain::{CardId, Refusal};

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
    assert_eq!(owned.iter().map(|card| card.id).collect::<Vec<_>>(), [second, first], "the newest first");
    assert_eq!(owned[0].name, "<img onerror=alert(1)>");
    assert_eq!((owned[0].price, owned[0].version, owned[0].alt.as_str()), (None, 1, "A card"));
    assert!(owned[0].image_url.starts_with("http://127.0.0.1:9/pictures/"));

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
