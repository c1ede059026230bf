//! A store of a test's own, the people in it, and a back door to its database.

mod database;
mod http;
mod log;
mod mailbox;
mod people;
mod pictures;
mod smtp;

use std::fmt::Debug;
use std::sync::atomic::{AtomicU32, Ordering};

use backend::{Error, Settings, Store, accounts, cards, images, mail, market};
use domain::{AccountId, AltText, CardId, CardName, Money, Refusal, Terms};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

pub(crate) use database::TestDatabase;
pub(crate) use http::send;
pub(crate) use log::logged;
pub(crate) use mailbox::mails;
pub(crate) use people::{PASSWORD, address, password, registration};
pub(crate) use pictures::{announced, bucket, chunk, gps, png, png_with, put, put_without_checksum, upload};
pub(crate) use smtp::SmtpServer;

/// A store with its own database and mail folder; both go when it is dropped.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) database: TestDatabase,
    pub(crate) folder: TempDir,
    people: AtomicU32,
}

impl World {
    /// Without pictures: its bucket does not exist.
    pub(crate) async fn new() -> Self {
        Self::with_images(nowhere()).await
    }

    pub(crate) async fn with_images(images: images::Settings) -> Self {
        let database = TestDatabase::create().await;
        let folder = TempDir::new().unwrap();
        let settings = settings(&database, &folder, images);
        let store = Store::open(settings).await.unwrap();
        Self { store, database, folder, people: AtomicU32::new(0) }
    }

    /// A second node of the same fleet: nothing is shared but the database, the bucket and the folder.
    pub(crate) async fn another_node(&self) -> Store {
        Store::open(settings(&self.database, &self.folder, nowhere())).await.unwrap()
    }

    /// Somebody with 100.00, activated as everybody is but without the cost of a real password.
    pub(crate) async fn member(&self) -> AccountId {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        self.named_member(&format!("member{number}")).await
    }

    pub(crate) async fn named_member(&self, name: &str) -> AccountId {
        let id = AccountId::from(uuid::Uuid::now_v7());
        self.database
            .run(&format!(
                "insert into accounts (id, username, username_key, email, email_key, password_hash, created_at_ms, \
                 activation_mail_at_ms) values ('{id}', '{name}', lower('{name}'), '{name}@example.com', \
                 '{name}@example.com', 'none', 0, 0)"
            ))
            .await;
        self.link_to(id, name, i64::MAX).await;
        accounts::activate(&self.store, name).await.unwrap();
        id
    }

    /// Makes `token` an activation token of the account.
    pub(crate) async fn link_to(&self, account: AccountId, token: &str, expires_at_ms: i64) {
        let hash: String = Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect();
        self.database
            .run(&format!(
                "insert into tokens (hash, account_id, purpose, expires_at_ms) \
                 values ('{hash}', '{account}', 'activate', {expires_at_ms})"
            ))
            .await;
    }

    pub(crate) async fn balance(&self, account: AccountId) -> Money {
        accounts::profile(&self.store, account).await.unwrap().unwrap().balance
    }

    pub(crate) async fn set_balance_by_purchase(&self, account: AccountId, cents: i64) {
        let spent = self.balance(account).await.cents() - cents;
        let card = self.card_on_sale(self.member().await, spent).await;
        self.buys(account, card).await;
    }

    pub(crate) async fn card(&self, owner: AccountId) -> CardId {
        self.named_card(owner, "Ace").await
    }

    pub(crate) async fn named_card(&self, owner: AccountId, name: &str) -> CardId {
        let upload = self.confirmed_upload(owner).await;
        cards::add(&self.store, owner, new_card(name, upload)).await.unwrap()
    }

    pub(crate) async fn card_on_sale(&self, owner: AccountId, cents: i64) -> CardId {
        let card = self.card(owner).await;
        market::list(&self.store, owner, card, Money::from_cents(cents)).await.unwrap();
        card
    }

