//! Live: tells every node of the fleet what happened on this one, and every open page what concerns it.
//!
//! One subscription to Redis per node, however many streams. What a stream misses is not lost: the market, the inbox
//! and the ledger keep it, and a stream that may have missed something is closed so that its page fetches anew.

mod stream;
mod streams;

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use app::server::Node;
use axum::{Router, routing::get};
use domain::Event;
use serde::{Deserialize, Serialize};
use sessions::{ConnectError, Messages, SessionEvent};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio_util::sync::CancellationToken;

use streams::Streams;

pub(crate) const PATH: &str = "/events";
/// With so many events a message to the other nodes waits for no more.
const ENOUGH_TOGETHER: usize = 64;
/// The most streams of one node.
const MOST_STREAMS: usize = 10_000;

/// What the nodes tell each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Told {
    Store(Event),
    /// The session of this handle is over.
    Ended(String),
    /// Something may have been missed.
    Gap,
}

/// What happens on the fleet, as this node's streams hear it.
#[derive(Clone)]
pub struct Live(Arc<Shared>);

struct Shared {
    node: Node,
    told: Teller,
    streams: AtomicUsize,
    stop: CancellationToken,
}

/// Tells this node's streams, and counts what changed on the market.
#[derive(Clone)]
struct Teller {
    streams: Streams,
    market_version: Arc<AtomicU64>,
}

impl Teller {
    fn tell(&self, told: &Told) {
        let public = match told {
            Told::Store(event) => event.only_for().is_none(),
            Told::Ended(_) => false,
            Told::Gap => true,
        };
        if public {
            self.market_version.fetch_add(1, Ordering::AcqRel);
        }
        self.streams.tell(told);
    }
}

impl Live {
    /// Listens and tells until `stop` is cancelled, which also ends every stream.
    ///
    /// # Errors
    /// As [`sessions::Sessions::messages`].
    pub fn start(node: Node, stop: CancellationToken) -> Result<Self, ConnectError> {
        let messages = node.sessions.messages("live")?;
        let told = Teller { streams: Streams::default(), market_version: Arc::default() };
        tokio::spawn(hear(messages.clone(), told.clone(), stop.clone()));
        tokio::spawn(tell(node.clone(), messages, told.clone(), stop.clone()));
        Ok(Self(Arc::new(Shared { node, told, streams: AtomicUsize::new(0), stop })))
    }

    /// `GET /events`.
    pub fn routes(self) -> Router {
        Router::new().route(PATH, get(stream::open)).with_state(self)
    }

    /// How many streams are open.
    #[must_use]
    pub fn streams(&self) -> usize {
        self.0.streams.load(Ordering::Relaxed)
    }

    /// Raised by every change of what is on the market, on any node.
    #[must_use]
    pub fn market_version(&self) -> u64 {
        self.0.told.market_version.load(Ordering::Acquire)
    }

    /// Counts a stream for as long as the answer is kept; `None` when there are too many.
    fn take_slot(&self) -> Option<Slot> {
        let before = self.0.streams.fetch_add(1, Ordering::Relaxed);
        let slot = Slot(self.0.clone());
        (before < MOST_STREAMS).then_some(slot)
    }
}

struct Slot(Arc<Shared>);

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.streams.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Passes on what any node says.
async fn hear(messages: Messages, told: Teller, stop: CancellationToken) {
    let mut heard = messages.listen();
    loop {
        let message = tokio::select! {
            () = stop.cancelled() => return,
            message = heard.recv() => message,
        };
        let told_now = match message {
            // A node of another version may say what this one does not know.
            Ok(Some(text)) => serde_json::from_str(&text).unwrap_or_default(),
            Ok(None) | Err(RecvError::Lagged(_)) => vec![Told::Gap],
            Err(RecvError::Closed) => return,
        };
        told_now.iter().for_each(|told_now| told.tell(told_now));
    }
}

/// Says what happens on this node: to all nodes, or to its own streams alone while Redis is away.
async fn tell(node: Node, messages: Messages, told: Teller, stop: CancellationToken) {
    let (mut store, mut sessions) = (node.store.events(), node.sessions.events());
    loop {
        let happened = tokio::select! {
            () = stop.cancelled() => return,
            act = store.recv() => act.map(|events| told_of(&events)),
            event = sessions.recv() => match event {
                Ok(SessionEvent::Ended { handle, .. } | SessionEvent::Expired { handle }) => Ok(vec![Told::Ended(handle)]),
                Ok(_) => continue,
                Err(error) => Err(error),
            },
        };
        let mut happened = match happened {
            Ok(happened) => happened,
            Err(RecvError::Lagged(_)) => vec![Told::Gap],
            Err(RecvError::Closed) => return,
        };
        // What an act has to tell goes out as one message, with what others have to tell by now.
        while happened.len() < ENOUGH_TOGETHER {
            match store.try_recv() {
                Ok(events) => happened.extend(told_of(&events)),
                Err(TryRecvError::Lagged(_)) => happened.push(Told::Gap),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        let text = serde_json::to_string(&happened).unwrap_or_default();
        if messages.publish(&text).await.is_err() {
            happened.iter().for_each(|happened| told.tell(happened));
        }
    }
}

fn told_of(events: &[Event]) -> Vec<Told> {
    events.iter().copied().map(Told::Store).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nodes_tell_each_other_survives_the_wire() {
        let card = "01890000-0000-7000-8000-000000000000".parse().unwrap();
        let told = vec![Told::Store(Event::Listed { card }), Told::Ended("handle".into()), Told::Gap];
        let text = serde_json::to_string(&told).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Told>>(&text).unwrap(), told, "{text}");
    }
}
