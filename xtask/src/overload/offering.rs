//! People who ask for a page: each when the one before is there, or so many a second, whatever becomes of them.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::visits::client::Client;

const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct Offer {
    /// So many connections, each kept.
    pub(super) people: usize,
    /// `None`: as soon as there is an answer.
    pub(super) each_second: Option<f64>,
    pub(super) lasts: Duration,
}

#[derive(Clone, Copy)]
pub(super) struct Answered {
    /// 0 when the connection ended without an answer.
    pub(super) status: u16,
    pub(super) took: Duration,
}

/// Asks, and waits for all answers.
pub(super) fn offer(port: u16, offer: &Offer) -> Vec<Answered> {
    let (turn, answers) = (AtomicU32::new(0), Mutex::new(Vec::new()));
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..offer.people {
            scope.spawn(|| {
                let mine = ask_in_turn(port, offer, begun, &turn);
                answers.lock().unwrap_or_else(PoisonError::into_inner).extend(mine);
            });
        }
    });
    answers.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn ask_in_turn(port: u16, offer: &Offer, begun: Instant, turn: &AtomicU32) -> Vec<Answered> {
    let mut client = Client::keeping(port, PATIENCE);
    let mut answers = Vec::new();
    loop {
        let turn = turn.fetch_add(1, Ordering::Relaxed);
        let due =
            offer.each_second.map_or(begun, |rate| begun + Duration::from_secs_f64(f64::from(turn) / rate));
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let asked = Instant::now();
        if asked.max(due).duration_since(begun) >= offer.lasts {
            return answers;
        }
        // A question of its own: else one rendering would serve them all.
        let status = client.get(&format!("/?q=x{turn}"), None).map_or(0, |answer| answer.status);
        answers.push(Answered { status, took: asked.elapsed() });
    }
}
