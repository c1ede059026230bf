//! Statements and their parameters in the store's own types, so that no caller names the driver.

use domain::{AccountId, CardId, Money, PurchaseId, PurchaseKey, UploadId};
use sqlx::Any;
use sqlx::any::AnyArguments;
use sqlx::query::Query;

/// A statement with its parameters `$1`, `$2`, … in order.
pub(crate) struct Statement {
    pub(super) text: &'static str,
    pub(super) values: Vec<Value>,
}

pub(crate) fn sql(text: &'static str) -> Statement {
    // Whichever driver it goes to; the tests ask for its plan.
    tracing::trace!(target: "backend::sql", text);
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

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
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

macro_rules! ids {
    ($($id:ty),*) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::Text(Some((*id.text()).to_owned()))
            }
        }

        impl From<Option<$id>> for Value {
            fn from(id: Option<$id>) -> Self {
                Self::Text(id.map(|id| (*id.text()).to_owned()))
            }
        }
    )*};
}

ids!(AccountId, CardId, PurchaseId, PurchaseKey, UploadId);
