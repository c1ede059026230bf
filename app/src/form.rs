//! Forms that work before the wasm arrives and without it: one `<form>`, one server function, one refusal.
//!
//! A form posts to its own page as `?/function`. The node runs the function and answers the next page, or this
//! page again with what was typed and what is wrong ([`Returned`]). With script the same function is called
//! in place and nothing reloads.

use std::collections::HashMap;

use leptos::{ev::SubmitEvent, form::FromFormData, prelude::*};
#[cfg(not(feature = "ssr"))]
use leptos::{wasm_bindgen::JsCast, web_sys};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use server_fn::ServerFn;

use crate::{
    error::{Done, Problem},
    ui::{Refresh, Toasts},
};

/// A server function that a form can stand for.
pub trait Act:
    ServerFn<Output = Done, Error = Problem> + DeserializeOwned + Clone + Send + Sync + 'static
{
}

impl<T> Act for T where
    T: ServerFn<Output = Done, Error = Problem> + DeserializeOwned + Clone + Send + Sync + 'static
{
}

/// What a form without script brought back: its function, what was typed (never a password), what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The path of the server function, `/api/…`.
    pub function: String,
    pub values: HashMap<String, String>,
    pub problem: Option<Problem>,
}

impl Returned {
    /// Takes it from the request on the node, and from the page in the browser, so that both render the same.
    pub(crate) fn provide() {
        #[cfg(feature = "ssr")]
        let returned = crate::server::PageData::expect().keep("returned", use_context::<Self>());
        #[cfg(not(feature = "ssr"))]
        let returned = crate::data::take::<Self>("returned");
        provide_context(StoredValue::new(returned.unwrap_or_default()));
        LastSent::provide();
    }

    /// What was typed into `field` of the form of `S` before it was refused.
    #[must_use]
    pub fn value<S: ServerFn>(field: &str) -> Option<String> {
        expect_context::<StoredValue<Self>>().with_value(|returned| {
            returned.values.get(field).filter(|_| returned.function == S::PATH).cloned()
        })
    }

    fn problem<S: ServerFn>() -> Option<Problem> {
        expect_context::<StoredValue<Self>>()
            .with_value(|returned| returned.problem.clone().filter(|_| returned.function == S::PATH))
    }
}

/// The form that was sent last, for sending it once more as browsers without script do. Nothing on the node.
#[derive(Clone, Copy)]
struct LastSent {
    #[cfg(not(feature = "ssr"))]
    form: StoredValue<Option<web_sys::HtmlFormElement>, LocalStorage>,
}

impl LastSent {
    fn provide() {
        provide_context(Self {
            #[cfg(not(feature = "ssr"))]
            form: StoredValue::new_local(None),
        });
    }

    fn note(self, event: &SubmitEvent) {
        #[cfg(not(feature = "ssr"))]
        self.form.set_value(event.target().and_then(|target| target.dyn_into().ok()));
        #[cfg(feature = "ssr")]
        let _ = event;
    }

    /// False when no form was sent yet.
    fn send_again(self) -> bool {
        #[cfg(not(feature = "ssr"))]
        return self.form.with_value(|form| form.as_ref().is_some_and(|form| form.submit().is_ok()));
        #[cfg(feature = "ssr")]
        false
    }
}

/// What the fields inside a [`Form`] need to know of it.
#[derive(Clone, Copy)]
struct FormState {
    problem: Signal<Option<Problem>>,
    pending: Signal<bool>,
    values: StoredValue<HashMap<String, String>>,
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

/// Says at the top of a form what is wrong, with a link to each field; announced and focused when it appears.
#[component]
pub fn Summary(problem: Signal<Option<Problem>>) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        if problem.get().is_some()
            && let Some(node) = node.get()
        {
            _ = node.focus();
        }
    });
    move || {
        problem.get().map(|problem| {
            let (beside_fields, general): (Vec<_>, Vec<_>) =
                problem.refusals().iter().copied().partition(|refusal| refusal.field().is_some());
            let sentences = match general.is_empty() && !problem.refusals().is_empty() {
                true => vec![],
                false if problem.refusals().is_empty() => vec![problem.sentence()],
                false => general.iter().map(|refusal| refusal.sentence()).collect(),
            };
            view! {
                <div class="problem" role="alert" tabindex="-1" node_ref=node>
                    {sentences.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()}
                    {(!beside_fields.is_empty())
                        .then(|| {
                            view! {
                                <p>"Please look at this again:"</p>
                                <ul>
                                    {beside_fields
                                        .into_iter()
                                        .map(|refusal| {
                                            let target = format!("#{}", refusal.field().unwrap_or_default());
                                            view! { <li><a href=target rel="external">{refusal.sentence()}</a></li> }
                                        })
                                        .collect_view()}
                                </ul>
                            }
                        })}
                </div>
            }
        })
    }
}

/// A labelled text input with its hint and its refusal.
#[component]
pub fn Field(
    /// The `name` of the input, also its id: what [`domain::Refusal::field`] names.
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] inputmode: Option<&'static str>,
    /// What it holds at first; what was typed before a refusal comes first.
    #[prop(optional, into)]
    value: Option<String>,
    #[prop(default = true)] required: bool,
) -> impl IntoView {
    let state = expect_context::<FormState>();
    let value = state.values.with_value(|values| values.get(name).cloned()).or(value);
    let invalid = invalid(name);
    let hint_id = hint.is_some().then(|| format!("{name}-hint"));
    let described_by = {
        let hint_id = hint_id.clone();
        move || {
            let error_id = invalid.get().is_some().then(|| format!("{name}-error"));
            let ids: Vec<_> = [hint_id.clone(), error_id].into_iter().flatten().collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    };
    view! {
        <div class="field" class:invalid=move || invalid.get().is_some()>
            <label for=name>{label} {(!required).then(|| view! { <span class="quiet">" (optional)"</span> })}</label>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            <input
                id=name
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                inputmode=inputmode
                required=required
                aria-invalid=move || invalid.get().map(|_| "true")
                aria-describedby=described_by
            />
            <FieldError name />
        </div>
    }
}

/// The refusal that belongs to a field, said beside it.
#[component]
pub fn FieldError(name: &'static str) -> impl IntoView {
    let invalid = invalid(name);
    move || invalid.get().map(|sentence| view! { <p class="error" id=format!("{name}-error")>{sentence}</p> })
}

fn invalid(name: &'static str) -> Memo<Option<String>> {
    let problem = expect_context::<FormState>().problem;
    Memo::new(move |_| {
        let problem = problem.get()?;
        problem
            .refusals()
            .iter()
            .find(|refusal| refusal.field() == Some(name))
            .map(|refusal| refusal.sentence())
    })
}

/// The button that sends a form; says so while it is under way and cannot be pressed twice.
#[component]
pub fn Submit(
    #[prop(default = "primary")] class: &'static str,
    /// Another reason why the form cannot be sent yet.
    #[prop(optional, into)]
    blocked: Signal<bool>,
    /// Set apart from other buttons of the same name for people who do not see where it stands.
    #[prop(optional, into)]
    label: Option<String>,
    children: Children,
) -> impl IntoView {
    let pending = expect_context::<FormState>().pending;
    view! {
        <button
            type="submit"
            class=class
            aria-label=label
            aria-busy=move || pending.get().then_some("true")
            disabled=move || pending.get() || blocked.get()
        >
            {children()}
        </button>
    }
}
