//! The dashboard: balance, my cards on three tabs, and what can be done with each.

use domain::{OwnCard, Profile};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use maud::html;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    data::{Drawn, use_data},
    error::Problem,
    form::{Action, use_action},
    live::Live,
    selling::CancelSale,
    texts::{Cards, Texts, texts},
    ui::{FIRST_ROW, Framed, Heading, Loaded, Refresh, Title},
};

/// Everything the dashboard shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    pub profile: Profile,
    pub held: usize,
    pub on_sale: usize,
    pub cards: Drawn<Vec<OwnCard>>,
    /// The node that answered.
    pub node: String,
}

#[server(endpoint = "dashboard", input = GetUrl)]
pub async fn load_dashboard() -> Result<Dashboard, Problem> {
    let profile = server::profile().await?;
    let cards = backend::cards::owned_by(&server::store(), profile.id).await?;
    let (held, on_sale) = (cards.len(), cards.iter().filter(|card| card.price.is_some()).count());
    Ok(Dashboard { profile, held, on_sale, cards: cards.into(), node: server::node_name() })
}

#[component]
pub fn DashboardPage() -> impl IntoView {
    let (refresh, live, texts) = (Refresh::expect(), Live::expect(), texts());
    let data = use_data(move || refresh.count().wrapping_add(live.changes()), || LoadDashboard {});
    let cancel = use_action::<CancelSale>();
    view! {
        <Title text=texts.frame.my_cards />
        <div class="page-head">
            <Heading text=texts.frame.my_cards />
            <a class="button primary" href="/dashboard/add">{texts.cards.add}</a>
        </div>
        <Loaded data headed=true view=move |dashboard| view! { <Collection dashboard cancel /> } />
    }
}

/// Which of my cards a tab shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shelf {
    All,
    OnSale,
    NotForSale,
}

impl Shelf {
    fn tabs(cards: &Cards) -> [(Self, &'static str, &'static str); 3] {
        [
            (Self::All, cards.all, "/dashboard"),
            (Self::OnSale, cards.on_sale, "/dashboard?show=on-sale"),
            (Self::NotForSale, cards.not_for_sale, "/dashboard?show=not-for-sale"),
        ]
    }

    fn from_code(code: Option<&str>) -> Self {
        match code {
            Some("on-sale") => Self::OnSale,
            Some("not-for-sale") => Self::NotForSale,
            _ => Self::All,
        }
    }

    /// Of the list: the stylesheet hides what is not on the shelf.
    fn class(self) -> &'static str {
        match self {
            Self::All => "tiles",
            Self::OnSale => "tiles only-on-sale",
            Self::NotForSale => "tiles only-kept",
        }
    }
}

#[component]
fn Collection(dashboard: Dashboard, cancel: Action) -> impl IntoView {
    let Dashboard { profile, held, on_sale, cards, node } = dashboard;
    let texts = texts();
    let said = &texts.cards;
    let query = use_query_map();
    let shelf = Memo::new(move |_| query.with(|query| Shelf::from_code(query.get_str("show"))));
    let count = move |shelf: Shelf| match shelf {
        Shelf::All => held,
        Shelf::OnSale => on_sale,
        Shelf::NotForSale => held - on_sale,
    };
    let tabs = Shelf::tabs(said).map(|(tab, label, href)| {
        view! {
            <a href=href aria-current=move || (shelf.get() == tab).then_some("page")>
                {label} " " <span class="count">{count(tab)}</span>
            </a>
        }
    });
    let none_here =
        move || (count(shelf.get()) == 0).then(|| view! { <p class="quiet">{said.none_here}</p> });
    let items = cards.markup("ul.tiles", |cards| tiles(cards, texts));
    view! {
        <dl class="totals">
            <div>
                <dt>{texts.frame.balance}</dt>
                <dd data-testid="dashboard-balance">{texts.money(profile.balance)}</dd>
            </div>
            <div><dt>{said.cards}</dt><dd>{held}</dd></div>
        </dl>
        <nav class="tabs" aria-label=said.shown>{tabs.into_iter().collect_view()}</nav>
        {if held == 0 {
            view! {
                <div class="empty">
                    <h2>{said.starts_here}</h2>
                    <p>{said.add_or_find}</p>
                    <p class="actions">
                        <a class="button primary" href="/dashboard/add">{said.add}</a>
                        <a class="button" href="/">{texts.frame.go_to_market}</a>
                    </p>
                </div>
            }
            .into_any()
        } else {
            view! {
                <ul class=move || shelf.get().class() on:submit=move |event| cancel.send(&event) inner_html=items></ul>
                {none_here}
            }
            .into_any()
        }}
        <p class="served quiet">{said.answered_by} " " <span data-testid="node">{node}</span></p>
    }
}

/// The items of the list: each card of mine, and what can be done with it. Markup and no views: they answer to nothing by
/// themselves, and a dashboard has many of them.
fn tiles(cards: &[OwnCard], texts: &Texts) -> String {
    let said = &texts.cards;
    let (before_price, after_price) = said.on_sale_for.around();
    let shelf = |card: &OwnCard| if card.price.is_some() { "tile on-sale" } else { "tile kept" };
    let items = html! {
        @for (place, card) in cards.iter().enumerate() {
            @let OwnCard { id, name, alt, thumbnail_url, price, version } = card;
            @let id = id.to_string();
            li class=(shelf(card)) {
                a.tile-link href={ "/cards/" (id) } {
                    (Framed { url: thumbnail_url, alt, eager: place < FIRST_ROW })
                    span.tile-name { (name) }
                }
                p.tile-price {
                    @match price {
                        Some(price) => { (before_price) span.price { (texts.money(*price)) } (after_price) }
                        None => { span.quiet { (said.not_for_sale) } }
                    }
                }
                div.tile-actions {
                    @match price {
                        Some(price) => {
                            a.button href={ "/cards/" (id) "/sell" } aria-label=(said.change_price_of.with([name])) {
                                (said.change_price)
                            }
                            form.inline method="post" action="?/cancel_sale" {
                                input type="hidden" name="card" value=(id);
                                input type="hidden" name="version" value=(version);
                                input type="hidden" name="price" value=(price.cents());
                                button.secondary type="submit" aria-label=(said.cancel_sale_of.with([name])) {
                                    (said.cancel_sale)
                                }
                            }
                        }
                        None => {
                            a.button href={ "/cards/" (id) "/sell" } aria-label=(said.sell_named.with([name])) {
                                (said.sell)
                            }
                        }
                    }
                }
            }
        }
    };
    items.into_string()
}
