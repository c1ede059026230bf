//! Rows in the store's own types, whichever driver read them.

use std::borrow::Cow;
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
    Inline { names: Names, cells: Vec<Cell> },
}

/// The columns' names, shared by the rows of an answer.
pub(super) type Names = Arc<[Box<str>]>;

/// One value as SQLite stores it.
pub(super) enum Cell {
    Null,
    Number(i64),
    Text(String),
}

impl From<AnyRow> for Row {
    fn from(row: AnyRow) -> Self {
        Self(Read::Any(row))
    }
}

impl Row {
    pub(super) fn inline(names: Names, cells: Vec<Cell>) -> Self {
        Self(Read::Inline { names, cells })
    }

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
            Read::Inline { names, cells } => match cell(names, cells, name)? {
                Cell::Null => Ok(None),
                Cell::Number(number) => Ok(Some(*number)),
                Cell::Text(_) => Err(format!("{name} holds text").into()),
            },
        }
    }

    fn text(&self, name: &str) -> Result<Option<Cow<'_, str>>, BoxError> {
        match &self.0 {
            Read::Any(row) => Ok(row.try_get::<Option<String>, _>(name)?.map(Cow::Owned)),
            Read::Inline { names, cells } => match cell(names, cells, name)? {
                Cell::Null => Ok(None),
                Cell::Text(text) => Ok(Some(Cow::Borrowed(text))),
                Cell::Number(_) => Err(format!("{name} holds a number").into()),
            },
        }
    }
}

fn cell<'a>(names: &Names, cells: &'a [Cell], name: &str) -> Result<&'a Cell, BoxError> {
    let place = names.iter().position(|known| &**known == name);
    place.and_then(|place| cells.get(place)).ok_or_else(|| format!("there is no column {name}").into())
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
