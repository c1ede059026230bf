//! A database of a test's own, on SQLite or PostgreSQL.

use std::env;

use sqlx::any::AnyPoolOptions;
use sqlx::{AnyPool, AssertSqlSafe, Row as _};
use tempfile::TempDir;

pub(crate) struct TestDatabase {
    home: Home,
    pool: AnyPool,
}

enum Home {
    Sqlite(TempDir),
    Postgres { server: String, name: String },
}

impl TestDatabase {
    pub(crate) async fn create() -> Self {
        sqlx::any::install_default_drivers();
        let home = match env::var("CARDSTORE_TEST_DATABASE_URL") {
            Ok(server) => {
                let name = format!("test_{}", uuid::Uuid::now_v7().simple());
                at_server(&server, &format!("create database {name}")).await;
                Home::Postgres { server, name }
            }
            Err(_) => Home::Sqlite(TempDir::new().unwrap()),
        };
        let pool = AnyPoolOptions::new().max_connections(1).connect_lazy(&home.url()).unwrap();
        Self { home, pool }
    }

    pub(crate) fn url(&self) -> String {
        self.home.url()
    }

    /// The back door: for what no visitor can do, such as letting a day pass.
    pub(crate) async fn run(&self, statement: &str) -> u64 {
        let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&self.pool).await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}")).rows_affected()
    }

    pub(crate) async fn number(&self, statement: &str) -> i64 {
        self.row(statement).await.get(0)
    }

    pub(crate) async fn text(&self, statement: &str) -> String {
        self.row(statement).await.get(0)
    }

    async fn row(&self, statement: &str) -> sqlx::any::AnyRow {
        let row = sqlx::query(AssertSqlSafe(statement.to_owned())).fetch_one(&self.pool).await;
        row.unwrap_or_else(|error| panic!("{statement}: {error}"))
    }
}

impl Home {
    fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite://{}?mode=rwc", folder.path().join("store.db").display()),
            Self::Postgres { server, name } => on_server(server, name),
        }
    }
}

/// The server's URL with another database's name.
fn on_server(server: &str, name: &str) -> String {
    let (address, options) = server.split_once('?').map_or((server, None), |(a, o)| (a, Some(o)));
    let authority_at = address.find("://").map_or(0, |at| at + 3);
    let authority_end = address[authority_at..].find('/').map_or(address.len(), |at| authority_at + at);
    let options = options.map(|options| format!("?{options}")).unwrap_or_default();
    format!("{}/{name}{options}", &address[..authority_end])
}

async fn at_server(server: &str, statement: &str) {
    let pool = AnyPoolOptions::new().max_connections(1).connect(server).await;
    let pool = pool.expect("CARDSTORE_TEST_DATABASE_URL names a running PostgreSQL");
    let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&pool).await;
    done.unwrap_or_else(|error| panic!("{statement}: {error}"));
    pool.close().await;
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Home::Postgres { server, name } = &self.home else { return };
        let (server, statement) = (server.clone(), format!("drop database {name} with (force)"));
        // A test's own runtime cannot wait inside a drop; a thread with its own can.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(at_server(&server, &statement));
        });
        let dropped = dropping.join();
        assert!(dropped.is_ok() || std::thread::panicking(), "the test database stays behind");
    }
}
