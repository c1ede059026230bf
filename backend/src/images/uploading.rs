//! Uploading: signing one PUT for a browser, or putting the object for it.

use domain::image::{ImageType, LARGEST_BYTES, inspect};
use domain::{AccountId, Refusal, UploadId};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::confirming::settle;
use super::{SignedUpload, UPLOAD_EXPIRES_IN_S, UploadRequest};
use crate::bytes::{hex, random};
use crate::clock::now_ms;
use crate::database::sql;
use crate::error::Error;
use crate::store::Store;

/// Signs one PUT of exactly what the browser announced, after writing down who may send it.
///
/// # Errors
/// [`Refusal::PictureMissing`] or [`Refusal::PictureTooLarge`] by the announced length.
pub async fn sign_upload(
    store: &Store,
    owner: AccountId,
    request: UploadRequest,
) -> Result<SignedUpload, Error> {
    let length = match request.length {
        0 => return Err(Refusal::PictureMissing.into()),
        length if length <= LARGEST_BYTES => length as i64,
        _ => return Err(Refusal::PictureTooLarge.into()),
    };
    let (upload, key) = write_down(store, owner, length, request.content_type, &request.sha256).await?;
    let signed = store.bucket().sign_put(&key, length, request.content_type, &request.sha256).await?;
    Ok(SignedUpload {
        upload,
        url: signed.uri().to_owned(),
        headers: signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        expires_in_s: UPLOAD_EXPIRES_IN_S,
    })
}

/// Stores a picture that came through the node, for browsers without script; it is confirmed already.
///
/// # Errors
/// The refusal of [`inspect`].
pub async fn put(store: &Store, owner: AccountId, bytes: Vec<u8>) -> Result<UploadId, Error> {
    let kind = inspect(&bytes)?;
    let sha256: [u8; 32] = Sha256::digest(&bytes).into();
    let (upload, key) = write_down(store, owner, bytes.len() as i64, kind, &sha256).await?;
    store.bucket().put(&key, bytes, kind, &sha256).await?;
    settle(store, upload, Ok(())).await?;
    Ok(upload)
}

async fn write_down(
    store: &Store,
    owner: AccountId,
    length: i64,
    kind: ImageType,
    sha256: &[u8; 32],
) -> Result<(UploadId, String), Error> {
    let upload = UploadId::from(Uuid::now_v7());
    let key = format!("{}.{}", hex(&random::<16>()), extension(kind));
    let insert = sql("insert into uploads \
         (id, owner_id, image_key, content_type, length_bytes, sha256, created_at_ms) \
         values ($1, $2, $3, $4, $5, $6, $7)")
    .bind(upload)
    .bind(owner)
    .bind(key.as_str())
    .bind(kind.content_type())
    .bind(length)
    .bind(hex(sha256))
    .bind(now_ms());
    store.database().execute(insert).await?;
    Ok((upload, key))
}

fn extension(kind: ImageType) -> &'static str {
    match kind {
        ImageType::Png => "png",
        ImageType::Jpeg => "jpg",
        ImageType::Webp => "webp",
    }
}

/// The type that a key was made for.
pub(super) fn kind_of(key: &str) -> Option<ImageType> {
    let (_, ending) = key.rsplit_once('.')?;
    [ImageType::Png, ImageType::Jpeg, ImageType::Webp].into_iter().find(|kind| extension(*kind) == ending)
}
