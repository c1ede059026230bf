//! Showing pictures: the URL that a page carries, the same for a whole hour so that browsers can cache it.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, UNIX_EPOCH};

use crate::clock::now_ms;
use crate::error::Fault;
use crate::store::Store;

const HOUR_MS: i64 = 60 * 60 * 1000;
/// An hour of use and an hour of grace for pages that stay open.
const VALID_FOR: Duration = Duration::from_secs(2 * 60 * 60);
/// How many signed URLs a node remembers: about 10 MB.
const MOST_REMEMBERED: usize = 16_384;

/// Where a browser finds the picture with this key: the CDN's URL, or one that is signed at the start of the hour
/// for two hours. Asks nobody.
///
/// # Errors
/// Only faults, when nothing can be signed.
pub async fn url(store: &Store, key: &str) -> Result<String, Fault> {
    let bucket = store.bucket();
    if let Some(base_url) = &bucket.base_url {
        return Ok(format!("{base_url}/{key}"));
    }
    let hour = now_ms() / HOUR_MS;
    if let Some(url) = bucket.urls.find(hour, key) {
        return Ok(url);
    }
    let start = UNIX_EPOCH + Duration::from_millis(u64::try_from(hour * HOUR_MS).unwrap_or(0));
    // Seldom, and larger than everything else that a page waits for.
    let url = Box::pin(bucket.sign_get(key, start, VALID_FOR)).await?;
    bucket.urls.remember(hour, key, &url);
    Ok(url)
}

/// The origins (`scheme://host:port`) that pictures are sent to and shown from; the first is the bucket's own.
/// A page's content security policy names them.
#[must_use]
pub fn origins(store: &Store) -> &[String] {
    &store.bucket().origins
}

/// Signing costs about 50 µs and a page shows dozens, so a node signs each key once an hour.
#[derive(Default)]
pub(super) struct UrlCache(Mutex<Hour>);

#[derive(Default)]
struct Hour {
    hour: i64,
    urls: HashMap<String, String>,
}

impl UrlCache {
    fn find(&self, hour: i64, key: &str) -> Option<String> {
        let cache = self.0.lock().ok()?;
        if cache.hour == hour { cache.urls.get(key).cloned() } else { None }
    }

    /// Forgets the hour before; a full cache starts again.
    fn remember(&self, hour: i64, key: &str, url: &str) {
        let Ok(mut cache) = self.0.lock() else { return };
        if cache.hour != hour || cache.urls.len() >= MOST_REMEMBERED {
            cache.hour = hour;
            cache.urls.clear();
        }
        cache.urls.insert(key.to_owned(), url.to_owned());
    }
}
