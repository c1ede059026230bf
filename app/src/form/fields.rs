//! What stands in a form: the summary of what is wrong, labelled fields, and the button that says when it is busy.

use leptos::prelude::*;

use super::{Action, Returned};
use crate::{error::Problem, texts::texts};

/// Says at the top of a form what is wrong, with a link to each field; announced and focused when it appears.
#[component]
pub fn Summary(problem: ReadSignal<Option<Problem>>) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        if problem.get().is_some()
            && let Some(node) = node.get()
        {
            _ = node.focus();
        }
    });
    let texts = texts();
    move || {
        problem.get().map(|problem| {
            let (beside_fields, general): (Vec<_>, Vec<_>) =
                problem.refusals().iter().copied().partition(|refusal| refusal.field().is_some());
            let sentences = match general.is_empty() && !problem.refusals().is_empty() {
                true => vec![],
                false if problem.refusals().is_empty() => vec![texts.problem(&problem)],
                false => general.iter().map(|refusal| texts.refusal(*refusal)).collect(),
            };
            view! {
                <div class="problem" role="alert" tabindex="-1" node_ref=node>
                    {sentences.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()}
                    {(!beside_fields.is_empty())
                        .then(|| {
                            view! {
                                <p>{texts.frame.look_again}</p>
                                <ul>
                                    {beside_fields
                                        .into_iter()
                                        .map(|refusal| {
                                            let target = format!("#{}", refusal.field().unwrap_or_default());
                                            let sentence = texts.refusal(refusal);
                                            view! { <li><a href=target rel="external">{sentence}</a></li> }
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
    let value = Returned::typed(expect_context::<Action>().path, name).or(value);
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
            <label for=name>
                {label}
                {(!required).then(|| view! { " " <span class="quiet">{texts().frame.optional}</span> })}
            </label>
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
    let problem = expect_context::<Action>().problem;
    Memo::new(move |_| {
        let problem = problem.get()?;
        problem
            .refusals()
            .iter()
            .find(|refusal| refusal.field() == Some(name))
            .map(|refusal| texts().refusal(*refusal))
    })
}

/// The button that sends a form; says so while it is under way and cannot be pressed twice.
#[component]
pub fn Submit(
    #[prop(default = "primary")] class: &'static str,
    /// Another reason why the form cannot be sent yet.
    #[prop(optional, into)]
    blocked: Option<Signal<bool>>,
    /// Set apart from other buttons of the same name for people who do not see where it stands.
    #[prop(optional, into)]
    label: Option<String>,
    children: Children,
) -> impl IntoView {
    let pending = expect_context::<Action>().pending;
    view! {
        <button
            type="submit"
            class=class
            aria-label=label
            aria-busy=move || pending.get().then_some("true")
            disabled=move || pending.get() || blocked.is_some_and(|blocked| blocked.get())
        >
            {children()}
        </button>
    }
}
