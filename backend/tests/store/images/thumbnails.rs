//! Thumbnails: signed, believed, shown and swept away like the picture they belong to.

use std::time::Duration;

use backend::images::{self, SignedUpload, UploadRequest};
use backend::{cards, market};
use domain::image::ImageType;
use domain::{AccountId, Refusal};

use crate::support::{World, announced, cents, new_card, png, put, refusal, send};

impl World {
    async fn signed_pair(&self, owner: AccountId, picture: &[u8], thumbnail: &[u8]) -> SignedUpload {
        let request = UploadRequest {
            picture: announced(picture, ImageType::Png),
            thumbnail: Some(announced(thumbnail, ImageType::Png)),
        };
        images::sign_upload(&self.store, owner, request).await.unwrap()
    }

    async fn urls_of_pair(&self, signed: &SignedUpload) -> [String; 2] {
        let thumbnail = format!("select thumbnail_key from uploads where id = '{}'", signed.upload);
        let thumbnail = self.database.text(&thumbnail).await;
        [
            self.url_of_upload(signed.upload).await,
            images::url(&self.store, &thumbnail).await.unwrap().to_string(),
        ]
    }
}

async fn put_pair(signed: &SignedUpload, picture: &[u8], thumbnail: &[u8]) -> [u16; 2] {
    let of_thumbnail = signed.thumbnail.as_ref().unwrap();
    [put(&signed.picture, picture).await, put(of_thumbnail, thumbnail).await]
}

#[tokio::test]
async fn tiles_show_the_thumbnail_and_the_card_its_picture() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    let (picture, thumbnail) = (png(900, 1200, "large"), png(360, 480, "small"));
    let signed = world.signed_pair(ana, &picture, &thumbnail).await;
    assert_eq!(put_pair(&signed, &picture, &thumbnail).await, [200, 200]);
    let card = cards::add(&world.store, ana, new_card("Ace", signed.upload)).await.unwrap();
    market::list(&world.store, ana, card, cents(5_00)).await.unwrap();

    let page = market::browse(&world.store, &market::Query::default()).await.unwrap();
    let tile = page.tiles.into_iter().find(|tile| tile.id == card).unwrap();
    let own = cards::owned_by(&world.store, ana).await.unwrap().pop().unwrap();
    assert_eq!(tile.thumbnail_url, own.thumbnail_url);
    let small = send("GET", &tile.thumbnail_url, &[], b"").await;
    assert!(small.0 == 200 && small.1.ends_with(&thumbnail));
    let large = cards::detail(&world.store, card, None).await.unwrap().image_url;
    assert!(send("GET", &large, &[], b"").await.1.ends_with(&picture));
}

#[tokio::test]
async fn a_card_without_a_thumbnail_shows_its_picture_everywhere() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    let upload = images::put(&world.store, ana, png(3, 4, "alone")).await.unwrap();
    let card = cards::add(&world.store, ana, new_card("Ace", upload)).await.unwrap();
    let whole = cards::detail(&world.store, card, None).await.unwrap().image_url;
    assert_eq!(cards::owned_by(&world.store, ana).await.unwrap()[0].thumbnail_url, whole);
}

#[tokio::test]
async fn a_thumbnail_that_has_not_arrived_can_still_arrive() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    let (picture, thumbnail) = (png(9, 9, "first"), png(3, 4, "then"));
    let signed = world.signed_pair(ana, &picture, &thumbnail).await;
    assert_eq!(put(&signed.picture, &picture).await, 200);
    let early = images::confirm(&world.store, ana, signed.upload).await;
    assert_eq!(refusal(early), Refusal::UploadUnfinished);
    assert_eq!(put(signed.thumbnail.as_ref().unwrap(), &thumbnail).await, 200);
    images::confirm(&world.store, ana, signed.upload).await.unwrap();
}

#[tokio::test]
async fn a_bad_thumbnail_takes_its_picture_along() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    let picture = png(9, 9, "good");
    let page = b"<html>".to_vec();
    for (first, second) in [(&picture, &page), (&page, &picture)] {
        let signed = world.signed_pair(ana, first, second).await;
        let urls = world.urls_of_pair(&signed).await;
        assert_eq!(put_pair(&signed, first, second).await, [200, 200]);
        for _ in 0..2 {
            let confirmed = images::confirm(&world.store, ana, signed.upload).await;
            assert_eq!(refusal(confirmed), Refusal::PictureIsPage);
        }
        for url in urls {
            assert_eq!(world.objects_behind(&url).await, 404);
        }
    }
}

#[tokio::test]
async fn the_sweeper_takes_both() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    let (picture, thumbnail) = (png(9, 9, "swept"), png(3, 4, "swept"));
    let signed = world.signed_pair(ana, &picture, &thumbnail).await;
    let urls = world.urls_of_pair(&signed).await;
    assert_eq!(put_pair(&signed, &picture, &thumbnail).await, [200, 200]);
    assert_eq!(images::sweep(&world.store, Duration::ZERO).await.unwrap(), 1);
    for url in urls {
        assert_eq!(world.objects_behind(&url).await, 404);
    }
}

#[tokio::test]
async fn a_thumbnail_may_come_through_the_node_too() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    let (picture, thumbnail) = (png(9, 9, "node"), png(3, 4, "node"));
    let put = images::put_with_thumbnail(&world.store, ana, picture, thumbnail.clone()).await;
    cards::add(&world.store, ana, new_card("Ace", put.unwrap())).await.unwrap();
    let own = cards::owned_by(&world.store, ana).await.unwrap().pop().unwrap();
    assert!(send("GET", &own.thumbnail_url, &[], b"").await.1.ends_with(&thumbnail));
    let bad = images::put_with_thumbnail(&world.store, ana, png(9, 9, ""), b"<html>".to_vec()).await;
    assert_eq!(refusal(bad), Refusal::PictureIsPage);
}
