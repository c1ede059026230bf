//! Turns away at once what would be too much, so that what is under way stays quick and memory stays bounded.
//!
//! Two things can be too much. Something behind the node is slow: then requests wait for it, and their number is bounded.
//! Or the processors are: then requests wait for them, which the runtime's [`lag`] tells, and [`limit`] lowers the bound
//! until nobody waits long. Refusing costs something, too, so [`turns`] bound how much.

mod lag;
mod limit;
mod refusals;
mod turns;

use std::{
    future::pending,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{extract::Request, http::header, response::Response};
use prometheus_client::metrics::counter::Counter;
use tokio::{
    task::yield_now,
    time::{Instant, sleep_until},
};

use crate::{
    around::{Answers, Next},
    assets, health, live, pages,
};
use limit::Limit;
pub use refusals::Refusals;
use turns::Turns;

/// Less than this the runtime cannot wait.
const CLOCK_TICK: Duration = Duration::from_millis(1);

/// How many requests a node works on at once, and how many it turned away.
#[derive(Clone)]
pub struct Shedding(Arc<Shared>);

struct Shared {
    /// Unless lag does not matter.
    limit: Option<Mutex<Limit>>,
    /// How many of them may be under way at present.
    allowed: AtomicUsize,
    under_way: AtomicUsize,
    lag_us: AtomicUsize,
    turned_away: Counter,
    begun: Instant,
    turns: Turns,
}

/// As the figures tell it.
pub(crate) struct Now {
    pub(crate) allowed: usize,
    pub(crate) under_way: usize,
    pub(crate) lag: Duration,
}

impl Shedding {
    #[must_use]
    pub fn new(most_requests: usize, most_lag: Option<Duration>, threads: usize) -> Self {
        let limit = most_lag.map(|most_lag| Mutex::new(Limit::new(most_requests, threads, most_lag)));
        Self(Arc::new(Shared {
            limit,
            allowed: AtomicUsize::new(most_requests),
            under_way: AtomicUsize::new(0),
            lag_us: AtomicUsize::new(0),
            turned_away: Counter::default(),
            begun: Instant::now(),
            turns: Turns::new(threads),
        }))
    }

    /// Allows fewer requests while the threads are late: each that answers says how late it is, for as long as it does.
    pub async fn follow_lag(&self) {
        let Some(limit) = &self.0.limit else { return pending().await };
        loop {
            let seen = lag::measure().await;
            let mut limit = limit.lock().unwrap_or_else(PoisonError::into_inner);
            self.0.allowed.store(limit.after(seen), Ordering::Relaxed);
            let lag_us = usize::try_from(limit.lag.as_micros()).unwrap_or(usize::MAX);
            self.0.lag_us.store(lag_us, Ordering::Relaxed);
        }
    }

    async fn wait_for_turn(&self) {
        let now = self.0.begun.elapsed();
        let turn = self.0.turns.take(now);
        if turn - now > CLOCK_TICK {
            sleep_until(self.0.begun + turn).await;
        }
    }

    /// A place that is kept until the head of the answer is known.
    fn enter(&self, rank: usize) -> Option<Place<'_>> {
        let allowed = self.0.allowed.load(Ordering::Relaxed);
        let before = self.0.under_way.fetch_add(1, Ordering::Relaxed);
        let place = Place { shared: &self.0, crowded: before >= allowed / 2 };
        (before < (allowed * rank).div_ceil(RANKS)).then_some(place)
    }

    pub(crate) fn turned_away(&self) -> Counter {
        self.0.turned_away.clone()
    }

    pub(crate) fn now(&self) -> Now {
        Now {
            allowed: self.0.allowed.load(Ordering::Relaxed),
            under_way: self.0.under_way.load(Ordering::Relaxed),
            lag: Duration::from_micros(self.0.lag_us.load(Ordering::Relaxed) as u64),
        }
    }
}

/// Middleware in front of everything that a node answers on its public address.
pub async fn turn_away(
    state: Arc<(Shedding, Refusals)>,
    request: Request,
    next: Next<impl Answers>,
) -> Response {
    let (shedding, refusals) = &*state;
    if costs_nothing(request.uri().path()) {
        return next.run(request).await;
    }
    let Some(place) = shedding.enter(rank(&request)) else {
        shedding.wait_for_turn().await;
        shedding.0.turned_away.inc();
        return refusals.answer(request.headers());
    };
    // Whoever is to be turned away hears it before the next page is made.
    if place.crowded {
        yield_now().await;
    }
    next.run(request).await
}

struct Place<'a> {
    shared: &'a Shared,
    /// Soon there may be none left.
    crowded: bool,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.shared.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Files, so that pages that were made are whole; the balancer's questions; streams, which have a bound of their own.
fn costs_nothing(path: &str) -> bool {
    path == health::PATH || path == live::PATH || assets::is_file(path)
}

const RANKS: usize = 8;

/// How many eighths of the places somebody may find taken and still be let in: a form that is sent may be the end of a
/// long way, and whoever has a cookie is further than a stranger who looks around.
fn rank(request: &Request) -> usize {
    if !pages::is_read(request.method()) {
        RANKS
    } else if request.headers().contains_key(header::COOKIE) {
        RANKS - 1
    } else {
        RANKS - 2
    }
}

#[cfg(test)]
mod tests;
