//! Pictures and the bucket they go to.

use std::env;

use aws_sdk_s3::config::{Credentials, Region, RequestChecksumCalculation};
use backend::images::{self, Announced, SignedPut, SignedUpload, UploadRequest};
use domain::AccountId;
use domain::image::ImageType;
use sha2::{Digest as _, Sha256};

use super::{World, send};

/// The bucket that `cargo xtask test` starts.
pub(crate) fn bucket() -> images::Settings {
    let setting = |name: &str| {
        let name = format!("CARDSTORE_TEST_S3_{name}");
        env::var(&name).unwrap_or_else(|_| panic!("{name} is missing: run through `cargo xtask test`"))
    };
    images::Settings {
        bucket: setting("BUCKET"),
        region: setting("REGION"),
        endpoint: Some(setting("ENDPOINT")),
        base_url: None,
        keys: Some((setting("ACCESS_KEY"), setting("SECRET_KEY"))),
    }
}

impl World {
    /// With a real bucket, shared by all tests: every key is random.
    pub(crate) async fn with_bucket() -> Self {
        Self::with_images(bucket()).await
    }

    pub(crate) async fn signed(&self, owner: AccountId, bytes: &[u8], kind: ImageType) -> SignedUpload {
        images::sign_upload(&self.store, owner, request(bytes, kind)).await.unwrap()
    }
}

/// Puts an object as an operator could, without the checksum that the store's own uploads carry.
pub(crate) async fn put_without_checksum(key: &str, kind: ImageType, bytes: Vec<u8>) {
    let bucket = bucket();
    let (access, secret) = bucket.keys.unwrap();
    let config = aws_sdk_s3::Config::builder()
        .behavior_version_latest()
        .region(Region::new(bucket.region))
        .endpoint_url(bucket.endpoint.unwrap())
        .force_path_style(true)
        .credentials_provider(Credentials::new(access, secret, None, None, "test"))
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .build();
    let put = aws_sdk_s3::Client::from_conf(config).put_object().bucket(bucket.bucket).key(key);
    put.content_type(kind.content_type()).body(bytes.into()).send().await.unwrap();
}

pub(crate) fn request(bytes: &[u8], kind: ImageType) -> UploadRequest {
    UploadRequest { picture: announced(bytes, kind), thumbnail: None }
}

pub(crate) fn announced(bytes: &[u8], kind: ImageType) -> Announced {
    Announced { length: bytes.len() as u64, content_type: kind, sha256: Sha256::digest(bytes).into() }
}

/// Sends the picture that was signed for, as a browser does; answers the status.
pub(crate) async fn upload(signed: &SignedUpload, bytes: &[u8]) -> u16 {
    put(&signed.picture, bytes).await
}

pub(crate) async fn put(signed: &SignedPut, bytes: &[u8]) -> u16 {
    send("PUT", &signed.url, &signed.headers, bytes).await.0
}

/// A small file that passes for a PNG of this size; `note` makes it unique.
pub(crate) fn png(width: u32, height: u32, note: &str) -> Vec<u8> {
    png_with(width, height, &chunk(b"tEXt", note.as_bytes()))
}

pub(crate) fn png_with(width: u32, height: u32, extra: &[u8]) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let pixels = chunk(b"IDAT", b"x");
    [b"\x89PNG\r\n\x1a\n", &chunk(b"IHDR", &header)[..], extra, &pixels, &chunk(b"IEND", b"")].concat()
}

pub(crate) fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32).to_be_bytes()[..], kind, body, &[0; 4]].concat()
}

/// What a phone writes: EXIF that says where it was.
pub(crate) fn gps() -> Vec<u8> {
    let directory = b"MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0";
    [&directory[..], b"\0\x01\0\x02\0\x02\0\0\0\x02N\0\0\0\0\0\0\0"].concat()
}
