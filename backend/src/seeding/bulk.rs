//! Bulk: many rows a statement, many statements a transaction.

use crate::database::{Statement, sql, transact};
use crate::error::Error;
use crate::store::Store;

/// Well below what both databases take as parameters of one statement.
const ROWS_PER_STATEMENT: usize = 500;
/// Other writers wait no longer than such a transaction takes.
const ROWS_PER_TRANSACTION: usize = 10_000;

pub(super) struct Bulk<'a> {
    store: &'a Store,
    said: &'a (dyn Fn(usize, usize) + Sync),
    written: usize,
    expected: usize,
}

impl<'a> Bulk<'a> {
    /// `said` hears how many of how many rows are written.
    pub(super) fn into_store(store: &'a Store, said: &'a (dyn Fn(usize, usize) + Sync)) -> Self {
        Self { store, said, written: 0, expected: 0 }
    }

    pub(super) fn expect(&mut self, rows: usize) {
        self.expected = rows;
    }

    /// Inserts rows; `bind` gives a statement the values of one, by its number.
    pub(super) async fn insert(
        &mut self,
        table: &Table,
        count: usize,
        bind: impl Fn(Statement, usize) -> Statement,
    ) -> Result<(), Error> {
        for first in (0..count).step_by(ROWS_PER_TRANSACTION) {
            let end = count.min(first + ROWS_PER_TRANSACTION);
            transact!(self.store, |transaction| {
                let mut row = first;
                while row < end {
                    let many = end - row >= ROWS_PER_STATEMENT;
                    let (text, rows) = if many { (table.many, ROWS_PER_STATEMENT) } else { (table.one, 1) };
                    transaction.execute((row..row + rows).fold(sql(text), &bind)).await?;
                    row += rows;
                }
                Ok(())
            })?;
            self.written += end - first;
            (self.said)(self.written, self.expected.max(self.written));
        }
        Ok(())
    }
}

/// The statements that insert one row and many.
pub(super) struct Table {
    one: &'static str,
    many: &'static str,
}

impl Table {
    /// `into` is a table with its columns: `table (one, another)`.
    pub(super) fn new(into: &str) -> Self {
        // Never given back: a handful of texts, and seeding is all that the process does.
        let text = |rows| &*insert(into, rows).leak();
        Self { one: text(1), many: text(ROWS_PER_STATEMENT) }
    }
}

fn insert(into: &str, rows: usize) -> String {
    let columns = into.matches(',').count() + 1;
    let row = |row: usize| {
        let parameters = (1..=columns).map(|column| format!("${}", row * columns + column));
        format!("({})", parameters.collect::<Vec<_>>().join(", "))
    };
    format!("insert into {into} values {}", (0..rows).map(row).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_parameters_of_its_own() {
        assert_eq!(insert("t (a, b)", 2), "insert into t (a, b) values ($1, $2), ($3, $4)");
    }
}
