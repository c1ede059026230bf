//! Statements and rows in the store's own types, so that no caller names the driver.

use std::str::FromStr;

use domain::{AccountId, CardId, Money, PurchaseId, PurchaseKey, UploadId};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, Row as _};

use crate::error::Fault;

/// A statement with its parameters `$1`, `$2`, … in order.
pub(crate) struct Statement {
    text: &'static str,
    values: Vec<Value>,
}

pub(crate) fn sql(text: &'static str) -> Statement {
    Statement { text, values: Vec::new() }
}

impl Statement {
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    pub(super) fn into_query(self) -> Query<'static, Any, AnyArguments> {
        self.values.into_iter().fold(sqlx::query(self.text), |query, value| match value {
            Value::Number(number) => query.bind(number),
            Value::Text(text) => query.bind(text),
        })
    }
}

/// PostgreSQL wants to know of what type nothing is.
pub(crate) enum Value {
    Number(Option<i64>),
    Text(Option<String>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Money> for Value {
    fn from(money: Money) -> Self {
        Self::Number(Some(money.cents()))
    }
}

impl From<Option<Money>> for Value {
    fn from(money: Option<Money>) -> Self {
        Self::Number(money.map(Money::cents))
    }
}

/// One row of an answer.
pub(crate) struct Row(AnyRow);

impl From<AnyRow> for Row {
    fn from(row: AnyRow) -> Self {
        Self(row)
    }
}

impl Row {
    /// Reads a column as the type that the caller needs.
    ///
    /// # Errors
    /// A fault when the column is missing or holds something else.
    pub(crate) fn get<T: Column>(&self, name: &str) -> Result<T, Fault> {
        T::read(&self.0, name).map_err(|error| Fault::new("a stored value cannot be read", error))
    }
}

/// What a column can hold.
pub(crate) trait Column: Sized {
    fn read(row: &AnyRow, name: &str) -> Result<Self, sqlx::Error>;
}

macro_rules! plain_columns {
    ($($kind:ty),*) => {$(
        impl Column for $kind {
            fn read(row: &AnyRow, name: &str) -> Result<Self, sqlx::Error> {
                row.try_get(name)
            }
        }
    )*};
}

plain_columns!(i64, Option<i64>, String, Option<String>);

impl Column for Money {
    fn read(row: &AnyRow, name: &str) -> Result<Self, sqlx::Error> {
        row.try_get(name).map(Self::from_cents)
    }
}

impl Column for Option<Money> {
    fn read(row: &AnyRow, name: &str) -> Result<Self, sqlx::Error> {
        Ok(row.try_get::<Option<i64>, _>(name)?.map(Money::from_cents))
    }
}

macro_rules! id_columns {
    ($($id:ty),*) => {$(
        impl Column for $id {
            fn read(row: &AnyRow, name: &str) -> Result<Self, sqlx::Error> {
                let text: String = row.try_get(name)?;
                Self::from_str(&text).map_err(|error| sqlx::Error::Decode(error.into()))
            }
        }

        impl Column for Option<$id> {
            fn read(row: &AnyRow, name: &str) -> Result<Self, sqlx::Error> {
                let text: Option<String> = row.try_get(name)?;
                let id = text.map(|text| <$id>::from_str(&text)).transpose();
                id.map_err(|error| sqlx::Error::Decode(error.into()))
            }
        }

        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::Text(Some(id.to_string()))
            }
        }

        impl From<Option<$id>> for Value {
            fn from(id: Option<$id>) -> Self {
                Self::Text(id.map(|id| id.to_string()))
            }
        }
    )*};
}

id_columns!(AccountId, CardId, PurchaseId, PurchaseKey, UploadId);
