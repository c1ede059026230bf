//! Filling a real store: real SQLite, a real S3 (`CARDSTORE_TEST_S3_…`, as `cargo xtask test` sets them).
#![expect(clippy::unwrap_used, reason = "a set-up that fails is a failed test")]

use std::cell::Cell;
use std::env;

use backend::market::{Query, browse};
use backend::{Settings, Store, accounts, images, ledger, mail};
use demo::catalogue::Catalogue;
use demo::{Filled, Letters, PASSWORD, PEOPLE, fill};
use tempfile::TempDir;

async fn open(folder: &TempDir) -> (Store, Letters) {
    let of_bucket = |name: &str| env::var(format!("CARDSTORE_TEST_S3_{name}")).unwrap();
    let mail_folder = folder.path().join("mail");
    let settings = Settings {
        database_url: format!("sqlite://{}", folder.path().join("store.db").display()),
        public_url: "http://localhost:8080".to_owned(),
        images: images::Settings {
            bucket: of_bucket("BUCKET"),
            region: of_bucket("REGION"),
            endpoint: Some(of_bucket("ENDPOINT")),
            base_url: None,
            keys: Some((of_bucket("ACCESS_KEY"), of_bucket("SECRET_KEY"))),
        },
        mail: mail::Settings {
            from: "CardStore <store@example.com>".to_owned(),
            transport: mail::Transport::Files { folder: mail_folder.clone() },
        },
    };
    (Store::open(settings).await.unwrap(), Letters::in_folder(mail_folder))
}

#[tokio::test]
async fn an_empty_store_comes_alive_once() {
    let folder = tempfile::tempdir().unwrap();
    let (store, letters) = open(&folder).await;
    let catalogue = Catalogue::of(1);
    let lines = Cell::new(0);
    let filled = fill(&store, &letters, &catalogue, |_| lines.set(lines.get() + 1)).await.unwrap();
    let (cards, sales, listings) = (catalogue.cards.len(), catalogue.sales.len(), catalogue.listings.len());
    assert_eq!(filled, Filled::Now { people: PEOPLE.len(), cards, sales, listings });
    assert!(lines.get() > 0);

    let market = browse(&store, &Query::default()).await.unwrap();
    assert_eq!(market.matches, listings as u64);
    let whole = backend::cards::detail(&store, market.tiles[0].id, None).await.unwrap().image_url;
    assert_ne!(market.tiles[0].thumbnail_url, whole);
    let first = catalogue.cards[catalogue.listings[0].card].paint();
    assert_eq!((&market.tiles[0].name, &market.tiles[0].alt), (&first.name, &first.alt));
    let books = ledger::verify(&store).await.unwrap();
    assert!(books.are_whole(), "{:?}", books.differences);
    assert_eq!(std::fs::read_dir(folder.path().join("mail")).unwrap().count(), 0, "no letter is left over");
    assert!(accounts::sign_in(&store, PEOPLE[0], PASSWORD).await.is_ok());

    let again = fill(&store, &letters, &catalogue, |_| {}).await.unwrap();
    assert_eq!(again, Filled::Before);
    assert_eq!(ledger::verify(&store).await.unwrap(), books);
}
