//! The data of the page that is being rendered: what was loaded, and what the last rendering missed.

use std::{
    any::Any,
    collections::BTreeMap,
    fmt::Write,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::future::join_all;
use leptos::{prelude::*, reactive::computed::ScopedFuture};
use serde::Serialize;

use crate::error::Problem;

/// Provided as context to every rendering of one page.
#[derive(Clone, Default)]
pub struct PageData(Arc<Mutex<Pieces>>);

#[derive(Default)]
struct Pieces {
    loaded: BTreeMap<&'static str, Piece>,
    missed: BTreeMap<&'static str, Pin<Box<dyn Future<Output = Piece> + Send>>>,
}

struct Piece {
    value: Box<dyn Any + Send>,
    json: String,
}

impl PageData {
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// What was loaded under this name; else it is loaded before the next rendering.
    pub(crate) fn get<T, F>(&self, name: &'static str, load: impl FnOnce() -> F) -> Option<Result<T, Problem>>
    where
        T: Serialize + Clone + Send + Sync + 'static,
        F: Future<Output = Result<T, Problem>> + Send + 'static,
    {
        let mut pieces = self.pieces();
        if let Some(piece) = pieces.loaded.get(name) {
            return piece.value.downcast_ref::<Result<T, Problem>>().cloned();
        }
        if !pieces.missed.contains_key(name) {
            let loading = ScopedFuture::new(load());
            pieces.missed.insert(
                name,
                Box::pin(async move {
                    let value = loading.await;
                    let json = serde_json::to_string(&value).unwrap_or_else(|_| "null".into());
                    Piece { value: Box::new(value), json }
                }),
            );
        }
        None
    }

    /// Passes something that was known beforehand on to the browser as it is.
    pub(crate) fn keep<T: Serialize>(&self, name: &'static str, value: Option<T>) -> Option<T> {
        if let Some(value) = &value {
            let json = serde_json::to_string(value).unwrap_or_else(|_| "null".into());
            self.pieces().loaded.insert(name, Piece { value: Box::new(()), json });
        }
        value
    }

    /// Loads what the last rendering missed; false when it missed nothing.
    pub async fn load_missed(&self) -> bool {
        let missed = std::mem::take(&mut self.pieces().missed);
        if missed.is_empty() {
            return false;
        }
        let (names, loading): (Vec<_>, Vec<_>) = missed.into_iter().unzip();
        let loaded = join_all(loading).await;
        self.pieces().loaded.extend(names.into_iter().zip(loaded));
        true
    }

    /// Every piece as a block of JSON, for the browser to begin with. A data block is no script: nothing runs it.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut html = String::new();
        for (name, piece) in &self.pieces().loaded {
            // `<` inside could end the element.
            let json = piece.json.replace('<', "\\u003c");
            // Writing to a string cannot fail.
            _ = write!(html, "<script type=\"application/json\" data-name=\"{name}\">{json}</script>");
        }
        html
    }

    fn pieces(&self) -> MutexGuard<'_, Pieces> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
