//! The document around every page: its head, and the pieces of the page in their order.

use std::collections::HashMap;

use axum::body::Bytes;
use domain::Language;

use super::{Head, PageData, Site};
use crate::pieces;

/// What is the same on every page of a node.
#[derive(Clone, Debug)]
pub struct Document {
    /// Between its language and what a page says of itself.
    opening: String,
    scripts: Vec<String>,
    /// The scripts as elements, and the end of the head.
    end_of_head: String,
    /// By the name of a piece of the wasm, the links that name its files.
    pieces: HashMap<String, String>,
    /// As long as a head is, and somewhat longer.
    blank: String,
}

/// Most pages fit, and need not be copied while they grow.
const ROOM: usize = 48 * 1024;
/// What a page says of itself in its head, mostly.
const ITS_OWN: usize = 1024;

impl Document {
    #[must_use]
    pub fn new(site: &Site) -> Self {
        let Site { stylesheet, script, wasm, split_script, .. } = site;
        let opening = format!(
            "\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\">\
             <link rel=\"stylesheet\" id=\"stylesheet\" href=\"{stylesheet}\">\
             <link rel=\"modulepreload\" href=\"{script}\">\
             <link rel=\"modulepreload\" href=\"{split_script}\">\
             {}\
             <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
             <link rel=\"manifest\" href=\"/manifest.webmanifest\">",
            fetched_later(wasm),
        );
        let scripts: Vec<_> =
            [Some(start(script, wasm)), site.reload_port.map(reload)].into_iter().flatten().collect();
        let elements: String =
            scripts.iter().map(|script| format!("<script type=\"module\">{script}</script>")).collect();
        let links = |(name, files): (&String, &Vec<String>)| {
            (name.clone(), files.iter().map(|file| fetched_later(file)).collect::<String>())
        };
        let pieces: HashMap<_, _> = site.pieces.iter().map(links).collect();
        let end_of_head = format!("{elements}</head><body>");
        let links: usize = pieces.values().map(String::len).sum();
        let blank = " ".repeat(opening.len() + end_of_head.len() + links + ITS_OWN);
        Self { opening, scripts, end_of_head, pieces, blank }
    }

    /// The scripts that stand in every page, each the same on every page: a policy can name them by their hashes.
    #[must_use]
    pub fn inline_scripts(&self) -> &[String] {
        &self.scripts
    }

    /// What a page is written behind: its head comes before it, and is known after it.
    #[must_use]
    pub fn begin(&self) -> String {
        let mut html = String::with_capacity(ROOM);
        html.push_str(&self.blank);
        html
    }

    /// Completes the page at `path`, which was [begun](Self::begin) here and has its body now.
    #[must_use]
    pub fn finish(
        &self,
        mut html: String,
        path: &str,
        language: Language,
        head: &Head,
        data: &PageData,
    ) -> Bytes {
        let mut before = String::with_capacity(self.blank.len());
        before.push_str("<!DOCTYPE html><html lang=\"");
        before.push_str(language.tag());
        before.push_str(&self.opening);
        for links in pieces::needed(path, language).filter_map(|piece| self.pieces.get(piece)) {
            before.push_str(links);
        }
        head.write_html(&mut before);
        before.push_str(&self.end_of_head);
        data.write_html(&mut html);
        html.push_str("</body></html>");
        let (before, mut page, body) = (before.as_bytes(), html.into_bytes(), self.blank.len());
        match body.checked_sub(before.len()) {
            Some(begin) => {
                page[begin..body].copy_from_slice(before);
                Bytes::from(page).slice(begin..)
            }
            // It says more of itself than there is room for.
            None => [before, &page[body..]].concat().into(),
        }
    }
}

/// Marks what is fetched together once the page is painted.
const LATER: &str = "later";

fn fetched_later(wasm: &str) -> String {
    format!("<link rel=\"{LATER}\" href=\"{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin>")
}

/// Fetches the wasm and lets it take over the page, once the browser has painted what came: until then the line
/// belongs to what people see. A tab that nobody looks at paints nothing, and waits a second.
fn start(script: &str, wasm: &str) -> String {
    format!(
        "new Promise(go=>{{new PerformanceObserver(go).observe({{type:\"paint\",buffered:true}});setTimeout(go,1000)}})\
         .then(()=>{{document.querySelectorAll(\"link[rel={LATER}]\").forEach(link=>link.rel=\"preload\");\
         return import(\"{script}\")}})\
         .then(app=>app.default({{module_or_path:\"{wasm}\"}}).then(()=>app.hydrate()))"
    )
}

/// Reloads a page under development when cargo-leptos says so: the stylesheet alone when nothing else changed.
fn reload(port: u32) -> String {
    format!(
        "new WebSocket(`ws://${{location.hostname}}:{port}/live_reload`).onmessage=event=>{{\
         const {{css,all}}=JSON.parse(event.data);\
         const sheet=document.getElementById(\"stylesheet\");\
         if(css&&!all)sheet.href=sheet.href.split(\"?\")[0]+\"?\"+Date.now();else if(all)location.reload()}}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_of_any_length_stands_before_the_body() {
        let document = Document::new(&Site::default());
        for length in [1, ITS_OWN, 10 * ITS_OWN] {
            let (head, description) = (Head::default(), "x".repeat(length));
            head.add_meta("description", &description);
            let html = document.begin() + "<p>body</p>";
            let page = document.finish(html, "/", Language::English, &head, &PageData::default());
            let page = std::str::from_utf8(&page).unwrap();
            assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\"><head>"), "{page}");
            let end = format!("{description}\">{}<p>body</p></body></html>", document.end_of_head);
            assert!(page.ends_with(&end), "{page}");
        }
    }
}
