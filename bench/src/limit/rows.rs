//! Rows: the statements of the store's pages, read with rusqlite on the thread that asks.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Params, Result, params};

const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const STATEMENTS: usize = 32;
/// One more than a page of the market shows.
const MARKET_ROWS: i64 = 25;
const COUNTED_UP_TO: i64 = 1000;

thread_local! {
    static READER: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

pub(super) struct Rows {
    path: PathBuf,
}

impl Rows {
    pub(super) fn of(path: PathBuf) -> Self {
        Self { path }
    }

    /// With the connection of this thread.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Reader<'_>) -> Result<T>) -> Result<T> {
        READER.with_borrow_mut(|reader| {
            if reader.is_none() {
                *reader = Some(open(&self.path)?);
            }
            match reader {
                Some(connection) => read(&Reader(connection)),
                None => Err(rusqlite::Error::InvalidQuery),
            }
        })
    }
}

fn open(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// As safe as the store's: a commit is in the log, and the log is synchronised at checkpoints.
pub(super) fn writer(path: &Path) -> Result<Connection> {
    let connection = open(path)?;
    connection
        .execute_batch("pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on")?;
    Ok(connection)
}

/// Each reading answers how many rows there were.
pub(super) struct Reader<'a>(&'a Connection);

impl Reader<'_> {
    pub(super) fn profile(&self, account: &str) -> Result<usize> {
        self.touch(
            "select username, balance_cents, (select count(*) from \
                 (select 1 from notifications where account_id = ?1 and read_at_ms is null limit 100) as counted), \
                 (select coalesce(max(number), 0) from notifications where account_id = ?1) \
             from accounts where id = ?1 and activated_at_ms is not null and suspended_at_ms is null \
                 and deleted_at_ms is null",
            params![account],
        )
    }

    pub(super) fn collection(&self, account: &str) -> Result<usize> {
        self.touch(
            "select id, name, alt, image_key, thumbnail_key, price_cents, version from cards \
             where owner_id = ?1 order by added_at_ms desc, id desc limit 1000",
            params![account],
        )
    }

    pub(super) fn market(&self) -> Result<usize> {
        self.touch(
            "select c.id, c.name, c.alt, c.image_key, c.thumbnail_key, c.price_cents, page.position, a.username, \
                 (select count(*) from \
                     (select 1 from cards where price_cents is not null and hidden is null limit ?2) as counted) \
             from (select id, listed_at_ms as position from cards \
                 where price_cents is not null and hidden is null \
                 order by listed_at_ms desc, id desc limit ?1) as page \
             join cards c on c.id = page.id join accounts a on a.id = c.owner_id \
             order by page.position desc, page.id desc",
            params![MARKET_ROWS, COUNTED_UP_TO],
        )
    }

    /// With its past.
    pub(super) fn card(&self, card: &str, visitor: Option<&str>) -> Result<usize> {
        let found = self.touch(
            "select c.id, c.owner_id, c.name, c.alt, c.image_key, c.price_cents, c.version, c.listed_at_ms, \
                 a.username, (select count(*) from watches where account_id = ?2 and card_id = ?1) \
             from cards c join accounts a on a.id = c.owner_id \
             where c.id = ?1 and (c.hidden is null or c.owner_id = ?2)",
            params![card, visitor],
        )?;
        self.touch(
            "select s.username, b.username, p.price_cents, p.bought_at_ms \
             from purchases p join accounts s on s.id = p.seller_id join accounts b on b.id = p.buyer_id \
             where p.card_id = ?1 order by p.card_version desc limit 20",
            params![card],
        )?;
        Ok(found)
    }

    /// The account's id and password hash.
    pub(super) fn credentials(&self, username: &str) -> Result<(String, String)> {
        let mut statement = self.0.prepare_cached(
            "select id, password_hash from accounts where username_key = ?1 and deleted_at_ms is null",
        )?;
        statement.query_row(params![username], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn touch(&self, text: &str, parameters: impl Params) -> Result<usize> {
        let mut statement = self.0.prepare_cached(text)?;
        let columns = statement.column_count();
        let (mut found, mut rows) = (0, statement.query(parameters)?);
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                std::hint::black_box(row.get_ref(column)?);
            }
            found += 1;
        }
        Ok(found)
    }
}
