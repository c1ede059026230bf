//! The browser's entry point: hydrates what the node rendered, and nothing else.
// The types of Leptos views nest as deep as the pages do.
#![recursion_limit = "256"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script once the wasm is loaded.
#[wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    let path = leptos::prelude::window().location().pathname().unwrap_or_default();
    // Without its code a page stays as the node rendered it, and works as without script.
    if app::pieces::fetch(&path).await.is_ok() {
        leptos::mount::hydrate_body(app::App);
    }
}
