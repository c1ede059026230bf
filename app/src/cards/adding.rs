//! Adding a card: a picture, a name, and the picture in words.

mod drafts;

use domain::UploadId;
#[cfg(feature = "ssr")]
use domain::{AltText, CardName, Notice, Refusal};
use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::{
    data::use_data,
    error::{Done, Problem},
    form::{Field, Form, Returned, Submit, use_action},
    texts::texts,
    ui::{Heading, Loaded, Refresh, Title},
    upload::{PictureField, Upload},
};
#[cfg(feature = "ssr")]
use crate::{error::all_fine, server};
use drafts::{Drafts, Pictures};

#[server(endpoint = "add_card")]
pub async fn add_card(
    name: String,
    #[server(default)] alt: String,
    #[server(default)] upload: String,
) -> Result<Done, Problem> {
    let owner = server::account().await?;
    let (name, alt) = (CardName::parse(&name), AltText::parse(&alt));
    let upload = upload.parse::<UploadId>().map_err(|_| Refusal::PictureMissing);
    all_fine(&[name.as_ref().err().copied(), alt.as_ref().err().copied(), upload.as_ref().err().copied()])?;
    let card = backend::cards::NewCard { name: name?, alt: alt?, upload: upload? };
    backend::cards::add(&server::store(), owner, card).await?;
    Ok(Done::to("/dashboard").saying(Notice::CardAdded))
}

/// Answers nothing but whether the form is of use: strangers sign in first instead of typing in vain.
#[server(endpoint = "may_add", input = GetUrl)]
pub async fn may_add() -> Result<(), Problem> {
    server::account().await.map(drop)
}

#[component]
pub fn AddCardPage() -> impl IntoView {
    let action = use_action::<AddCard>();
    let refresh = Refresh::expect();
    let signed_in = use_data(move || refresh.count(), || MayAdd {});
    let kept = Returned::value::<AddCard>("upload").and_then(|upload| upload.parse::<UploadId>().ok());
    // Outside of what is drawn anew: a picture on its way stays.
    let pictures = Pictures::new(Upload::new(kept));
    let upload = pictures.in_form;
    let cards = &texts().cards;
    view! {
        <Title text=cards.add />
        <section class="narrow">
            <Heading text=cards.add />
            <Loaded
                data=signed_in
                headed=true
                view=move |()| {
                    view! {
                        <Show
                            when=move || pictures.drafts.with(Vec::is_empty)
                            fallback=move || view! { <Drafts pictures /> }
                        >
                            <Form action class="stack" multipart=true>
                                <PictureField upload on_change=move |event| pictures.chosen(&event) />
                                <Field name="name" label=cards.name />
                                <Field
                                    name="alt"
                                    label=cards.in_words
                                    hint=cards.in_words_hint
                                    required=false
                                />
                                <Submit blocked=Signal::derive(move || upload.is_under_way())>{cards.add_this}</Submit>
                            </Form>
                        </Show>
                    }
                }
            />
        </section>
    }
}
