//! SQLite on the thread that asks: handing a statement to another thread costs more than doing it.
//!
//! Only statements that an index answers are done like this; what adds up whole tables takes a snapshot.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{Type, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags};
use rustc_hash::FxHashMap;
use sqlx::sqlite::SqliteConnectOptions;
use thread_local::ThreadLocal;

use super::row::{Coming, Names, Row};
use super::statement::{Statement, Value};
use crate::error::BoxError;

/// Readers wait for nobody, except while a log that a killed process left is put in order.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);
const READER: &str = "pragma query_only = on";
/// More statements than the store has.
const STATEMENTS: usize = 128;

/// Connections that read. Each thread that does has its own: what one has in the caches of its core, another would have
/// to fetch from there.
#[derive(Clone)]
pub(super) struct Readers(Arc<Shared>);

struct Shared {
    path: PathBuf,
    /// Nothing in it while it reads.
    own: ThreadLocal<Cell<Option<Inline>>>,
}

/// A connection that remembers its statements.
pub(super) struct Inline {
    pub(super) connection: Connection,
    shapes: FxHashMap<&'static str, Shape>,
}

/// What is known of a statement once it is prepared.
struct Shape {
    names: Names,
    /// Which value each of SQLite's parameters wants: `$2` may come before `$1`.
    wanted: Vec<usize>,
}

/// The file that a URL names.
pub(super) fn path_of(url: &str) -> Result<PathBuf, BoxError> {
    Ok(SqliteConnectOptions::from_str(url)?.get_filename().to_owned())
}

impl Readers {
    /// Of a file that exists.
    pub(super) fn open(path: PathBuf) -> Result<Self, BoxError> {
        let readers = Self(Arc::new(Shared { path, own: ThreadLocal::new() }));
        let first = readers.connect()?;
        readers.put_back(first);
        Ok(readers)
    }

    pub(super) fn all(&self, statement: &Statement) -> Result<Vec<Row>, rusqlite::Error> {
        let mut reader = self.take()?;
        let rows = reader.all(statement);
        self.put_back(reader);
        rows
    }

    /// As of one moment.
    pub(super) fn each<const N: usize>(
        &self,
        statements: &[Statement; N],
    ) -> Result<[Vec<Row>; N], rusqlite::Error> {
        let mut reader = self.take()?;
        let mut answers = [const { Vec::new() }; N];
        reader.connection.prepare_cached("begin")?.execute([])?;
        for (answer, statement) in answers.iter_mut().zip(statements) {
            // A reader that failed in between is closed, and with it what it began.
            *answer = reader.all(statement)?;
        }
        reader.connection.prepare_cached("commit")?.execute([])?;
        self.put_back(reader);
        Ok(answers)
    }

    fn take(&self) -> Result<Inline, rusqlite::Error> {
        self.0.own.get_or_default().take().map_or_else(|| self.connect(), Ok)
    }

    /// With a connection of its own, for as long as it takes.
    pub(super) fn copy_to(&self, file: &str) -> Result<(), rusqlite::Error> {
        let connection = Connection::open_with_flags(&self.0.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.execute("vacuum into ?1", [file])?;
        Ok(())
    }

    fn connect(&self) -> Result<Inline, rusqlite::Error> {
        Inline::connect(&self.0.path, BUSY_TIMEOUT, READER)
    }

    fn put_back(&self, reader: Inline) {
        self.0.own.get_or_default().set(Some(reader));
    }
}

impl Shape {
    fn of(prepared: &rusqlite::Statement<'_>) -> Self {
        let names = prepared.column_names().into_iter().map(Box::from).collect();
        let number = |place: usize| prepared.parameter_name(place)?.strip_prefix('$')?.parse::<usize>().ok();
        let wanted =
            (1..=prepared.parameter_count()).map(|place| number(place).unwrap_or(place) - 1).collect();
        Self { names, wanted }
    }
}

impl Inline {
    /// `busy` is how long a statement may block its thread while another connection writes; `first` is done at once.
    pub(super) fn connect(path: &Path, busy: Duration, first: &str) -> Result<Self, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(busy)?;
        connection.execute_batch(first)?;
        // Else every new value makes SQLite plan the statement anew.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(Self { connection, shapes: FxHashMap::default() })
    }

    pub(super) fn all(&mut self, statement: &Statement) -> Result<Vec<Row>, rusqlite::Error> {
        let (mut prepared, shape) = self.prepare(statement)?;
        let width = shape.names.len();
        let mut answer = Coming::new();
        let mut rows = prepared.raw_query();
        while let Some(row) = rows.next()? {
            for place in 0..width {
                match row.get_ref(place)? {
                    ValueRef::Integer(number) => answer.number(number),
                    ValueRef::Text(bytes) => answer.text(bytes),
                    ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => answer.null(),
                }
            }
        }
        let rows = answer.into_rows(shape.names.clone());
        rows.map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))
    }

    /// Answers how many rows it changed.
    pub(super) fn execute(&mut self, statement: &Statement) -> Result<u64, rusqlite::Error> {
        let (mut prepared, _) = self.prepare(statement)?;
        Ok(prepared.raw_execute()? as u64)
    }

    /// With the values in their places.
    fn prepare(&mut self, statement: &Statement) -> Result<(CachedStatement<'_>, &Shape), rusqlite::Error> {
        let mut prepared = self.connection.prepare_cached(statement.text)?;
        let shape = self.shapes.entry(statement.text).or_insert_with(|| Shape::of(&prepared));
        for (place, wanted) in shape.wanted.iter().enumerate() {
            match statement.values.get(*wanted) {
                Some(Value::Number(number)) => prepared.raw_bind_parameter(place + 1, number)?,
                Some(Value::Text(text)) => prepared.raw_bind_parameter(place + 1, text)?,
                None => {
                    return Err(rusqlite::Error::InvalidParameterCount(statement.values.len(), *wanted + 1));
                }
            }
        }
        Ok((prepared, shape))
    }
}
