//! A page's data: loaded by the node before it renders, taken from the page by the browser, fetched anew when asked.
//!
//! The node renders a page without the data it lacks, loads what was missed, and renders again: each piece is loaded
//! once, the final rendering waits for nothing, and the page carries the data as JSON beside the markup.

use std::sync::Arc;

use leptos::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
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

/// Data that a page shows as it is drawn, and does nothing else with: the page carries it as markup alone, where the
/// browser finds it. Answers of functions carry it as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn<T>(Option<Arc<T>>);

impl<T> From<T> for Drawn<T> {
    fn from(data: T) -> Self {
        Self(Some(Arc::new(data)))
    }
}

impl<T> From<Arc<T>> for Drawn<T> {
    fn from(data: Arc<T>) -> Self {
        Self(Some(data))
    }
}

impl<T> Drawn<T> {
    /// The element that `selector` finds, where it is drawn.
    pub(crate) fn markup(&self, selector: &str, draw: impl FnOnce(&T) -> String) -> String {
        match &self.0 {
            Some(data) => draw(data),
            None => drawn_in_page(selector),
        }
    }
}

#[cfg(not(feature = "ssr"))]
fn drawn_in_page(selector: &str) -> String {
    let element = document().query_selector(selector).ok().flatten();
    element.map(|element| element.outer_html()).unwrap_or_default()
}

/// A node has all its data.
#[cfg(feature = "ssr")]
fn drawn_in_page(_: &str) -> String {
    String::new()
}

#[cfg(feature = "ssr")]
thread_local! {
    static WRITING_PAGE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// The data of a page as the page itself carries it, beside its markup.
#[cfg(feature = "ssr")]
pub(crate) fn json_in_page(data: &impl Serialize) -> String {
    WRITING_PAGE.set(true);
    let json = serde_json::to_string(data);
    WRITING_PAGE.set(false);
    json.unwrap_or_else(|_| "null".into())
}

impl<T: Serialize> Serialize for Drawn<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[cfg(feature = "ssr")]
        if WRITING_PAGE.get() {
            return serializer.serialize_none();
        }
        self.0.as_deref().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Drawn<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Option::deserialize(deserializer)?.map(Arc::new)))
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_carried_by_answers_and_not_again_by_pages() {
        let drawn = Drawn::from(vec![1, 2]);
        assert_eq!(json_in_page(&drawn), "null");
        assert_eq!(serde_json::to_string(&drawn).unwrap(), "[1,2]");
        let read: Drawn<Vec<i32>> = serde_json::from_str("[1,2]").unwrap();
        assert_eq!(read, drawn);
        assert_eq!(read.markup("ul", |numbers| format!("{numbers:?}")), "[1, 2]");
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
