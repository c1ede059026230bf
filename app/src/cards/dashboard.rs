//! The dashboard: balance, my cards on three tabs, and what can be done with each.

use domain::{OwnCard, Profile};
use leptos::prelude::*;
use maud::{Markup, PreEscaped, Render, html};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    data::{Drawn, use_data},
    error::Problem,
    form::{Action, use_action},
    live::Live,
    query::use_query,
    selling::CancelSale,
    texts::{Cards, Texts, texts},
    ui::{Around, Escaped, FIRST_ROW, Framed, Heading, Loaded, Refresh, Room, Title, inert},
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
    let (profile, cards) = server::collection().await?;
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

    /// Of what stands around the list: the stylesheet hides what is not on the shelf.
    fn class(self) -> &'static str {
        match self {
            Self::All => "shown",
            Self::OnSale => "shown only-on-sale",
            Self::NotForSale => "shown only-kept",
        }
    }
}

#[component]
fn Collection(dashboard: Dashboard, cancel: Action) -> impl IntoView {
    let Dashboard { profile, held, on_sale, cards, node } = dashboard;
    let texts = texts();
    let said = &texts.cards;
    let shelf = use_query(|query| Shelf::from_code(query.get_str("show")));
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
    let tiles = inert(cards.markup("ul.tiles", |cards| tiles(cards, texts)));
    view! {
        {inert(totals(&profile, held, texts))}
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
                <div class=move || shelf.get().class() on:submit=move |event| cancel.send(&event)>{tiles}</div>
                {none_here}
            }
            .into_any()
        }}
        {inert(html! { p.served.quiet { (said.answered_by) " " span data-testid="node" { (node) } } })}
    }
}

fn totals(profile: &Profile, held: usize, texts: &Texts) -> Markup {
    html! {
        dl.totals {
            div {
                dt { (texts.frame.balance) }
                dd data-testid="dashboard-balance" { (texts.money(profile.balance)) }
            }
            div {
                dt { (texts.cards.cards) }
                dd { (held) }
            }
        }
    }
}

/// More than most need.
const TILE_BYTES: usize = 1_536;

/// The list: each card of mine, and what can be done with it. Markup and no views: a dashboard has many of them.
fn tiles(cards: &[OwnCard], texts: &Texts) -> String {
    let said = &texts.cards;
    let [on_sale_for, change_price_of, cancel_sale_of, sell_named] =
        [said.on_sale_for, said.change_price_of, said.cancel_sale_of, said.sell_named].map(Around::of);
    let [not_for_sale, change_price, cancel_sale, sell] =
        [said.not_for_sale, said.change_price, said.cancel_sale, said.sell]
            .map(|text| Escaped(text).render());
    let list = html! {
        (Room(cards.len() * TILE_BYTES))
        ul.tiles {
            @for (place, card) in cards.iter().enumerate() {
                @let OwnCard { id, name, alt, thumbnail_url, price, version } = card;
                @let (id, name) = (id.text(), Escaped(name).render());
                @let id = PreEscaped(&*id);
                li.tile.on-sale[price.is_some()].kept[price.is_none()] {
                    a.tile-link href={ "/cards/" (id) } {
                        (Framed { url: thumbnail_url, alt, eager: place < FIRST_ROW })
                        span.tile-name { (name) }
                    }
                    p.tile-price {
                        @match price {
                            Some(price) => {
                                (on_sale_for.before)
                                span.price { (PreEscaped(texts.money(*price))) }
                                (on_sale_for.after)
                            }
                            None => { span.quiet { (not_for_sale) } }
                        }
                    }
                    div.tile-actions {
                        @match price {
                            Some(price) => {
                                (ToSell { id: id.0, label: &change_price_of, name: &name.0, text: &change_price.0 })
                                form.inline method="post" action="?/cancel_sale" {
                                    input type="hidden" name="card" value=(id);
                                    input type="hidden" name="version" value=(version);
                                    input type="hidden" name="price" value=(price.cents());
                                    button.secondary type="submit"
                                        aria-label={ (cancel_sale_of.before) (name) (cancel_sale_of.after) } {
                                        (cancel_sale)
                                    }
                                }
                            }
                            None => { (ToSell { id: id.0, label: &sell_named, name: &name.0, text: &sell.0 }) }
                        }
                    }
                }
            }
        }
    };
    list.into_string()
}

/// The way to a card's price. All of it is escaped.
struct ToSell<'a> {
    id: &'a str,
    label: &'a Around,
    name: &'a str,
    text: &'a str,
}

impl Render for ToSell<'_> {
    fn render_to(&self, html: &mut String) {
        let Self { id, label, name, text } = self;
        let pieces = [
            "<a class=\"button\" href=\"/cards/",
            id,
            "/sell\" aria-label=\"",
            &label.before.0,
            name,
            &label.after.0,
            "\">",
            text,
            "</a>",
        ];
        html.extend(pieces);
    }
}
