//! The picture of a form: choosing, dropping or pasting it, seeing it, and how far it is on its way.

use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use leptos::task::spawn_local;

use super::{Stage, Upload};
use crate::{form::FieldError, texts::texts};

/// The file input of a form with preview and progress.
#[component]
pub fn PictureField(
    upload: Upload,
    /// One file or several were chosen.
    on_change: impl Fn(leptos::ev::Event) + 'static,
) -> impl IntoView {
    let pictures = &texts().pictures;
    // Without script a form brings one picture.
    let scripted = RwSignal::new(false);
    Effect::new(move |_| scripted.set(true));
    let input = NodeRef::<leptos::html::Input>::new();
    // After a cancel the same file can be chosen again.
    Effect::new(move |was_empty: Option<bool>| {
        let is_empty = upload.stage.with(|stage| *stage == Stage::Empty);
        if is_empty
            && was_empty == Some(false)
            && let Some(input) = input.get_untracked()
        {
            input.set_value("");
        }
        is_empty
    });
    view! {
        <div class="field">
            <label for="picture">{pictures.picture}</label>
            <p class="hint" id="picture-hint">
                {pictures.formats}
                <span class="with-script">" " {pictures.ways}</span>
            </p>
            <div class="drop">
                <Preview upload />
                <input
                    id="picture"
                    node_ref=input
                    // What has arrived already is not sent once more with the form.
                    name=move || upload.id.with(Option::is_none).then_some("picture")
                    type="file"
                    accept="image/png,image/jpeg,image/webp"
                    multiple=move || scripted.get()
                    aria-describedby="picture-hint picture-stage"
                    on:change=on_change
                />
                <Progress upload id="picture-stage" />
            </div>
            <input type="hidden" name="upload" value=move || upload.id.get().map(|id| id.to_string()).unwrap_or_default() />
            <FieldError name="picture" />
        </div>
    }
}

/// The file that was chosen, small.
#[component]
pub fn Preview(upload: Upload) -> impl IntoView {
    let alt = texts().pictures.chosen;
    move || {
        upload.preview.get().map(|url| {
            view! {
                <span class="picture small">
                    <img src=url alt=alt width="120" height="160" />
                </span>
            }
        })
    }
}

/// How far a picture is on its way, with the buttons that stop it and try again.
#[component]
pub fn Progress(upload: Upload, #[prop(into)] id: String) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    let (retry, cancel) = (move |_| spawn_local(upload.retry()), move |_| upload.cancel());
    #[cfg(not(feature = "hydrate"))]
    let (retry, cancel) = (|_| {}, |_| {});

    // Drawn anew when the kind of stage changes and not with each per cent: a button keeps the focus.
    let shown = Memo::new(move |_| match upload.stage.get() {
        Stage::Sending(_) => Stage::Sending(0),
        stage => stage,
    });
    let percent = move || match upload.stage.get() {
        Stage::Sending(percent) => percent,
        _ => 0,
    };
    let pictures = &texts().pictures;
    view! {
        <div id=id class="progress" role="status">
            {move || match shown.get() {
                Stage::Empty => ().into_any(),
                Stage::Waiting => view! { <p class="quiet">{pictures.waits}</p> }.into_any(),
                Stage::Preparing => view! {
                    <p>{pictures.preparing}</p>
                    <button type="button" class="plain" on:click=cancel>{pictures.cancel}</button>
                }
                .into_any(),
                Stage::Sending(_) => view! {
                    <progress max="100" value=percent aria-label=pictures.sending></progress>
                    <button type="button" class="plain" on:click=cancel>{pictures.cancel}</button>
                }
                .into_any(),
                Stage::Arrived => view! { <p class="good" data-testid="arrived">{pictures.arrived}</p> }.into_any(),
                Stage::Failed { why, may_retry } => view! {
                    <p class="error">{why}</p>
                    {may_retry.then(|| view! { <button type="button" class="secondary" on:click=retry>{pictures.retry}</button> })}
                }
                .into_any(),
            }}
        </div>
    }
}
