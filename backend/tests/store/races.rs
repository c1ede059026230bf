//! Everybody at once, over two nodes that share nothing but the database.

use std::sync::Arc;

use backend::{Error, Store, accounts, cards, mail, market, notifications};
use domain::{AccountId, Money, Receipt, Refusal, Terms};
use futures::future::join_all;
use tokio::sync::Barrier;

use crate::support::{World, cents, mails, new_card, refusal};

const BUYERS: usize = 16;
const ROUNDS: usize = 50;

/// Starts every purchase at the same moment, the odd ones on the other node.
async fn buy_at_once(nodes: [&Store; 2], purchases: &[(AccountId, Terms)]) -> Vec<Result<Receipt, Error>> {
    let start = Arc::new(Barrier::new(purchases.len()));
    let buying = purchases.iter().enumerate().map(|(number, (buyer, terms))| {
        let (store, start, buyer, terms) = (nodes[number % 2].clone(), Arc::clone(&start), *buyer, *terms);
        tokio::spawn(async move {
            start.wait().await;
            market::buy(&store, buyer, terms).await
        })
    });
    join_all(buying).await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_sixteen_want_is_sold_once() {
    let world = World::new().await;
    let other = world.another_node().await;
    let ana = world.member().await;
    let mut buyers = Vec::new();
    for _ in 0..BUYERS {
        buyers.push(world.member().await);
    }
    let mut bought = vec![0; BUYERS];
    for _ in 0..ROUNDS {
        let card = world.card_on_sale(ana, 1_00).await;
        let mut purchases = Vec::new();
        for buyer in &buyers {
            purchases.push((*buyer, world.terms(*buyer, card).await));
        }
        let outcomes = buy_at_once([&world.store, &other], &purchases).await;
        let winners: Vec<_> = (0..BUYERS).filter(|number| outcomes[*number].is_ok()).collect();
        assert_eq!(winners.len(), 1, "{outcomes:?}");
        bought[winners[0]] += 1;
        for outcome in outcomes.into_iter().filter(Result::is_err) {
            assert_eq!(refusal(outcome), Refusal::SomebodyWasFaster);
        }
        let owned = cards::detail(&world.store, card, Some(buyers[winners[0]])).await.unwrap();
        assert!(owned.mine);
    }
    for (buyer, bought) in buyers.iter().zip(bought) {
        assert_eq!(world.balance(*buyer).await, cents(100_00 - bought * 1_00));
    }
    assert_eq!(world.balance(ana).await, cents(100_00 + ROUNDS as i64 * 1_00));
    world.assert_books_are_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_sent_ten_times_at_once_buys_once() {
    let world = World::new().await;
    let other = world.another_node().await;
    let (ana, bo) = (world.member().await, world.member().await);
    for _ in 0..10 {
        let terms = world.terms(bo, world.card_on_sale(ana, 1_00).await).await;
        let outcomes = buy_at_once([&world.store, &other], &[(bo, terms); 10]).await;
        let receipts: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
        assert!(receipts.iter().all(|receipt| *receipt == receipts[0]), "{receipts:?}");
    }
    assert_eq!(world.database.number("select count(*) from purchases").await, 10);
    assert_eq!(notifications::unread(&world.store, ana).await.unwrap(), 10, "each sale is told once");
    assert_eq!(world.balance(bo).await, cents(90_00));
    world.assert_books_are_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_for_two_cards_at_once_buys_one() {
    let world = World::new().await;
    let other = world.another_node().await;
    let (ana, bo) = (world.member().await, world.member().await);
    for _ in 0..10 {
        let first = world.terms(bo, world.card_on_sale(ana, 1_00).await).await;
        let second = world.terms(bo, world.card_on_sale(ana, 1_00).await).await;
        let purchases = [(bo, first), (bo, Terms { key: first.key, ..second })];
        let outcomes = buy_at_once([&world.store, &other], &purchases).await;
        let (bought, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!((bought.len(), refused.len()), (1, 1));
        assert_eq!(refusal(refused.into_iter().next().unwrap()), Refusal::NotFound);
    }
    assert_eq!(world.balance(bo).await, cents(90_00));
    world.assert_books_are_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_balance_for_one_card_never_buys_two() {
    let world = World::new().await;
    let other = world.another_node().await;
    let ana = world.member().await;
    for _ in 0..20 {
        let bo = world.member().await;
        let mut purchases = Vec::new();
        for _ in 0..2 {
            purchases.push((bo, world.terms(bo, world.card_on_sale(ana, 60_00).await).await));
        }
        let outcomes = buy_at_once([&world.store, &other], &purchases).await;
        let (bought, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!(bought.len(), 1);
        let refused = refused.into_iter().next().unwrap();
        assert_eq!(refusal(refused), Refusal::Short { by: cents(20_00) });
        assert_eq!(world.balance(bo).await, cents(40_00));
    }
    world.assert_books_are_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_buy_from_each_other_at_once_all_succeed() {
    let world = World::new().await;
    let other = world.another_node().await;
    let people = [world.member().await, world.member().await, world.member().await];
    for _ in 0..10 {
        let mut purchases = Vec::new();
        for (number, buyer) in people.iter().enumerate() {
            for seller in [people[(number + 1) % 3], people[(number + 2) % 3]] {
                purchases.push((*buyer, world.terms(*buyer, world.card_on_sale(seller, 5_00).await).await));
            }
        }
        for outcome in buy_at_once([&world.store, &other], &purchases).await {
            outcome.unwrap();
        }
    }
    for person in people {
        assert_eq!(world.balance(person).await, Money::WELCOME_GRANT);
    }
    world.assert_books_are_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_who_leaves_halfway_leaves_nothing_halfway() {
    let world = World::new().await;
    let other = world.another_node().await;
    let (ana, bo) = (world.member().await, world.member().await);
    for round in 0..100 {
        let terms = world.terms(bo, world.card_on_sale(ana, 10).await).await;
        let store = if round % 2 == 0 { world.store.clone() } else { other.clone() };
        let buying = tokio::spawn(async move { market::buy(&store, bo, terms).await });
        tokio::time::sleep(std::time::Duration::from_micros(round * 50)).await;
        buying.abort();
        let _ = buying.await;
        // Whatever the first request got done, its repetition ends it.
        let receipt = market::buy(&other, bo, terms).await.unwrap();
        assert_eq!(market::receipt(&world.store, bo, terms.key).await.unwrap(), Some(receipt));
    }
    assert_eq!(world.balance(bo).await, cents(90_00));
    world.assert_books_are_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_and_a_new_price_at_once_are_one_after_the_other() {
    let world = World::new().await;
    let other = world.another_node().await;
    let (ana, bo) = (world.member().await, world.member().await);
    for _ in 0..20 {
        let card = world.card_on_sale(ana, 1_00).await;
        let terms = world.terms(bo, card).await;
        let (bought, repriced) = tokio::join!(
            market::buy(&world.store, bo, terms),
            market::reprice(&other, ana, card, 2, cents(2_00)),
        );
        match bought {
            Ok(receipt) => {
                assert_eq!(receipt.price, cents(1_00));
                assert_eq!(refusal(repriced), Refusal::NotFound);
            }
            refused => {
                let changed = Refusal::PriceChanged { seen: cents(1_00), now: cents(2_00) };
                assert_eq!(refusal(refused), changed);
                repriced.unwrap();
            }
        }
    }
    world.assert_books_are_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn activating_at_once_grants_once() {
    let world = World::new().await;
    let other = world.another_node().await;
    for round in 0..10 {
        let ana = world.member().await;
        world.database.run(&format!("update accounts set activated_at_ms = null, balance_cents = 0, entries = 0 where id = '{ana}'")).await;
        world.database.run(&format!("delete from ledger where movement_id in (select movement_id from ledger where account_id = '{ana}')")).await;
        let token = format!("round {round}");
        world.link_to(ana, &token, i64::MAX).await;
        let activating = (0..8).map(|number| {
            let store = if number % 2 == 0 { world.store.clone() } else { other.clone() };
            let token = token.clone();
            tokio::spawn(async move { accounts::activate(&store, &token).await })
        });
        for outcome in join_all(activating).await {
            outcome.unwrap().unwrap();
        }
        assert_eq!(world.balance(ana).await, Money::WELCOME_GRANT);
    }
    world.assert_books_are_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_sent_twice_at_once_becomes_one_card() {
    let world = World::new().await;
    let other = world.another_node().await;
    let ana = world.member().await;
    for _ in 0..10 {
        let upload = world.confirmed_upload(ana).await;
        let (here, there) = tokio::join!(
            cards::add(&world.store, ana, new_card("Ace", upload)),
            cards::add(&other, ana, new_card("Ace", upload)),
        );
        assert_eq!(here.unwrap(), there.unwrap());
    }
    assert_eq!(cards::owned_by(&world.store, ana).await.unwrap().len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn deliverers_on_two_nodes_send_each_letter_once() {
    let world = World::new().await;
    let other = world.another_node().await;
    for number in 0..30 {
        world
            .database
            .run(&format!(
                "insert into outbox (id, kind, recipient, username, link, created_at_ms, due_at_ms) values \
             ('{number}', 'reminder', 'person{number}@example.com', 'person{number}', 'https://x', 0, {})",
                number % 3
            ))
            .await;
    }
    let deliverers = [&world.store, &other, &world.store, &other].map(|store| {
        let store = store.clone();
        tokio::spawn(async move { mail::deliver_due(&store).await })
    });
    let mut accepted = 0;
    for deliverer in join_all(deliverers).await {
        let delivered = deliverer.unwrap().unwrap();
        assert_eq!(delivered.postponed, 0);
        accepted += delivered.accepted;
    }
    let letters = mails(world.folder.path());
    assert_eq!((accepted, letters.len()), (30, 30));
    for number in 0..30 {
        let address = format!("person{number}@example.com");
        assert_eq!(letters.iter().filter(|letter| letter.is_to(&address)).count(), 1);
    }
    assert_eq!(world.database.number("select count(*) from outbox").await, 0);
}
