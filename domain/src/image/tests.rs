//! What is accepted as a picture, and which sentence names each kind of "no".

use proptest::prelude::*;

use super::*;

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32).to_be_bytes()[..], kind, body, &[0; 4]].concat()
}

fn png_with(width: u32, height: u32, extra: &[u8]) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [png::SIGNATURE, &chunk(b"IHDR", &header), extra, &chunk(b"IDAT", b"x"), &chunk(b"IEND", b"")].concat()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    png_with(width, height, b"")
}

fn jpeg_with(extra: &[u8]) -> Vec<u8> {
    let frame = b"\xff\xc0\0\x0b\x08\0\x04\0\x03\x01\x01\x11\0";
    [b"\xff\xd8", extra, frame, b"\xff\xda\0\x08\x01\x01\0\0\x3f\0", b"ab\xff\0cd\xff\xd9"].concat()
}

fn app1(body: &[u8]) -> Vec<u8> {
    [b"\xff\xe1", &(body.len() as u16 + 2).to_be_bytes()[..], body].concat()
}

fn riff(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&kind[..], &(body.len() as u32).to_le_bytes(), body, &b"\0"[..body.len() % 2]].concat()
}

fn webp_with(extra: &[u8]) -> Vec<u8> {
    let chunks =
        [&riff(b"VP8X", b"\0\0\0\0\x02\0\0\x03\0\0")[..], &riff(b"VP8L", b"\x2f\x02\xc0\0\0"), extra];
    let chunks = chunks.concat();
    [b"RIFF", &(chunks.len() as u32 + 4).to_le_bytes()[..], b"WEBP", &chunks].concat()
}

/// EXIF whose GPS directory has one entry with this tag.
fn exif(gps_tag: u16) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0\0\x01".to_vec();
    tiff.extend(gps_tag.to_be_bytes());
    tiff.extend(b"\0\x02\0\0\0\x02N\0\0\0\0\0\0\0");
    tiff
}

#[test]
fn the_three_formats_are_told_by_their_bytes() {
    assert_eq!(inspect(&png(3, 4)), Ok(ImageType::Png));
    assert_eq!(inspect(&jpeg_with(b"")), Ok(ImageType::Jpeg));
    assert_eq!(inspect(&webp_with(b"")), Ok(ImageType::Webp));
    for kind in [ImageType::Png, ImageType::Jpeg, ImageType::Webp] {
        assert_eq!(ImageType::from_content_type(kind.content_type()), Some(kind));
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.name()));
    }
}

#[test]
fn what_is_no_picture_is_refused_by_name() {
    assert_eq!(inspect(b""), Err(Refusal::PictureMissing));
    assert_eq!(inspect(&vec![0; LARGEST_BYTES as usize + 1]), Err(Refusal::PictureTooLarge));
    for (bytes, why) in [
        (&b"GIF89a"[..], Refusal::PictureFormat),
        (b"%PDF-1.7", Refusal::PictureFormat),
        (b"\0\0\0 ftypheic\0\0\0\0mif1", Refusal::PictureHeic),
        (b"\0\0\0 ftypavif", Refusal::PictureFormat),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", Refusal::PictureSvg),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a drawing --><SVG>", Refusal::PictureSvg),
        (b" <!doctype html><html><svg/></html>", Refusal::PictureIsPage),
        (b"<script>alert(1)</script>", Refusal::PictureIsPage),
    ] {
        assert_eq!(inspect(bytes), Err(why));
        assert_eq!(glance(bytes, bytes.len() as u64), Err(why));
        assert_eq!(is_heic(bytes), why == Refusal::PictureHeic);
    }
}

#[test]
fn a_file_that_breaks_off_is_damaged() {
    for whole in [png(3, 4), jpeg_with(b""), webp_with(b"")] {
        for length in 12..whole.len() {
            assert_eq!(inspect(&whole[..length]), Err(Refusal::PictureBroken), "{length}");
        }
    }
}

#[test]
fn a_file_without_pixels_is_damaged() {
    let empty = [&png(3, 4)[..33], &chunk(b"IEND", b"")].concat();
    assert_eq!(inspect(&empty), Err(Refusal::PictureBroken));
    assert_eq!(inspect(b"\xff\xd8\xff\xd9"), Err(Refusal::PictureBroken));
    assert_eq!(inspect(b"RIFF\x04\0\0\0WEBP"), Err(Refusal::PictureBroken));
}

#[test]
fn a_decompression_bomb_is_refused_by_its_header() {
    for (width, height, why) in [
        (10_001, 1, Refusal::PictureDimensions),
        (9_000, 9_000, Refusal::PictureDimensions),
        (u32::MAX, u32::MAX, Refusal::PictureDimensions),
        (0, 9, Refusal::PictureBroken),
    ] {
        assert_eq!(inspect(&png(width, height)), Err(why));
        assert_eq!(glance(&png(width, height)[..32], 9_999_999), Err(why));
    }
}

