//! Rate limits that the whole fleet shares.

use std::{sync::Arc, time::Duration};

use fred::prelude::Value;

use crate::{
    error::Unavailable,
    store::{self, Store},
};

/// Limits how often somebody may do something, on all nodes together.
#[derive(Clone, Debug)]
pub struct RateLimits(pub(crate) Arc<Store>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Allowed,
    /// How long until the next try will be allowed.
    RetryAfter(Duration),
}

impl RateLimits {
    /// Takes one of `limit` tries, which refill evenly over `window`: a newcomer has them all at once, and whoever
    /// used them up gets the next after `window / limit`. A refused try costs nothing. `name` says what is limited
    /// ("sign-in"); `who` may be anything, an address or an account, and reaches Redis only as a keyed hash.
    pub async fn take(
        &self,
        name: &str,
        who: &str,
        limit: u32,
        window: Duration,
    ) -> Result<Decision, Unavailable> {
        if limit == 0 {
            return Ok(Decision::RetryAfter(window));
        }
        let window_ms = window.as_secs_f64() * 1_000.0;
        let arguments: Vec<Value> = vec![(window_ms / f64::from(limit)).into(), window_ms.into()];
        let keys = vec![self.0.limit_key(name, who)];
        let wait_ms = self.0.run(&store::TAKE, keys, arguments).await?.as_u64().ok_or(Unavailable)?;
        Ok(if wait_ms == 0 {
            Decision::Allowed
        } else {
            Decision::RetryAfter(Duration::from_millis(wait_ms))
        })
    }
}
