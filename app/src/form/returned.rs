//! What a form brings back: from the node after a post without script, and to the node when the session is over.

use std::collections::HashMap;

use leptos::{ev::SubmitEvent, prelude::*};
#[cfg(not(feature = "ssr"))]
use leptos::{wasm_bindgen::JsCast, web_sys};
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
        let returned = crate::data::take::<Self>("returned");
        provide_context(StoredValue::new(returned.unwrap_or_default()));
        LastSent::provide();
    }

    /// What was typed into `field` of the form of `S` before it was refused.
    #[must_use]
    pub fn value<S: ServerFn>(field: &str) -> Option<String> {
        expect_context::<StoredValue<Self>>().with_value(|returned| {
            returned.values.get(field).filter(|_| returned.function == S::PATH).cloned()
        })
    }

    pub(super) fn problem<S: ServerFn>() -> Option<Problem> {
        expect_context::<StoredValue<Self>>()
            .with_value(|returned| returned.problem.clone().filter(|_| returned.function == S::PATH))
    }
}

/// The form that was sent last, for sending it once more as browsers without script do. Nothing on the node.
#[derive(Clone, Copy)]
pub(super) struct LastSent {
    #[cfg(not(feature = "ssr"))]
    form: StoredValue<Option<web_sys::HtmlFormElement>, LocalStorage>,
}

impl LastSent {
    pub(super) fn provide() {
        provide_context(Self {
            #[cfg(not(feature = "ssr"))]
            form: StoredValue::new_local(None),
        });
    }

    pub(super) fn note(self, event: &SubmitEvent) {
        #[cfg(not(feature = "ssr"))]
        self.form.set_value(event.target().and_then(|target| target.dyn_into().ok()));
        #[cfg(feature = "ssr")]
        let _ = event;
    }

    /// False when no form was sent yet.
    pub(super) fn send_again(self) -> bool {
        #[cfg(not(feature = "ssr"))]
        return self.form.with_value(|form| form.as_ref().is_some_and(|form| form.submit().is_ok()));
        #[cfg(feature = "ssr")]
        false
    }
}
