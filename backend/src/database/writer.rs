//! Writing to SQLite on the thread that asks: one transaction after the other, each in its turn.
//!
//! A statement takes microseconds and a commit waits for no disk: what has to, the checkpoint of the log, is done on a
//! thread of its own before the next turn. While another process writes, a transaction waits without holding a thread up.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::hooks::Wal;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use super::inline::Inline;
use super::row::Row;
use super::statement::Statement;
use super::{ACQUIRE_TIMEOUT, fault_of_sqlite};
use crate::error::Fault;

/// The log is written into the database here, and not by whoever commits.
const FIRST: &str = "pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on; \
     pragma wal_autocheckpoint = 0";
/// SQLite's own measure: about 4 MB.
const LONGEST_LOG: i32 = 1000;
/// About as long as a transaction of another process takes.
const ANOTHER_LOOK: Duration = Duration::from_millis(1);

thread_local! {
    /// How many pages the log had after the last commit on this thread.
    static LOG: Cell<i32> = const { Cell::new(0) };
}

pub(super) struct Writer(Arc<Mutex<Inline>>);

impl Writer {
    pub(super) fn open(path: &Path) -> Result<Self, rusqlite::Error> {
        let inline = Inline::connect(path, ACQUIRE_TIMEOUT, FIRST)?;
        // From here on who has to wait does so without holding the thread up.
        inline.connection.busy_timeout(Duration::ZERO)?;
        inline.connection.wal_hook(Some(note_log));
        Ok(Self(Arc::new(Mutex::new(inline))))
    }

    pub(super) fn is_used(&self) -> bool {
        self.0.try_lock().is_err()
    }

    /// Waits for its turn in this process, and for others that write.
    pub(super) async fn begin(&self) -> Result<Writing, Fault> {
        let turn = timeout(ACQUIRE_TIMEOUT, self.0.clone().lock_owned()).await;
        let inline = turn.map_err(|late| Fault::new("the database is too busy", late))?;
        let begun = Instant::now();
        loop {
            // Taking the write lock at once: a reader that becomes a writer could not wait for another.
            match inline.act("begin immediate") {
                Ok(()) => return Ok(Writing { inline: Some(inline) }),
                Err(error) if is_busy(&error) && begun.elapsed() < ACQUIRE_TIMEOUT => {
                    sleep(ANOTHER_LOOK).await
                }
                Err(error) => return Err(fault_of_sqlite(error)),
            }
        }
    }
}

fn note_log(_: &Wal, pages: i32) -> Result<(), rusqlite::Error> {
    LOG.set(pages);
    Ok(())
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
}

impl Inline {
    fn act(&self, text: &'static str) -> Result<(), rusqlite::Error> {
        self.connection.prepare_cached(text)?.execute([])?;
        Ok(())
    }
}

/// A transaction; rolled back when it is dropped before it is committed.
pub(super) struct Writing {
    /// Nothing once it has ended.
    inline: Option<OwnedMutexGuard<Inline>>,
}

impl Writing {
    pub(super) fn all(&mut self, statement: &Statement) -> Result<Vec<Row>, Fault> {
        self.inline()?.all(statement).map_err(fault_of_sqlite)
    }

    pub(super) fn execute(&mut self, statement: &Statement) -> Result<u64, Fault> {
        self.inline()?.execute(statement).map_err(fault_of_sqlite)
    }

    /// What fails to be committed is rolled back.
    pub(super) fn commit(mut self) -> Result<(), Fault> {
        LOG.set(0);
        self.inline()?.act("commit").map_err(fault_of_sqlite)?;
        if let Some(inline) = self.inline.take().filter(|_| LOG.get() >= LONGEST_LOG) {
            // The turn ends with it.
            spawn_blocking(move || checkpoint(&inline));
        }
        Ok(())
    }

    fn inline(&mut self) -> Result<&mut Inline, Fault> {
        self.inline.as_deref_mut().ok_or_else(|| Fault::new("a transaction has ended", "nothing is open"))
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        let Some(inline) = self.inline.take() else { return };
        // SQLite ends one by itself when its disk is full.
        if !inline.connection.is_autocommit()
            && let Err(error) = inline.act("rollback")
        {
            tracing::error!(%error, "a transaction cannot be rolled back");
        }
    }
}

fn checkpoint(inline: &Inline) {
    let done = inline.connection.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()));
    if let Err(error) = done {
        tracing::warn!(%error, "the log of the database cannot be written into it");
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;
    use tempfile::TempDir;

    use super::super::sql;
    use super::*;

    fn writer() -> (TempDir, Writer) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        Connection::open(&path)
            .unwrap()
            .execute_batch("create table things (name text primary key)")
            .unwrap();
        (folder, Writer::open(&path).unwrap())
    }

    async fn insert(writer: &Writer, name: &str) -> Writing {
        let mut writing = writer.begin().await.unwrap();
        assert_eq!(writing.execute(&sql("insert into things values ($1)").bind(name)).unwrap(), 1);
        writing
    }

    #[tokio::test]
    async fn a_transaction_that_nobody_commits_leaves_nothing_and_the_next_has_its_turn() {
        let (_folder, writer) = writer();
        drop(insert(&writer, "gone").await);
        insert(&writer, "kept").await.commit().unwrap();
        let rows = writer.begin().await.unwrap().all(&sql("select name from things")).unwrap();
        let names: Vec<String> = rows.iter().map(|row| row.get("name").unwrap()).collect();
        assert_eq!(names, ["kept"]);
    }

    #[tokio::test]
    async fn who_waits_for_another_process_holds_up_no_thread() {
        let (folder, writer) = writer();
        let other = Connection::open(folder.path().join("store.db")).unwrap();
        other.execute_batch("begin immediate; insert into things values ('theirs')").unwrap();
        // The only thread of this test would never get to the commit.
        let theirs = async { other.execute_batch("commit").unwrap() };
        let (ours, ()) = tokio::join!(insert(&writer, "ours"), theirs);
        ours.commit().unwrap();
        let count = other.query_row("select count(*) from things", [], |row| row.get::<_, i64>(0));
        assert_eq!(count.unwrap(), 2);
    }

    #[tokio::test]
    async fn the_log_does_not_grow_with_what_is_written() {
        let (_folder, writer) = writer();
        let long = "x".repeat(40_000);
        let mut longest = 0;
        for number in 0..500 {
            insert(&writer, &format!("{number}{long}")).await.commit().unwrap();
            longest = longest.max(LOG.get());
        }
        assert!((LONGEST_LOG..2 * LONGEST_LOG).contains(&longest), "{longest} pages");
    }

    #[test]
    fn what_met_another_transaction_is_worth_another_attempt_and_nothing_else_is() {
        let fault =
            |code| fault_of_sqlite(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None));
        assert!([5, 6, 517, 2067].into_iter().all(|code| fault(code).is_transient()));
        // The disk is full, the file is damaged, a check failed.
        assert!(![13, 11, 275].into_iter().any(|code| fault(code).is_transient()));
    }
}
