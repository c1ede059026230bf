//! Confirming: nothing that a browser says about its upload is believed before every byte was looked at.

use domain::image::inspect;
use domain::{AccountId, Refusal, UploadId};
use sha2::{Digest as _, Sha256};

use crate::bytes::hex;
use crate::database::{Row, sql};
use crate::error::{Error, Fault};
use crate::store::Store;

/// Checks that what arrived is what was signed for and a picture: by the bucket's word, then by every byte; its
/// thumbnail likewise. What fails is deleted and the reason kept; asking again answers the same.
///
/// # Errors
/// [`Refusal::UploadUnfinished`] while nothing arrived, [`Refusal::PictureChanged`] when it is something else, the
/// refusal of [`inspect`], or [`Refusal::NotFound`] for somebody else's upload.
pub async fn confirm(store: &Store, owner: AccountId, upload: UploadId) -> Result<(), Error> {
    let expected = match find(store, owner, upload).await? {
        Upload::Settled(verdict) => return Ok(verdict?),
        Upload::Pending(expected) => expected,
    };
    let verdict = verify_all(store, &expected).await?;
    if verdict == Err(Refusal::UploadUnfinished) {
        return Err(Refusal::UploadUnfinished.into());
    }
    settle(store, upload, verdict).await?;
    match find(store, owner, upload).await? {
        Upload::Settled(Err(refusal)) => {
            for Expected { key, .. } in &expected {
                delete_refused(store, key).await;
            }
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
    /// The picture, and perhaps its thumbnail.
    Pending(Vec<Expected>),
    Settled(Result<(), Refusal>),
}

async fn find(store: &Store, owner: AccountId, upload: UploadId) -> Result<Upload, Error> {
    let statement = sql("select image_key, content_type, length_bytes, sha256, \
             thumbnail_key, thumbnail_type, thumbnail_length_bytes, thumbnail_sha256, state, refusal \
         from uploads where id = $1 and owner_id = $2")
    .bind(upload)
    .bind(owner);
    let row = store.database().maybe(statement).await?.ok_or(Refusal::NotFound)?;
    match row.get::<String>("state")?.as_str() {
        "pending" => Ok(Upload::Pending(expected(&row)?)),
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

fn expected(row: &Row) -> Result<Vec<Expected>, Fault> {
    let picture = Expected {
        key: row.get("image_key")?,
        length: row.get::<i64>("length_bytes")?.unsigned_abs(),
        content_type: row.get("content_type")?,
        sha256: row.get("sha256")?,
    };
    let Some(key) = row.get("thumbnail_key")? else { return Ok(vec![picture]) };
    let thumbnail = Expected {
        key,
        length: row.get::<i64>("thumbnail_length_bytes")?.unsigned_abs(),
        content_type: row.get("thumbnail_type")?,
        sha256: row.get("thumbnail_sha256")?,
    };
    Ok(vec![picture, thumbnail])
}

/// The first refusal; what has not arrived yet comes last, because it may still arrive.
async fn verify_all(store: &Store, expected: &[Expected]) -> Result<Result<(), Refusal>, Fault> {
    let mut verdict = Ok(());
    for object in expected {
        match verify(store, object).await? {
            Ok(()) => {}
            Err(Refusal::UploadUnfinished) => verdict = Err(Refusal::UploadUnfinished),
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    Ok(verdict)
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
    let _turn = store.bucket().turn_to_read().await?;
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
pub(super) async fn settle(
    store: &Store,
    upload: UploadId,
    verdict: Result<(), Refusal>,
) -> Result<(), Error> {
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
