//! Notices: what was just achieved, said once in a status region that screen readers follow, and how to undo it.

use std::time::Duration;

use domain::Notice;
use leptos::prelude::*;

use crate::{
    error::Undo,
    form::{Action, Form, Submit, use_action},
    query::use_query,
    selling::PutOnSale,
    state::ClientState,
    texts::texts,
};

/// How long a notice stays. Long enough to be read twice; one that can be undone stays until the next.
const SHOWN_FOR: Duration = Duration::from_secs(8);

/// What a toast says, and what takes it back.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    text: String,
    undo: Option<Undo>,
}

/// Where anything on a page can say what was achieved.
#[derive(Clone, Copy)]
pub struct Toasts(ClientState<Option<Toast>>);

impl Toasts {
    pub(crate) fn provide() {
        provide_context(Self(ClientState::begin()));
    }

    #[must_use]
    pub fn expect() -> Self {
        expect_context()
    }

    pub fn say(self, notice: Notice, undo: Option<Undo>) {
        self.show(Toast { text: texts().notice(notice), undo });
    }

    /// Says what somebody else did.
    pub fn tell(self, text: String) {
        self.show(Toast { text, undo: None });
    }

    fn show(self, toast: Toast) {
        self.0.set(Some(toast.clone()));
        let said = self.0;
        if toast.undo.is_none() {
            let is_still_shown = move || said.with_untracked(|shown| shown.as_ref() == Some(&toast));
            set_timeout(
                move || {
                    if is_still_shown() {
                        said.set(None);
                    }
                },
                SHOWN_FOR,
            );
        }
    }
}

/// Shows the notice of an action, or the one that came in the URL of a page without script.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let said = Toasts::expect().0;
    let in_url = use_query(|query| {
        let notice = query.get("notice").and_then(|code| Notice::from_code(&code))?;
        let undo = query.get("undo").and_then(|undo| Undo::from_query(&undo));
        Some(Toast { text: texts().notice(notice), undo })
    });
    let relist = use_action::<PutOnSale>();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            {move || {
                said.get().or(in_url.get()).map(|Toast { text, undo }| {
                    view! {
                        <div class="toast">
                            <p>{text}</p>
                            {undo.map(|undo| view! { <UndoButton undo relist /> })}
                        </div>
                    }
                })
            }}
        </div>
    }
}

#[component]
fn UndoButton(undo: Undo, relist: Action) -> impl IntoView {
    let texts = texts();
    view! {
        <Form action=relist class="inline" summary=false>
            <input type="hidden" name="card" value=undo.card.to_string() />
            <input type="hidden" name="price" value=undo.price.to_input(texts.notation) />
            <Submit class="plain">{texts.frame.undo}</Submit>
        </Form>
    }
}
