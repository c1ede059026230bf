//! Opening a store: migrations, settings that do not work, and what is ready.

use std::{sync::Barrier, thread};

use backend::{Store, accounts, market};
use futures::future::join_all;
use tempfile::TempDir;
use tokio::runtime;

use crate::support::{TestDatabase, World, nowhere, settings};

#[tokio::test]
async fn many_nodes_can_start_on_an_empty_database_at_once() {
    let database = TestDatabase::create().await;
    let folder = TempDir::new().unwrap();
    let nodes = (0..6).map(|_| tokio::spawn(Store::open(settings(&database, &folder, nowhere()))));
    for node in join_all(nodes).await {
        node.unwrap().unwrap();
    }
    assert_eq!(database.number("select count(*) from _sqlx_migrations").await, 2);
}

#[tokio::test]
async fn starting_again_keeps_everything() {
    let world = World::new().await;
    let ana = world.member().await;
    let again = world.another_node().await;
    assert!(accounts::profile(&again, ana).await.unwrap().is_some());
}

/// As those of a node have them: each asks on a runtime of its own.
#[tokio::test]
async fn threads_with_connections_of_their_own_sell_nothing_twice() {
    let world = World::new().await;
    let seller = world.member().await;
    let card = world.card_on_sale(seller, 10_00).await;
    let mut buyers = Vec::new();
    for _ in 0..2 {
        let buyer = world.member().await;
        buyers.push((buyer, world.terms(buyer, card).await));
    }
    let most = world.store.connections().most;
    let (store, meeting) = (&world.store, &Barrier::new(buyers.len()));
    let bought: Vec<bool> = thread::scope(|scope| {
        let buying = buyers.into_iter().map(|(buyer, terms)| {
            scope.spawn(move || {
                let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    store.connect_here(2).unwrap();
                    assert!(accounts::profile(store, buyer).await.unwrap().is_some());
                    meeting.wait();
                    market::buy(store, buyer, terms).await.is_ok()
                })
            })
        });
        let buying: Vec<_> = buying.collect();
        buying.into_iter().map(|buying| buying.join().unwrap()).collect()
    });
    assert_eq!(bought.iter().filter(|bought| **bought).count(), 1);
    // SQLite has one for each thread anyway.
    assert!([0, 6].contains(&(world.store.connections().most - most)));
    world.assert_books_are_whole().await;
}

#[tokio::test]
async fn a_setting_that_does_not_work_is_named() {
    let database = TestDatabase::create().await;
    let folder = TempDir::new().unwrap();
    let good = || settings(&database, &folder, nowhere());
    let named = async |settings| Store::open(settings).await.err().unwrap().setting;

    for url in
        ["", "cards.db", "mysql://localhost/cards", "sqlite::memory:", "sqlite:///no/such/folder/cards.db"]
    {
        assert_eq!(
            named(backend::Settings { database_url: url.into(), ..good() }).await,
            "database_url",
            "{url}"
        );
    }
    assert_eq!(
        named(backend::Settings { public_url: "cards.example.com".into(), ..good() }).await,
        "public_url"
    );

    let mut from = good();
    from.mail.from = "nobody".into();
    assert_eq!(named(from).await, "mail.from");

    let mut transport = good();
    transport.mail.transport = backend::mail::Transport::Smtp { url: "http://mail".into() };
    assert_eq!(named(transport).await, "mail.transport");

    let mut endpoint = good();
    endpoint.images.endpoint = Some("not a url".into());
    assert!(named(endpoint).await.starts_with("images"));
}

#[tokio::test]
async fn a_database_that_is_away_is_told_in_its_own_words() {
    let database = TestDatabase::create().await;
    let folder = TempDir::new().unwrap();
    let away = "postgres://cards:secret@127.0.0.1:9/cards";
    let settings = backend::Settings { database_url: away.into(), ..settings(&database, &folder, nowhere()) };
    let error = Store::open(settings).await.err().unwrap().to_string();
    assert!(error.starts_with("database_url: ") && error.contains("refused"), "{error}");
    assert!(!error.contains("secret"), "{error}");
}

