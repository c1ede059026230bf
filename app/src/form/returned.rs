//! What a form without script brought back from the node: what was typed, and what is wrong.

use std::collections::HashMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::ServerFn;

use crate::error::Problem;

/// What a form without script brought back: its function, what was typed (never a password), what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The path of the server function, `/api/…`.
    pub function: String,
    pub values: HashMap<String, String>,
    pub problem: Option<Problem>,
}

impl Returned {
    /// Takes it from the request on the node, and from the page in the browser, so that both render the same.
    pub(crate) fn provide() {
        #[cfg(feature = "ssr")]
        let returned = crate::server::PageData::expect().keep("returned", use_context::<Self>());
        #[cfg(not(feature = "ssr"))]
        let returned = crate::data::browser::take::<Self>("returned");
        provide_context(StoredValue::new(returned.unwrap_or_default()));
    }

    /// What was typed into `field` of the form of `S` before it was refused.
    #[must_use]
    pub fn value<S: ServerFn>(field: &str) -> Option<String> {
        Self::typed(S::PATH, field)
    }

    pub(super) fn typed(function: &str, field: &str) -> Option<String> {
        Self::of(function, |returned| returned.values.get(field).cloned())
    }

    pub(super) fn problem(function: &str) -> Option<Problem> {
        Self::of(function, |returned| returned.problem.clone())
    }

    fn of<T>(function: &str, read: impl FnOnce(&Self) -> Option<T>) -> Option<T> {
        expect_context::<StoredValue<Self>>()
            .with_value(|returned| if returned.function == function { read(returned) } else { None })
    }
}
