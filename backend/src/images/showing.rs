//! Showing pictures: the URL that a page carries, the same for a whole hour so that browsers can cache it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::time::{Duration, UNIX_EPOCH};

use domain::PictureUrl;
use rustc_hash::FxHashMap;
use thread_local::ThreadLocal;

use super::Bucket;
use crate::clock::now_ms;
use crate::database::Row;
use crate::error::Fault;
use crate::store::Store;

const HOUR_MS: i64 = 60 * 60 * 1000;
/// An hour of use and an hour of grace for pages that stay open.
const VALID_FOR: Duration = Duration::from_secs(2 * 60 * 60);
/// How many signed URLs each thread of a node remembers: about 5 MB.
const MOST_REMEMBERED: usize = 4_096;

/// Where a browser finds the picture with this key: the CDN's URL, or one that is signed at the start of the hour
/// for two hours. Asks nobody.
///
/// # Errors
/// Only faults, when nothing can be signed.
pub async fn url(store: &Store, key: &str) -> Result<PictureUrl, Fault> {
    let mut urls = urls(store, &[key.into()]).await?;
    urls.pop().ok_or_else(|| Fault::new("a picture has no address", key.to_owned()))
}

/// As [`url`], of the picture that each row shows: its `shown_key`.
pub(crate) async fn urls_of(store: &Store, rows: &[Row]) -> Result<Vec<PictureUrl>, Fault> {
    let keys = rows.iter().map(|row| row.lend("shown_key")).collect::<Result<Vec<_>, _>>()?;
    urls(store, &keys).await
}

/// As [`url`], for each of these in their order.
async fn urls(store: &Store, keys: &[Cow<'_, str>]) -> Result<Vec<PictureUrl>, Fault> {
    let bucket = store.bucket();
    if let Some(base_url) = &bucket.base_url {
        return Ok(keys.iter().map(|key| format!("{base_url}/{key}").into()).collect());
    }
    let hour = now_ms() / HOUR_MS;
    let mut urls = Vec::with_capacity(keys.len());
    for key in keys {
        urls.push(match bucket.urls.find(hour, key) {
            Some(url) => url,
            // In a box: seldom, and larger than everything else that a page waits for.
            None => Box::pin(sign(bucket, hour, key)).await?,
        });
    }
    Ok(urls)
}

async fn sign(bucket: &Bucket, hour: i64, key: &str) -> Result<PictureUrl, Fault> {
    let start = UNIX_EPOCH + Duration::from_millis(u64::try_from(hour * HOUR_MS).unwrap_or(0));
    let url = PictureUrl::from(bucket.sign_get(key, start, VALID_FOR).await?);
    bucket.urls.remember(hour, key, url.clone());
    Ok(url)
}

/// The origins (`scheme://host:port`) that pictures are sent to and shown from; the first is the bucket's own.
/// A page's content security policy names them.
#[must_use]
pub fn origins(store: &Store) -> &[String] {
    &store.bucket().origins
}

/// Signing costs about 50 µs and a page shows dozens, so a node signs each key once an hour: on each thread that is asked
/// for it, for two would spend more on counting who holds a URL.
#[derive(Default)]
pub(super) struct UrlCache(ThreadLocal<RefCell<Hour>>);

#[derive(Default)]
struct Hour {
    hour: i64,
    /// Nobody but the store makes keys, so none are made to collide.
    urls: FxHashMap<String, PictureUrl>,
}

impl UrlCache {
    fn find(&self, hour: i64, key: &str) -> Option<PictureUrl> {
        let cache = self.0.get_or_default().borrow();
        cache.urls.get(key).filter(|_| cache.hour == hour).cloned()
    }

    /// Forgets the hour before; a full cache starts again.
    fn remember(&self, hour: i64, key: &str, url: PictureUrl) {
        let mut cache = self.0.get_or_default().borrow_mut();
        if cache.hour != hour || cache.urls.len() >= MOST_REMEMBERED {
            *cache = Hour { hour, ..Hour::default() };
        }
        cache.urls.insert(key.to_owned(), url);
    }
}
