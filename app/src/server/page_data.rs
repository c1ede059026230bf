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

use crate::{
    data::{Load, json_in_page},
    error::Problem,
};

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

    /// What this function answered; else it is called before the next rendering.
    pub(crate) fn get<S: Load>(&self, call: impl FnOnce() -> S) -> Option<Result<S::Output, Problem>> {
        if let Some(piece) = self.pieces().loaded.get(S::PATH) {
            return piece.value.downcast_ref::<Result<S::Output, Problem>>().cloned();
        }
        self.want(call());
        None
    }

    /// Calls this function before the next rendering.
    pub(crate) fn want<S: Load>(&self, call: S) {
        let mut pieces = self.pieces();
        if !pieces.missed.contains_key(S::PATH) {
            let answer = ScopedFuture::new(call.run_body());
            pieces.missed.insert(
                S::PATH,
                Box::pin(async move {
                    let value = answer.await;
                    let json = json_in_page(&value);
                    Piece { value: Box::new(value), json }
                }),
            );
        }
    }

    /// Passes something that was known beforehand on to the browser as it is.
    pub(crate) fn keep<T: Serialize>(&self, name: &'static str, value: Option<T>) -> Option<T> {
        if let Some(value) = &value {
            let json = json_in_page(value);
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
    pub(super) fn write_html(&self, html: &mut String) {
        for (name, piece) in &self.pieces().loaded {
            // Writing to a string cannot fail.
            _ = write!(html, "<script type=\"application/json\" data-name=\"{name}\">");
            // `<` inside could end the element.
            for (position, part) in piece.json.split('<').enumerate() {
                html.push_str(if position == 0 { "" } else { "\\u003c" });
                html.push_str(part);
            }
            html.push_str("</script>");
        }
    }

    fn pieces(&self) -> MutexGuard<'_, Pieces> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
