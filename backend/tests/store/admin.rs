//! What operators do.

use backend::market::Query;
use backend::{accounts, admin, cards, ledger, market, watching};
use domain::ledger::Kind;
use domain::{Event, Money, Refusal};

use crate::support::{PASSWORD, World, cents, nowhere, refusal, settings};

#[tokio::test]
async fn an_operator_activates_whose_mail_does_not_arrive() {
    let world = World::new().await;
    world.registers("Ana", "ana@example.com").await.unwrap();
    assert_eq!(admin::activate(&world.store, "ANA@example.com").await.unwrap().as_str(), "Ana");
    let ana = accounts::sign_in(&world.store, "ana", PASSWORD).await.unwrap();
    assert_eq!(world.balance(ana).await, Money::WELCOME_GRANT);
    assert_eq!(refusal(admin::activate(&world.store, "ana").await), Refusal::AlreadyActivated);
    let token = world.letters_to("ana@example.com").await[0].token();
    accounts::activate(&world.store, &token).await.unwrap();
    assert_eq!(world.balance(ana).await, Money::WELCOME_GRANT, "the mail that came late grants nothing");
    world.assert_books_are_whole().await;
}

#[tokio::test]
async fn an_operator_has_the_link_sent_again_without_waiting() {
    let world = World::new().await;
    world.registers("ana", "ana@example.com").await.unwrap();
    admin::resend_activation(&world.store, "ana").await.unwrap();
    let letters = world.letters_to("ana@example.com").await;
    assert_eq!(letters.len(), 2);
    accounts::activate(&world.store, &letters[1].token()).await.unwrap();
    assert_eq!(refusal(admin::resend_activation(&world.store, "ana").await), Refusal::AlreadyActivated);
}

