//! The market page: a grid of what is on sale that marks what others buy while it is open.

use std::collections::HashMap;

#[cfg(feature = "ssr")]
use domain::Money;
use domain::{CardId, MarketTile};
use leptos::{prelude::*, web_sys::Element};
use maud::{PreEscaped, html};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use super::search::{Search, SearchBar};
#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    data::{Drawn, use_data},
    error::Problem,
    live::{CardNow, Live},
    query::use_query,
    texts::{Market, Texts, texts},
    ui::{Around, Escaped, FIRST_ROW, Framed, Heading, Loaded, Refresh, Room, Title, inert},
};

/// A page of the market.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// How many cards are on sale that match, as far as the node counts.
    pub matches: u64,
    pub tiles: Drawn<Vec<MarketTile>>,
    /// Where the next page starts.
    pub next: Option<String>,
}

/// A price that cannot be read narrows nothing.
#[server(endpoint = "market", input = GetUrl)]
pub async fn load_market(
    #[server(default)] q: String,
    #[server(default)] seller: String,
    #[server(default)] min: String,
    #[server(default)] max: String,
    #[server(default)] sort: String,
    #[server(default)] after: String,
) -> Result<Found, Problem> {
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
    let domain::MarketPage { tiles, next, matches } =
        backend::market::browse(&server::store(), &query).await?;
    Ok(Found { matches, tiles: tiles.into(), next })
}

impl From<Search> for LoadMarket {
    fn from(Search { q, seller, min, max, sort, after }: Search) -> Self {
        Self { q, seller, min, max, sort, after }
    }
}

#[component]
pub fn MarketPage() -> impl IntoView {
    let (refresh, live) = (Refresh::expect(), Live::expect());
    let search = use_query(Search::from_query);
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
fn Results(page: Found, search: Search) -> impl IntoView {
    let Found { matches, tiles: shown, next } = page;
    if matches == 0 {
        return view! { <Nothing search /> }.into_any();
    }
    let (live, texts) = (Live::expect(), texts());
    let market = &texts.market;
    let next = next.map(|cursor| search.link_after(&cursor));
    let tiles = inert(shown.markup("ul.tiles", |shown| tiles(shown, texts)));
    let list = NodeRef::<leptos::html::Div>::new();
    let news = RwSignal::new(String::new());
    Effect::new(move |_| {
        let Some(list) = list.get() else { return };
        live.follow(Followed::all_of(&list).filter_map(|tile| tile.card()).collect());
    });
    Effect::new(move |_| {
        let Some(list) = list.get() else { return };
        live.with_cards(|cards| {
            for tile in Followed::all_of(&list) {
                if let Some(told) = tile.show(tile.now(cards), texts) {
                    news.set(told);
                }
            }
        });
    });
    view! {
        <p class="quiet" role="status">
            {on_sale(matches, market)}
            {search.is_filtered().then(|| view! { " · " <a href="/">{market.show_everything}</a> })}
        </p>
        <div class="shown" node_ref=list>{tiles}</div>
        <p class="sr-only" role="status" data-testid="news">{news}</p>
        <nav class="pages" aria-label=texts.frame.pages>
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

/// More than most need.
const TILE_BYTES: usize = 1_024;

/// The list. Markup and no views: a page has dozens, and [`Followed`] tells the few what became of them.
fn tiles(tiles: &[MarketTile], texts: &Texts) -> String {
    let from = Around::of(texts.market.from);
    let list = html! {
        (Room(tiles.len() * TILE_BYTES))
        ul.tiles {
            @for (place, tile) in tiles.iter().enumerate() {
                @let MarketTile { id, name, alt, thumbnail_url, seller, price } = tile;
                // Neither holds a sign of markup.
                @let (id, price) = (id.text(), PreEscaped(texts.money(*price)));
                @let id = PreEscaped(&*id);
                li.tile data-card=(id) data-price=(price) {
                    a.tile-link href={ "/cards/" (id) } {
                        (Framed { url: thumbnail_url, alt, eager: place < FIRST_ROW })
                        span.tile-name { (Escaped(name)) }
                    }
                    p.tile-price {
                        span.price { (price) }
                        a.quiet.seller href=(Escaped(&Search::link_to_seller(seller))) { (from.before) (Escaped(seller)) (from.after) }
                    }
                }
            }
        }
    };
    list.into_string()
}

/// A tile in the browser, which shows what others did to its card since it was drawn.
struct Followed(Element);

impl Followed {
    /// What stands around the list has them all.
    fn all_of(shown: &Element) -> impl Iterator<Item = Self> {
        let first = shown.first_element_child().and_then(|list| list.first_element_child());
        std::iter::successors(first, Element::next_element_sibling).map(Self)
    }

    /// As it was drawn, unless something became of it.
    fn now(&self, cards: &HashMap<CardId, CardNow>) -> CardNow {
        self.card().and_then(|card| cards.get(&card).copied()).unwrap_or(CardNow::OnSale)
    }

    fn card(&self) -> Option<CardId> {
        self.0.get_attribute("data-card")?.parse().ok()
    }

    /// Answers what to tell those who do not see it, when the card is gone.
    fn show(&self, now: CardNow, texts: &Texts) -> Option<String> {
        let text = match now {
            CardNow::Sold => texts.market.sold.to_owned(),
            CardNow::OffSale => texts.market.gone.to_owned(),
            CardNow::Costs { price } => texts.money(price),
            CardNow::OnSale => self.0.get_attribute("data-price")?,
        };
        let part = |selector: &str| self.0.query_selector(selector).ok().flatten();
        let price = part(".price")?;
        if price.text_content().as_ref() == Some(&text) {
            return None;
        }
        price.set_text_content(Some(&text));
        self.0.set_class_name(if now.is_gone() { "tile gone" } else { "tile" });
        let name = part(".tile-name").filter(|_| now.is_gone())?.text_content()?;
        Some(format!("{name}: {text}"))
    }
}
