//! The market page: a grid of what is on sale that marks what others buy while it is open.

use domain::MarketTile;
#[cfg(feature = "ssr")]
use domain::Money;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::codec::GetUrl;

use super::search::{Search, SearchBar};
#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    data::use_data,
    error::Problem,
    live::{CardNow, Live},
    ui::{Heading, Loaded, Picture, Refresh, Title},
};

/// A price that cannot be read narrows nothing.
#[server(endpoint = "market", input = GetUrl)]
pub async fn load_market(
    #[server(default)] q: String,
    #[server(default)] seller: String,
    #[server(default)] min: String,
    #[server(default)] max: String,
    #[server(default)] sort: String,
    #[server(default)] after: String,
) -> Result<domain::MarketPage, Problem> {
    let sort = match sort.as_str() {
        "cheapest" => backend::market::Sort::CheapestFirst,
        "dearest" => backend::market::Sort::DearestFirst,
        _ => backend::market::Sort::Newest,
    };
    let given = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let price = |text: &str| Money::parse_price(text).ok();
    let query = backend::market::Query {
        lowest: price(&min),
        highest: price(&max),
        text: given(q),
        seller: given(seller),
        sort,
        after: given(after),
    };
    Ok(backend::market::browse(&server::store(), &query).await?)
}

impl From<Search> for LoadMarket {
    fn from(Search { q, seller, min, max, sort, after }: Search) -> Self {
        Self { q, seller, min, max, sort, after }
    }
}

#[component]
pub fn MarketPage() -> impl IntoView {
    let (refresh, live) = (Refresh::expect(), Live::expect());
    let query = use_query_map();
    let search = Memo::new(move |_| query.with(Search::from_query));
    let data = use_data(
        move || refresh.count().wrapping_add(live.reconnects()),
        move || LoadMarket::from(search.get()),
    );
    let title = move || match search.with(|search| search.seller.clone()) {
        seller if seller.is_empty() => "Market".to_owned(),
        seller => format!("Cards from {seller}"),
    };
    view! {
        <Title text=Signal::derive(title) />
        <div class="page-head">{move || view! { <Heading text=title() /> }}</div>
        {move || view! { <SearchBar search=search.get() /> }}
        <Loaded data headed=true view=move |page| view! { <Results page search=search.get_untracked() /> } />
    }
}

#[component]
fn Results(page: domain::MarketPage, search: Search) -> impl IntoView {
    if page.tiles.is_empty() {
        return view! { <Nothing search /> }.into_any();
    }
    let next = page.next.map(|cursor| search.link_after(&cursor));
    let news = RwSignal::new(String::new());
    let tiles = page.tiles.into_iter().enumerate().map(|(position, tile)| {
        view! { <Tile tile eager={position < 4} news /> }
    });
    view! {
        <p class="quiet" role="status">
            {on_sale(page.matches)}
            {search.is_filtered().then(|| view! { " · " <a href="/">"Show everything"</a> })}
        </p>
        <ul class="tiles">{tiles.collect_view()}</ul>
        <p class="sr-only" role="status" data-testid="news">{news}</p>
        <nav class="pages" aria-label="Pages">
            {(!search.after.is_empty()).then(|| view! { <a class="button" href=search.link_after("")>"First page"</a> })}
            {next.map(|next| view! { <a class="button" rel="next" href=next>"Next page"</a> })}
        </nav>
    }
    .into_any()
}

#[component]
fn Nothing(search: Search) -> impl IntoView {
    let advice = match search.is_filtered() {
        true => "No card on sale matches. Try fewer words or a wider price.",
        false => "No card is on sale at the moment. Be the first to sell one.",
    };
    view! {
        <div class="empty">
            <h2>"Nothing here"</h2>
            <p>{advice}</p>
            <p class="actions">
                {search.is_filtered().then(|| view! { <a class="button" href="/">"Show everything"</a> })}
                <a class="button primary" href="/dashboard">"Sell a card"</a>
            </p>
        </div>
    }
}

/// As far as the node counts.
const COUNTED_UP_TO: u64 = 1000;

fn on_sale(matches: u64) -> String {
    match matches {
        1 => "1 card on sale".into(),
        COUNTED_UP_TO.. => format!("{COUNTED_UP_TO} or more cards on sale"),
        matches => format!("{matches} cards on sale"),
    }
}

#[component]
fn Tile(
    tile: MarketTile,
    eager: bool,
    /// For those who do not see the tile change.
    news: RwSignal<String>,
) -> impl IntoView {
    let MarketTile { id, name, alt, image_url, thumbnail_url, seller, price } = tile;
    let now = Live::expect().card(id);
    let gone = move || now.get().is_some_and(CardNow::is_gone);
    let shown = move || match now.get() {
        Some(CardNow::Sold) => "Sold".to_owned(),
        Some(CardNow::OffSale) => "Not for sale any more".to_owned(),
        Some(CardNow::Costs { price }) => price.to_string(),
        Some(CardNow::OnSale) | None => price.to_string(),
    };
    let called = name.clone();
    Effect::new(move |_| {
        if gone() {
            news.set(format!("{called}: {}", shown()));
        }
    });
    view! {
        <li class="tile" class:gone=gone>
            <a class="tile-link" href=format!("/cards/{id}")>
                <Picture url=image_url thumbnail=thumbnail_url alt=alt eager />
                <span class="tile-name">{name}</span>
            </a>
            <p class="tile-price">
                <span class="price">{shown}</span>
                <a class="quiet seller" href=Search::link_to_seller(&seller)>"from " {seller.clone()}</a>
            </p>
        </li>
    }
}
