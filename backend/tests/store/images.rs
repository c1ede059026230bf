//! Pictures against a real bucket: what is signed, what is believed, what is swept away.

mod checking;
mod thumbnails;

use std::time::Duration;

use backend::cards;
use backend::images::{self, Announced, UploadRequest};
use domain::Refusal;
use domain::image::{ImageType, LARGEST_BYTES, LARGEST_THUMBNAIL_BYTES};

use crate::support::{
    World, chunk, gps, new_card, png, png_with, put_without_checksum, refusal, send, upload,
};

impl World {
    async fn objects_behind(&self, url: &str) -> u16 {
        send("GET", url, &[], b"").await.0
    }

    async fn key_of_upload(&self, upload: domain::UploadId) -> String {
        self.database.text(&format!("select image_key from uploads where id = '{upload}'")).await
    }

    async fn url_of_upload(&self, upload: domain::UploadId) -> String {
        let key = self.key_of_upload(upload).await;
        images::url(&self.store, &key).await.unwrap().to_string()
    }
}

#[tokio::test]
async fn a_picture_goes_from_the_browser_to_the_bucket_to_a_page() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    let picture = png(3, 4, "mine");
    let signed = world.signed(ana, &picture, ImageType::Png).await;
    assert_eq!(signed.expires_in_s, 180);
    let mut names: Vec<_> = signed.picture.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["content-length", "content-type", "if-none-match", "x-amz-checksum-sha256"]);

    assert_eq!(upload(&signed, &picture).await, 200);
    let card = cards::add(&world.store, ana, new_card("Ace", signed.upload)).await.unwrap();
    let url = cards::detail(&world.store, card, None).await.unwrap().image_url;
    let (status, response) = send("GET", &url, &[], b"").await;
    assert_eq!(status, 200);
    assert!(response.ends_with(&picture));
    let head = String::from_utf8_lossy(&response).to_lowercase();
    assert!(head.contains("content-type: image/png"));
    assert!(head.contains("cache-control: private, max-age=3600, immutable"));
    assert!(head.contains("content-disposition: inline"));
}

#[tokio::test]
async fn a_signature_covers_every_header() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    let picture = png(3, 4, "mine");
    let signed = world.signed(ana, &picture, ImageType::Png).await;
    for name in ["content-type", "if-none-match", "x-amz-checksum-sha256"] {
        let without: Vec<_> =
            signed.picture.headers.iter().filter(|(header, _)| header != name).cloned().collect();
        let (status, _) = send("PUT", &signed.picture.url, &without, &picture).await;
        assert_eq!(status, 403, "without {name}");
    }
    let longer = [picture.as_slice(), b"x"].concat();
    assert_eq!(send("PUT", &signed.picture.url, &signed.picture.headers, &longer).await.0, 403);
    let confirmed = images::confirm(&world.store, ana, signed.upload).await;
    assert_eq!(refusal(confirmed), Refusal::UploadUnfinished);
}

#[tokio::test]
async fn an_upload_is_written_once() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    let picture = png(3, 4, "once");
    let signed = world.signed(ana, &picture, ImageType::Png).await;
    assert_eq!(upload(&signed, &picture).await, 200);
    assert_eq!(upload(&signed, &picture).await, 412);
    images::confirm(&world.store, ana, signed.upload).await.unwrap();
}

#[tokio::test]
async fn what_has_not_arrived_can_still_arrive() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    let picture = png(3, 4, "late");
    let signed = world.signed(ana, &picture, ImageType::Png).await;
    for _ in 0..2 {
        let early = images::confirm(&world.store, ana, signed.upload).await;
        assert_eq!(refusal(early), Refusal::UploadUnfinished);
    }
    assert_eq!(upload(&signed, &picture).await, 200);
    for _ in 0..2 {
        images::confirm(&world.store, ana, signed.upload).await.unwrap();
    }
}

#[tokio::test]
async fn somebody_elses_upload_is_not_found() {
    let world = World::with_bucket().await;
    let (ana, eve) = (world.member().await, world.member().await);
    let picture = png(3, 4, "hers");
    let signed = world.signed(ana, &picture, ImageType::Png).await;
    assert_eq!(upload(&signed, &picture).await, 200);
    assert_eq!(refusal(images::confirm(&world.store, eve, signed.upload).await), Refusal::NotFound);
    let unknown = uuid::Uuid::now_v7().into();
    assert_eq!(refusal(images::confirm(&world.store, eve, unknown).await), Refusal::NotFound);
}

