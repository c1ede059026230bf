//! What a page of pictures pays for its signatures, and a browser's upload for its own.
//!
//! `cargo bench -p backend --bench signing`. Signing asks nobody, so there is no bucket behind it.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::sync::atomic::{AtomicU64, Ordering};

use backend::images::{self, Announced, UploadRequest};
use backend::{Settings, Store, mail};
use criterion::{Criterion, criterion_group, criterion_main};
use domain::AccountId;
use domain::image::ImageType;
use tokio::runtime::Builder;

/// Two pages of the market.
const PICTURES: u64 = 48;

criterion_group!(benches, pages);
criterion_main!(benches);

fn pages(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = runtime.block_on(open(&folder));
    let owner = somebody(&folder);
    let fresh = AtomicU64::new(0);

    criterion.bench_function("48 pictures signed for the first time this hour", |bencher| {
        bencher.to_async(&runtime).iter(async || {
            let first = fresh.fetch_add(PICTURES, Ordering::Relaxed);
            show(&store, first..first + PICTURES).await;
        });
    });
    runtime.block_on(show(&store, 0..PICTURES));
    criterion.bench_function("48 pictures signed before", |bencher| {
        bencher.to_async(&runtime).iter(async || show(&store, 0..PICTURES).await);
    });
    criterion.bench_function("an upload of a picture and its thumbnail, with its row in SQLite", |bencher| {
        let object = Announced { length: 1_000, content_type: ImageType::Webp, sha256: [7; 32] };
        let request = UploadRequest { picture: object, thumbnail: Some(object) };
        bencher.to_async(&runtime).iter(async || {
            images::sign_upload(&store, owner, request).await.unwrap();
        });
    });
}

async fn show(store: &Store, keys: std::ops::Range<u64>) {
    for key in keys {
        images::url(store, &format!("{key:032x}.webp")).await.unwrap();
    }
}

fn somebody(folder: &tempfile::TempDir) -> AccountId {
    let id = AccountId::from(uuid::Uuid::now_v7());
    let database = rusqlite::Connection::open(folder.path().join("cards.db")).unwrap();
    let insert = "insert into accounts (id, username, username_key, email, email_key, password_hash, created_at_ms, \
         activation_mail_at_ms) values (?1, 'ana', 'ana', 'ana@example.com', 'ana@example.com', 'none', 0, 0)";
    database.execute(insert, [id.to_string()]).unwrap();
    id
}

async fn open(folder: &tempfile::TempDir) -> Store {
    let settings = Settings {
        database_url: format!("sqlite://{}", folder.path().join("cards.db").display()),
        public_url: "https://cards.example.com".into(),
        images: images::Settings {
            bucket: "pictures".into(),
            region: "eu-central-1".into(),
            endpoint: Some("http://127.0.0.1:9".into()),
            base_url: None,
            keys: Some(("key".into(), "secret".into())),
        },
        mail: mail::Settings {
            from: "CardStore <cards@example.com>".into(),
            transport: mail::Transport::Files { folder: folder.path().to_owned() },
        },
    };
    Store::open(settings).await.unwrap()
}
