//! The database: one portable SQL for SQLite and PostgreSQL, behind the only module that knows a driver.

mod connecting;
mod inline;
mod row;
mod statement;

use std::time::Duration;

use sqlx::{Any, AnyPool};
use tracing::{Instrument, Span};

use crate::error::{Error, Fault};
use inline::Inline;
pub(crate) use row::Row;
pub(crate) use statement::{Statement, sql};

/// How often a transaction that met another one is tried before that is a fault.
const MOST_ATTEMPTS: u32 = 8;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

/// How busy a node's connections to its database are. SQLite is mostly read without one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    pub open: u64,
    pub used: u64,
    pub most: u64,
}

pub(crate) struct Database {
    kind: Kind,
    /// On SQLite only.
    inline: Option<Inline>,
    reads: AnyPool,
    /// On SQLite a single connection: writers of one process queue here instead of in SQLite's busy handler.
    writes: AnyPool,
}

impl Database {
    pub(crate) async fn all(&self, statement: Statement) -> Result<Vec<Row>, Fault> {
        let asking = asking(statement.text);
        if let Some(inline) = &self.inline {
            let answer = asking.in_scope(|| inline.all(&statement));
            return answer.map_err(|error| Fault::new("the database did not do it", error));
        }
        let rows = statement.into_query().fetch_all(&self.reads).instrument(asking).await.map_err(fault)?;
        Ok(rows.into_iter().map(Row::from).collect())
    }

    pub(crate) async fn maybe(&self, statement: Statement) -> Result<Option<Row>, Fault> {
        Ok(self.all(statement).await?.pop())
    }

    /// One statement that is its own transaction; answers how many rows it changed.
    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, Fault> {
        let asking = asking(statement.text);
        let done = statement.into_query().execute(&self.writes).instrument(asking).await.map_err(fault)?;
        Ok(done.rows_affected())
    }

    /// The connections that are open, and those of them that nobody uses.
    pub(crate) fn connections(&self) -> Connections {
        let pools = match self.kind {
            Kind::Sqlite => vec![&self.reads, &self.writes],
            // One pool for both.
            Kind::Postgres => vec![&self.writes],
        };
        pools.into_iter().fold(Connections::default(), |sum, pool| Connections {
            open: sum.open + u64::from(pool.size()),
            used: sum.used + u64::from(pool.size()).saturating_sub(pool.num_idle() as u64),
            most: sum.most + u64::from(pool.options().get_max_connections()),
        })
    }

    /// For [`transact!`].
    pub(crate) fn attempts(&self) -> Attempts<'_> {
        Attempts { database: self, made: 0 }
    }

    /// Reads several statements as of one moment.
    pub(crate) async fn snapshot(&self) -> Result<Transaction, Fault> {
        let begin = match self.kind {
            Kind::Sqlite => "begin",
            Kind::Postgres => "begin isolation level repeatable read read only",
        };
        Ok(Transaction(self.reads.begin_with(begin).await.map_err(fault)?))
    }
}

/// Does a block in one transaction: committed when it answers `Ok`, rolled back otherwise. When it met another
/// transaction it is done again from the start, so it must have no other effect.
///
/// A macro, because a future that comes out of an async closure is not `Send` enough for a server.
macro_rules! transact {
    ($store:expr, |$transaction:ident| $work:expr) => {{
        let mut attempts = $store.database().attempts();
        loop {
            let mut running = attempts.begin().await?;
            let $transaction = &mut running;
            let outcome: Result<_, $crate::error::Error> = async { $work }.await;
            if let Some(outcome) = attempts.end(running, outcome).await {
                break outcome;
            }
        }
    }};
}
pub(crate) use transact;

/// The attempts at one transaction.
pub(crate) struct Attempts<'a> {
    database: &'a Database,
    made: u32,
}

impl Attempts<'_> {
    pub(crate) async fn begin(&mut self) -> Result<Transaction, Fault> {
        self.made += 1;
        let begin = match self.database.kind {
            // Taking the write lock at once: a reader that becomes a writer could not wait for another.
            Kind::Sqlite => "begin immediate",
            Kind::Postgres => "begin",
        };
        let beginning = self.database.writes.begin_with(begin).instrument(asking(begin));
        Ok(Transaction(beginning.await.map_err(fault)?))
    }

    /// Commits or rolls back; `None` when it is worth another attempt.
    pub(crate) async fn end<T>(
        &self,
        transaction: Transaction,
        outcome: Result<T, Error>,
    ) -> Option<Result<T, Error>> {
        let outcome = match outcome {
            Ok(done) => {
                let committed = transaction.0.commit().instrument(asking("commit")).await;
                committed.map(|()| done).map_err(|error| fault(error).into())
            }
            Err(error) => {
                // The first error is the one to tell; the pool closes a connection that cannot roll back.
                let _ = transaction.0.rollback().await;
                Err(error)
            }
        };
        match &outcome {
            Err(Error::Fault(fault)) if fault.is_transient() && self.made < MOST_ATTEMPTS => {
                backoff(self.made).await;
                None
            }
            _ => Some(outcome),
        }
    }
}

/// Longer with every attempt, and different on every node so that two do not meet again.
async fn backoff(attempt: u32) {
    let jitter_ms = u64::from(uuid::Uuid::now_v7().as_bytes()[15]) / 16;
    tokio::time::sleep(Duration::from_millis((1 << attempt) + jitter_ms)).await;
}

/// A running transaction.
pub(crate) struct Transaction(sqlx::Transaction<'static, Any>);

impl Transaction {
    pub(crate) async fn all(&mut self, statement: Statement) -> Result<Vec<Row>, Fault> {
        let asking = asking(statement.text);
        let rows = statement.into_query().fetch_all(&mut *self.0).instrument(asking).await.map_err(fault)?;
        Ok(rows.into_iter().map(Row::from).collect())
    }

    pub(crate) async fn maybe(&mut self, statement: Statement) -> Result<Option<Row>, Fault> {
        Ok(self.all(statement).await?.pop())
    }

    /// Answers how many rows were inserted, updated or deleted: what a conditional update is decided by.
    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64, Fault> {
        let asking = asking(statement.text);
        let done = statement.into_query().execute(&mut *self.0).instrument(asking).await.map_err(fault)?;
        Ok(done.rows_affected())
    }
}

/// For traces: the statement, never its values. `begin` includes the wait for a connection.
fn asking(text: &'static str) -> Span {
    tracing::trace_span!("sql", otel.kind = "client", db.query.text = text)
}

/// Tells two transactions that met (PostgreSQL 40001 and 40P01, SQLite's busy codes) from real trouble. So did two
/// that wrote the same unique value or removed what the other refers to, after both had looked (PostgreSQL 23505 and
/// 23503, SQLite's constraint codes): another attempt sees what the first did.
fn fault(error: sqlx::Error) -> Fault {
    let code = error.as_database_error().and_then(|error| error.code());
    match code.as_deref() {
        Some("40001" | "40P01" | "23505" | "23503" | "5" | "6" | "261" | "517" | "787" | "1555" | "2067") => {
            Fault::contended(Some(error.into()))
        }
        _ => Fault::new("the database did not do it", error),
    }
}
