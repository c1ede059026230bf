//! The document around every page: its head, and the pieces of the page in their order.

use std::collections::HashMap;

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
}

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
        let pieces = site.pieces.iter();
        let pieces = pieces
            .map(|(name, files)| (name.clone(), files.iter().map(|file| fetched_later(file)).collect()));
        Self { opening, scripts, end_of_head: format!("{elements}</head><body>"), pieces: pieces.collect() }
    }

    /// The scripts that stand in every page, each the same on every page: a policy can name them by their hashes.
    #[must_use]
    pub fn inline_scripts(&self) -> &[String] {
        &self.scripts
    }

    /// Puts the page at `path` together that was rendered as `body`.
    #[must_use]
    pub fn page(&self, path: &str, language: Language, head: &Head, body: &str, data: &PageData) -> String {
        let mut html = String::with_capacity(
            self.opening.len() + self.end_of_head.len() + body.len() + data.bytes() + 1_024,
        );
        html.push_str("<!DOCTYPE html><html lang=\"");
        html.push_str(language.tag());
        html.push_str(&self.opening);
        for links in pieces::needed(path, language).filter_map(|piece| self.pieces.get(piece)) {
            html.push_str(links);
        }
        head.write_html(&mut html);
        html.push_str(&self.end_of_head);
        html.push_str(body);
        data.write_html(&mut html);
        html.push_str("</body></html>");
        html
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
