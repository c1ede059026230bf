//! Forms that work before the wasm arrives and without it: one `<form>`, one server function, one refusal.
//!
//! A form posts to its own page as `?/function`. The node runs the function and answers the next page, or this
//! page again with what was typed and what is wrong ([`Returned`]). With script the same function is called
//! in place and nothing reloads.

mod fields;
mod returned;

use std::collections::HashMap;

use leptos::{ev::SubmitEvent, form::FromFormData, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::de::DeserializeOwned;
use server_fn::ServerFn;

pub use fields::{Field, FieldError, Submit, Summary};
pub use returned::Returned;

use crate::{
    error::{Done, Problem},
    ui::{Refresh, Toasts},
};
use fields::FormState;
use returned::LastSent;

/// A server function that a form can stand for.
pub trait Act:
    ServerFn<Output = Done, Error = Problem> + DeserializeOwned + Clone + Send + Sync + 'static
{
}

impl<T> Act for T where
    T: ServerFn<Output = Done, Error = Problem> + DeserializeOwned + Clone + Send + Sync + 'static
{
}

/// A form for one server function. Say `multipart` when it carries a file.
#[component]
pub fn Form<S: Act>(
    action: ServerAction<S>,
    #[prop(into, optional)] class: &'static str,
    #[prop(optional)] multipart: bool,
    /// Shown when nothing else says what is wrong; off where the page shows it in its own place.
    #[prop(default = true)]
    summary: bool,
    children: Children,
) -> impl IntoView {
    let problem = problem_of(action);
    let values = expect_context::<StoredValue<Returned>>().with_value(|returned| {
        if returned.function == S::PATH { returned.values.clone() } else { HashMap::new() }
    });
    let pending = action.pending().into();
    provide_context(FormState { problem, pending, values: StoredValue::new(values) });

    let last_sent = expect_context::<LastSent>();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        last_sent.note(&event);
        if action.pending().get_untracked() {
            return;
        }
        match S::from_event(&event) {
            Ok(input) => {
                action.dispatch(input);
            }
            Err(_) => action.value().set(Some(Err(Problem::OutOfDate))),
        }
    };
    view! {
        <form
            method="post"
            action=format!("?/{}", S::PATH.trim_start_matches("/api/"))
            enctype=multipart.then_some("multipart/form-data")
            class=class
            novalidate
            on:submit=on_submit
        >
            {summary.then(|| view! { <Summary problem /> })}
            {children()}
        </form>
    }
}

/// The problem of an action: the last answer's, or the one that came back with the page.
pub fn problem_of<S: Act>(action: ServerAction<S>) -> Signal<Option<Problem>> {
    let initial = StoredValue::new(Returned::problem::<S>());
    let value = action.value();
    Signal::derive(move || match value.get() {
        None => initial.get_value(),
        Some(answer) => answer.err(),
    })
}

/// The action behind one form, or behind all forms of a page for the same function. With script its answer says
/// the notice, refreshes what is shown and goes to the next page. Made by the page and not by the form: a form that
/// is drawn again would take the last answer for a new one, and several would each act on it.
pub fn new_action<S: Act>() -> ServerAction<S> {
    let action = ServerAction::<S>::new();
    let value = action.value();
    let navigate = use_navigate();
    let toasts = Toasts::expect();
    let refresh = Refresh::expect();
    let last_sent = expect_context::<LastSent>();
    Effect::new(move |_| match value.get() {
        Some(Ok(done)) if done.whole_page => _ = window().location().assign(&done.location()),
        Some(Ok(done)) => {
            value.update_untracked(|value| *value = None);
            if let Some(notice) = done.notice {
                toasts.say(notice, done.undo);
            }
            refresh.everything();
            navigate(&done.to, NavigateOptions::default());
        }
        // Sent once more as without script: the node keeps what was typed until the visitor has signed in.
        Some(Err(problem)) if problem.is_signed_out() => {
            if !last_sent.send_again() {
                refresh.everything();
            }
        }
        Some(Err(problem)) if problem.is_conflict() => refresh.everything(),
        Some(Err(_)) | None => {}
    });
    action
}
