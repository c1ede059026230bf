//! The store itself: opened once from its settings, cheap to clone, and what it does in the background.

use std::sync::Arc;
use std::time::Duration;

use domain::{Event, Language};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::database::{Connections, Database, sql};
use crate::error::{Fault, OpenError};
use crate::images::Bucket;
use crate::mail::Post;
use crate::passwords::Hasher;
use crate::{images, mail};

/// How long a part may take to say that it is ready.
const READY_TIMEOUT: Duration = Duration::from_secs(2);
/// How many acts wait for a listener that is slow; then it loses the oldest and is told so.
const MOST_ACTS: usize = 1024;

/// What a store needs to know. It holds secrets, so it has no `Debug`.
#[derive(Clone)]
pub struct Settings {
    /// `sqlite://FILE` (made when missing) or `postgres://…`.
    pub database_url: String,
    /// The origin that links in mail start with, for example `https://cards.example.com`.
    pub public_url: String,
    pub images: images::Settings,
    pub mail: mail::Settings,
}

/// The open store. Clones share one set of connections.
#[derive(Clone)]
pub struct Store {
    /// Clones are counted in the outer one, see [`Store::apart`].
    #[expect(clippy::redundant_allocation, reason = "the inner one is counted where other threads count")]
    parts: Arc<Arc<Parts>>,
    /// Of whoever it is used for; letters are written in it.
    language: Language,
}

struct Parts {
    database: Database,
    bucket: Bucket,
    post: Post,
    passwords: Hasher,
    events: broadcast::Sender<Arc<[Event]>>,
    public_url: String,
}

impl Store {
    /// Connects to the database and brings its tables up to date, which any number of nodes may do at once. The
    /// bucket and the mail server are only asked when they are needed.
    ///
    /// # Errors
    /// Names the setting that does not work.
    pub async fn open(settings: Settings) -> Result<Self, OpenError> {
        let post = Post::open(settings.mail, &settings.public_url)?;
        let bucket = Bucket::open(settings.images).await?;
        let database =
            Database::open(&settings.database_url).await.map_err(OpenError::blame("database_url"))?;
        let passwords = Hasher::start().await;
        let (events, _) = broadcast::channel(MOST_ACTS);
        let public_url = settings.public_url.trim_end_matches('/').to_owned();
        let parts = Arc::new(Arc::new(Parts { database, bucket, post, passwords, events, public_url }));
        Ok(Self { parts, language: Language::default() })
    }

    /// Gives the thread that calls, one of so many, connections to the database of its own, which work on the runtime that
    /// the thread runs: what it asks then crosses no thread. The thread has to live as long as the store is used.
    ///
    /// # Errors
    /// None that [`Store::open`] would not have met before.
    pub fn connect_here(&self, threads: usize) -> Result<(), OpenError> {
        self.database().connect_here(threads).map_err(OpenError::blame("database_url"))
    }

    /// The same store for another thread, which counts its clones for itself: every request makes some, and what two
    /// cores count they take from each other's caches.
    #[must_use]
    pub fn apart(&self) -> Self {
        Self { parts: Arc::new(Arc::clone(&self.parts)), language: self.language }
    }

    /// The same store for somebody who reads this language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> Self {
        Self { language, ..self.clone() }
    }

    /// What happens through this store from now on: the events of an act together, after its commit. Other nodes' acts are
    /// not among them, and a listener that falls behind loses the oldest.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Arc<[Event]>> {
        self.parts.events.subscribe()
    }

    /// Tells whoever listens what an act led to. Call it after the commit.
    pub(crate) fn tell(&self, events: impl IntoIterator<Item = Event>) {
        let events: Arc<[Event]> = events.into_iter().collect();
        if !events.is_empty() {
            // Nobody listening is no trouble.
            let _ = self.parts.events.send(events);
        }
    }

    /// How busy the connections to the database are.
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.database().connections()
    }

    /// Asks every part whether it answers, by name; the text says why not. Takes at most two seconds.
    pub async fn ready(&self) -> Vec<(&'static str, Result<(), String>)> {
        let (database, images) = tokio::join!(
            in_time(async { self.database().all(sql("select 1 as one")).await.map(|_| ()) }),
            in_time(self.bucket().ping()),
        );
        vec![("database", database), ("images", images)]
    }

    /// Delivers mail and sweeps uploads until `stop` is cancelled; then ends after the letter in hand. Every node
    /// may run it: each letter and each upload is handled by one of them.
    pub async fn run_background(&self, stop: CancellationToken) {
        tokio::join!(mail::deliver_until(self, &stop), images::sweep_until(self, &stop));
    }

    pub(crate) fn language(&self) -> Language {
        self.language
    }

    pub(crate) fn database(&self) -> &Database {
        &self.parts.database
    }

    pub(crate) fn bucket(&self) -> &Bucket {
        &self.parts.bucket
    }

    pub(crate) fn post(&self) -> &Post {
        &self.parts.post
    }

    pub(crate) fn passwords(&self) -> &Hasher {
        &self.parts.passwords
    }

    /// Without a slash at its end.
    pub(crate) fn public_url(&self) -> &str {
        &self.parts.public_url
    }
}

async fn in_time(asked: impl Future<Output = Result<(), Fault>>) -> Result<(), String> {
    match tokio::time::timeout(READY_TIMEOUT, asked).await {
        Ok(answer) => answer.map_err(|fault| fault.chain()),
        Err(_) => Err("no answer in time".into()),
    }
}
