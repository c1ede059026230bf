//! The database: one portable SQL for SQLite and PostgreSQL, behind the only module that knows a driver.

mod connecting;
mod inline;
mod pools;
mod row;
mod statement;
mod writer;

use std::time::Duration;

use sqlx::Any;
use tracing::{Instrument, Span};

use crate::error::{Error, Fault};
use inline::Readers;
use pools::Pools;
pub(crate) use row::Row;
pub(crate) use statement::{Statement, sql};
use writer::{Writer, Writing};

/// How often a transaction that met another one is tried before that is a fault.
const MOST_ATTEMPTS: u32 = 8;

/// How long a statement waits for a connection, and a transaction on SQLite for others.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

enum Engine {
    Sqlite { readers: Readers, writer: Writer },
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
    engine: Engine,
    /// On SQLite for snapshots alone.
    pools: Pools,
}

impl Database {
    pub(crate) async fn all(&self, statement: Statement) -> Result<Vec<Row>, Fault> {
        let asking = asking(statement.text);
        if let Engine::Sqlite { readers, .. } = &self.engine {
            return asking.in_scope(|| readers.all(&statement)).map_err(fault_of_sqlite);
        }
        // In a box: whoever waits for a statement would else be as large as the driver, and is moved about.
        let asked = Box::pin(statement.into_query().fetch_all(self.pools.here()));
        let rows = asked.instrument(asking).await.map_err(fault)?;
        Ok(rows.into_iter().map(Row::from).collect())
    }

    /// Several that one page needs. SQLite answers them as of one moment and is locked once.
    pub(crate) async fn each<const N: usize>(
        &self,
        statements: [Statement; N],
    ) -> Result<[Vec<Row>; N], Fault> {
        if let Engine::Sqlite { readers, .. } = &self.engine {
            let asking = asking(statements.first().map_or("", |first| first.text));
            return asking.in_scope(|| readers.each(&statements)).map_err(fault_of_sqlite);
        }
        let mut answers = [const { Vec::new() }; N];
        for (answer, statement) in answers.iter_mut().zip(statements) {
            *answer = self.all(statement).await?;
        }
        Ok(answers)
    }

    pub(crate) async fn maybe(&self, statement: Statement) -> Result<Option<Row>, Fault> {
        Ok(self.all(statement).await?.pop())
    }

    /// One statement that is its own transaction; answers how many rows it changed.
    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, Fault> {
        if let Engine::Sqlite { .. } = &self.engine {
            let mut transaction = self.begin().await?;
            let changed = transaction.execute(statement).await?;
            transaction.commit().await?;
            return Ok(changed);
        }
        let asking = asking(statement.text);
        let done =
            statement.into_query().execute(self.pools.here()).instrument(asking).await.map_err(fault)?;
        Ok(done.rows_affected())
    }

    /// The connections that are open, and those of them that nobody uses.
    pub(crate) fn connections(&self) -> Connections {
        let pooled = self.pools.connections();
        match &self.engine {
            Engine::Postgres => pooled,
            Engine::Sqlite { writer, .. } => {
                let Connections { open, used, most } = pooled;
                Connections { open: open + 1, used: used + u64::from(writer.is_used()), most: most + 1 }
            }
        }
    }

    async fn begin(&self) -> Result<Transaction, Fault> {
        match &self.engine {
            Engine::Sqlite { writer, .. } => {
                let beginning = writer.begin().instrument(asking("begin immediate"));
                Ok(Transaction(Running::Inline(beginning.await?)))
            }
            Engine::Postgres => {
                let beginning = self.pools.here().begin_with("begin").instrument(asking("begin"));
                Ok(Transaction(Running::Pooled(beginning.await.map_err(fault)?)))
            }
        }
    }

