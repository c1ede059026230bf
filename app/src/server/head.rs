//! The head of the page that is being rendered, and the files that every page needs.

use std::{
    collections::HashMap,
    fmt::Write,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use leptos::prelude::*;

use crate::texts::{Frame, texts};

/// What the parts of a page said about its head so far.
#[derive(Clone, Default)]
pub struct Head(Arc<Mutex<Said>>);

#[derive(Default)]
struct Said {
    title: String,
    meta: String,
    is_described: bool,
}

impl Head {
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    pub(crate) fn set_title(&self, title: String) {
        self.said().title = title;
    }

    pub(crate) fn add_meta(&self, name: &str, content: &str) {
        let mut said = self.said();
        said.is_described |= name == "description";
        let kind = if name.contains(':') { "property" } else { "name" };
        // Writing to a string cannot fail.
        _ = write!(said.meta, "<meta {kind}=\"{name}\" content=\"{}\">", escaped(content));
    }

    /// Title and `<meta>` elements.
    pub(super) fn write_html(&self, html: &mut String) {
        let Said { title, meta, is_described } = &*self.said();
        let title = if title.is_empty() { "CardStore" } else { title };
        // Writing to a string cannot fail.
        _ = write!(html, "<title>{}</title>{meta}", escaped(title));
        if !is_described {
            let Frame { about, play_money, .. } = &texts().frame;
            _ = write!(html, "<meta name=\"description\" content=\"{about} {play_money}\">");
        }
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// The addresses of the site's built files, as every page names them.
#[derive(Clone, Debug, Default)]
pub struct Site {
    pub stylesheet: String,
    pub script: String,
    pub wasm: String,
    /// Stands in the addresses of them all, when the build names its files by hashes.
    pub release: Option<String>,
    /// Loads the pieces of the wasm.
    pub split_script: String,
    /// The files of each piece of the wasm.
    pub pieces: HashMap<String, Vec<String>>,
    /// The port on which cargo-leptos tells a page under development to reload.
    pub reload_port: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_people_type_ends_an_element_of_the_head() {
        let head = Head::default();
        head.set_title("</title><script>".into());
        head.add_meta("og:title", "\"><script>");
        let mut html = String::new();
        head.write_html(&mut html);
        assert_eq!(
            html,
            "<title>&lt;/title>&lt;script></title><meta property=\"og:title\" content=\"&quot;>&lt;script>\">\
             <meta name=\"description\" content=\"CardStore: collect cards, put them on sale, buy them from each other. Play money only.\">"
        );
    }

    #[test]
    fn a_page_is_described_once() {
        let head = Head::default();
        head.add_meta("description", "A card");
        let mut html = String::new();
        head.write_html(&mut html);
        assert_eq!(html, "<title>CardStore</title><meta name=\"description\" content=\"A card\">");
    }
}