    /// More cards on sale than a search puts in order; all share this word, which is none of other cards.
    pub(crate) async fn crowd(&self, owner: AccountId, word: &str) {
        let digits: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
        let numbers = "with recursive numbers (n) as \
             (select 1001 union all select n + 1 from numbers where n < 2200)";
        let id = "'00000000-0000-7000-8000-00000000' || cast(n as text)";
        for insert in [
            format!(
                "insert into uploads (id, owner_id, image_key, content_type, length_bytes, sha256, state, \
                 created_at_ms) select {id}, '{owner}', {id}, 'image/png', 1, '', 'used', 0 from numbers"
            ),
            format!(
                "insert into cards (id, owner_id, name, name_key, alt, upload_id, image_key, price_cents, \
                 listed_at_ms, added_at_ms) \
                 select {id}, '{owner}', '{word}', ' {word}', '', {id}, {id}, n, n, 0 from numbers"
            ),
            format!("insert into card_words (card_id, word) select {id}, '{digits}' from numbers"),
        ] {
            self.database.run(&format!("{numbers} {insert}")).await;
        }
    }

    /// An upload whose picture was checked, without a bucket.
    pub(crate) async fn confirmed_upload(&self, owner: AccountId) -> domain::UploadId {
        let id = uuid::Uuid::now_v7();
        self.database
            .run(&format!(
                "insert into uploads (id, owner_id, image_key, content_type, length_bytes, sha256, state, \
                 created_at_ms) values ('{id}', '{owner}', '{id}.png', 'image/png', 1, '', 'confirmed', 0)"
            ))
            .await;
        id.into()
    }

    /// What somebody sees who is about to buy.
    pub(crate) async fn terms(&self, buyer: AccountId, card: CardId) -> Terms {
        market::offer(&self.store, buyer, card).await.unwrap().terms
    }

    pub(crate) async fn buys(&self, buyer: AccountId, card: CardId) -> domain::Receipt {
        let terms = self.terms(buyer, card).await;
        market::buy(&self.store, buyer, terms).await.unwrap()
    }

    /// Changes the price of a listing as its owner sees it now.
    pub(crate) async fn reprices(&self, owner: AccountId, card: CardId, cents: i64) {
        let seen = cards::detail(&self.store, card, Some(owner)).await.unwrap().version;
        market::reprice(&self.store, owner, card, seen, Money::from_cents(cents)).await.unwrap();
    }

    pub(crate) async fn assert_books_are_whole(&self) {
        let books = backend::ledger::verify(&self.store).await.unwrap();
        assert!(books.are_whole(), "{books:?}");
    }
}

pub(crate) fn settings(database: &TestDatabase, folder: &TempDir, images: images::Settings) -> Settings {
    Settings {
        database_url: database.url(),
        public_url: "https://cards.example.com".into(),
        images,
        mail: mail::Settings {
            from: "CardStore <cards@example.com>".into(),
            transport: mail::Transport::Files { folder: folder.path().to_owned() },
        },
    }
}

/// A bucket that nobody serves: signing works, asking does not.
pub(crate) fn nowhere() -> images::Settings {
    images::Settings {
        bucket: "pictures".into(),
        region: "eu-central-1".into(),
        endpoint: Some("http://127.0.0.1:9".into()),
        base_url: None,
        keys: Some(("key".into(), "secret".into())),
    }
}

pub(crate) fn new_card(name: &str, upload: domain::UploadId) -> cards::NewCard {
    cards::NewCard { name: CardName::parse(name).unwrap(), alt: AltText::parse("A card").unwrap(), upload }
}

/// The one refusal that an act was answered with.
#[track_caller]
pub(crate) fn refusal<T: Debug>(outcome: Result<T, Error>) -> Refusal {
    match outcome {
        Err(Error::Refused(refusals)) if refusals.len() == 1 => refusals[0],
        other => panic!("expected one refusal, got {other:?}"),
    }
}

pub(crate) fn cents(cents: i64) -> Money {
    Money::from_cents(cents)
}
