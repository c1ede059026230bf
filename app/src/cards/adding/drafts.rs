//! Several pictures at once: each becomes a draft with a name of its own, sent one after the other, saved one by one.

#[cfg(feature = "hydrate")]
mod browser;

use leptos::prelude::*;

use crate::{
    error::Problem,
    upload::{Preview, Progress, Upload},
};

/// How many drafts may wait at once; more files than that are left out, and the page says so.
pub(super) const MOST: usize = 20;

/// All pictures of the page: the one in the form, or drafts as soon as there are several.
#[derive(Clone, Copy)]
pub(super) struct Pictures {
    pub(super) in_form: Upload,
    pub(super) drafts: RwSignal<Vec<Draft>>,
    left_out: RwSignal<usize>,
    #[cfg(feature = "hydrate")]
    page: StoredValue<browser::Page, LocalStorage>,
}

/// A card to be.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    /// Sets its fields apart from those of the others.
    number: usize,
    upload: Upload,
    name: RwSignal<String>,
    alt: RwSignal<String>,
    problem: RwSignal<Option<Problem>>,
    saving: RwSignal<bool>,
}

impl Pictures {
    pub(super) fn new(in_form: Upload) -> Self {
        let pictures = Self {
            in_form,
            drafts: RwSignal::new(Vec::new()),
            left_out: RwSignal::new(0),
            #[cfg(feature = "hydrate")]
            page: StoredValue::new_local(browser::Page::here()),
        };
        #[cfg(feature = "hydrate")]
        pictures.follow_drops_and_pastes();
        pictures
    }

    pub(super) fn chosen(self, event: &leptos::ev::Event) {
        #[cfg(feature = "hydrate")]
        self.take_chosen(event);
        #[cfg(not(feature = "hydrate"))]
        let _ = event;
    }
}

/// The drafts, and an input for more.
#[component]
pub(super) fn Drafts(pictures: Pictures) -> impl IntoView {
    let left_out = move || match pictures.left_out.get() {
        0 => None,
        1 => Some(format!("One picture was left out: {MOST} at a time.")),
        many => Some(format!("{many} pictures were left out: {MOST} at a time.")),
    };
    view! {
        <p class="quiet">"Name each card and save it. The others wait here."</p>
        <p role="status">{left_out}</p>
        <ul class="drafts">
            <For each=move || pictures.drafts.get() key=|draft| draft.number let:draft>
                <li><DraftForm draft pictures /></li>
            </For>
        </ul>
        <div class="field">
            <label for="more">"More pictures"</label>
            <input
                id="more"
                type="file"
                accept="image/png,image/jpeg,image/webp"
                multiple
                on:change=move |event| pictures.chosen(&event)
            />
        </div>
    }
}

#[component]
fn DraftForm(draft: Draft, pictures: Pictures) -> impl IntoView {
    let Draft { number, upload, name, alt, problem, saving } = draft;
    let id = |field: &str| format!("{field}-{number}");
    let error_id = id("error");
    let invalid = move |field: &'static str| {
        problem.with(|problem| {
            let refusals = problem.as_ref().map(Problem::refusals).unwrap_or_default();
            refusals.iter().any(|refusal| refusal.field() == Some(field)).then_some("true")
        })
    };
    #[cfg(feature = "hydrate")]
    let (save, remove) = (
        move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            pictures.save(draft);
        },
        move |_| pictures.remove(draft),
    );
    #[cfg(not(feature = "hydrate"))]
    let (save, remove) = {
        let _ = pictures;
        (|_: leptos::ev::SubmitEvent| {}, |_| {})
    };
    view! {
        <form class="draft" novalidate on:submit=save>
            <Preview upload />
            <div class="stack">
                <Progress upload id=id("stage") />
                <p class="error" role="alert" id=error_id.clone()>
                    {move || problem.get().map(|problem| problem.sentence())}
                </p>
                <div class="field">
                    <label for=id("name")>"Name"</label>
                    <input
                        id=id("name")
                        type="text"
                        prop:value=name
                        aria-invalid=move || invalid("name")
                        aria-describedby=error_id.clone()
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                </div>
                <div class="field">
                    <label for=id("alt")>"The picture in words" <span class="quiet">" (optional)"</span></label>
                    <input
                        id=id("alt")
                        type="text"
                        prop:value=alt
                        aria-invalid=move || invalid("alt")
                        aria-describedby=error_id
                        on:input=move |event| alt.set(event_target_value(&event))
                    />
                </div>
                <div class="actions">
                    <button
                        class="primary"
                        aria-busy=move || saving.get().then_some("true")
                        disabled=move || saving.get() || upload.id.with(Option::is_none)
                    >
                        "Add this card"
                    </button>
                    <button type="button" class="plain" on:click=remove>"Remove"</button>
                </div>
            </div>
        </form>
    }
}
