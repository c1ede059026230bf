//! Listing, repricing and cancelling.

use backend::{cards, market};
use domain::{AccountId, CardId, Money, Refusal};

use crate::support::{World, cents, refusal};

#[tokio::test]
async fn each_change_of_a_listing_raises_the_version_by_one() {
    let world = World::new().await;
    let ana = world.member().await;
    let card = world.card(ana).await;
    let now = async || {
        let detail = cards::detail(&world.store, card, None).await.unwrap();
        assert_eq!(detail.price.is_some(), detail.listed_at_ms.is_some());
        (detail.version, detail.price)
    };
    assert_eq!(now().await, (1, None));
    market::list(&world.store, ana, card, cents(10_00)).await.unwrap();
    assert_eq!(now().await, (2, Some(cents(10_00))));
    market::reprice(&world.store, ana, card, 2, cents(12_00)).await.unwrap();
    assert_eq!(now().await, (3, Some(cents(12_00))));
    market::cancel(&world.store, ana, card, 3).await.unwrap();
    assert_eq!(now().await, (4, None));
    market::list(&world.store, ana, card, cents(12_00)).await.unwrap();
    assert_eq!(now().await, (5, Some(cents(12_00))));
}

#[tokio::test]
async fn a_forged_price_lists_nothing() {
    let world = World::new().await;
    let ana = world.member().await;
    let card = world.card(ana).await;
    for forged in [i64::MIN, -1, 0, 100_000_001, i64::MAX] {
        let outcome = market::list(&world.store, ana, card, cents(forged)).await;
        assert_eq!(refusal(outcome), Refusal::PriceOutOfRange);
    }
    market::list(&world.store, ana, card, Money::HIGHEST_PRICE).await.unwrap();
    let outcome = market::reprice(&world.store, ana, card, 2, cents(0)).await;
    assert_eq!(refusal(outcome), Refusal::PriceOutOfRange);
    market::reprice(&world.store, ana, card, 2, Money::LOWEST_PRICE).await.unwrap();
}

#[tokio::test]
async fn a_card_is_listed_once() {
    let world = World::new().await;
    let ana = world.member().await;
    let card = world.card_on_sale(ana, 1_00).await;
    let again = market::list(&world.store, ana, card, cents(2_00)).await;
    assert_eq!(refusal(again), Refusal::AlreadyOnSale);
    assert_eq!(cards::detail(&world.store, card, None).await.unwrap().price, Some(cents(1_00)));
}

#[tokio::test]
async fn an_old_window_changes_nothing() {
    let world = World::new().await;
    let ana = world.member().await;
    let card = world.card_on_sale(ana, 1_00).await;
    market::reprice(&world.store, ana, card, 2, cents(2_00)).await.unwrap();
    let repriced = market::reprice(&world.store, ana, card, 2, cents(3_00)).await;
    assert_eq!(refusal(repriced), Refusal::ListingChanged);
    let cancelled = market::cancel(&world.store, ana, card, 2).await;
    assert_eq!(refusal(cancelled), Refusal::ListingChanged);
    assert_eq!(cards::detail(&world.store, card, None).await.unwrap().price, Some(cents(2_00)));
}

#[tokio::test]
async fn what_is_not_on_sale_is_neither_repriced_nor_cancelled() {
    let world = World::new().await;
    let ana = world.member().await;
    let card = world.card(ana).await;
    let repriced = market::reprice(&world.store, ana, card, 1, cents(3_00)).await;
    assert_eq!(refusal(repriced), Refusal::NotOnSale);
    assert_eq!(refusal(market::cancel(&world.store, ana, card, 1).await), Refusal::NotOnSale);
}

#[tokio::test]
async fn a_card_that_is_not_mine_is_not_found() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card(ana).await;
    let unknown = uuid::Uuid::now_v7().into();
    for (who, what) in [(bo, card), (ana, unknown)] {
        all_not_found(&world, who, what).await;
    }
    market::list(&world.store, ana, card, cents(1_00)).await.unwrap();
    all_not_found(&world, bo, card).await;
    world.buys(bo, card).await;
    all_not_found(&world, ana, card).await;
}

async fn all_not_found(world: &World, who: AccountId, what: CardId) {
    let store = &world.store;
    assert_eq!(refusal(market::list(store, who, what, cents(1)).await), Refusal::NotFound);
    for version in 1..4 {
        assert_eq!(refusal(market::reprice(store, who, what, version, cents(1)).await), Refusal::NotFound);
        assert_eq!(refusal(market::cancel(store, who, what, version).await), Refusal::NotFound);
    }
}
