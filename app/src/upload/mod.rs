//! A picture's way from the browser straight to S3: the node signs, the browser sends, the node checks later.
//!
//! Without script the same file input is sent with its form, and the node puts the object instead.

#[cfg(feature = "hydrate")]
mod browser;

use domain::{UploadId, image::ImageType};
use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::server;
use crate::{error::Problem, form::FieldError};

/// Permission to put one object: where, and with exactly which headers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedUpload {
    pub upload: UploadId,
    pub url: String,
    pub headers: Vec<(String, String)>,
}

/// `sha256` in hexadecimal: the bucket refuses any other bytes.
#[server(endpoint = "sign_upload")]
pub async fn sign_upload(
    length: u64,
    content_type: ImageType,
    sha256: String,
) -> Result<SignedUpload, Problem> {
    let owner = server::account().await?;
    server::limit_uploads(owner).await?;
    let sha256 = server::sha256_from_hex(&sha256).ok_or(Problem::OutOfDate)?;
    let request = backend::images::UploadRequest { length, content_type, sha256 };
    let signed = backend::images::sign_upload(&server::store(), owner, request).await?;
    Ok(SignedUpload { upload: signed.upload, url: signed.url, headers: signed.headers })
}

/// Where a picture is on its way.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Stage {
    #[default]
    Empty,
    /// Being made smaller and freed of its metadata.
    Preparing,
    /// Per cent sent.
    Sending(u8),
    Arrived,
    Failed(String),
}

/// The file input with preview, progress, cancel and retry. Sets `upload` once the picture is in the bucket.
#[component]
pub fn PictureField(upload: RwSignal<Option<UploadId>>, busy: RwSignal<bool>) -> impl IntoView {
    let stage = RwSignal::new(if upload.get_untracked().is_some() { Stage::Arrived } else { Stage::Empty });
    let preview = RwSignal::new(None::<String>);
    Effect::new(move |_| busy.set(matches!(stage.get(), Stage::Preparing | Stage::Sending(_))));

    #[cfg(feature = "hydrate")]
    let sending = browser::Sending::default();
    #[cfg(feature = "hydrate")]
    let take = move |file: web_sys::File| spawn_local(sending.take(file, upload, stage, preview));
    #[cfg(feature = "hydrate")]
    let (on_change, on_drop, on_retry, on_cancel) = (
        move |event: leptos::ev::Event| {
            if let Some(file) = browser::chosen_file(&event) {
                take(file);
            }
        },
        move |event: leptos::ev::DragEvent| {
            event.prevent_default();
            if let Some(file) = browser::dropped_file(&event) {
                take(file);
            }
        },
        move |_| spawn_local(sending.retry(upload, stage, preview)),
        move |_| sending.cancel(upload, stage, preview),
    );
    #[cfg(not(feature = "hydrate"))]
    let (on_change, on_drop, on_retry, on_cancel) =
        (|_: leptos::ev::Event| {}, |_: leptos::ev::DragEvent| {}, |_| {}, |_| {});

    view! {
        <div class="field">
            <label for="picture">"Picture"</label>
            <p class="hint" id="picture-hint">"PNG, JPEG or WebP. Drop it here or choose a file."</p>
            <div class="drop" on:dragover=|event| event.prevent_default() on:drop=on_drop>
                {move || {
                    preview.get().map(|url| {
                        view! { <span class="picture small"><img src=url alt="The picture you chose" width="120" height="160" /></span> }
                    })
                }}
                <input
                    id="picture"
                    name="picture"
                    type="file"
                    accept="image/png,image/jpeg,image/webp"
                    aria-describedby="picture-hint picture-stage"
                    on:change=on_change
                />
                <div id="picture-stage" role="status">
                    {move || match stage.get() {
                        Stage::Empty => ().into_any(),
                        Stage::Preparing => view! { <p>"Preparing your picture…"</p> }.into_any(),
                        Stage::Sending(percent) => view! {
                            <progress max="100" value=percent aria-label="Sending your picture"></progress>
                            <button type="button" class="plain" on:click=on_cancel>"Cancel"</button>
                        }
                        .into_any(),
                        Stage::Arrived => view! { <p class="good" data-testid="arrived">"Your picture has arrived."</p> }.into_any(),
                        Stage::Failed(why) => view! {
                            <p class="error">{why}</p>
                            <button type="button" class="secondary" on:click=on_retry>"Retry"</button>
                        }
                        .into_any(),
                    }}
                </div>
            </div>
            <input type="hidden" name="upload" value=move || upload.get().map(|id| id.to_string()).unwrap_or_default() />
            <FieldError name="picture" />
        </div>
    }
}
