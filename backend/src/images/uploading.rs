//! Uploading: signing the PUTs of a browser, or putting the objects for it.

use domain::image::{ImageType, LARGEST_BYTES, LARGEST_THUMBNAIL_BYTES, inspect};
use domain::{AccountId, Refusal, UploadId};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::confirming::settle;
use super::{Announced, SignedPut, SignedUpload, UPLOAD_EXPIRES_IN_S, UploadRequest};
use crate::bytes::{hex, random};
use crate::clock::now_ms;
use crate::database::sql;
use crate::error::{Error, Fault};
use crate::store::Store;

/// Signs one PUT of each object that the browser announced, after writing down who may send it.
///
/// # Errors
/// [`Refusal::PictureMissing`] or [`Refusal::PictureTooLarge`] by the announced lengths.
pub async fn sign_upload(
    store: &Store,
    owner: AccountId,
    request: UploadRequest,
) -> Result<SignedUpload, Error> {
    let picture = Object::new(request.picture, LARGEST_BYTES)?;
    let thumbnail = request.thumbnail.map(|it| Object::new(it, LARGEST_THUMBNAIL_BYTES)).transpose()?;
    let upload = write_down(store, owner, &picture, thumbnail.as_ref()).await?;
    Ok(SignedUpload {
        upload,
        picture: sign(store, &picture).await?,
        thumbnail: match &thumbnail {
            Some(thumbnail) => Some(sign(store, thumbnail).await?),
            None => None,
        },
        expires_in_s: UPLOAD_EXPIRES_IN_S,
    })
}

/// Stores a picture that came through the node, for browsers without script; it is confirmed already.
///
/// # Errors
/// The refusal of [`inspect`].
pub async fn put(store: &Store, owner: AccountId, picture: Vec<u8>) -> Result<UploadId, Error> {
    put_all(store, owner, picture, None).await
}

/// The same for who has a thumbnail as well.
///
/// # Errors
/// The refusal of [`inspect`] for either of them.
pub async fn put_with_thumbnail(
    store: &Store,
    owner: AccountId,
    picture: Vec<u8>,
    thumbnail: Vec<u8>,
) -> Result<UploadId, Error> {
    put_all(store, owner, picture, Some(thumbnail)).await
}

async fn put_all(
    store: &Store,
    owner: AccountId,
    picture: Vec<u8>,
    thumbnail: Option<Vec<u8>>,
) -> Result<UploadId, Error> {
    let of_picture = Object::new(announce(&picture)?, LARGEST_BYTES)?;
    let of_thumbnail = match &thumbnail {
        Some(bytes) => Some(Object::new(announce(bytes)?, LARGEST_THUMBNAIL_BYTES)?),
        None => None,
    };
    let upload = write_down(store, owner, &of_picture, of_thumbnail.as_ref()).await?;
    for (object, bytes) in [(Some(of_picture), Some(picture)), (of_thumbnail, thumbnail)] {
        if let (Some(object), Some(bytes)) = (object, bytes) {
            store.bucket().put(&object.key, bytes, object.content_type, &object.sha256).await?;
        }
    }
    settle(store, upload, Ok(())).await?;
    Ok(upload)
}

/// One object of an upload, under a key that nobody can guess.
struct Object {
    key: String,
    length: i64,
    content_type: ImageType,
    sha256: [u8; 32],
}

impl Object {
    fn new(announced: Announced, largest: u64) -> Result<Self, Refusal> {
        let Announced { length, content_type, sha256 } = announced;
        let length = match length {
            0 => return Err(Refusal::PictureMissing),
            length if length <= largest => length as i64,
            _ => return Err(Refusal::PictureTooLarge),
        };
        let key = format!("{}.{}", hex(&random::<16>()), extension(content_type));
        Ok(Self { key, length, content_type, sha256 })
    }
}

fn announce(bytes: &[u8]) -> Result<Announced, Refusal> {
    let content_type = inspect(bytes)?;
    Ok(Announced { length: bytes.len() as u64, content_type, sha256: Sha256::digest(bytes).into() })
}

async fn write_down(
    store: &Store,
    owner: AccountId,
    picture: &Object,
    thumbnail: Option<&Object>,
) -> Result<UploadId, Error> {
    let upload = UploadId::from(Uuid::now_v7());
    let hash = thumbnail.map(|thumbnail| hex(&thumbnail.sha256));
    let insert = sql("insert into uploads \
         (id, owner_id, image_key, content_type, length_bytes, sha256, \
          thumbnail_key, thumbnail_type, thumbnail_length_bytes, thumbnail_sha256, created_at_ms) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
    .bind(upload)
    .bind(owner)
    .bind(picture.key.as_str())
    .bind(picture.content_type.content_type())
    .bind(picture.length)
    .bind(hex(&picture.sha256))
    .bind(thumbnail.map(|thumbnail| thumbnail.key.as_str()))
    .bind(thumbnail.map(|thumbnail| thumbnail.content_type.content_type()))
    .bind(thumbnail.map(|thumbnail| thumbnail.length))
    .bind(hash.as_deref())
    .bind(now_ms());
    store.database().execute(insert).await?;
    Ok(upload)
}

async fn sign(store: &Store, object: &Object) -> Result<SignedPut, Fault> {
    let Object { key, length, content_type, sha256 } = object;
    let signed = store.bucket().sign_put(key, *length, *content_type, sha256).await?;
    let headers = signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned()));
    Ok(SignedPut { url: signed.uri().to_owned(), headers: headers.collect() })
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
