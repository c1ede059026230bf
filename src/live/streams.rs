//! The open streams of a node, by what each is to hear: an event wakes those that it concerns, and no other.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{AccountId, CardId, Event};
use tokio::sync::mpsc;

use super::Told;

/// What a slow stream may fall behind by before it is closed.
const BACKLOG: usize = 1_024;

/// What a stream can hear of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Topic {
    Card(CardId),
    EveryCard,
    Account(AccountId),
    /// By its handle.
    Session(String),
}

impl Topic {
    /// Whoever hears of one of these is told; `None` when everybody has to know.
    fn of(told: &Told) -> Option<Vec<Self>> {
        match told {
            Told::Store(Event::Inbox { account } | Event::Balance { account }) => {
                Some(vec![Self::Account(*account)])
            }
            Told::Store(
                Event::Listed { card }
                | Event::Repriced { card, .. }
                | Event::OffSale { card }
                | Event::Sold { card, .. },
            ) => Some(vec![Self::Card(*card), Self::EveryCard]),
            Told::Ended(handle) => Some(vec![Self::Session(handle.clone())]),
            Told::Gap => None,
        }
    }
}

#[derive(Clone, Default)]
pub(super) struct Streams(Arc<Mutex<Index>>);

#[derive(Default)]
struct Index {
    next: u64,
    open: HashMap<u64, mpsc::Sender<Told>>,
    by_topic: HashMap<Topic, HashSet<u64>>,
}

impl Streams {
    /// Hears of these until it is dropped.
    pub(super) fn listen(&self, topics: Vec<Topic>) -> Listener {
        let (sender, told) = mpsc::channel(BACKLOG);
        let mut index = self.index();
        let number = index.next;
        index.next += 1;
        index.open.insert(number, sender);
        for topic in &topics {
            index.by_topic.entry(topic.clone()).or_default().insert(number);
        }
        drop(index);
        Listener { streams: self.clone(), number, topics, told }
    }

    /// Closes those that fell too far behind, and all of them when something may have been missed.
    pub(super) fn tell(&self, told: &Told) {
        let mut index = self.index();
        let Some(topics) = Topic::of(told) else {
            index.open.clear();
            return;
        };
        let Index { open, by_topic, .. } = &mut *index;
        for number in topics.iter().filter_map(|topic| by_topic.get(topic)).flatten() {
            if open.get(number).is_some_and(|stream| stream.try_send(told.clone()).is_err()) {
                open.remove(number);
            }
        }
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The hearing end of a stream.
pub(super) struct Listener {
    streams: Streams,
    number: u64,
    topics: Vec<Topic>,
    told: mpsc::Receiver<Told>,
}

impl Listener {
    /// `None` when something was missed.
    pub(super) async fn hear(&mut self) -> Option<Told> {
        self.told.recv().await
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut index = self.streams.index();
        index.open.remove(&self.number);
        for topic in &self.topics {
            if let Some(hearing) = index.by_topic.get_mut(topic) {
                hearing.remove(&self.number);
                if hearing.is_empty() {
                    index.by_topic.remove(topic);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(number: u8) -> CardId {
        format!("01890000-0000-7000-8000-{number:012}").parse().unwrap()
    }

    fn off_sale(number: u8) -> Told {
        Told::Store(Event::OffSale { card: card(number) })
    }

    fn heard(listener: &mut Listener) -> Vec<Told> {
        std::iter::from_fn(|| listener.told.try_recv().ok()).collect()
    }

    #[test]
    fn a_stream_hears_what_concerns_it_and_nothing_else() {
        let streams = Streams::default();
        let account: AccountId = "01890000-0000-7000-8000-000000000009".parse().unwrap();
        let mine = Told::Store(Event::Inbox { account });
        let ended = Told::Ended("handle".into());
        let mut one = streams.listen(vec![Topic::Card(card(1)), Topic::Card(card(2))]);
        let mut every = streams.listen(vec![Topic::EveryCard]);
        let mut member = streams.listen(vec![Topic::Account(account), Topic::Session("handle".into())]);
        for told in [off_sale(1), off_sale(3), mine.clone(), ended.clone()] {
            streams.tell(&told);
        }
        assert_eq!(heard(&mut one), [off_sale(1)]);
        assert_eq!(heard(&mut every), [off_sale(1), off_sale(3)]);
        assert_eq!(heard(&mut member), [mine, ended]);
        drop((one, every, member));
        let index = streams.index();
        assert!(
            index.open.is_empty() && index.by_topic.is_empty(),
            "nothing is left of a stream that is gone"
        );
    }

    #[tokio::test]
    async fn a_stream_that_falls_behind_is_closed_and_so_is_every_one_after_a_gap() {
        let streams = Streams::default();
        let mut slow = streams.listen(vec![Topic::Card(card(1))]);
        let mut idle = streams.listen(vec![Topic::Card(card(2))]);
        for _ in 0..=BACKLOG {
            streams.tell(&off_sale(1));
        }
        assert_eq!(heard(&mut slow).len(), BACKLOG);
        assert_eq!(slow.hear().await, None);
        assert!(idle.told.try_recv().is_err() && !idle.told.is_closed());
        streams.tell(&Told::Gap);
        assert_eq!(idle.hear().await, None);
    }
}
