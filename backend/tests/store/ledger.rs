//! An account's activity, and books that show it when somebody cooks them.

use backend::ledger::{self, Filter, Kind};
use backend::{cards, market};
use domain::Money;

use crate::support::{World, cents};

#[tokio::test]
async fn activity_tells_every_movement_with_the_newest_first() {
    let world = World::new().await;
    let (ana, bo) = (world.named_member("ana").await, world.named_member("bob").await);
    world.buys(bo, world.card_on_sale(ana, 10_00).await).await;
    world.buys(ana, world.card_on_sale(bo, 4_00).await).await;

    let page = ledger::entries(&world.store, bo, Filter::All, None).await.unwrap();
    assert_eq!(page.next, None);
    let told: Vec<_> = page
        .entries
        .iter()
        .map(|entry| {
            let counterparty = entry.counterparty.as_deref();
            (entry.kind, entry.card_name.as_deref(), counterparty, entry.amount, entry.balance_after)
        })
        .collect();
    assert_eq!(
        told,
        [
            (Kind::Sold, Some("Ace"), Some("ana"), cents(4_00), cents(94_00)),
            (Kind::Bought, Some("Ace"), Some("ana"), cents(-10_00), cents(90_00)),
            (Kind::Granted, None, None, Money::WELCOME_GRANT, cents(100_00)),
        ]
    );
}

#[tokio::test]
async fn activity_is_read_page_by_page_without_gaps() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    for _ in 0..=ledger::PAGE_SIZE {
        world.buys(bo, world.card_on_sale(ana, 1).await).await;
    }
    let first = ledger::entries(&world.store, bo, Filter::All, None).await.unwrap();
    assert_eq!(first.entries.len(), ledger::PAGE_SIZE);
    let second = ledger::entries(&world.store, bo, Filter::All, first.next).await.unwrap();
    assert_eq!((second.entries.len(), second.next), (2, None));
    let mut balance = world.balance(bo).await;
    for entry in first.entries.iter().chain(&second.entries) {
        assert_eq!(entry.balance_after, balance);
        balance = cents(balance.cents() - entry.amount.cents());
    }
    assert_eq!(balance, Money::ZERO);
}

#[tokio::test]
async fn activity_shows_one_side_of_trade_alone() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    for _ in 0..=ledger::PAGE_SIZE {
        world.buys(bo, world.card_on_sale(ana, 1).await).await;
        world.buys(ana, world.card_on_sale(bo, 2).await).await;
    }
    for (filter, kind, amount) in [(Filter::Bought, Kind::Bought, -1), (Filter::Sold, Kind::Sold, 2)] {
        let first = ledger::entries(&world.store, bo, filter, None).await.unwrap();
        let second = ledger::entries(&world.store, bo, filter, first.next).await.unwrap();
        assert_eq!((first.entries.len(), second.entries.len()), (ledger::PAGE_SIZE, 1));
        assert_eq!(second.next, None);
        for entry in first.entries.iter().chain(&second.entries) {
            assert_eq!((entry.kind, entry.amount), (kind, cents(amount)));
        }
    }
    let all = ledger::all(&world.store, bo).await.unwrap();
    assert_eq!(all.len(), 2 * ledger::PAGE_SIZE + 3);
    let page = ledger::entries(&world.store, bo, Filter::All, None).await.unwrap();
    assert_eq!(all[..ledger::PAGE_SIZE], page.entries);
}

#[tokio::test]
async fn an_entry_leads_to_its_card_and_only_the_buyers_to_the_receipt() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    let terms = world.terms(bo, card).await;
    market::buy(&world.store, bo, terms).await.unwrap();
    let bought = ledger::all(&world.store, bo).await.unwrap();
    assert_eq!((bought[0].card, bought[0].purchase), (Some(card), Some(terms.key)));
    assert_eq!((bought[1].card, bought[1].purchase), (None, None), "the grant");
    let sold = ledger::all(&world.store, ana).await.unwrap();
    assert_eq!((sold[0].card, sold[0].purchase), (Some(card), None));

    cards::delete(&world.store, bo, card).await.unwrap();
    let entry = ledger::all(&world.store, bo).await.unwrap().remove(0);
    assert_eq!(
        (entry.card, entry.card_name.as_deref(), entry.purchase),
        (None, Some("Ace"), Some(terms.key))
    );
}

#[tokio::test]
async fn a_stranger_has_no_activity() {
    let world = World::new().await;
    world.member().await;
    let page = ledger::entries(&world.store, uuid::Uuid::now_v7().into(), Filter::All, None).await.unwrap();
    assert_eq!(page, ledger::Page::default());
}

#[tokio::test]
async fn whole_books_add_up_to_what_was_granted() {
    let world = World::new().await;
    let empty = ledger::verify(&world.store).await.unwrap();
    assert!(empty.are_whole() && empty.accounts == 0);
    let (ana, bo) = (world.member().await, world.member().await);
    world.buys(bo, world.card_on_sale(ana, 10_00).await).await;
    let books = ledger::verify(&world.store).await.unwrap();
    assert_eq!((books.accounts, books.entries), (2, 6));
    assert_eq!((books.granted, books.held), (cents(200_00), cents(200_00)));
    assert!(books.are_whole());
}

#[tokio::test]
async fn cooked_books_show_where() {
    for cooked in [
        "update accounts set balance_cents = balance_cents + 1",
        "update accounts set entries = entries + 1",
        "update ledger set amount_cents = amount_cents + 1 where kind = 'sold'",
        "update ledger set amount_cents = amount_cents - 1 where kind = 'minted'",
        "update ledger set balance_after_cents = balance_after_cents + 1 where kind = 'bought'",
        "update purchases set price_cents = price_cents + 1",
        "delete from ledger where kind = 'granted'",
        "delete from purchases; delete from ledger where kind = 'bought'",
    ] {
        let world = World::new().await;
        let (ana, bo) = (world.member().await, world.member().await);
        world.buys(bo, world.card_on_sale(ana, 10_00).await).await;
        world.assert_books_are_whole().await;
        world.database.run(cooked).await;
        let books = ledger::verify(&world.store).await.unwrap();
        assert!(!books.are_whole(), "{cooked}");
    }
}

#[tokio::test]
async fn the_database_itself_refuses_debts_and_second_grants() {
    let world = World::new().await;
    let ana = world.member().await;
    let refused = async |statement: String| {
        let pool = sqlx::AnyPool::connect(&world.database.url()).await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&pool).await.is_err()
    };
    assert!(refused("update accounts set balance_cents = -1".into()).await);
    assert!(
        refused(format!("insert into ledger values ('again', 'granted', '{ana}', 2, 10000, 20000, 0)")).await
    );
    let card = world.card(ana).await;
    assert!(refused(format!("update cards set price_cents = 0, listed_at_ms = 1 where id = '{card}'")).await);
}