#[tokio::test]
async fn a_suspended_account_neither_signs_in_nor_sells_nor_buys() {
    let world = World::new().await;
    let (ana, bo) = (world.person("ana").await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    let terms = world.terms(bo, card).await;
    let other = world.card_on_sale(bo, 1_00).await;
    let wanted = world.terms(ana, other).await;
    let unlisted = world.card(ana).await;
    let upload = world.confirmed_upload(ana).await;
    let mut events = world.store.events();
    for _ in 0..2 {
        admin::suspend(&world.store, "ana").await.unwrap();
    }
    assert_eq!(*events.try_recv().unwrap(), [Event::OffSale { card }]);
    assert!(events.try_recv().is_err());

    assert_eq!(refusal(accounts::sign_in(&world.store, "ana", PASSWORD).await), Refusal::Suspended);
    let wrong = accounts::sign_in(&world.store, "ana", "wrong horse").await;
    assert_eq!(refusal(wrong), Refusal::WrongCredentials);
    assert_eq!(accounts::profile(&world.store, ana).await.unwrap(), None);

    let page = market::browse(&world.store, &Query::default()).await.unwrap();
    assert_eq!(page.tiles.iter().map(|tile| tile.id).collect::<Vec<_>>(), [other]);
    assert_eq!(page.matches, 1);
    assert_eq!(refusal(cards::detail(&world.store, card, Some(bo)).await), Refusal::NotFound);
    assert_eq!(refusal(market::offer(&world.store, bo, card).await), Refusal::NotFound);
    assert_eq!(refusal(watching::watch(&world.store, bo, card).await), Refusal::NotFound);
    assert_eq!(refusal(market::buy(&world.store, bo, terms).await), Refusal::NotOnSale);

    assert_eq!(refusal(market::buy(&world.store, ana, wanted).await), Refusal::Suspended);
    assert_eq!(refusal(market::list(&world.store, ana, unlisted, cents(1)).await), Refusal::Suspended);
    assert_eq!(refusal(market::reprice(&world.store, ana, card, 2, cents(1)).await), Refusal::Suspended);
    let added = cards::add(&world.store, ana, crate::support::new_card("Ace", upload)).await;
    assert_eq!(refusal(added), Refusal::Suspended);
    world.assert_books_are_whole().await;
}

#[tokio::test]
async fn a_reinstated_account_goes_on_where_it_stopped() {
    let world = World::new().await;
    let (ana, bo) = (world.person("ana").await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    let terms = world.terms(bo, card).await;
    admin::suspend(&world.store, "ana@example.com").await.unwrap();
    let mut events = world.store.events();
    for _ in 0..2 {
        admin::reinstate(&world.store, "ana").await.unwrap();
    }
    assert_eq!(*events.try_recv().unwrap(), [Event::Listed { card }]);
    assert!(events.try_recv().is_err());
    accounts::sign_in(&world.store, "ana", PASSWORD).await.unwrap();
    market::buy(&world.store, bo, terms).await.unwrap();
    assert_eq!(world.balance(ana).await, cents(110_00));
}

#[tokio::test]
async fn a_card_that_was_taken_down_stays_down() {
    let world = World::new().await;
    let (ana, bo) = (world.named_member("ana").await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    let terms = world.terms(bo, card).await;
    for _ in 0..2 {
        admin::take_down(&world.store, card).await.unwrap();
    }
    assert_eq!(market::browse(&world.store, &Query::default()).await.unwrap().matches, 0);
    assert_eq!(refusal(market::buy(&world.store, bo, terms).await), Refusal::NotOnSale);
    assert_eq!(refusal(cards::detail(&world.store, card, Some(bo)).await), Refusal::NotFound);
    admin::suspend(&world.store, "ana").await.unwrap();
    admin::reinstate(&world.store, "ana").await.unwrap();
    assert_eq!(cards::detail(&world.store, card, Some(ana)).await.unwrap().price, None);
    assert_eq!(refusal(market::list(&world.store, ana, card, cents(1)).await), Refusal::TakenDown);
    cards::delete(&world.store, ana, card).await.unwrap();
    assert_eq!(refusal(admin::take_down(&world.store, card).await), Refusal::NotFound);
}

#[tokio::test]
async fn a_corrected_balance_is_in_the_ledger() {
    let world = World::new().await;
    let ana = world.named_member("ana").await;
    assert_eq!(admin::adjust(&world.store, "ana", cents(5_00)).await.unwrap(), cents(105_00));
    assert_eq!(admin::adjust(&world.store, "ana@example.com", cents(-104_00)).await.unwrap(), cents(1_00));
    let short = admin::adjust(&world.store, "ana", cents(-1_01)).await;
    assert_eq!(refusal(short), Refusal::Short { by: cents(1) });
    for amount in [0, i64::MIN, i64::MAX, 100_000_001] {
        let outcome = admin::adjust(&world.store, "ana", cents(amount)).await;
        assert_eq!(refusal(outcome), Refusal::PriceOutOfRange);
    }
    let told: Vec<_> = ledger::all(&world.store, ana)
        .await
        .unwrap()
        .iter()
        .map(|entry| (entry.kind, entry.amount, entry.balance_after))
        .collect();
    assert_eq!(
        told,
        [
            (Kind::Adjusted, cents(-104_00), cents(1_00)),
            (Kind::Adjusted, cents(5_00), cents(105_00)),
            (Kind::Granted, cents(100_00), cents(100_00)),
        ]
    );
    let books = ledger::verify(&world.store).await.unwrap();
    assert!(books.are_whole(), "{books:?}");
    assert_eq!((books.granted, books.held), (cents(1_00), cents(1_00)));
}

#[tokio::test]
async fn what_operators_do_is_written_down_and_what_they_cannot_do_is_not() {
    let world = World::new().await;
    let ana = world.named_member("ana").await;
    let card = world.card(ana).await;
    for nobody in ["bob", "bob@example.com", ""] {
        assert_eq!(refusal(admin::activate(&world.store, nobody).await), Refusal::NotFound);
        assert_eq!(refusal(admin::resend_activation(&world.store, nobody).await), Refusal::NotFound);
        assert_eq!(refusal(admin::suspend(&world.store, nobody).await), Refusal::NotFound);
        assert_eq!(refusal(admin::reinstate(&world.store, nobody).await), Refusal::NotFound);
        assert_eq!(refusal(admin::adjust(&world.store, nobody, cents(1)).await), Refusal::NotFound);
    }
    assert!(admin::adjust(&world.store, "ana", cents(-200_00)).await.is_err());
    assert_eq!(world.database.number("select count(*) from operations").await, 0);

    admin::suspend(&world.store, "ana").await.unwrap();
    admin::reinstate(&world.store, "ana").await.unwrap();
    admin::adjust(&world.store, "ana", cents(-3)).await.unwrap();
    admin::take_down(&world.store, card).await.unwrap();
    let whose = format!("select count(*) from operations where account_id = '{ana}'");
    assert_eq!(world.database.number(&whose).await, 4);
    let amount = "select amount_cents from operations where act = 'adjust'";
    assert_eq!(world.database.number(amount).await, -3);
    let taken = "select card_id from operations where act = 'take-down'";
    assert_eq!(world.database.text(taken).await, card.to_string());
}

#[tokio::test]
async fn a_copy_of_the_store_holds_what_was_committed_when_it_was_made() {
    let world = World::new().await;
    let ana = world.member().await;
    let card = world.card(ana).await;
    let file = world.folder.path().join("copy.db");
    let copied = admin::backup(&world.store, file.to_str().unwrap()).await;
    if !world.database.url().starts_with("sqlite:") {
        return assert!(copied.is_err(), "PostgreSQL has tools of its own");
    }
    copied.unwrap();
    world.card(ana).await;
    let url = format!("sqlite://{}", file.display());
    let settings =
        backend::Settings { database_url: url, ..settings(&world.database, &world.folder, nowhere()) };
    let copy = backend::Store::open(settings).await.unwrap();
    let cards: Vec<_> = cards::owned_by(&copy, ana).await.unwrap().into_iter().map(|card| card.id).collect();
    assert_eq!(cards, [card]);
    assert!(ledger::verify(&copy).await.unwrap().are_whole());
    assert!(admin::backup(&world.store, file.to_str().unwrap()).await.is_err(), "nothing is written over");
}
