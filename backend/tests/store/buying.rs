//! Offers, purchases and receipts, one at a time; `races.rs` has them all at once.

use backend::{cards, market};
use domain::{Money, PurchaseKey, Refusal, Terms};

use crate::support::{World, cents, refusal};

#[tokio::test]
async fn a_purchase_moves_the_card_one_way_and_its_price_the_other() {
    let world = World::new().await;
    let (ana, bo) = (world.named_member("ana").await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;

    let offer = market::offer(&world.store, bo, card).await.unwrap();
    assert_eq!((offer.balance, offer.after), (cents(100_00), Ok(cents(90_00))));
    assert_eq!((offer.terms.card, offer.terms.version, offer.terms.price), (card, 2, cents(10_00)));
    assert_eq!((offer.card.owner.as_str(), offer.card.mine), ("ana", false));

    let receipt = market::buy(&world.store, bo, offer.terms).await.unwrap();
    assert_eq!((receipt.card, receipt.card_name.as_str(), receipt.seller.as_str()), (card, "Ace", "ana"));
    assert_eq!((receipt.price, receipt.balance_after), (cents(10_00), cents(90_00)));

    assert_eq!((world.balance(ana).await, world.balance(bo).await), (cents(110_00), cents(90_00)));
    let bought = cards::detail(&world.store, card, Some(bo)).await.unwrap();
    assert_eq!((bought.mine, bought.price, bought.listed_at_ms, bought.version), (true, None, None, 3));
    world.assert_books_are_whole().await;
}

#[tokio::test]
async fn the_same_key_answers_the_same_receipt_and_buys_nothing_more() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let terms = world.terms(bo, world.card_on_sale(ana, 10_00).await).await;
    assert_eq!(market::receipt(&world.store, bo, terms.key).await.unwrap(), None);

    let receipt = market::buy(&world.store, bo, terms).await.unwrap();
    world.set_balance_by_purchase(bo, 1).await;
    for _ in 0..2 {
        assert_eq!(market::buy(&world.store, bo, terms).await.unwrap(), receipt);
    }
    assert_eq!(market::receipt(&world.store, bo, terms.key).await.unwrap(), Some(receipt));
    assert_eq!(world.balance(bo).await, cents(1));
}

#[tokio::test]
async fn a_receipt_outlives_the_card() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    let terms = world.terms(bo, card).await;
    let receipt = market::buy(&world.store, bo, terms).await.unwrap();
    cards::delete(&world.store, bo, card).await.unwrap();
    assert_eq!(market::buy(&world.store, bo, terms).await.unwrap(), receipt);
}

#[tokio::test]
async fn nobody_reads_somebody_elses_receipt() {
    let world = World::new().await;
    let (ana, bo, eve) = (world.member().await, world.member().await, world.member().await);
    let terms = world.terms(bo, world.card_on_sale(ana, 10_00).await).await;
    market::buy(&world.store, bo, terms).await.unwrap();

    assert_eq!(market::receipt(&world.store, eve, terms.key).await.unwrap(), None);
    assert_eq!(refusal(market::buy(&world.store, eve, terms).await), Refusal::NotFound);
    let other = world.card_on_sale(ana, 1_00).await;
    let forged = Terms { key: terms.key, ..world.terms(eve, other).await };
    assert_eq!(refusal(market::buy(&world.store, eve, forged).await), Refusal::NotFound);
    assert_eq!(world.balance(eve).await, cents(100_00));
}

#[tokio::test]
async fn a_key_buys_one_card_only() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let first = world.terms(bo, world.card_on_sale(ana, 10_00).await).await;
    let second = world.terms(bo, world.card_on_sale(ana, 20_00).await).await;
    market::buy(&world.store, bo, first).await.unwrap();
    let reused = Terms { key: first.key, ..second };
    assert_eq!(refusal(market::buy(&world.store, bo, reused).await), Refusal::NotFound);
    assert_eq!(world.balance(bo).await, cents(90_00));
    market::buy(&world.store, bo, second).await.unwrap();
}

