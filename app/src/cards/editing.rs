//! Changing what a card of mine is called, and deleting it.

#[cfg(feature = "ssr")]
use domain::{AltText, CardName, Notice};
use domain::{CardDetail, CardId};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    data::use_data,
    error::{Done, Problem},
    form::{Action, Field, Form, Submit, use_action},
    selling::LoadOwnCard,
    ui::{Heading, Loaded, Picture, Refresh, Title},
};
#[cfg(feature = "ssr")]
use crate::{error::all_fine, server};

#[server(endpoint = "edit_card")]
pub async fn edit_card(card: CardId, name: String, #[server(default)] alt: String) -> Result<Done, Problem> {
    let owner = server::account().await?;
    let (name, alt) = (CardName::parse(&name), AltText::parse(&alt));
    all_fine(&[name.as_ref().err().copied(), alt.as_ref().err().copied()])?;
    backend::cards::edit(&server::store(), owner, card, name?, alt?).await?;
    Ok(Done::to(format!("/cards/{card}")).saying(Notice::CardEdited))
}

#[server(endpoint = "delete_card")]
pub async fn delete_card(card: CardId) -> Result<Done, Problem> {
    let owner = server::account().await?;
    backend::cards::delete(&server::store(), owner, card).await?;
    Ok(Done::to("/dashboard").saying(Notice::CardDeleted))
}

/// Name and words of a card of mine, and at the end the end of it.
#[component]
pub fn EditCardPage() -> impl IntoView {
    let refresh = Refresh::expect();
    let params = use_params_map();
    let data = use_data(
        move || refresh.count(),
        move || LoadOwnCard { id: params.with(|params| params.get("id").unwrap_or_default()) },
    );
    let (edit, delete) = (use_action::<EditCard>(), use_action::<DeleteCard>());
    view! { <Loaded data view=move |card| view! { <EditForms card edit delete /> } /> }
}

#[component]
fn EditForms(card: CardDetail, edit: Action, delete: Action) -> impl IntoView {
    let CardDetail { id, name, alt, image_url, price, .. } = card;
    let title = format!("Edit {name}");
    let end = match price {
        Some(_) => view! {
            <p class="quiet">"It is on sale. To delete it, cancel the sale first."</p>
        }
        .into_any(),
        None => view! {
            <p class="quiet">"It is gone for good, with its picture. Past sales stay in the books."</p>
            <Form action=delete class="actions">
                <input type="hidden" name="card" value=id.to_string() />
                <Submit class="danger">"Delete this card"</Submit>
            </Form>
        }
        .into_any(),
    };
    view! {
        <Title text=title.clone() />
        <article class="detail">
            <Picture url=image_url alt=alt.clone() eager=true />
            <div class="detail-text">
                <Heading text=title />
                <Form action=edit class="stack">
                    <input type="hidden" name="card" value=id.to_string() />
                    <Field name="name" label="Name" value=name />
                    <Field
                        name="alt"
                        label="The picture in words"
                        hint="For people who do not see it."
                        value=alt
                        required=false
                    />
                    <Submit>"Save"</Submit>
                </Form>
                <h2>"Delete it"</h2>
                {end}
                <p><a href=format!("/cards/{id}")>"Back to the card"</a></p>
            </div>
        </article>
    }
}
