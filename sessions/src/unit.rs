//! The unit of work of one request: one read at most, and notes of what the handlers want.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store,
};

use crate::{
    commit::{self, Committed},
    error::Unavailable,
    layer::Held,
    load::{self, Found},
    record::{self, Data, SIGN_IN},
    token::Token,
};

/// The `SessionStore` behind the one `Session` of a request. `load` reads once; `create`, `save` and `delete` only
/// take notes, which [`UnitOfWork::commit`] turns into scripts when the handlers are done.
#[derive(Debug)]
pub(crate) struct UnitOfWork {
    store: Held,
    sent: Option<Token>,
    notes: Mutex<Notes>,
}

#[derive(Clone, Debug, Default)]
struct Notes {
    read: Option<Result<Found, Unavailable>>,
    /// A `delete` was asked for: the first half of a new id, or the end.
    deleted: bool,
    wanted: Option<Wanted>,
}

#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) id: Id,
    pub(crate) kind: Kind,
    pub(crate) view: Data,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Under the id it was loaded by.
    Same,
    /// With the id changed.
    NewId,
    /// Nothing of the session that was sent.
    Fresh,
}

impl Wanted {
    fn is_sign_in(&self) -> bool {
        self.view.contains_key(SIGN_IN)
    }
}

impl UnitOfWork {
    pub(crate) fn new(store: Held, sent: Option<Token>) -> Self {
        Self { store, sent, notes: Mutex::default() }
    }

    /// Writes what the handlers want. `keep_changes` is false when the request failed: then only an end counts.
    pub(crate) async fn commit(&self, keep_changes: bool) -> Result<Committed, Unavailable> {
        let Notes { deleted, wanted, .. } = self.notes(|notes| notes.clone());
        let Some(wanted) = wanted.filter(|_| keep_changes) else {
            return match self.sent {
                // A new id that is not kept is no end.
                Some(sent) if deleted && !self.was_rotating() => commit::destroy(&self.store, &sent).await,
                _ => Ok(Committed::Nothing),
            };
        };
        let Some(sent) = self.sent else {
            return commit::create(&self.store, wanted.id, &wanted.view).await;
        };
        match (self.read(&sent).await?, wanted.kind) {
            (Found::Session(_), Kind::Same) if deleted => commit::destroy(&self.store, &sent).await,
            (Found::Session(_), Kind::Fresh) => {
                let ended = commit::destroy(&self.store, &sent).await?;
                let begun = commit::create(&self.store, wanted.id, &wanted.view).await?;
                Ok(if begun == Committed::Nothing { ended } else { begun })
            }
            (Found::Session(stored), _) => commit::save(&self.store, &sent, &stored, &wanted).await,
            // A new session's cookie would overwrite the one that is on its way to this browser.
            (Found::Renamed, _) if !wanted.is_sign_in() => {
                self.store.counters.gone.add_one();
                Ok(Committed::Nothing)
            }
            (Found::Nothing | Found::Renamed | Found::Ended(_), kind) => {
                let id = if kind == Kind::Same { Id::default() } else { wanted.id };
                commit::create(&self.store, id, &wanted.view).await
            }
        }
    }

    fn was_rotating(&self) -> bool {
        self.notes(|notes| notes.wanted.as_ref().is_some_and(|wanted| wanted.kind == Kind::NewId))
    }

    /// Asks Redis the first time; a failure is also remembered, so that a page asking often waits only once.
    async fn read(&self, sent: &Token) -> Result<Found, Unavailable> {
        if let Some(read) = self.notes(|notes| notes.read.clone()) {
            return read;
        }
        let read = load::load(&self.store, sent).await;
        self.notes(|notes| notes.read.get_or_insert(read).clone())
    }

    fn notes<T>(&self, change: impl FnOnce(&mut Notes) -> T) -> T {
        change(&mut self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn record(id: Id, data: Data) -> Record {
        // The date is for other stores: here the record's own fields decide.
        Record { id, data, expiry_date: OffsetDateTime::UNIX_EPOCH }
    }
}

#[async_trait]
impl SessionStore for UnitOfWork {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.notes(|notes| {
            let kind = if self.sent.is_some_and(|sent| sent.id == record.id) {
                record.id = Id::default();
                Kind::Fresh
            } else if notes.deleted {
                Kind::NewId
            } else {
                Kind::Fresh
            };
            notes.wanted = Some(Wanted { id: record.id, kind, view: record.data.clone() });
        });
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.notes(|notes| match &mut notes.wanted {
            Some(wanted) if wanted.id == record.id => wanted.view = record.data.clone(),
            _ => {
                notes.wanted = Some(Wanted { id: record.id, kind: Kind::Same, view: record.data.clone() });
            }
        });
        Ok(())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let wanted = self.notes(|notes| notes.wanted.clone());
        if let Some(wanted) = wanted.filter(|wanted| wanted.id == *id) {
            return Ok(Some(Self::record(*id, wanted.view)));
        }
        let Some(sent) = self.sent.filter(|sent| sent.id == *id) else { return Ok(None) };
        let data = match self.read(&sent).await? {
            Found::Session(stored) => stored.view(&sent.name()),
            Found::Ended(why) => record::ended_view(&why),
            Found::Renamed | Found::Nothing => return Ok(None),
        };
        Ok(Some(Self::record(*id, data)))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.notes(|notes| {
            notes.deleted = true;
            notes.wanted.take_if(|wanted| wanted.id == *id);
        });
        Ok(())
    }
}
