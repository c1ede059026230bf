//! Taking everything along, and leaving.

use backend::{Event, accounts, cards, ledger, market, watching};
use domain::ledger::Kind;
use domain::{Export, Money, Refusal};

use crate::support::{PASSWORD, World, address, cents, refusal};

#[tokio::test]
async fn an_export_holds_everything_that_is_kept_about_a_person() {
    let world = World::new().await;
    let (ana, bob) = (world.person("ana").await, world.named_member("bob").await);
    let kept = world.card(ana).await;
    let sold = world.card_on_sale(ana, 10_00).await;
    world.buys(bob, sold).await;
    let watched = world.card(bob).await;
    watching::watch(&world.store, ana, watched).await.unwrap();

    let export = accounts::export(&world.store, ana).await.unwrap();
    assert_eq!((export.account.username.as_str(), export.account.email.as_str()), ("ana", "ana@example.com"));
    assert_eq!(export.balance, cents(110_00));
    assert_eq!(export.cards.iter().map(|card| card.id).collect::<Vec<_>>(), [kept]);
    assert_eq!(export.ledger.iter().map(|entry| entry.kind).collect::<Vec<_>>(), [Kind::Sold, Kind::Granted]);
    let [purchase] = &export.purchases[..] else { panic!("{:?}", export.purchases) };
    assert_eq!((purchase.seller.as_str(), purchase.buyer.as_str()), ("ana", "bob"));
    assert_eq!((export.notifications.len(), export.notifications[0].card), (1, sold));
    assert_eq!(export.watched, [watched]);
    let text = serde_json::to_string(&export).unwrap();
    assert_eq!(serde_json::from_str::<Export>(&text).unwrap(), export);
    assert!(!text.contains("argon2"), "a secret is not for taking along");
}

#[tokio::test]
async fn whoever_leaves_takes_their_cards_and_leaves_whole_books() {
    let world = World::new().await;
    let (ana, bob) = (world.person("ana").await, world.named_member("bob").await);
    let sold = world.card_on_sale(ana, 10_00).await;
    world.buys(bob, sold).await;
    let (kept, listed) = (world.card(ana).await, world.card_on_sale(ana, 5_00).await);
    let bought = world.card_on_sale(bob, 1_00).await;
    world.buys(ana, bought).await;
    let mut events = world.store.events();

    accounts::delete(&world.store, ana, PASSWORD).await.unwrap();
    assert_eq!(*events.try_recv().unwrap(), [Event::OffSale { card: listed }]);
    assert!(events.try_recv().is_err(), "what was not on sale is no news");
    for card in [kept, listed, bought] {
        assert_eq!(refusal(cards::detail(&world.store, card, None).await), Refusal::NotFound);
    }
    assert_eq!(world.database.number("select count(*) from uploads where state = 'dropped'").await, 3);
    assert!(cards::detail(&world.store, sold, Some(bob)).await.unwrap().mine, "what was sold stays");
    assert_eq!(accounts::profile(&world.store, ana).await.unwrap(), None);
    assert_eq!(accounts::details(&world.store, ana).await.unwrap(), None);

    let entries = ledger::all(&world.store, ana).await.unwrap();
    assert_eq!((entries[0].kind, entries[0].amount), (Kind::Returned, cents(-109_00)));
    assert_eq!(entries[0].balance_after, Money::ZERO);
    let books = ledger::verify(&world.store).await.unwrap();
    assert!(books.are_whole(), "{books:?}");
    assert_eq!((books.granted, books.held), (cents(91_00), cents(91_00)));
}

#[tokio::test]
async fn nothing_says_who_a_deleted_account_was() {
    let world = World::new().await;
    let (ana, bob) = (world.person("ana").await, world.named_member("bob").await);
    world.buys(bob, world.card_on_sale(ana, 10_00).await).await;
    accounts::delete(&world.store, ana, PASSWORD).await.unwrap();

    let entries = ledger::all(&world.store, bob).await.unwrap();
    let counterparty = entries[0].counterparty.clone().unwrap();
    assert!(counterparty.starts_with("deleted-") && counterparty.len() == 24, "{counterparty}");
    for (name, kept) in [("ana", PASSWORD), ("ana@example.com", PASSWORD), (&counterparty, PASSWORD)] {
        assert_eq!(
            refusal(accounts::sign_in(&world.store, name, kept).await),
            Refusal::WrongCredentials,
            "{name}"
        );
    }
    accounts::ask_for_reset(&world.store, address("ana@example.com")).await.unwrap();
    assert_eq!(world.letters_to("ana@example.com").await.len(), 1, "only the activation");
    let again = world.person("ana").await;
    assert_ne!(again, ana, "name and address are free for somebody new");
}

#[tokio::test]
async fn only_who_knows_the_password_leaves_and_only_once() {
    let world = World::new().await;
    let ana = world.person("ana").await;
    let wrong = accounts::delete(&world.store, ana, "wrong horse").await;
    assert_eq!(refusal(wrong), Refusal::PasswordWrong);
    assert!(accounts::profile(&world.store, ana).await.unwrap().is_some());
    accounts::delete(&world.store, ana, PASSWORD).await.unwrap();
    assert_eq!(refusal(accounts::delete(&world.store, ana, PASSWORD).await), Refusal::SignedOut);
    assert_eq!(refusal(accounts::export(&world.store, ana).await), Refusal::SignedOut);
}

#[tokio::test]
async fn a_session_that_outlives_its_account_does_nothing_any_more() {
    let world = World::new().await;
    let (ana, bob) = (world.person("ana").await, world.member().await);
    let upload = world.confirmed_upload(ana).await;
    let card = world.card_on_sale(bob, 1_00).await;
    let terms = world.terms(ana, card).await;
    accounts::delete(&world.store, ana, PASSWORD).await.unwrap();

    let added = cards::add(&world.store, ana, crate::support::new_card("Ace", upload)).await;
    assert_eq!(refusal(added), Refusal::SignedOut);
    assert_eq!(refusal(watching::watch(&world.store, ana, card).await), Refusal::SignedOut);
    assert_eq!(refusal(market::buy(&world.store, ana, terms).await), Refusal::NotFound);
    assert!(cards::detail(&world.store, card, Some(bob)).await.unwrap().mine);
    world.assert_books_are_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_while_somebody_buys_keeps_the_books_whole() {
    let world = World::new().await;
    let other = world.another_node().await;
    let bob = world.member().await;
    for round in 0..8 {
        let name = format!("ana{round}");
        let ana = world.person(&name).await;
        let card = world.card_on_sale(ana, 1_00).await;
        let terms = world.terms(bob, card).await;
        let (bought, left) =
            tokio::join!(market::buy(&other, bob, terms), accounts::delete(&world.store, ana, PASSWORD));
        left.unwrap();
        let there = cards::detail(&world.store, card, Some(bob)).await;
        match bought {
            Ok(_) => assert!(there.unwrap().mine),
            Err(_) => assert_eq!(refusal(there), Refusal::NotFound),
        }
    }
    assert_eq!(
        world
            .database
            .number("select count(*) from accounts where deleted_at_ms is not null and balance_cents <> 0")
            .await,
        0
    );
    world.assert_books_are_whole().await;
}