#[tokio::test]
async fn who_comes_second_hears_that_somebody_was_faster() {
    let world = World::new().await;
    let (ana, bo, cy) = (world.member().await, world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    let terms = world.terms(cy, card).await;
    world.buys(bo, card).await;
    assert_eq!(refusal(market::buy(&world.store, cy, terms).await), Refusal::SomebodyWasFaster);

    market::list(&world.store, bo, card, cents(10_00)).await.unwrap();
    let relisted = market::buy(&world.store, cy, terms).await;
    assert_eq!(refusal(relisted), Refusal::SomebodyWasFaster, "it is another listing now");
    assert_eq!(world.balance(cy).await, cents(100_00));
    world.buys(cy, card).await;
    world.assert_books_are_whole().await;
}

#[tokio::test]
async fn a_changed_price_names_both_and_sells_nothing() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    let terms = world.terms(bo, card).await;
    market::reprice(&world.store, ana, card, 2, cents(12_00)).await.unwrap();
    assert_eq!(
        refusal(market::buy(&world.store, bo, terms).await),
        Refusal::PriceChanged { seen: cents(10_00), now: cents(12_00) }
    );
    let again = world.terms(bo, card).await;
    assert_eq!(market::buy(&world.store, bo, again).await.unwrap().price, cents(12_00));
}

#[tokio::test]
async fn a_listing_that_was_renewed_at_the_same_price_is_looked_at_again() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    let terms = world.terms(bo, card).await;
    market::cancel(&world.store, ana, card, 2).await.unwrap();
    market::list(&world.store, ana, card, cents(10_00)).await.unwrap();
    assert_eq!(refusal(market::buy(&world.store, bo, terms).await), Refusal::ListingChanged);
}

#[tokio::test]
async fn forged_terms_buy_nothing() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    let honest = world.terms(bo, card).await;
    for price in [-1, 0, 1, 9_99] {
        let outcome = market::buy(&world.store, bo, Terms { price: cents(price), ..honest }).await;
        assert_eq!(refusal(outcome), Refusal::PriceChanged { seen: cents(price), now: cents(10_00) });
    }
    for version in [i64::MIN, 0, 1, 3, i64::MAX] {
        let outcome = market::buy(&world.store, bo, Terms { version, ..honest }).await;
        assert_eq!(refusal(outcome), Refusal::ListingChanged);
    }
    assert_eq!(world.balance(bo).await, cents(100_00));
}

#[tokio::test]
async fn a_cancelled_sale_and_an_unlisted_card_are_not_for_sale() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    let terms = world.terms(bo, card).await;
    market::cancel(&world.store, ana, card, 2).await.unwrap();
    assert_eq!(refusal(market::buy(&world.store, bo, terms).await), Refusal::NotOnSale);
    assert_eq!(refusal(market::offer(&world.store, bo, card).await), Refusal::NotOnSale);
}

#[tokio::test]
async fn whoever_is_short_hears_by_how_much_and_pays_nothing() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    world.set_balance_by_purchase(bo, 5_00).await;
    let card = world.card_on_sale(ana, 8_00).await;
    let offer = market::offer(&world.store, bo, card).await.unwrap();
    let short = Refusal::Short { by: cents(3_00) };
    assert_eq!((offer.balance, offer.after), (cents(5_00), Err(short)));
    assert_eq!(refusal(market::buy(&world.store, bo, offer.terms).await), short);

    assert_eq!(world.balance(bo).await, cents(5_00));
    assert_eq!(market::receipt(&world.store, bo, offer.terms.key).await.unwrap(), None);
    let unsold = cards::detail(&world.store, card, Some(ana)).await.unwrap();
    assert_eq!((unsold.mine, unsold.version), (true, 2));
    world.assert_books_are_whole().await;
}

#[tokio::test]
async fn the_last_cent_can_be_spent() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 100_00).await;
    assert_eq!(world.buys(bo, card).await.balance_after, Money::ZERO);
}

#[tokio::test]
async fn nobody_buys_from_themselves() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    let terms = world.terms(bo, card).await;
    assert_eq!(refusal(market::buy(&world.store, ana, terms).await), Refusal::OwnCard);
    assert_eq!(refusal(market::offer(&world.store, ana, card).await), Refusal::OwnCard);
    market::buy(&world.store, bo, terms).await.unwrap();
    let another_key = Terms { key: PurchaseKey::from(uuid::Uuid::now_v7()), ..terms };
    assert_eq!(refusal(market::buy(&world.store, bo, another_key).await), Refusal::OwnCard);
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    let unknown = Terms { card: uuid::Uuid::now_v7().into(), ..world.terms(bo, card).await };
    assert_eq!(refusal(market::buy(&world.store, bo, unknown).await), Refusal::NotFound);
    assert_eq!(refusal(market::offer(&world.store, bo, unknown.card).await), Refusal::NotFound);
    let nobody = uuid::Uuid::now_v7().into();
    assert_eq!(refusal(market::offer(&world.store, nobody, card).await), Refusal::NotFound);
}

#[tokio::test]
async fn every_offer_has_a_key_of_its_own() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    assert_ne!(world.terms(bo, card).await.key, world.terms(bo, card).await.key);
}
