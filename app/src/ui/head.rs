//! What a page says in its head: its title, and what crawlers and messengers show of it.
//!
//! `leptos_meta` would do the same for every element and attribute; a page here needs two, and they weigh nothing.

use leptos::prelude::*;

/// The page's title, before the name of the store.
#[component]
pub fn Title(#[prop(into)] text: Signal<String>) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server::Head::expect().set_title(full(&text.get_untracked()));
    Effect::new(move |_| document().set_title(&full(&text.get())));
}

fn full(title: &str) -> String {
    format!("{title} · CardStore")
}

/// A `<meta>` element. Only who reads the page from the node reads it.
#[component]
pub fn Meta(
    /// Its `name`, or with a colon in it its `property`.
    name: &'static str,
    #[prop(into)] content: String,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server::Head::expect().add_meta(name, &content);
    #[cfg(not(feature = "ssr"))]
    let _ = (name, content);
}
