//! Rows in the store's own types, whichever driver read them.

use std::borrow::Cow;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

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
}

enum Cell {
    Null,
    Number(i64),
    /// Where it stands in the answer's text.
    Text(Range<usize>),
}

impl Answer {
    pub(super) fn of(names: Names) -> Self {
        Self { names, cells: Vec::new(), text: String::new() }
    }

    pub(super) fn null(&mut self) {
        self.cells.push(Cell::Null);
    }

    pub(super) fn number(&mut self, number: i64) {
        self.cells.push(Cell::Number(number));
    }

    pub(super) fn text(&mut self, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.cells.push(Cell::Text(start..self.text.len()));
    }

    pub(super) fn into_rows(self) -> Vec<Row> {
        let rows = self.cells.len() / self.names.len().max(1);
        let answer = Arc::new(self);
        (0..rows).map(|place| Row(Read::Inline { answer: answer.clone(), place })).collect()
    }

    fn cell(&self, row: usize, name: &str) -> Result<&Cell, BoxError> {
        let column = self.names.iter().position(|known| &**known == name);
        let cell = column.and_then(|column| self.cells.get(row * self.names.len() + column));
        cell.ok_or_else(|| format!("there is no column {name}").into())
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
                Cell::Text(range) => Ok(Some(Cow::Borrowed(&answer.text[range.clone()]))),
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
