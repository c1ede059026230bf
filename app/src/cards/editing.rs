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
    texts::texts,
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
    let cards = &texts().cards;
    let title = cards.edit.with([&name]);
    let end = match price {
        Some(_) => view! {
            <p class="quiet">{cards.delete_on_sale}</p>
        }
        .into_any(),
        None => view! {
            <p class="quiet">{cards.delete_for_good}</p>
            <Form action=delete class="actions">
                <input type="hidden" name="card" value=id.to_string() />
                <Submit class="danger">{cards.delete}</Submit>
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
                    <Field name="name" label=cards.name value=name />
                    <Field
                        name="alt"
                        label=cards.in_words
                        hint=cards.in_words_hint
                        value=alt
                        required=false
                    />
                    <Submit>{cards.save}</Submit>
                </Form>
                <h2>{cards.delete_it}</h2>
                {end}
                <p><a href=format!("/cards/{id}")>{cards.back_to_card}</a></p>
            </div>
        </article>
    }
}