#[tokio::test]
async fn a_store_names_the_part_that_is_away() {
    let world = World::new().await;
    let ready = world.store.ready().await;
    assert_eq!(ready[0], ("database", Ok(())));
    let (part, Err(why)) = &ready[1] else { panic!("{ready:?}") };
    assert_eq!(*part, "images");
    assert!(why.contains("refused"), "{why}");
}

/// Server functions are polled on any thread; this need not run, only compile.
#[expect(dead_code, reason = "a check by the compiler")]
fn every_act_can_move_between_threads(store: &'static Store) {
    use backend::{admin, cards, images, ledger, mail, market, notifications, watching};
    fn any<T>() -> T {
        unreachable!("never called")
    }
    fn check<T: Send>(_: impl Fn() -> T) {}
    check(|| accounts::register(store, any()));
    check(|| accounts::activate(store, ""));
    check(|| accounts::resend_activation(store, any()));
    check(|| accounts::sign_in(store, "", ""));
    check(|| accounts::profile(store, any()));
    check(|| accounts::details(store, any()));
    check(|| accounts::ask_for_reset(store, any()));
    check(|| accounts::reset_password(store, "", any()));
    check(|| accounts::change_password(store, any(), "", any()));
    check(|| accounts::change_email(store, any(), "", any()));
    check(|| accounts::confirm_email(store, ""));
    check(|| accounts::delete(store, any(), ""));
    check(|| accounts::export(store, any()));
    check(|| admin::activate(store, ""));
    check(|| admin::resend_activation(store, ""));
    check(|| admin::suspend(store, ""));
    check(|| admin::reinstate(store, ""));
    check(|| admin::take_down(store, any()));
    check(|| admin::adjust(store, "", any()));
    check(|| notifications::inbox(store, any(), None));
    check(|| notifications::unread(store, any()));
    check(|| notifications::after(store, any(), 0));
    check(|| notifications::mark_all_read(store, any(), 0));
    check(|| watching::watch(store, any(), any()));
    check(|| watching::unwatch(store, any(), any()));
    check(|| cards::add(store, any(), any()));
    check(|| cards::owned_by(store, any()));
    check(|| cards::collection(store, any()));
    check(|| cards::detail(store, any(), None));
    check(|| cards::delete(store, any(), any()));
    check(|| cards::edit(store, any(), any(), any(), any()));
    check(|| market::browse(store, any()));
    check(|| market::list(store, any(), any(), any()));
    check(|| market::reprice(store, any(), any(), 1, any()));
    check(|| market::cancel(store, any(), any(), 1));
    check(|| market::offer(store, any(), any()));
    check(|| market::buy(store, any(), any()));
    check(|| market::receipt(store, any(), any()));
    check(|| ledger::entries(store, any(), any(), None));
    check(|| ledger::all(store, any()));
    check(|| ledger::verify(store));
    check(|| images::sign_upload(store, any(), any()));
    check(|| images::confirm(store, any(), any()));
    check(|| images::put(store, any(), Vec::new()));
    check(|| images::sweep(store, any()));
    check(|| mail::deliver_due(store));
    check(|| store.run_background(any()));
}

#[tokio::test]
async fn the_store_goes_on_after_sqlite_ended_a_transaction_by_itself() {
    let world = World::new().await;
    if world.database.url().starts_with("postgres") {
        return;
    }
    world.named_member("ana").await;
    // As a full disk does: the transaction is gone before anybody rolls it back.
    let full = "create trigger full before insert on operations begin select raise(rollback, 'full'); end";
    world.database.run(full).await;
    assert!(backend::admin::suspend(&world.store, "ana").await.is_err());
    world.database.run("drop trigger full").await;
    backend::admin::suspend(&world.store, "ana").await.unwrap();
}
