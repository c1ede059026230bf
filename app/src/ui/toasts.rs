//! Notices: what was just achieved, said once in a status region that screen readers follow.

use std::time::Duration;

use domain::Notice;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// How long a notice stays. Long enough to be read twice; it also stays in nobody's way.
const SHOWN_FOR: Duration = Duration::from_secs(8);

/// Where anything on a page can say what was achieved.
#[derive(Clone, Copy)]
pub struct Toasts(RwSignal<Option<Notice>>);

impl Toasts {
    pub(crate) fn provide() {
        provide_context(Self(RwSignal::new(None)));
    }

    #[must_use]
    pub fn expect() -> Self {
        expect_context()
    }

    pub fn say(self, notice: Notice) {
        self.0.set(Some(notice));
        let signal = self.0;
        set_timeout(move || signal.set(None), SHOWN_FOR);
    }
}

/// Shows the notice of an action, or the one that came in the URL of a page without script.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let said = Toasts::expect().0;
    let query = use_query_map();
    let in_url =
        Memo::new(move |_| query.with(|query| query.get("notice").and_then(|code| Notice::from_code(&code))));
    view! {
        <div class="toasts" role="status" aria-live="polite">
            {move || said.get().or(in_url.get()).map(|notice| view! { <p class="toast">{notice.sentence()}</p> })}
        </div>
    }
}
