//! The database: one portable SQL for SQLite and PostgreSQL, behind the only module that knows a driver.

mod connecting;
mod statement;

use std::time::Duration;

use sqlx::{Any, AnyPool};

use crate::error::{Error, Fault};
pub(crate) use statement::{Row, Statement, sql};

/// How often a transaction that met another one is tried before that is a fault.
const MOST_ATTEMPTS: u32 = 8;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

pub(crate) struct Database {
    kind: Kind,
    reads: AnyPool,
    /// On SQLite a single connection: writers of one process queue here instead of in SQLite's busy handler.
    writes: AnyPool,
}

impl Database {
    pub(crate) async fn all(&self, statement: Statement) -> Result<Vec<Row>, Fault> {
        let rows = statement.into_query().fetch_all(&self.reads).await.map_err(fault)?;
        Ok(rows.into_iter().map(Row::from).collect())
    }

    pub(crate) async fn maybe(&self, statement: Statement) -> Result<Option<Row>, Fault> {
        Ok(self.all(statement).await?.pop())
    }

    /// Does `work` in one transaction: committed when it answers `Ok`, rolled back otherwise. When it met another
    /// transaction it is done again from the start, so it must have no other effect.
    pub(crate) async fn write<T>(
        &self,
        work: impl AsyncFn(&mut Transaction) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let begin = match self.kind {
            Kind::Sqlite => "begin immediate",
            Kind::Postgres => "begin",
        };
        for attempt in 1..MOST_ATTEMPTS {
            match attempt_once(&self.writes, begin, &work).await {
                Err(Error::Fault(fault)) if fault.is_transient() => backoff(attempt).await,
                outcome => return outcome,
            }
        }
        attempt_once(&self.writes, begin, &work).await
    }

    /// Reads several statements as of one moment.
    pub(crate) async fn snapshot<T>(
        &self,
        work: impl AsyncFn(&mut Transaction) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let begin = match self.kind {
            Kind::Sqlite => "begin",
            Kind::Postgres => "begin isolation level repeatable read read only",
        };
        attempt_once(&self.reads, begin, &work).await
    }
}

async fn attempt_once<T>(
    pool: &AnyPool,
    begin: &'static str,
    work: &impl AsyncFn(&mut Transaction) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut transaction = Transaction(pool.begin_with(begin).await.map_err(fault)?);
    match work(&mut transaction).await {
        Ok(done) => {
            transaction.0.commit().await.map_err(fault)?;
            Ok(done)
        }
        Err(error) => {
            // The first error is the one to tell; a connection that cannot roll back is closed by the pool.
            let _ = transaction.0.rollback().await;
            Err(error)
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
        let rows = statement.into_query().fetch_all(&mut *self.0).await.map_err(fault)?;
        Ok(rows.into_iter().map(Row::from).collect())
    }

    pub(crate) async fn maybe(&mut self, statement: Statement) -> Result<Option<Row>, Fault> {
        Ok(self.all(statement).await?.pop())
    }

    /// Answers how many rows were inserted, updated or deleted: what a conditional update is decided by.
    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64, Fault> {
        let done = statement.into_query().execute(&mut *self.0).await.map_err(fault)?;
        Ok(done.rows_affected())
    }
}

/// Tells two transactions that met (PostgreSQL 40001 and 40P01, SQLite's busy codes) from real trouble.
fn fault(error: sqlx::Error) -> Fault {
    let code = error.as_database_error().and_then(|error| error.code());
    match code.as_deref() {
        Some("40001" | "40P01" | "5" | "6" | "261" | "517") => Fault::contended(Some(error.into())),
        _ => Fault::new("the database did not do it", error),
    }
}
