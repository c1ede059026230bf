//! Forms that work before the wasm arrives and without it: one `<form>`, one server function, one refusal.
//!
//! A form posts to its own page as `?/function`. The node runs the function and answers the next page, or this
//! page again with what was typed and what is wrong ([`Returned`]). With script the same fields go to the same
//! function in place ([`Action`]) and nothing reloads.

mod action;
#[cfg(not(feature = "ssr"))]
mod browser;
mod fields;
mod returned;

use leptos::{ev::SubmitEvent, prelude::*};

pub use action::{Act, Action, use_action};
pub use fields::{Field, FieldError, Submit, Summary};
pub use returned::Returned;

/// A form for one server function. Say `multipart` when it carries a file.
#[component]
pub fn Form(
    action: Action,
    #[prop(into, optional)] class: &'static str,
    #[prop(optional)] multipart: bool,
    /// Shown when nothing else says what is wrong; off where the page shows it in its own place.
    #[prop(default = true)]
    summary: bool,
    children: Children,
) -> impl IntoView {
    // What stands in the form belongs to its action.
    provide_context(action);
    view! {
        <form
            method="post"
            action=format!("?/{}", action.function())
            enctype=multipart.then_some("multipart/form-data")
            class=class
            novalidate
            on:submit=move |event: SubmitEvent| action.send(&event)
        >
            {summary.then(|| view! { <Summary problem=action.problem() /> })}
            {children()}
        </form>
    }
}
