//! The addresses that pages show pictures from.

use backend::{images, market};

use crate::support::{World, cents, nowhere};

#[tokio::test]
async fn a_picture_has_one_address_on_every_node() {
    let world = World::new().await;
    let other = world.another_node().await;
    // The address changes with the hour, so the hour may change once between two looks.
    let mut same = false;
    for _ in 0..2 {
        let here = images::url(&world.store, "a.png").await.unwrap();
        same |= here == images::url(&other, "a.png").await.unwrap();
        assert!(here.contains("X-Amz-Expires=7200"), "{here}");
        assert!(here.contains("0000Z"), "signed at the start of the hour: {here}");
        assert!(here.contains("response-content-type=image%2Fpng"), "{here}");
    }
    assert!(same);
    assert_eq!(images::origins(&world.store), ["http://127.0.0.1:9"]);
}

#[tokio::test]
async fn a_cdn_shows_pictures_under_its_own_address() {
    let world = World::with_images(images::Settings {
        base_url: Some("https://cdn.example.com/pictures/".into()),
        ..nowhere()
    })
    .await;
    assert_eq!(*images::url(&world.store, "a.png").await.unwrap(), *"https://cdn.example.com/pictures/a.png");
    assert_eq!(images::origins(&world.store), ["http://127.0.0.1:9", "https://cdn.example.com"]);

    let ana = world.member().await;
    let card = world.card(ana).await;
    market::list(&world.store, ana, card, cents(1)).await.unwrap();
    let page = market::browse(&world.store, &market::Query::default()).await.unwrap();
    assert!(page.tiles[0].thumbnail_url.starts_with("https://cdn.example.com/pictures/"));
}
