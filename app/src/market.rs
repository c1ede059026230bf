//! The market: what is on sale, found by search, sort and page; and one card for everybody to see.

#[cfg(feature = "ssr")]
use domain::CardId;
use domain::{CardDetail, MarketTile};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::{
    components::Form as QueryForm,
    hooks::{use_params_map, use_query_map},
    params::ParamsMap,
};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    error::Problem,
    ui::{Heading, Loaded, Picture, Refresh, When},
};

/// What the URL of the market page asks for. Kept as text: a URL that people edited is not an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub sort: String,
    #[serde(default)]
    pub after: String,
}

impl Search {
    fn from_query(query: &ParamsMap) -> Self {
        let get = |name| query.get(name).unwrap_or_default();
        Self { q: get("q"), sort: get("sort"), after: get("after") }
    }

    /// The address of the page that starts after `cursor`.
    fn link_after(&self, cursor: &str) -> String {
        let mut query = ParamsMap::new();
        for (name, value) in [("q", &*self.q), ("sort", &*self.sort), ("after", cursor)] {
            if !value.is_empty() {
                query.insert(name, value.to_owned());
            }
        }
        format!("/{}", query.to_query_string())
    }
}

#[server(endpoint = "market", input = GetUrl)]
pub async fn load_market(search: Search) -> Result<domain::MarketPage, Problem> {
    let sort = match search.sort.as_str() {
        "cheapest" => backend::market::Sort::CheapestFirst,
        "dearest" => backend::market::Sort::DearestFirst,
        _ => backend::market::Sort::Newest,
    };
    let given = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let query = backend::market::Query { text: given(search.q), sort, after: given(search.after) };
    Ok(backend::market::browse(&server::store(), &query).await?)
}

#[server(endpoint = "card", input = GetUrl)]
pub async fn load_card(id: String) -> Result<CardDetail, Problem> {
    let id = id.parse::<CardId>().map_err(|_| domain::Refusal::NotFound)?;
    Ok(backend::cards::detail(&server::store(), id, server::account_if_known().await).await?)
}

#[component]
pub fn MarketPage() -> impl IntoView {
    let refresh = Refresh::expect();
    let query = use_query_map();
    let search = Memo::new(move |_| query.with(Search::from_query));
    let data = Resource::new(move || (refresh.count(), search.get()), |(_, search)| load_market(search));
    view! {
        <Title text="Market" />
        <div class="page-head"><Heading text="Market" /></div>
        <SearchBar search=search.get_untracked() />
        <Loaded data view=move |page| view! { <Results page search=search.get_untracked() /> } />
    }
}

#[component]
fn SearchBar(search: Search) -> impl IntoView {
    let sort = search.sort;
    let option = move |value: &'static str, label: &'static str| {
        let selected = sort == value;
        view! { <option value=value selected=selected>{label}</option> }
    };
    view! {
        <QueryForm method="GET" action="" attr:class="search" attr:role="search">
            <label class="sr-only" for="q">"Search the market"</label>
            <input id="q" type="search" name="q" placeholder="Search cards" value=search.q maxlength="80" />
            <label class="sr-only" for="sort">"Order"</label>
            <select id="sort" name="sort">
                {option("", "Newest first")} {option("cheapest", "Cheapest first")} {option("dearest", "Dearest first")}
            </select>
            <button class="primary">"Search"</button>
        </QueryForm>
    }
}

#[component]
fn Results(page: domain::MarketPage, search: Search) -> impl IntoView {
    if page.tiles.is_empty() {
        return view! {
            <div class="empty">
                <h2>"Nothing here"</h2>
                <p>"No card on sale matches. Try fewer words, or be the first to sell one."</p>
                <p class="actions">
                    <a class="button" href="/">"Show everything"</a>
                    <a class="button primary" href="/dashboard">"Sell a card"</a>
                </p>
            </div>
        }
        .into_any();
    }
    let next = page.next.map(|cursor| search.link_after(&cursor));
    let tiles = page.tiles.into_iter().enumerate().map(|(position, tile)| {
        view! { <Tile tile eager={position < 4} /> }
    });
    view! {
        <p class="quiet" role="status">{on_sale(page.matches)}</p>
        <ul class="tiles">{tiles.collect_view()}</ul>
        <nav class="pages" aria-label="Pages">
            {(!search.after.is_empty()).then(|| view! { <a class="button" href=search.link_after("")>"First page"</a> })}
            {next.map(|next| view! { <a class="button" rel="next" href=next>"Next page"</a> })}
        </nav>
    }
    .into_any()
}

fn on_sale(matches: u64) -> String {
    match matches {
        1 => "1 card on sale".into(),
        matches => format!("{matches} cards on sale"),
    }
}

#[component]
fn Tile(tile: MarketTile, eager: bool) -> impl IntoView {
    view! {
        <li class="tile">
            <a class="tile-link" href=format!("/cards/{}", tile.id)>
                <Picture url=tile.image_url alt=tile.alt eager />
                <span class="tile-name">{tile.name}</span>
            </a>
            <p class="tile-price">
                <span class="price">{tile.price.to_string()}</span>
                <span class="quiet">" from " {tile.seller}</span>
            </p>
        </li>
    }
}

#[component]
pub fn CardPage() -> impl IntoView {
    let refresh = Refresh::expect();
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id").unwrap_or_default());
    let data = Resource::new(move || (refresh.count(), id()), |(_, id)| load_card(id));
    view! { <Loaded data view=|card| view! { <Detail card /> } /> }
}

#[component]
fn Detail(card: CardDetail) -> impl IntoView {
    let CardDetail { id, name, alt, image_url, owner, price, listed_at_ms, mine, .. } = card;
    let action = match (price, mine) {
        (Some(price), false) => view! {
            <p class="big-price">{price.to_string()}</p>
            <p class="actions"><a class="button primary large" href=format!("/cards/{id}/buy")>"Buy this card"</a></p>
        }
        .into_any(),
        (Some(price), true) => view! {
            <p class="big-price">{price.to_string()}</p>
            <p>"This is your card. It is on sale."</p>
            <p class="actions"><a class="button" href=format!("/cards/{id}/sell")>"Change the price"</a></p>
        }
        .into_any(),
        (None, true) => view! {
            <p>"This is your card. It is not for sale."</p>
            <p class="actions"><a class="button primary" href=format!("/cards/{id}/sell")>"Sell it"</a></p>
        }
        .into_any(),
        (None, false) => view! {
            <p>"Not for sale at the moment."</p>
            <p class="actions"><a class="button" href="/">"See what is on the market"</a></p>
        }
        .into_any(),
    };
    view! {
        <Title text=name.clone() />
        <Meta property="og:title" content=name.clone() />
        <Meta property="og:type" content="product" />
        <Meta property="og:image" content=image_url.clone() />
        <article class="detail">
            <Picture url=image_url alt=alt eager=true />
            <div class="detail-text">
                <Heading text=name />
                <p class="quiet">
                    "Owned by " {owner} {listed_at_ms.map(|at_ms| view! { ", listed " <When at_ms /> })}
                </p>
                {action}
            </div>
        </article>
    }
}
