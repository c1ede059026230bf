//! Live events: each after its commit, none for what did not happen.

use std::sync::Arc;

use backend::{Event, accounts, admin, cards, market, notifications, watching};
use domain::Refusal;
use tokio::sync::broadcast::Receiver;

use crate::support::{World, cents, refusal};

/// What was told so far.
fn heard(events: &mut Receiver<Arc<[Event]>>) -> Vec<Event> {
    std::iter::from_fn(|| events.try_recv().ok()).flat_map(|act| act.to_vec()).collect()
}

#[tokio::test]
async fn every_act_of_the_market_is_told_once() {
    let world = World::new().await;
    let (ana, bo, cy) = (world.member().await, world.member().await, world.member().await);
    let card = world.card(ana).await;
    let mut events = world.store.events();

    market::list(&world.store, ana, card, cents(10_00)).await.unwrap();
    assert_eq!(heard(&mut events), [Event::Listed { card }]);

    watching::watch(&world.store, cy, card).await.unwrap();
    market::reprice(&world.store, ana, card, 2, cents(12_00)).await.unwrap();
    assert_eq!(heard(&mut events), [Event::Repriced { card, price: cents(12_00) }]);
    market::reprice(&world.store, ana, card, 3, cents(9_00)).await.unwrap();
    let dropped = [Event::Repriced { card, price: cents(9_00) }, Event::Inbox { account: cy }];
    assert_eq!(heard(&mut events), dropped);

    market::cancel(&world.store, ana, card, 4).await.unwrap();
    assert_eq!(heard(&mut events), [Event::OffSale { card }]);
    market::list(&world.store, ana, card, cents(9_00)).await.unwrap();
    heard(&mut events);

    let terms = world.terms(bo, card).await;
    for round in 0..3 {
        market::buy(&world.store, bo, terms).await.unwrap();
        if round > 0 {
            assert_eq!(heard(&mut events), [], "a replay is no news");
            continue;
        }
        let told = events.try_recv().unwrap();
        assert_eq!(told.len(), 5, "all together: {told:?}");
        for event in [
            Event::Sold { card, price: cents(9_00) },
            Event::Inbox { account: ana },
            Event::Inbox { account: cy },
            Event::Balance { account: ana },
            Event::Balance { account: bo },
        ] {
            assert!(told.contains(&event), "{event:?} in {told:?}");
        }
    }
    notifications::mark_all_read(&world.store, ana, 1).await.unwrap();
    assert_eq!(heard(&mut events), [Event::Inbox { account: ana }], "for the account's other windows");
}

#[tokio::test]
async fn what_was_refused_is_not_told() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 200_00).await;
    let terms = world.terms(bo, card).await;
    let mut events = world.store.events();
    assert_eq!(refusal(market::buy(&world.store, bo, terms).await), Refusal::Short { by: cents(100_00) });
    assert_eq!(refusal(market::list(&world.store, ana, card, cents(1)).await), Refusal::AlreadyOnSale);
    assert_eq!(refusal(market::cancel(&world.store, ana, card, 1).await), Refusal::ListingChanged);
    assert_eq!(refusal(market::reprice(&world.store, bo, card, 2, cents(1)).await), Refusal::NotFound);
    notifications::mark_all_read(&world.store, ana, i64::MAX).await.unwrap();
    assert_eq!(heard(&mut events), []);
}

#[tokio::test]
async fn an_event_is_told_when_its_act_can_be_read() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let other = world.another_node().await;
    for _ in 0..20 {
        let card = world.card_on_sale(ana, 1).await;
        let terms = world.terms(bo, card).await;
        let mut events = world.store.events();
        let store = world.store.clone();
        let buying = tokio::spawn(async move { market::buy(&store, bo, terms).await });
        events.recv().await.unwrap();
        assert!(cards::detail(&other, card, Some(bo)).await.unwrap().mine, "from another node too");
        buying.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_listener_that_falls_behind_is_told_so_and_nobody_waits_for_it() {
    use tokio::sync::broadcast::error::TryRecvError;

    let world = World::new().await;
    let ana = world.member().await;
    let card = world.card(ana).await;
    let mut slow = world.store.events();
    for round in 0..600 {
        market::list(&world.store, ana, card, cents(1)).await.unwrap();
        market::cancel(&world.store, ana, card, 2 + 2 * round).await.unwrap();
    }
    assert!(matches!(slow.try_recv(), Err(TryRecvError::Lagged(_))));
    assert_eq!(heard(&mut slow).last(), Some(&Event::OffSale { card }));
}

#[tokio::test]
async fn money_that_comes_from_the_house_is_told() {
    let world = World::new().await;
    let mut events = world.store.events();
    let ana = world.named_member("ana").await;
    assert_eq!(heard(&mut events), [Event::Balance { account: ana }]);
    admin::adjust(&world.store, "ana", cents(5)).await.unwrap();
    assert_eq!(heard(&mut events), [Event::Balance { account: ana }]);
    assert_eq!(refusal(accounts::activate(&world.store, "x").await), Refusal::LinkUnknown);
    assert_eq!(heard(&mut events), []);
}
