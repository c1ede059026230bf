//! Uploading: signing one PUT, and believing nothing that a browser says about it afterwards.

use domain::image::{ImageType, LARGEST_BYTES, inspect};
use domain::{AccountId, Refusal, UploadId};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{SignedUpload, UPLOAD_EXPIRES_IN_S, UploadRequest};
use crate::bytes::{hex, random};
use crate::clock::now_ms;
use crate::database::sql;
use crate::error::{Error, Fault};
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

/// Checks that what arrived is what was signed for and a picture: by the bucket's word, then by every byte. What
/// fails is deleted and the reason kept; asking again answers the same.
///
/// # Errors
/// [`Refusal::UploadUnfinished`] while nothing arrived, [`Refusal::PictureChanged`] when it is something else, the
/// refusal of [`inspect`], or [`Refusal::NotFound`] for somebody else's upload.
pub async fn confirm(store: &Store, owner: AccountId, upload: UploadId) -> Result<(), Error> {
    let expected = match find(store, owner, upload).await? {
        Upload::Settled(verdict) => return Ok(verdict?),
        Upload::Pending(expected) => expected,
    };
    let verdict = verify(store, &expected).await?;
    if verdict == Err(Refusal::UploadUnfinished) {
        return Err(Refusal::UploadUnfinished.into());
    }
    settle(store, upload, verdict).await?;
    match find(store, owner, upload).await? {
        Upload::Settled(Err(refusal)) => {
            delete_refused(store, &expected.key).await;
            Err(refusal.into())
        }
        Upload::Settled(Ok(())) => Ok(()),
        Upload::Pending(_) => Err(Fault::new("an upload was not settled", "it is still pending").into()),
    }
}

/// What was signed for.
struct Expected {
    key: String,
    length: u64,
    content_type: String,
    sha256: String,
}

enum Upload {
    Pending(Expected),
    Settled(Result<(), Refusal>),
}

async fn find(store: &Store, owner: AccountId, upload: UploadId) -> Result<Upload, Error> {
    let statement = sql("select image_key, content_type, length_bytes, sha256, state, refusal from uploads \
         where id = $1 and owner_id = $2")
    .bind(upload)
    .bind(owner);
    let row = store.database().maybe(statement).await?.ok_or(Refusal::NotFound)?;
    match row.get::<String>("state")?.as_str() {
        "pending" => Ok(Upload::Pending(Expected {
            key: row.get("image_key")?,
            length: row.get::<i64>("length_bytes")?.unsigned_abs(),
            content_type: row.get("content_type")?,
            sha256: row.get("sha256")?,
        })),
        "refused" => {
            let refusal = row.get::<Option<String>>("refusal")?.unwrap_or_default();
            let refusal = serde_json::from_str(&refusal)
                .map_err(|error| Fault::new("a stored refusal cannot be read", error))?;
            Ok(Upload::Settled(Err(refusal)))
        }
        "dropped" => Ok(Upload::Settled(Err(Refusal::NotFound))),
        _ => Ok(Upload::Settled(Ok(()))),
    }
}

async fn verify(store: &Store, expected: &Expected) -> Result<Result<(), Refusal>, Fault> {
    let Some(head) = store.bucket().head(&expected.key).await? else {
        return Ok(Err(Refusal::UploadUnfinished));
    };
    let as_signed = head.length == expected.length
        && head.content_type == expected.content_type
        && head.sha256.is_none_or(|sha256| hex(&sha256) == expected.sha256);
    if !as_signed {
        return Ok(Err(Refusal::PictureChanged));
    }
    let bytes = store.bucket().get(&expected.key).await?;
    if hex(&Sha256::digest(&bytes)) != expected.sha256 {
        return Ok(Err(Refusal::PictureChanged));
    }
    Ok(match inspect(&bytes) {
        Ok(kind) if kind.content_type() == expected.content_type => Ok(()),
        Ok(_) => Err(Refusal::PictureFormat),
        Err(refusal) => Err(refusal),
    })
}

/// Writes the verdict down once: whoever came first decided it.
async fn settle(store: &Store, upload: UploadId, verdict: Result<(), Refusal>) -> Result<(), Error> {
    let settled = match verdict {
        Ok(()) => {
            sql("update uploads set state = 'confirmed' where id = $1 and state = 'pending'").bind(upload)
        }
        Err(refusal) => {
            let reason = serde_json::to_string(&refusal)
                .map_err(|error| Fault::new("a refusal cannot be stored", error))?;
            sql("update uploads set state = 'refused', refusal = $2 where id = $1 and state = 'pending'")
                .bind(upload)
                .bind(reason)
        }
    };
    store.database().execute(settled).await?;
    Ok(())
}

/// Now, so that it costs nothing until the sweeper comes by; if it fails, the sweeper does it.
async fn delete_refused(store: &Store, key: &str) {
    if let Err(fault) = store.bucket().delete(key).await {
        tracing::warn!(error = fault.chain(), "a refused picture waits for the sweeper");
    }
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
