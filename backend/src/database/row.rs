//! Rows in the store's own types, whichever driver read them.

use std::borrow::Cow;
use std::ops::Range;
use std::str::FromStr;
use std::string::FromUtf8Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::{AccountId, CardId, Money, PurchaseId, PurchaseKey, UploadId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::error::{BoxError, Fault};

/// One row of an answer.
pub(crate) struct Row(Read);

enum Read {
    Any(AnyRow),
    Inline { answer: Arc<Answer>, place: usize },
}

/// The columns' names, shared by the answers of a statement.
pub(super) type Names = Arc<[Box<str>]>;

/// What SQLite answered: its rows share it, so that a row costs nothing of its own.
pub(super) struct Answer {
    names: Names,
    /// Row after row.
    cells: Vec<Cell>,
    /// All that the cells hold, in their order.
    text: String,
    /// Where a column is looked for first: they are mostly read in their order.
    next: AtomicUsize,
}

enum Cell {
    Null,
    Number(i64),
    /// Where it stands in the answer's text.
    Text(Range<usize>),
}

/// An answer as it comes.
pub(super) struct Coming {
    cells: Vec<Cell>,
    text: Vec<u8>,
}

impl Coming {
    pub(super) fn new() -> Self {
        Self { cells: Vec::new(), text: Vec::new() }
    }

    pub(super) fn null(&mut self) {
        self.cells.push(Cell::Null);
    }

    pub(super) fn number(&mut self, number: i64) {
        self.cells.push(Cell::Number(number));
    }

    pub(super) fn text(&mut self, text: &[u8]) {
        let start = self.text.len();
        self.text.extend_from_slice(text);
        self.cells.push(Cell::Text(start..self.text.len()));
    }

    /// Of columns with these names.
    pub(super) fn into_rows(self, names: Names) -> Result<Vec<Row>, FromUtf8Error> {
        let rows = self.cells.len() / names.len().max(1);
        let text = String::from_utf8(self.text)?;
        let answer = Arc::new(Answer { names, cells: self.cells, text, next: AtomicUsize::new(0) });
        Ok((0..rows).map(|place| Row(Read::Inline { answer: answer.clone(), place })).collect())
    }
}

impl Answer {
    fn cell(&self, row: usize, name: &str) -> Result<&Cell, BoxError> {
        let column = self.column(name).ok_or_else(|| format!("there is no column {name}"))?;
        self.cells.get(row * self.names.len() + column).ok_or_else(|| "there is no such row".into())
    }

    fn column(&self, name: &str) -> Option<usize> {
        let (next, columns) = (self.next.load(Ordering::Relaxed), self.names.len());
        let is_it = |column: &usize| &*self.names[*column] == name;
        let column = if next < columns && is_it(&next) { next } else { (0..columns).find(is_it)? };
        self.next.store(if column + 1 < columns { column + 1 } else { 0 }, Ordering::Relaxed);
        Some(column)
    }
}

impl From<AnyRow> for Row {
    fn from(row: AnyRow) -> Self {
        Self(Read::Any(row))
    }
}

impl Row {
    /// Reads a column as the type that the caller needs.
    ///
    /// # Errors
    /// A fault when the column is missing or holds something else.
    pub(crate) fn get<T: Column>(&self, name: &str) -> Result<T, Fault> {
        T::read(self, name).map_err(|error| Fault::new("a stored value cannot be read", error))
    }

    /// Reads a column of text without copying it.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub(crate) fn lend(&self, name: &str) -> Result<Cow<'_, str>, Fault> {
        let text = self.text(name).and_then(|text| text.ok_or_else(|| format!("{name} is null").into()));
        text.map_err(|error| Fault::new("a stored value cannot be read", error))
    }

    fn number(&self, name: &str) -> Result<Option<i64>, BoxError> {
        match &self.0 {
            Read::Any(row) => Ok(row.try_get(name)?),
            Read::Inline { answer, place } => match answer.cell(*place, name)? {
                Cell::Null => Ok(None),
                Cell::Number(number) => Ok(Some(*number)),
                Cell::Text(_) => Err(format!("{name} holds text").into()),
            },
        }
    }

    fn text(&self, name: &str) -> Result<Option<Cow<'_, str>>, BoxError> {
        match &self.0 {
            Read::Any(row) => Ok(row.try_get::<Option<String>, _>(name)?.map(Cow::Owned)),
            Read::Inline { answer, place } => match answer.cell(*place, name)? {
                Cell::Null => Ok(None),
                Cell::Text(range) => {
                    let text = answer.text.get(range.clone());
                    Ok(Some(text.ok_or_else(|| format!("{name} ends within a character"))?.into()))
                }
                Cell::Number(_) => Err(format!("{name} holds a number").into()),
            },
        }
    }
}

/// What a column can hold.
pub(crate) trait Column: Sized {
    fn read(row: &Row, name: &str) -> Result<Self, BoxError>;
}

macro_rules! columns {
    ($($kind:ty: $read:ident, $convert:expr;)*) => {$(
        impl Column for Option<$kind> {
            fn read(row: &Row, name: &str) -> Result<Self, BoxError> {
                row.$read(name)?.map($convert).transpose()
            }
        }

        impl Column for $kind {
            fn read(row: &Row, name: &str) -> Result<Self, BoxError> {
                Option::<Self>::read(row, name)?.ok_or_else(|| format!("{name} is null").into())
            }
        }
    )*};
}

columns! {
    i64: number, Ok;
    Money: number, |cents| Ok(Money::from_cents(cents));
    String: text, |text| Ok(text.into_owned());
    AccountId: text, parse;
    CardId: text, parse;
    PurchaseId: text, parse;
    PurchaseKey: text, parse;
    UploadId: text, parse;
}

fn parse<T: FromStr<Err: Into<BoxError>>>(text: Cow<'_, str>) -> Result<T, BoxError> {
    text.parse().map_err(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(coming: Coming) -> Vec<Row> {
        coming.into_rows(["a", "b"].map(Into::into).into()).unwrap()
    }

    #[test]
    fn columns_are_found_in_any_order() {
        let mut coming = Coming::new();
        for number in 0..3 {
            coming.number(number);
            coming.text(format!("ä{number}").as_bytes());
        }
        for (place, row) in rows(coming).iter().enumerate() {
            assert_eq!(row.lend("b").unwrap(), format!("ä{place}"));
            assert_eq!(row.get::<i64>("a").unwrap(), place as i64);
            assert_eq!(row.get::<String>("b").unwrap(), format!("ä{place}"));
            assert!(row.get::<i64>("b").is_err() && row.get::<i64>("c").is_err());
        }
    }

    #[test]
    fn broken_text_is_a_fault() {
        let mut coming = Coming::new();
        coming.text(&"ä".as_bytes()[..1]);
        coming.text(&"ä".as_bytes()[1..]);
        // Together they are a character, neither is one.
        assert!(rows(coming).iter().all(|row| row.lend("a").is_err() && row.lend("b").is_err()));
        let mut coming = Coming::new();
        coming.text(b"\xff");
        assert!(coming.into_rows(["a"].map(Into::into).into()).is_err());
    }
}