/// Files that were announced as PNG, and what is said about each.
fn unacceptable() -> Vec<(Vec<u8>, Refusal)> {
    let jpeg_bomb =
        b"\xff\xd8\xff\xc2\0\x0b\x08\xff\xff\xff\xff\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0a\xff\xd9";
    vec![
        (b"<html><script>alert(1)</script></html>".to_vec(), Refusal::PictureIsPage),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), Refusal::PictureSvg),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), Refusal::PictureHeic),
        (b"GIF89a".to_vec(), Refusal::PictureFormat),
        (png(20_000, 1, ""), Refusal::PictureDimensions),
        (png(9_000, 9_000, ""), Refusal::PictureDimensions),
        (jpeg_bomb.to_vec(), Refusal::PictureDimensions),
        ([png(3, 4, ""), b"PK\x03\x04 an archive".to_vec()].concat(), Refusal::PictureWithCargo),
        (png_with(3, 4, &chunk(b"eXIf", &gps())), Refusal::PictureLocated),
        (b"\x89PNG\r\n\x1a\nbroken".to_vec(), Refusal::PictureBroken),
    ]
}

#[tokio::test]
async fn what_is_no_acceptable_picture_is_refused_deleted_and_remembered() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    for (bytes, why) in unacceptable() {
        assert_eq!(refusal(images::put(&world.store, ana, bytes.clone()).await), why, "without script");
        let signed = world.signed(ana, &bytes, ImageType::Png).await;
        let url = world.url_of_upload(signed.upload).await;
        assert_eq!(upload(&signed, &bytes).await, 200);
        assert_eq!(world.objects_behind(&url).await, 200);
        for _ in 0..2 {
            let confirmed = images::confirm(&world.store, ana, signed.upload).await;
            assert_eq!(refusal(confirmed), why);
        }
        assert_eq!(refusal(cards::add(&world.store, ana, new_card("Ace", signed.upload)).await), why);
        assert_eq!(world.objects_behind(&url).await, 404);
    }
}

#[tokio::test]
async fn a_picture_of_another_kind_than_announced_is_refused() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    let picture = png(3, 4, "no WebP");
    let signed = world.signed(ana, &picture, ImageType::Webp).await;
    assert_eq!(upload(&signed, &picture).await, 200);
    let confirmed = images::confirm(&world.store, ana, signed.upload).await;
    assert_eq!(refusal(confirmed), Refusal::PictureFormat);
}

#[tokio::test]
async fn what_was_settled_cannot_be_changed_by_sending_again() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    let good = png(3, 4, "good");
    let signed = world.signed(ana, &good, ImageType::Png).await;
    assert_eq!(upload(&signed, &good).await, 200);
    images::confirm(&world.store, ana, signed.upload).await.unwrap();
    assert_eq!(upload(&signed, &good).await, 412);
    images::confirm(&world.store, ana, signed.upload).await.unwrap();

    let bad = b"<html>".to_vec();
    let signed = world.signed(ana, &bad, ImageType::Png).await;
    let url = world.url_of_upload(signed.upload).await;
    assert_eq!(upload(&signed, &bad).await, 200);
    for _ in 0..2 {
        let confirmed = images::confirm(&world.store, ana, signed.upload).await;
        assert_eq!(refusal(confirmed), Refusal::PictureIsPage);
        // The object was deleted, so that the key is free again while the signature lasts.
        upload(&signed, &bad).await;
    }
    assert_eq!(world.objects_behind(&url).await, 200);
    images::sweep(&world.store, Duration::ZERO).await.unwrap();
    assert_eq!(world.objects_behind(&url).await, 404, "nothing outlives the sweep");
}

#[tokio::test]
async fn an_object_other_than_the_signed_one_is_refused() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    for column in ["length_bytes = length_bytes + 1", "content_type = 'image/webp'", "sha256 = 'other'"] {
        let picture = png(3, 4, column);
        let signed = world.signed(ana, &picture, ImageType::Png).await;
        assert_eq!(upload(&signed, &picture).await, 200);
        world.database.run(&format!("update uploads set {column} where id = '{}'", signed.upload)).await;
        let confirmed = images::confirm(&world.store, ana, signed.upload).await;
        assert_eq!(refusal(confirmed), Refusal::PictureChanged, "{column}");
    }
}

#[tokio::test]
async fn an_object_without_a_checksum_is_believed_only_by_its_bytes() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    let picture = png(3, 4, "mine");
    for (bytes, believed) in [(picture.clone(), true), (png(3, 4, "else"), false)] {
        let signed = world.signed(ana, &picture, ImageType::Png).await;
        let key = world.key_of_upload(signed.upload).await;
        put_without_checksum(&key, ImageType::Png, bytes).await;
        let confirmed = images::confirm(&world.store, ana, signed.upload).await;
        if believed {
            confirmed.unwrap();
        } else {
            assert_eq!(refusal(confirmed), Refusal::PictureChanged);
        }
    }
}

