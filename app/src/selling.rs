//! Selling a card of mine: put it on sale, change its price, take it off the market.

use domain::{CardDetail, CardId, Money};
#[cfg(feature = "ssr")]
use domain::{Notice, Refusal};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::codec::GetUrl;

use crate::{
    data::use_data,
    error::{Done, Problem},
    form::{Action, Field, Form, Submit, Summary, use_action},
    texts::texts,
    ui::{Heading, Loaded, Picture, Refresh, Title},
};
#[cfg(feature = "ssr")]
use crate::{error::Undo, server};

#[server(endpoint = "put_on_sale")]
pub async fn put_on_sale(card: CardId, price: String) -> Result<Done, Problem> {
    let owner = server::account().await?;
    backend::market::list(&server::store(), owner, card, Money::parse_price(&price)?).await?;
    Ok(Done::to("/dashboard").saying(Notice::OnSale))
}

#[server(endpoint = "reprice")]
pub async fn reprice(card: CardId, version: i64, price: String) -> Result<Done, Problem> {
    let owner = server::account().await?;
    backend::market::reprice(&server::store(), owner, card, version, Money::parse_price(&price)?).await?;
    Ok(Done::to("/dashboard").saying(Notice::Repriced))
}

#[server(endpoint = "cancel_sale")]
pub async fn cancel_sale(card: CardId, version: i64, price: Money) -> Result<Done, Problem> {
    let owner = server::account().await?;
    backend::market::cancel(&server::store(), owner, card, version).await?;
    Ok(Done::to("/dashboard").saying(Notice::SaleCancelled).undone_by(Undo { card, price }))
}

/// Offers to sell the visitor's own card; anybody else's is not found here.
#[server(endpoint = "own_card", input = GetUrl)]
pub async fn load_own_card(id: String) -> Result<CardDetail, Problem> {
    let owner = server::account().await?;
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    let card = backend::cards::detail(&server::store(), id, Some(owner)).await?;
    if card.mine { Ok(card) } else { Err(Refusal::NotFound.into()) }
}

#[component]
pub fn SellPage() -> impl IntoView {
    let refresh = Refresh::expect();
    let params = use_params_map();
    let data = use_data(
        move || refresh.count(),
        move || LoadOwnCard { id: params.with(|params| params.get("id").unwrap_or_default()) },
    );
    let put_on_sale = use_action::<PutOnSale>();
    let reprice = use_action::<Reprice>();
    view! { <Loaded data view=move |card| view! { <PriceForm card put_on_sale reprice /> } /> }
}

#[component]
fn PriceForm(card: CardDetail, put_on_sale: Action, reprice: Action) -> impl IntoView {
    // A refusal may show the other form, and the price is not to be typed again.
    let typed = put_on_sale.typed("price").or_else(|| reprice.typed("price"));
    let CardDetail { id, name, alt, image_url, price, version, last_price, .. } = card;
    let texts = texts();
    let selling = &texts.selling;
    let hint = match last_price {
        Some(last) => selling.whole_price_last.with([&texts.money(last)]),
        None => selling.whole_price.to_owned(),
    };
    let hidden = view! { <input type="hidden" name="card" value=id.to_string() /> };
    let (title, form) = match price {
        None => (
            selling.sell.with([&name]),
            view! {
                <Summary problem=reprice.problem() />
                <Form action=put_on_sale class="stack">
                    {hidden}
                    <Field
                        name="price"
                        label=selling.price
                        inputmode="decimal"
                        autocomplete="off"
                        value=typed.unwrap_or_default()
                        hint
                    />
                    <Submit>{selling.put_on_sale}</Submit>
                </Form>
            }
            .into_any(),
        ),
        Some(price) => (
            selling.change_price_of.with([&name]),
            view! {
                <Summary problem=put_on_sale.problem() />
                <Form action=reprice class="stack">
                    {hidden}
                    <input type="hidden" name="version" value=version.to_string() />
                    <Field
                        name="price"
                        label=selling.new_price
                        inputmode="decimal"
                        autocomplete="off"
                        value=typed.unwrap_or_else(|| price.to_input(texts.notation))
                        hint
                    />
                    <Submit>{texts.cards.change_price}</Submit>
                </Form>
            }
            .into_any(),
        ),
    };
    view! {
        <Title text=title.clone() />
        <article class="detail">
            <Picture url=image_url alt=alt eager=true />
            <div class="detail-text">
                <Heading text=title />
                {form}
                <p><a href="/dashboard">{selling.back}</a></p>
            </div>
        </article>
    }
}
