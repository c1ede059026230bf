//! Several pictures at once: each becomes a draft with a name of its own, sent one after the other, saved one by one.

#[cfg(feature = "hydrate")]
mod browser;

use leptos::prelude::*;

use crate::{
    error::Problem,
    texts::texts,
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
    let said = &texts().pictures;
    let left_out = move || match pictures.left_out.get() {
        0 => None,
        1 => Some(said.one_left_out.with([&MOST.to_string()])),
        many => Some(said.left_out.with([&many.to_string(), &MOST.to_string()])),
    };
    view! {
        <p class="quiet">{said.name_each}</p>
        <p role="status">{left_out}</p>
        <ul class="drafts">
            <For each=move || pictures.drafts.get() key=|draft| draft.number let:draft>
                <li><DraftForm draft pictures /></li>
            </For>
        </ul>
        <div class="field">
            <label for="more">{said.more}</label>
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
    let texts = texts();
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
                    {move || problem.get().map(|problem| texts.problem(&problem))}
                </p>
                <div class="field">
                    <label for=id("name")>{texts.cards.name}</label>
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
                    <label for=id("alt")>
                        {texts.cards.in_words} " " <span class="quiet">{texts.frame.optional}</span>
                    </label>
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
                        {texts.cards.add_this}
                    </button>
                    <button type="button" class="plain" on:click=remove>{texts.pictures.remove}</button>
                </div>
            </div>
        </form>
    }
}