#[tokio::test]
async fn what_is_too_large_or_empty_is_not_even_signed() {
    let world = World::new().await;
    let ana = world.member().await;
    let sign = async |(picture, thumbnail)| {
        let object = |length| Announced { length, content_type: ImageType::Webp, sha256: [0; 32] };
        let request = |picture, thumbnail: Option<u64>| UploadRequest {
            picture: object(picture),
            thumbnail: thumbnail.map(object),
        };
        images::sign_upload(&world.store, ana, request(picture, thumbnail)).await.map(|_| ())
    };
    for empty in [(0, None), (1, Some(0))] {
        assert_eq!(refusal(sign(empty).await), Refusal::PictureMissing);
    }
    for large in [(LARGEST_BYTES + 1, None), (u64::MAX, None), (1, Some(LARGEST_THUMBNAIL_BYTES + 1))] {
        assert_eq!(refusal(sign(large).await), Refusal::PictureTooLarge);
    }
    sign((LARGEST_BYTES, Some(LARGEST_THUMBNAIL_BYTES))).await.unwrap();
}

#[tokio::test]
async fn a_picture_that_came_through_the_node_becomes_a_card_too() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    let picture = png(3, 4, "without script");
    let upload = images::put(&world.store, ana, picture.clone()).await.unwrap();
    let card = cards::add(&world.store, ana, new_card("Ace", upload)).await.unwrap();
    let url = cards::detail(&world.store, card, None).await.unwrap().image_url;
    assert!(send("GET", &url, &[], b"").await.1.ends_with(&picture));

    assert_eq!(refusal(images::put(&world.store, ana, Vec::new()).await), Refusal::PictureMissing);
    let large = vec![0; LARGEST_BYTES as usize + 1];
    assert_eq!(refusal(images::put(&world.store, ana, large).await), Refusal::PictureTooLarge);
}

#[tokio::test]
async fn the_sweeper_removes_what_never_became_a_card_and_nothing_else() {
    let world = World::with_bucket().await;
    let ana = world.member().await;
    let mut uploads = Vec::new();
    for note in ["pending", "confirmed", "used", "deleted"] {
        let picture = png(3, 4, note);
        let signed = world.signed(ana, &picture, ImageType::Png).await;
        assert_eq!(upload(&signed, &picture).await, 200);
        uploads.push((signed.upload, world.url_of_upload(signed.upload).await));
    }
    let [pending, confirmed, used, deleted] = &uploads[..] else { panic!("four uploads") };
    images::confirm(&world.store, ana, confirmed.0).await.unwrap();
    cards::add(&world.store, ana, new_card("Kept", used.0)).await.unwrap();
    let card = cards::add(&world.store, ana, new_card("Deleted", deleted.0)).await.unwrap();
    cards::delete(&world.store, ana, card).await.unwrap();

    assert_eq!(images::sweep(&world.store, Duration::from_secs(3600)).await.unwrap(), 0, "all are young");
    assert_eq!(images::sweep(&world.store, Duration::ZERO).await.unwrap(), 3);
    for gone in [pending, confirmed, deleted] {
        assert_eq!(world.objects_behind(&gone.1).await, 404);
        assert_eq!(refusal(images::confirm(&world.store, ana, gone.0).await), Refusal::NotFound);
    }
    assert_eq!(world.objects_behind(&used.1).await, 200);
    assert_eq!(images::sweep(&world.store, Duration::ZERO).await.unwrap(), 0);
}

#[tokio::test]
async fn a_bucket_that_is_away_is_a_fault_and_the_upload_goes_on_later() {
    let world = World::with_bucket().await;
    let away = world.another_node().await;
    let ana = world.member().await;
    let picture = png(3, 4, "patient");
    let signed = world.signed(ana, &picture, ImageType::Png).await;
    assert_eq!(upload(&signed, &picture).await, 200);
    let fault = images::confirm(&away, ana, signed.upload).await;
    assert!(matches!(fault, Err(backend::Error::Fault(_))), "{fault:?}");
    images::confirm(&world.store, ana, signed.upload).await.unwrap();
}

#[tokio::test]
async fn a_ready_store_says_so() {
    let world = World::with_bucket().await;
    assert_eq!(world.store.ready().await, [("database", Ok(())), ("images", Ok(()))]);
}
