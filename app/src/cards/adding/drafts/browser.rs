//! The browser's half of several pictures: taking files in, sending them in turn, saving a draft.

use domain::Notice;
use leptos::{
    ev,
    leptos_dom::helpers::window_event_listener,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::{File, HtmlElement, HtmlInputElement, UrlSearchParams},
};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use server_fn::ServerFn;

use super::{Draft, MOST, Pictures};
use crate::{
    browser::post,
    cards::AddCard,
    ui::{Refresh, Toasts},
    upload::{Upload, dropped_files, files_of_input, forget_chosen, pasted_files},
};

/// What drafts act on, and who owns what is made later.
#[derive(Clone)]
pub(super) struct Page {
    owner: Option<Owner>,
    toasts: Toasts,
    refresh: Refresh,
    to_dashboard: std::rc::Rc<dyn Fn()>,
    /// How many drafts there ever were.
    drafts: usize,
}

impl Page {
    pub(super) fn here() -> Self {
        let navigate = use_navigate();
        Self {
            owner: Owner::current(),
            toasts: Toasts::expect(),
            refresh: Refresh::expect(),
            to_dashboard: std::rc::Rc::new(move || navigate("/dashboard", NavigateOptions::default())),
            drafts: 0,
        }
    }
}

impl Pictures {
    /// Anywhere on the page: a picture that is dropped beside the field must not replace the page.
    pub(super) fn follow_drops_and_pastes(self) {
        let listeners = [
            window_event_listener(ev::dragover, |event| event.prevent_default()),
            window_event_listener(ev::drop, move |event| {
                event.prevent_default();
                self.take_all(dropped_files(&event));
            }),
            window_event_listener(ev::paste, move |event| self.take_all(pasted_files(&event))),
        ];
        on_cleanup(move || {
            listeners.into_iter().for_each(WindowListenerHandle::remove);
            self.in_form.cancel();
            self.drafts.with_untracked(|drafts| drafts.iter().for_each(|draft| draft.upload.cancel()));
        });
    }

    pub(super) fn take_chosen(self, event: &ev::Event) {
        let files = files_of_input(event);
        if files.len() != 1 || self.has_drafts() {
            forget_chosen(event);
        }
        self.take_all(files);
    }

    /// One picture goes into the form. With a second one all become drafts.
    fn take_all(self, mut files: Vec<File>) {
        match files.len() {
            0 => return,
            1 if !self.has_drafts() => {
                if let Some(file) = files.pop() {
                    spawn_local(self.in_form.take(file));
                }
                return;
            }
            _ => {}
        }
        let begun = self.in_form.file();
        let places = MOST.saturating_sub(self.drafts.with_untracked(Vec::len));
        let files: Vec<File> = begun.into_iter().chain(files).collect();
        self.left_out.set(files.len().saturating_sub(places));
        let drafts: Vec<Draft> = files.into_iter().take(places).filter_map(|file| self.draft(file)).collect();
        if let Some(first) = drafts.first().filter(|_| !self.has_drafts()) {
            first.name.set(typed("name"));
            first.alt.set(typed("alt"));
        }
        self.in_form.cancel();
        self.drafts.update(|all| all.extend(&drafts));
        spawn_local(async move {
            // One after the other: a dozen photographs at once would fill a phone's memory.
            for draft in drafts {
                draft.upload.retry().await;
            }
        });
    }

    fn has_drafts(self) -> bool {
        self.drafts.with_untracked(|drafts| !drafts.is_empty())
    }

    fn draft(self, file: File) -> Option<Draft> {
        let (owner, number) = self.page.try_update_value(|page| {
            page.drafts += 1;
            (page.owner.clone(), page.drafts)
        })?;
        let draft = owner?.with(|| Draft {
            number,
            upload: Upload::new(None),
            name: RwSignal::new(String::new()),
            alt: RwSignal::new(String::new()),
            problem: RwSignal::new(None),
            saving: RwSignal::new(false),
        });
        draft.upload.hold(file);
        Some(draft)
    }

    pub(super) fn save(self, draft: Draft) {
        let Some(upload) = draft.upload.id.get_untracked().filter(|_| !draft.saving.get_untracked()) else {
            return;
        };
        draft.saving.set(true);
        draft.problem.set(None);
        let Ok(fields) = UrlSearchParams::new() else { return };
        fields.append("name", &draft.name.get_untracked());
        fields.append("alt", &draft.alt.get_untracked());
        fields.append("upload", &upload.to_string());
        spawn_local(async move {
            let answer = post(AddCard::PATH, fields).await;
            draft.saving.try_set(false);
            match answer {
                Ok(_) => self.saved(draft),
                Err(problem) => _ = draft.problem.try_set(Some(problem)),
            }
        });
    }

    fn saved(self, draft: Draft) {
        // Nothing when the visitor has left the page meanwhile.
        let Some(page) = self.page.try_with_value(Clone::clone) else { return };
        page.toasts.say(Notice::CardAdded, None);
        self.remove(draft);
        if !self.has_drafts() {
            page.refresh.everything();
            (page.to_dashboard)();
        }
    }

    /// The focus goes to the next name to type.
    pub(super) fn remove(self, draft: Draft) {
        draft.upload.cancel();
        self.left_out.set(0);
        self.drafts.update(|drafts| drafts.retain(|other| other.number != draft.number));
        request_animation_frame(|| {
            let next = document().query_selector(".draft input").ok().flatten();
            if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
                _ = next.focus();
            }
        });
    }
}

/// What stands in a field of the form.
fn typed(id: &str) -> String {
    let field = document().get_element_by_id(id).and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    field.map(|field| field.value()).unwrap_or_default()
}
