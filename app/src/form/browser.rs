//! Sends a form in place: its fields to its function, and the visitor on to what the answer says.

use leptos::{
    ev::SubmitEvent,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlFormElement, UrlSearchParams},
};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::Action;
use crate::{
    browser,
    error::{Done, Problem},
    ui::{Refresh, Toasts},
};

/// Shows the page at a path, in place.
type Navigate = Box<dyn Fn(&str)>;

/// What an answer acts on: the page's notices, its data, and the way to the next page.
#[derive(Clone, Copy)]
pub(super) struct Surroundings {
    toasts: Toasts,
    refresh: Refresh,
    navigate: StoredValue<Navigate, LocalStorage>,
    sent: StoredValue<Option<UrlSearchParams>, LocalStorage>,
}

impl Surroundings {
    pub(super) fn of_this_page() -> Self {
        let navigate = use_navigate();
        let navigate = move |path: &str| navigate(path, NavigateOptions::default());
        Self {
            toasts: Toasts::expect(),
            refresh: Refresh::expect(),
            navigate: StoredValue::new_local(Box::new(navigate)),
            sent: StoredValue::new_local(None),
        }
    }

    /// What was sent last as `field`.
    pub(super) fn sent(self, field: &str) -> Option<String> {
        self.sent.with_value(|sent| sent.as_ref()?.get(field))
    }
}

pub(super) fn send(action: Action, event: &SubmitEvent) {
    event.prevent_default();
    let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
    let Some(form) = form.filter(|_| !action.pending.get_untracked()) else { return };
    let Some(fields) = fields_of(&form) else { return action.problem.set(Some(Problem::OutOfDate)) };
    action.pending.set(true);
    action.surroundings.sent.set_value(Some(fields.clone()));
    let refresh = action.surroundings.refresh;
    refresh.form_sent();
    spawn_local(async move {
        let answer = browser::post(action.path, fields).await.and_then(|answer| browser::read(&answer));
        // False when the visitor has left the page meanwhile.
        if action.pending.set(false) {
            act_on(answer, action, &form);
        }
        refresh.form_answered();
    });
}

/// As a browser without script would write them; the buttons of our forms have no names.
fn fields_of(form: &HtmlFormElement) -> Option<UrlSearchParams> {
    let fields = FormData::new_with_form(form).ok()?;
    UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()
}

fn act_on(answer: Result<Done, Problem>, action: Action, form: &HtmlFormElement) {
    let Surroundings { toasts, refresh, navigate, .. } = action.surroundings;
    match answer {
        Ok(done) if done.whole_page => _ = window().location().assign(&done.location()),
        Ok(done) => {
            action.problem.set(None);
            if let Some(notice) = done.notice {
                toasts.say(notice, done.undo);
            }
            refresh.everything();
            navigate.with_value(|navigate| navigate(&done.to));
        }
        // Sent once more as without script: the node keeps what was typed until the visitor has signed in.
        Err(problem) if problem.is_signed_out() && form.is_connected() && form.submit().is_ok() => {}
        Err(problem) => {
            let outdated = problem.is_conflict() || problem.is_signed_out();
            action.problem.set(Some(problem));
            if outdated {
                refresh.everything();
            }
        }
    }
}
