//! A page's data: loaded by the node before it renders, taken from the page by the browser, fetched anew when asked.
//!
//! The node renders a page without the data it lacks, loads what was missed, and renders again: each piece is loaded
//! once, the final rendering waits for nothing, and the page carries the data as JSON beside the markup.

use std::future::Future;

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::error::Problem;

/// What a page knows of one piece of its data: nothing yet, the data, or why it cannot be had.
pub type Data<T> = RwSignal<Option<Result<T, Problem>>>;

/// Data that depends on `source`: when that changes in the browser it is fetched anew, and what is shown stays until
/// the new has arrived. `name` is unique on a page.
pub fn use_data<K, T, F>(
    name: &'static str,
    source: impl Fn() -> K + Send + Sync + 'static,
    fetch: impl Fn(K) -> F + Send + Sync + 'static,
) -> Data<T>
where
    K: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, Problem>> + Send + 'static,
{
    #[cfg(feature = "ssr")]
    return RwSignal::new(crate::server::PageData::expect().get(name, || fetch(source())));
    #[cfg(not(feature = "ssr"))]
    return browser::follow(name, source, fetch);
}

#[cfg(not(feature = "ssr"))]
mod browser {
    use leptos::{prelude::*, task::spawn_local};

    use super::{Data, DeserializeOwned, Future, Problem};

    pub(super) fn follow<K, T, F>(
        name: &'static str,
        source: impl Fn() -> K + Send + Sync + 'static,
        fetch: impl Fn(K) -> F + Send + Sync + 'static,
    ) -> Data<T>
    where
        K: PartialEq + Clone + Send + Sync + 'static,
        T: DeserializeOwned + Clone + Send + Sync + 'static,
        F: Future<Output = Result<T, Problem>> + 'static,
    {
        let data = Data::new(super::take(name));
        let source = Memo::new(move |_| source());
        // Raised by every fetch, so that an answer that comes late is nobody's.
        let turn = StoredValue::new(0_u32);
        Effect::new(move |before: Option<()>| {
            let source = source.get();
            if before.is_none() && data.with_untracked(Option::is_some) {
                return;
            }
            turn.update_value(|turn| *turn += 1);
            let mine = turn.get_value();
            let fetched = fetch(source);
            spawn_local(async move {
                let fetched = fetched.await;
                if turn.try_get_value() == Some(mine) {
                    data.set(Some(fetched));
                }
            });
        });
        data
    }
}

/// What came with the page under this name, once.
#[cfg(not(feature = "ssr"))]
pub(crate) fn take<T: DeserializeOwned>(name: &str) -> Option<T> {
    let element = document().query_selector(&format!("script[data-name={name}]")).ok()??;
    let text = element.text_content()?;
    element.remove();
    serde_json::from_str(&text).ok()
}