#[test]
fn a_bomb_behind_a_small_header_is_refused() {
    let frame = b"\xff\xc2\0\x0b\x08\xff\xff\xff\xff\x01\x01\x11\0";
    assert_eq!(inspect(&jpeg_with(frame)), Err(Refusal::PictureDimensions));
    let mut lossless = riff(b"VP8L", b"\x2f\xff\xff\xff\x0f");
    assert_eq!(inspect(&webp_with(&lossless)), Err(Refusal::PictureDimensions));
    lossless.truncate(12);
    assert_eq!(inspect(&webp_with(&lossless)), Err(Refusal::PictureBroken));
}

#[test]
fn a_file_with_another_behind_the_picture_is_refused() {
    for picture in [png(3, 4), jpeg_with(b""), webp_with(b"")] {
        for cargo in [&b"PK\x03\x04"[..], b"<script>alert(1)</script>", b"\0\0\0 ftypmp42"] {
            assert_eq!(inspect(&[&picture, cargo].concat()), Err(Refusal::PictureWithCargo));
        }
        assert!(inspect(&[&picture, &[0; 16][..]].concat()).is_ok(), "cameras fill up with zeros");
    }
}

#[test]
fn a_picture_that_says_where_it_was_taken_is_refused() {
    let gps = exif(2);
    let xmp = b"<rdf:Description exif:GPSLatitude='48,8N'/>";
    let xmp_text = [b"XML:com.adobe.xmp\0\0\0\0\0", &xmp[..]].concat();
    for picture in [
        jpeg_with(&app1(&[b"Exif\0\0", &gps[..]].concat())),
        jpeg_with(&app1(&[b"http://ns.adobe.com/xap/1.0/\0", &xmp[..]].concat())),
        png_with(3, 4, &chunk(b"eXIf", &gps)),
        png_with(3, 4, &chunk(b"iTXt", &xmp_text)),
        png_with(3, 4, &chunk(b"zTXt", b"Raw profile type exif\0\0packed")),
        png_with(3, 4, &chunk(b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0packed")),
        webp_with(&riff(b"EXIF", &gps)),
        webp_with(&riff(b"EXIF", &[b"Exif\0\0", &gps[..]].concat())),
        webp_with(&riff(b"XMP ", xmp)),
    ] {
        assert_eq!(inspect(&picture), Err(Refusal::PictureLocated));
    }
    let torn = &gps[..24];
    assert_eq!(inspect(&png_with(3, 4, &chunk(b"eXIf", torn))), Err(Refusal::PictureLocated));
}

#[test]
fn a_camera_that_does_not_say_where_is_welcome() {
    let version_only = exif(0);
    let no_gps = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    for exif in [&version_only[..], no_gps, b"", b"II*\0", b"none of ours"] {
        assert!(inspect(&jpeg_with(&app1(&[b"Exif\0\0", exif].concat()))).is_ok());
        assert!(inspect(&png_with(3, 4, &chunk(b"eXIf", exif))).is_ok());
    }
    assert!(inspect(&png_with(3, 4, &chunk(b"tEXt", b"Title\0GPSLatitude"))).is_ok());
}

#[test]
fn a_large_photograph_is_drawn_anew_whatever_is_in_it() {
    let located = jpeg_with(&app1(&[b"Exif\0\0", &exif(2)[..]].concat()));
    assert_eq!(glance(&located, LARGEST_ORIGINAL_BYTES), Ok(ImageType::Jpeg));
    assert_eq!(
        glance(&located[..20], LARGEST_ORIGINAL_BYTES),
        Ok(ImageType::Jpeg),
        "its size stands farther on"
    );
    assert_eq!(glance(&located, LARGEST_ORIGINAL_BYTES + 1), Err(Refusal::OriginalTooLarge));
    assert_eq!(glance(b"", 0), Err(Refusal::PictureMissing));
}

proptest! {
    #[test]
    fn no_file_panics(start in 0_usize..6, rest in proptest::collection::vec(any::<u8>(), 0..96)) {
        let magic: [&[u8]; 6] =
            [png::SIGNATURE, b"\xff\xd8\xff\xe1", b"RIFF\x40\0\0\0WEBPVP8 ", b"", b"\0\0\0\x18ftyp", b"<"];
        let bytes = [magic[start], &rest].concat();
        let _ = (inspect(&bytes), glance(&bytes, bytes.len() as u64), is_heic(&bytes));
    }
}
