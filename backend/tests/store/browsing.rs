//! Pages of the market.

use std::collections::BTreeSet;

use backend::market::{self, Query, Sort};
use domain::market::PAGE_SIZE;
use domain::{CardId, MarketPage};

use crate::support::{World, cents};

impl World {
    async fn browses(&self, text: &str, sort: Sort, after: Option<&str>) -> MarketPage {
        let query =
            Query { text: Some(text.to_owned()), sort, after: after.map(str::to_owned), ..Query::default() };
        market::browse(&self.store, &query).await.unwrap()
    }

    /// Every card that following `next` shows, page by page.
    async fn reads_to_the_end(&self, text: &str, sort: Sort) -> Vec<(CardId, i64)> {
        let mut page = self.browses(text, sort, None).await;
        let mut seen = Vec::new();
        loop {
            assert!(page.tiles.len() <= PAGE_SIZE as usize);
            seen.extend(page.tiles.iter().map(|tile| (tile.id, tile.price.cents())));
            let Some(next) = page.next else { return seen };
            assert!(next.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.'), "fit for a URL: {next}");
            page = self.browses(text, sort, Some(&next)).await;
        }
    }
}

#[tokio::test]
async fn an_empty_market_has_one_empty_page() {
    let world = World::new().await;
    assert_eq!(market::browse(&world.store, &Query::default()).await.unwrap(), MarketPage::default());
}

#[tokio::test]
async fn only_what_is_on_sale_is_shown_with_its_seller_and_price() {
    let world = World::new().await;
    let ana = world.named_member("Ana").await;
    world.card(ana).await;
    let card = world.card_on_sale(ana, 1_234_50).await;
    let page = market::browse(&world.store, &Query::default()).await.unwrap();
    assert_eq!((page.tiles.len(), page.matches, page.next), (1, 1, None));
    let tile = &page.tiles[0];
    assert_eq!((tile.id, tile.seller.as_str(), tile.price), (card, "Ana", cents(1_234_50)));
    assert!(tile.thumbnail_url.starts_with("http://127.0.0.1:9/pictures/"));
}

#[tokio::test]
async fn the_prices_of_cards_are_told_in_their_order() {
    let world = World::new().await;
    let ana = world.member().await;
    let (kept, first, second) =
        (world.card(ana).await, world.card_on_sale(ana, 500).await, world.card_on_sale(ana, 700).await);
    let nobodys = "01890000-0000-7000-8000-000000000000".parse().unwrap();
    let prices = market::prices(&world.store, &[second, kept, nobodys, first, second]).await.unwrap();
    assert_eq!(prices, [Some(cents(700)), None, None, Some(cents(500)), Some(cents(700))]);
    assert_eq!(market::prices(&world.store, &[]).await.unwrap(), []);
    let more_than_a_page = vec![first; PAGE_SIZE as usize + 1];
    let prices = market::prices(&world.store, &more_than_a_page).await.unwrap();
    assert_eq!(prices, vec![Some(cents(500)); PAGE_SIZE as usize]);
}

#[tokio::test]
async fn following_the_pages_shows_every_card_once_in_every_order() {
    let world = World::new().await;
    let ana = world.member().await;
    let many = 2 * i64::from(PAGE_SIZE) + 5;
    let mut all = BTreeSet::new();
    for number in 0..many {
        // Many share a price, so that only the id tells them apart.
        all.insert(world.card_on_sale(ana, 100 + number % 3).await);
    }
    // As many share a moment.
    world.database.run("update cards set listed_at_ms = 1000 + version % 2 where price_cents = 100").await;

    for sort in [Sort::Newest, Sort::CheapestFirst, Sort::DearestFirst] {
        for text in ["", "ace"] {
            let seen = world.reads_to_the_end(text, sort).await;
            let ids: BTreeSet<_> = seen.iter().map(|(id, _)| *id).collect();
            assert_eq!((seen.len(), &ids), (all.len(), &all), "{sort:?} {text:?}");
            let prices: Vec<_> = seen.iter().map(|(_, price)| *price).collect();
            match sort {
                Sort::Newest => {}
                Sort::CheapestFirst => assert!(prices.is_sorted()),
                Sort::DearestFirst => assert!(prices.iter().rev().is_sorted()),
            }
        }
    }
    assert_eq!(world.browses("", Sort::Newest, None).await.matches, many as u64);
}

#[tokio::test]
async fn the_newest_listing_comes_first() {
    let world = World::new().await;
    let ana = world.member().await;
    let (first, second) = (world.card_on_sale(ana, 1).await, world.card_on_sale(ana, 2).await);
    world.database.run(&format!("update cards set listed_at_ms = 5 where id = '{second}'")).await;
    world.database.run(&format!("update cards set listed_at_ms = 9 where id = '{first}'")).await;
    let seen = world.reads_to_the_end("", Sort::Newest).await;
    assert_eq!(seen, [(first, 1), (second, 2)]);
}

#[tokio::test]
async fn a_cursor_that_is_none_means_the_first_page() {
    let world = World::new().await;
    let ana = world.member().await;
    for _ in 0..=PAGE_SIZE {
        world.card_on_sale(ana, 7).await;
    }
    let first = world.browses("", Sort::Newest, None).await;
    let of_another_order = world.browses("", Sort::CheapestFirst, None).await.next.unwrap();
    for bad in ["", "n", "n1", "n1.x", "x1.2", "n99999999999999999999.0", "🌙", "' or 1=1", &of_another_order]
    {
        assert_eq!(world.browses("", Sort::Newest, Some(bad)).await, first, "{bad}");
    }
}

#[tokio::test]
async fn matches_are_counted_up_to_a_bound() {
    let world = World::new().await;
    let ana = world.member().await;
    world.crowd(ana, "ace").await;
    for text in ["", "ace", "ac"] {
        let page = world.browses(text, Sort::Newest, None).await;
        assert_eq!((page.matches, page.tiles.len()), (market::COUNTED_UP_TO, PAGE_SIZE as usize));
    }
}
