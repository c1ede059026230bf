//! Reading from SQLite on the thread that asks: handing a query to another thread costs more than answering it.
//!
//! Only statements that an index answers are read like this; what adds up whole tables takes a snapshot.

use std::collections::HashMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use sqlx::sqlite::SqliteConnectOptions;

use super::row::{Cell, Names, Row};
use super::statement::{Statement, Value};
use crate::error::BoxError;

/// More idle connections than this are closed: no more than threads ever read at once.
const MOST_IDLE: usize = 16;
/// Readers wait for nobody, except while a log that a killed process left is put in order.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);
/// More statements than the store has.
const STATEMENTS: usize = 128;

pub(super) struct Inline {
    path: PathBuf,
    idle: Mutex<Vec<Reader>>,
}

struct Reader {
    connection: Connection,
    shapes: HashMap<&'static str, Shape>,
}

/// What is known of a statement once it is prepared.
struct Shape {
    names: Names,
    /// Which value each of SQLite's parameters wants: `$2` may come before `$1`.
    wanted: Vec<usize>,
}

impl Inline {
    /// For the file that the URL names; it must exist.
    pub(super) fn open(url: &str) -> Result<Self, BoxError> {
        let path = SqliteConnectOptions::from_str(url)?.get_filename().to_owned();
        let inline = Self { path, idle: Mutex::default() };
        let first = inline.connect()?;
        inline.put_back(first);
        Ok(inline)
    }

    pub(super) fn all(&self, statement: &Statement) -> Result<Vec<Row>, rusqlite::Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => self.connect()?,
        };
        let rows = reader.all(statement);
        self.put_back(reader);
        rows
    }

    fn connect(&self) -> Result<Reader, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "query_only", true)?;
        // Else every new value makes SQLite plan the statement anew.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(Reader { connection, shapes: HashMap::new() })
    }

    fn put_back(&self, reader: Reader) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE {
            idle.push(reader);
        }
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

impl Reader {
    fn all(&mut self, statement: &Statement) -> Result<Vec<Row>, rusqlite::Error> {
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
        let width = shape.names.len();
        let mut answer = Vec::new();
        let mut rows = prepared.raw_query();
        while let Some(row) = rows.next()? {
            let mut cells = Vec::with_capacity(width);
            for place in 0..width {
                cells.push(match row.get_ref(place)? {
                    ValueRef::Integer(number) => Cell::Number(number),
                    ValueRef::Text(_) => Cell::Text(row.get(place)?),
                    ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => Cell::Null,
                });
            }
            answer.push(Row::inline(shape.names.clone(), cells));
        }
        Ok(answer)
    }
}