    /// For [`transact!`].
    pub(crate) fn attempts(&self) -> Attempts<'_> {
        Attempts { database: self, made: 0 }
    }

    /// Copies a SQLite database as of one moment into a file that is not there yet. Nobody waits for it.
    pub(crate) async fn copy_to(&self, file: &str) -> Result<(), Fault> {
        let Engine::Sqlite { readers, .. } = &self.engine else {
            return Err(Fault::new("the database cannot be copied like this", "PostgreSQL has pg_dump"));
        };
        let (readers, file) = (readers.clone(), file.to_owned());
        let copied = tokio::task::spawn_blocking(move || readers.copy_to(&file)).await;
        copied
            .map_err(|stopped| Fault::new("copying the database was stopped", stopped))?
            .map_err(fault_of_sqlite)
    }

    /// Reads several statements as of one moment.
    pub(crate) async fn snapshot(&self) -> Result<Transaction, Fault> {
        let begin = match self.engine {
            Engine::Sqlite { .. } => "begin",
            Engine::Postgres => "begin isolation level repeatable read read only",
        };
        Ok(Transaction(Running::Pooled(self.pools.here().begin_with(begin).await.map_err(fault)?)))
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
        self.database.begin().await
    }

    /// Commits or rolls back; `None` when it is worth another attempt.
    pub(crate) async fn end<T>(
        &self,
        transaction: Transaction,
        outcome: Result<T, Error>,
    ) -> Option<Result<T, Error>> {
        let outcome = match outcome {
            Ok(done) => transaction.commit().await.map(|()| done).map_err(Error::from),
            Err(error) => {
                transaction.roll_back().await;
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
pub(crate) struct Transaction(Running);

enum Running {
    Pooled(sqlx::Transaction<'static, Any>),
    Inline(Writing),
}

impl Transaction {
    pub(crate) async fn all(&mut self, statement: Statement) -> Result<Vec<Row>, Fault> {
        let asking = asking(statement.text);
        match &mut self.0 {
            Running::Inline(writing) => asking.in_scope(|| writing.all(&statement)),
            Running::Pooled(pooled) => {
                let rows = statement.into_query().fetch_all(&mut **pooled).instrument(asking).await;
                Ok(rows.map_err(fault)?.into_iter().map(Row::from).collect())
            }
        }
    }

    pub(crate) async fn maybe(&mut self, statement: Statement) -> Result<Option<Row>, Fault> {
        Ok(self.all(statement).await?.pop())
    }

    /// Answers how many rows were inserted, updated or deleted: what a conditional update is decided by.
    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64, Fault> {
        let asking = asking(statement.text);
        match &mut self.0 {
            Running::Inline(writing) => asking.in_scope(|| writing.execute(&statement)),
            Running::Pooled(pooled) => {
                let done = statement.into_query().execute(&mut **pooled).instrument(asking).await;
                Ok(done.map_err(fault)?.rows_affected())
            }
        }
    }

    async fn commit(self) -> Result<(), Fault> {
        let asking = asking("commit");
        match self.0 {
            Running::Inline(writing) => asking.in_scope(|| writing.commit()),
            Running::Pooled(pooled) => pooled.commit().instrument(asking).await.map_err(fault),
        }
    }

    /// What led to it is the error to tell; the pool closes a connection that cannot roll back.
    async fn roll_back(self) {
        match self.0 {
            Running::Inline(writing) => drop(writing),
            Running::Pooled(pooled) => drop(pooled.rollback().await),
        }
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
        Some("40001" | "40P01" | "23505" | "23503") => Fault::contended(Some(error.into())),
        Some(code) if code.parse().is_ok_and(met_on_sqlite) => Fault::contended(Some(error.into())),
        _ => Fault::new("the database did not do it", error),
    }
}

fn fault_of_sqlite(error: rusqlite::Error) -> Fault {
    match error.sqlite_error() {
        Some(code) if met_on_sqlite(code.extended_code) => Fault::contended(Some(error.into())),
        _ => Fault::new("the database did not do it", error),
    }
}

/// Busy, locked, and the violated constraints: foreign key, primary key, unique.
fn met_on_sqlite(code: i32) -> bool {
    matches!(code, 5 | 6 | 261 | 517 | 787 | 1555 | 2067)
}
