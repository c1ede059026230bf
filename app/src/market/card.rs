//! One card for everybody to see: its picture, price, owner and past.

#[cfg(feature = "ssr")]
use domain::CardId;
use domain::{CardDetail, Money, Owned};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::codec::GetUrl;

use super::{
    search::Search,
    watching::{Unwatch, Watch, WatchButton},
};
#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    data::use_data,
    error::Problem,
    form::{Action, use_action},
    live::{CardNow, Live},
    texts::{Texts, texts},
    ui::{Ago, Heading, Lightbox, Loaded, Meta, Refresh, Title},
};

#[server(endpoint = "card", input = GetUrl)]
pub async fn load_card(id: String) -> Result<CardDetail, Problem> {
    let id = id.parse::<CardId>().map_err(|_| domain::Refusal::NotFound)?;
    Ok(backend::cards::detail(&server::store(), id, server::account_if_known().await).await?)
}

#[component]
pub fn CardPage() -> impl IntoView {
    let (refresh, live) = (Refresh::expect(), Live::expect());
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id").unwrap_or_default());
    let data =
        use_data(move || refresh.count().wrapping_add(live.reconnects()), move || LoadCard { id: id() });
    let (watch, unwatch) = (use_action::<Watch>(), use_action::<Unwatch>());
    view! { <Loaded data view=move |card| view! { <Detail card watch unwatch /> } /> }
}

#[component]
fn Detail(card: CardDetail, watch: Action, unwatch: Action) -> impl IntoView {
    let CardDetail { id, name, alt, image_url, owner, price, listed_at_ms, mine, watched, history, .. } =
        card;
    let (live, texts) = (Live::expect(), texts());
    Effect::new(move |_| live.follow(vec![id]));
    let said = &texts.card;
    let actions = if mine {
        view! {
            <p>{said.mine} " " {if price.is_some() { said.mine_on_sale } else { said.mine_not_for_sale }}</p>
            <p class="actions">
                {match price {
                    Some(_) => {
                        view! { <a class="button" href=format!("/cards/{id}/sell")>{texts.cards.change_price}</a> }.into_any()
                    }
                    None => {
                        view! { <a class="button primary" href=format!("/cards/{id}/sell")>{said.sell}</a> }.into_any()
                    }
                }}
                <a class="button" href=format!("/cards/{id}/edit")>{said.edit}</a>
            </p>
        }
        .into_any()
    } else {
        view! {
            {price
                .is_some()
                .then(|| view! { <a class="button primary large start" href=format!("/cards/{id}/buy")>{said.buy}</a> })}
            <div class="actions"><WatchButton card=id watched begin=watch end=unwatch /></div>
        }
        .into_any()
    };
    let about = about(&name, &owner, price, texts);
    let owned_by = view! { <a href=Search::link_to_seller(&owner)>{owner.clone()}</a> }.into_any();
    let listed = listed_at_ms.map(|at_ms| said.listed.woven([view! { <Ago at_ms /> }.into_any()]));
    view! {
        <Title text=name.clone() />
        <Meta name="description" content=about.clone() />
        <Meta name="og:site_name" content="CardStore" />
        <Meta name="og:type" content="product" />
        <Meta name="og:title" content=name.clone() />
        <Meta name="og:description" content=about />
        <Meta name="og:image" content=image_url.to_string() />
        <Meta name="og:image:alt" content=alt.clone() />
        <Meta name="twitter:card" content="summary_large_image" />
        <article class="detail">
            <Lightbox url=image_url alt=alt />
            <div class="detail-text">
                <Heading text=name />
                <p class="quiet">{said.owned_by.woven([owned_by])} {listed}</p>
                <Price now=live.card(id) price />
                {actions}
                <Past history />
            </div>
        </article>
    }
}

/// The price as it was when the page was drawn, or what became of it since.
#[component]
fn Price(now: Memo<Option<CardNow>>, price: Option<Money>) -> impl IntoView {
    let texts = texts();
    move || match (now.get(), price) {
        (Some(CardNow::Sold), _) => {
            view! { <p class="big-price" role="status">{texts.market.sold}</p> }.into_any()
        }
        (Some(CardNow::OffSale), _) | (None | Some(CardNow::OnSale), None) => {
            view! { <p>{texts.card.not_for_sale}</p> }.into_any()
        }
        (Some(CardNow::Costs { price }), _) | (None | Some(CardNow::OnSale), Some(price)) => {
            view! { <p class="big-price">{texts.money(price)}</p> }.into_any()
        }
    }
}

/// Who owned it before.
#[component]
fn Past(history: Vec<Owned>) -> impl IntoView {
    if history.is_empty() {
        return ().into_any();
    }
    let texts = texts();
    let sales = history.into_iter().map(|sale| {
        view! {
            <li>
                <div>
                    <p>{texts.card.sold_to.with([&sale.seller, &sale.buyer])}</p>
                    <p class="quiet"><Ago at_ms=sale.at_ms /></p>
                </div>
                <p class="price">{texts.money(sale.price)}</p>
            </li>
        }
    });
    view! { <h2>{texts.card.past}</h2> <ul class="rows" data-testid="history">{sales.collect_view()}</ul> }
        .into_any()
}

fn about(name: &str, owner: &str, price: Option<Money>, texts: &Texts) -> String {
    match price {
        Some(price) => texts.card.about_on_sale.with([name, &texts.money(price), owner]),
        None => texts.card.about.with([name, owner]),
    }
}
