//! The document around every page: its head, and the pieces of the page in their order.

use std::fmt::Write;

use super::{Head, PageData, Site};

/// The scripts that stand in every page, each the same on every page: a policy can name them by their hashes.
#[must_use]
pub fn inline_scripts(site: &Site) -> Vec<String> {
    let start = start(&site.script, &site.wasm);
    [Some(start), site.reload_port.map(reload)].into_iter().flatten().collect()
}

/// Puts a page together that was rendered as `body`.
#[must_use]
pub fn document(site: &Site, head: &Head, body: &str, data: &PageData) -> String {
    let Site { stylesheet, script, wasm, .. } = site;
    let (head, data) = (head.to_html(), data.to_html());
    let mut html = String::with_capacity(1_536 + head.len() + body.len() + data.len());
    // Writing to a string cannot fail.
    _ = write!(
        html,
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"stylesheet\" id=\"stylesheet\" href=\"{stylesheet}\">\
         <link rel=\"modulepreload\" href=\"{script}\">\
         <link rel=\"preload\" href=\"{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <link rel=\"manifest\" href=\"/manifest.webmanifest\">\
         {head}",
    );
    for script in inline_scripts(site) {
        _ = write!(html, "<script type=\"module\">{script}</script>");
    }
    _ = write!(html, "</head><body>{body}{data}</body></html>");
    html
}

/// Fetches the wasm and lets it take over the page.
fn start(script: &str, wasm: &str) -> String {
    format!(
        "import(\"{script}\").then(app=>app.default({{module_or_path:\"{wasm}\"}}).then(()=>app.hydrate()))"
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
