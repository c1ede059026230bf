//! A page's data: loaded by the node before it renders, taken from the page by the browser, fetched anew when asked.
//!
//! The node renders a page without the data it lacks, loads what was missed, and renders again: each piece is loaded
//! once, the final rendering waits for nothing, and the page carries the data as JSON beside the markup.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use server_fn::ServerFn;

use crate::error::Problem;

/// A server function that loads a piece of a page.
pub trait Load:
    ServerFn<Output: Serialize + DeserializeOwned + Clone + Send + Sync + 'static, Error = Problem>
    + Serialize
    + 'static
{
}

impl<T> Load for T where
    T: ServerFn<Output: Serialize + DeserializeOwned + Clone + Send + Sync + 'static, Error = Problem>
        + Serialize
        + 'static
{
}

/// What a page knows of one piece of its data: nothing yet, the data, or why it cannot be had.
pub type Data<T> = RwSignal<Option<Result<T, Problem>>>;

/// The answer of a function. In the browser it is asked anew when what `call` reads or the `version` changes, and what
/// is shown stays until the new answer has arrived. A page asks each function once.
pub fn use_data<S: Load>(
    version: impl Fn() -> u32 + Send + Sync + 'static,
    call: impl Fn() -> S + Send + Sync + 'static,
) -> Data<S::Output> {
    #[cfg(feature = "ssr")]
    {
        _ = version;
        RwSignal::new(crate::server::PageData::expect().get(call))
    }
    #[cfg(not(feature = "ssr"))]
    {
        let data = Data::new(browser::take(S::PATH));
        let url = move || format!("{}?{}", S::PATH, serde_urlencoded::to_string(call()).unwrap_or_default());
        let is_there = data.with_untracked(Option::is_some);
        browser::follow(version, url, is_there, move |answer| {
            data.try_set(Some(answer.and_then(|answer| crate::browser::read(&answer))));
        });
        data
    }
}

#[cfg(not(feature = "ssr"))]
pub(crate) mod browser {
    use leptos::{prelude::*, task::spawn_local};
    use serde::de::DeserializeOwned;

    use crate::{browser::get, error::Problem};

    /// Hands the answer to `take` whenever version or URL change, and at once unless something is there already.
    pub(super) fn follow(
        version: impl Fn() -> u32 + Send + Sync + 'static,
        url: impl Fn() -> String + Send + Sync + 'static,
        is_there: bool,
        take: impl Fn(Result<Vec<u8>, Problem>) + 'static,
    ) {
        follow_dyn(Memo::new(move |_| (version(), url())), is_there, StoredValue::new_local(Box::new(take)));
    }

    type Take = Box<dyn Fn(Result<Vec<u8>, Problem>)>;

    fn follow_dyn(source: Memo<(u32, String)>, is_there: bool, take: StoredValue<Take, LocalStorage>) {
        // Raised by every fetch, so that an answer that comes late is nobody's.
        let turn = StoredValue::new(0_u32);
        Effect::new(move |before: Option<()>| {
            let (_, url) = source.get();
            if before.is_none() && is_there {
                return;
            }
            turn.update_value(|turn| *turn += 1);
            let mine = turn.get_value();
            spawn_local(async move {
                let answer = get(&url).await;
                if turn.try_get_value() == Some(mine) {
                    take.with_value(|take| take(answer));
                }
            });
        });
    }

    /// What came with the page under this name, once.
    pub(crate) fn take<T: DeserializeOwned>(name: &str) -> Option<T> {
        serde_json::from_slice(&text_of(name)?).ok()
    }

    fn text_of(name: &str) -> Option<Vec<u8>> {
        let element = document().query_selector(&format!("script[data-name=\"{name}\"]")).ok()??;
        element.remove();
        Some(element.text_content()?.into_bytes())
    }
}
