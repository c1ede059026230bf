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
    texts::{Market, texts},
    ui::{FIRST_ROW, Heading, Loaded, Picture, Refresh, Title},
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
        seller if seller.is_empty() => texts().frame.market.to_owned(),
        seller => texts().market.cards_from.with([&seller]),
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
    let market = &texts().market;
    let next = page.next.map(|cursor| search.link_after(&cursor));
    let news = RwSignal::new(String::new());
    let tiles = page.tiles.into_iter().enumerate().map(|(position, tile)| {
        view! { <Tile tile eager={position < FIRST_ROW} news /> }
    });
    view! {
        <p class="quiet" role="status">
            {on_sale(page.matches, market)}
            {search.is_filtered().then(|| view! { " · " <a href="/">{market.show_everything}</a> })}
        </p>
        <ul class="tiles">{tiles.collect_view()}</ul>
        <p class="sr-only" role="status" data-testid="news">{news}</p>
        <nav class="pages" aria-label=texts().frame.pages>
            {(!search.after.is_empty())
                .then(|| view! { <a class="button" href=search.link_after("")>{market.first_page}</a> })}
            {next.map(|next| view! { <a class="button" rel="next" href=next>{market.next_page}</a> })}
        </nav>
    }
    .into_any()
}

#[component]
fn Nothing(search: Search) -> impl IntoView {
    let market = &texts().market;
    let advice = match search.is_filtered() {
        true => market.nothing_matches,
        false => market.nothing_on_sale,
    };
    view! {
        <div class="empty">
            <h2>{market.nothing_here}</h2>
            <p>{advice}</p>
            <p class="actions">
                {search.is_filtered().then(|| view! { <a class="button" href="/">{market.show_everything}</a> })}
                <a class="button primary" href="/dashboard">{market.sell_a_card}</a>
            </p>
        </div>
    }
}

/// As far as the node counts.
const COUNTED_UP_TO: i64 = 1000;

fn on_sale(matches: u64, market: &Market) -> String {
    match i64::try_from(matches).unwrap_or(COUNTED_UP_TO) {
        COUNTED_UP_TO.. => market.on_sale_or_more.with([&COUNTED_UP_TO.to_string()]),
        matches => market.on_sale.of(matches),
    }
}

#[component]
fn Tile(
    tile: MarketTile,
    eager: bool,
    /// For those who do not see the tile change.
    news: RwSignal<String>,
) -> impl IntoView {
    let MarketTile { id, name, alt, thumbnail_url, seller, price } = tile;
    let (now, texts) = (Live::expect().card(id), texts());
    let gone = move || now.get().is_some_and(CardNow::is_gone);
    let shown = move || match now.get() {
        Some(CardNow::Sold) => texts.market.sold.to_owned(),
        Some(CardNow::OffSale) => texts.market.gone.to_owned(),
        Some(CardNow::Costs { price }) => texts.money(price),
        Some(CardNow::OnSale) | None => texts.money(price),
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
                <Picture url=thumbnail_url alt=alt eager />
                <span class="tile-name">{name}</span>
            </a>
            <p class="tile-price">
                <span class="price">{shown}</span>
                <a class="quiet seller" href=Search::link_to_seller(&seller)>{texts.market.from.with([&seller])}</a>
            </p>
        </li>
    }
}
