//! What to name when writing to us about something that failed: the id under which the log knows more.

use leptos::prelude::*;

use crate::texts::texts;

/// The id of the request that failed: the page's own, and later of the last one that the page made.
fn failed_request() -> Option<String> {
    #[cfg(feature = "ssr")]
    return crate::server::PageData::expect().keep(PIECE, crate::server::request_id());
    #[cfg(not(feature = "ssr"))]
    {
        if let Some(id) = crate::data::browser::take(PIECE) {
            crate::browser::remember_failed(id);
        }
        crate::browser::last_failed()
    }
}

const PIECE: &str = "failed-request";

/// Stands where a page would be that could not be made.
#[component]
pub(super) fn Complaint() -> impl IntoView {
    failed_request().map(|id| view! { <p class="hint">{texts().problems.to_name} " " <code>{id}</code></p> })
}
