//! Opening the database: pools, what every connection is told first, and the migrations.

use std::sync::Once;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AnyConnection, AnyPool, Connection as _};
use tokio::time::timeout;

use super::inline::{Readers, path_of};
use super::pools::{Pools, pool};
use super::writer::Writer;
use super::{ACQUIRE_TIMEOUT, Database, Engine};
use crate::error::BoxError;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Everything else is done inline.
const SQLITE_SNAPSHOTS: u32 = 4;
/// A fleet of ten nodes stays below PostgreSQL's default of 100.
const POSTGRES_CONNECTIONS: u32 = 9;
/// Of these, where threads have their own: what is left is more than a node needs besides.
const POSTGRES_CONNECTIONS_OF_THREADS: u32 = 6;

/// Waits for another process's migrations instead of failing at once.
const SQLITE_MIGRATIONS: &str = "pragma busy_timeout = 5000; pragma journal_mode = wal; \
     pragma synchronous = normal; pragma foreign_keys = on";
const SQLITE_SNAPSHOT: &str = "pragma busy_timeout = 5000; pragma query_only = on";
const POSTGRES: &str = "set statement_timeout = '10s'; set lock_timeout = '5s'; \
     set idle_in_transaction_session_timeout = '20s'";

impl Database {
    /// Connects and brings the tables up to date; any number of nodes may do so at once.
    pub(crate) async fn open(url: &str) -> Result<Self, BoxError> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);

        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            // Not by the pool, which would try again and then say only that it timed out.
            let mut connection = timeout(ACQUIRE_TIMEOUT, AnyConnection::connect(url)).await??;
            // sqlx holds an advisory lock meanwhile.
            migrate(&mut connection).await?;
            connection.close().await?;
            let pools = Pools::open(url, POSTGRES_CONNECTIONS, POSTGRES)?;
            Ok(Self { engine: Engine::Postgres, pools })
        } else if url.starts_with("sqlite:") && !url.contains(":memory:") && !url.contains("mode=memory") {
            let url = creating(url);
            let migrations = pool(1, SQLITE_MIGRATIONS).connect(&url).await?;
            migrate_sqlite(&migrations).await?;
            let path = path_of(&url)?;
            let engine = Engine::Sqlite { writer: Writer::open(&path)?, readers: Readers::open(path)? };
            migrations.close().await;
            Ok(Self { engine, pools: Pools::open(&url, SQLITE_SNAPSHOTS, SQLITE_SNAPSHOT)? })
        } else {
            Err("expected sqlite://FILE or postgres://…".into())
        }
    }
}

impl Database {
    /// Gives this thread, one of so many, connections of its own on the runtime that this is called on. On SQLite every
    /// thread has.
    pub(crate) fn connect_here(&self, threads: usize) -> Result<(), BoxError> {
        match self.engine {
            Engine::Sqlite { .. } => Ok(()),
            Engine::Postgres => Ok(self.pools.open_here(POSTGRES_CONNECTIONS_OF_THREADS, threads)?),
        }
    }
}

/// sqlx locks nothing on SQLite, so the write lock is taken first and the migrations run inside it.
async fn migrate_sqlite(pool: &AnyPool) -> Result<(), BoxError> {
    let mut transaction = pool.begin_with("begin immediate").await?;
    migrate(&mut transaction).await?;
    Ok(transaction.commit().await?)
}

/// By the function that takes a connection: a future of `Migrator::run` is not `Send` enough to be spawned.
async fn migrate(connection: &mut AnyConnection) -> Result<(), MigrateError> {
    MIGRATIONS.run_direct(None, connection, false).await
}

/// A database file is made when it is missing, unless the URL says how to open it.
fn creating(url: &str) -> String {
    match url.split_once('?') {
        Some((_, options)) if options.contains("mode=") => url.to_owned(),
        Some(_) => format!("{url}&mode=rwc"),
        None => format!("{url}?mode=rwc"),
    }
}
