//! Sweeping: what was signed and never became a card leaves the bucket, and so do the pictures of deleted cards.

use std::time::Duration;

use domain::UploadId;
use tokio_util::sync::CancellationToken;

use crate::clock::{millis, now_ms};
use crate::database::{Row, sql};
use crate::error::Error;
use crate::store::Store;

/// How old an upload must be before the background sweep takes it: far beyond its signature and a slow form.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);
const INTERVAL: Duration = Duration::from_secs(10 * 60);
/// How many uploads one look takes.
const BATCH: i64 = 100;

/// Removes every unused upload older than this, the objects first, then the row. Safe on several nodes at once.
/// Answers how many were removed.
///
/// # Errors
/// Only faults; what could not be removed stays for the next sweep.
pub async fn sweep(store: &Store, older_than: Duration) -> Result<u64, Error> {
    let before = now_ms().saturating_sub(millis(older_than));
    let mut removed = 0;
    loop {
        let old = sql("select id, image_key, thumbnail_key from uploads \
             where state <> 'used' and created_at_ms <= $1 order by created_at_ms limit $2")
        .bind(before)
        .bind(BATCH);
        let rows = store.database().all(old).await?;
        for row in &rows {
            removed += remove(store, row).await?;
        }
        if rows.len() < BATCH as usize {
            return Ok(removed);
        }
    }
}

/// The row is dropped first, so that no card can be made of a picture that is about to go.
async fn remove(store: &Store, row: &Row) -> Result<u64, Error> {
    let upload: UploadId = row.get("id")?;
    let dropped = sql("update uploads set state = 'dropped' where id = $1 and state <> 'used'");
    if store.database().execute(dropped.bind(upload)).await? == 0 {
        return Ok(0);
    }
    let keys = [Some(row.get::<String>("image_key")?), row.get("thumbnail_key")?];
    for key in keys.iter().flatten() {
        store.bucket().delete(key).await?;
    }
    let gone = sql("delete from uploads where id = $1 and state = 'dropped'");
    Ok(store.database().execute(gone.bind(upload)).await?)
}

/// Sweeps now and then until stopped.
pub(crate) async fn sweep_until(store: &Store, stop: &CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
        match sweep(store, OLD).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "unused uploads removed"),
            Err(Error::Fault(fault)) => tracing::warn!(error = fault.chain(), "uploads were not swept"),
            Err(Error::Refused(_)) => {}
        }
    }
}
