//! Seeding a store for measuring.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use backend::market::{self, Query};
use backend::seeding::{Inventions, Size, seed, username};
use backend::{accounts, cards, ledger};
use domain::Refusal;

use crate::support::{PASSWORD, World, password, refusal};

const SIZE: Size = Size { accounts: 20, cards: 1_234 };

fn name(number: usize) -> String {
    format!("Seeded x{number}x")
}

#[tokio::test]
async fn a_seeded_store_is_as_if_its_people_had_lived_in_it() {
    let world = World::new().await;
    let ana = world.member().await;
    let dice = AtomicU64::new(1);
    let chance = || dice.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed) >> 7;
    let pictures = vec![world.confirmed_upload(ana).await, world.confirmed_upload(ana).await];
    let with_thumbnail = "update uploads set thumbnail_key = 'small.jpg', thumbnail_type = 'image/jpeg', \
        thumbnail_length_bytes = 1, thumbnail_sha256 = ''";
    world.database.run(&format!("{with_thumbnail} where id = '{}'", pictures[0])).await;
    let inventions = Inventions { name: &name, chance: &chance, password: password(PASSWORD), pictures };
    let heard = AtomicUsize::new(0);
    let said = |written, total| {
        assert!(written <= total);
        heard.store(written, Ordering::Relaxed);
    };
    let seeded = seed(&world.store, SIZE, &inventions, &said).await.unwrap();
    assert_eq!((seeded.accounts, seeded.cards), (SIZE.accounts, SIZE.cards));
    assert!(seeded.sales > 0 && seeded.listings > SIZE.cards / 6, "{seeded:?}");
    assert_eq!(heard.load(Ordering::Relaxed), 20 * 3 + 1_234 * 4 + seeded.sales * 3);

    world.assert_books_are_whole().await;
    let books = ledger::verify(&world.store).await.unwrap();
    assert_eq!(books.entries, 2 * (1 + 20 + seeded.sales) as i64);
    let market = market::browse(&world.store, &Query::default()).await.unwrap();
    assert_eq!(market.matches, (seeded.listings as u64).min(market::COUNTED_UP_TO));
    let small = "select count(*) from cards where thumbnail_key = 'small.jpg'";
    assert_eq!(world.database.number(small).await, SIZE.cards as i64 / 2);
    let on_sale = world.database.text("select name from cards where price_cents is not null limit 1").await;
    let query = Query { text: on_sale.split(' ').next_back().map(str::to_owned), ..Query::default() };
    let found = market::browse(&world.store, &query).await.unwrap();
    assert!(found.tiles.iter().any(|tile| tile.name == on_sale), "{on_sale}");

    let first = accounts::sign_in(&world.store, &username(0), PASSWORD).await.unwrap();
    world.database.run("update cards set price_cents = 1 where price_cents is not null").await;
    let query = Query { seller: Some(username(1)), ..Query::default() };
    let others = market::browse(&world.store, &query).await.unwrap();
    world.buys(first, others.tiles[0].id).await;
    world.assert_books_are_whole().await;
    assert!(!cards::owned_by(&world.store, first).await.unwrap().is_empty());
    assert_eq!(refusal(seed(&world.store, SIZE, &inventions, &said).await), Refusal::UsernameTaken);
}
