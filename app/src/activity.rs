//! Activity: the ledger in words, day by day.

use domain::{
    Money,
    ledger::{Entry, Filter, Kind, Page},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    data::use_data,
    error::Problem,
    live::Live,
    ui::{Day, Heading, Loaded, Refresh, Time, Title},
};

/// `before` is the [`Page::next`] of the page above; anything else is the first page.
#[server(endpoint = "activity", input = GetUrl)]
pub async fn load_activity(
    #[server(default)] show: String,
    #[server(default)] before: String,
) -> Result<Page, Problem> {
    let account = server::account().await?;
    let filter = Filter::from_code(&show);
    Ok(backend::ledger::entries(&server::store(), account, filter, before.parse().ok()).await?)
}

#[component]
pub fn ActivityPage() -> impl IntoView {
    let (refresh, live) = (Refresh::expect(), Live::expect());
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| (query.get("show").unwrap_or_default(), query.get("before").unwrap_or_default()))
    });
    let data = use_data(
        move || refresh.count().wrapping_add(live.changes()),
        move || asked.with(|(show, before)| LoadActivity { show: show.clone(), before: before.clone() }),
    );
    let tab = move |filter: Filter, label: &'static str| {
        let href = match filter {
            Filter::All => "/activity".to_owned(),
            filter => format!("/activity?show={}", filter.code()),
        };
        let current = move || (asked.with(|(show, _)| Filter::from_code(show)) == filter).then_some("page");
        view! { <a href=href aria-current=current>{label}</a> }
    };
    view! {
        <Title text="Activity" />
        <section class="column">
            <div class="page-head">
                <Heading text="Activity" />
                <a class="button" href="/activity.csv" rel="external" download="activity.csv">"Download as CSV"</a>
            </div>
            <nav class="tabs" aria-label="Entries shown">
                {tab(Filter::All, "All")} {tab(Filter::Bought, "Bought")} {tab(Filter::Sold, "Sold")}
            </nav>
            <Loaded data headed=true view=move |page| view! { <Days page show=asked.with_untracked(|(show, _)| show.clone()) /> } />
        </section>
    }
}

#[component]
fn Days(page: Page, show: String) -> impl IntoView {
    if page.entries.is_empty() {
        return view! {
            <div class="empty">
                <h2>"Nothing yet"</h2>
                <p>"What you buy and sell is written down here."</p>
                <p class="actions"><a class="button primary" href="/">"Go to the market"</a></p>
            </div>
        }
        .into_any();
    }
    let days = page.entries.chunk_by(|one, next| Day::of(one.at_ms) == Day::of(next.at_ms)).map(|entries| {
        let day = entries.first().map(|entry| Day::of(entry.at_ms).to_string());
        let rows = entries.iter().cloned().map(|entry| view! { <Row entry /> }).collect_view();
        view! { <h2 class="day">{day}</h2> <ul class="rows">{rows}</ul> }
    });
    let older = page.next.map(|next| {
        let filter = Filter::from_code(&show);
        let show = if filter == Filter::All { String::new() } else { format!("show={}&", filter.code()) };
        view! { <a class="button" rel="next" href=format!("/activity?{show}before={next}")>"Older"</a> }
    });
    view! {
        {days.collect_view()}
        <nav class="pages" aria-label="Pages">{older}</nav>
    }
    .into_any()
}

#[component]
fn Row(entry: Entry) -> impl IntoView {
    let Entry { at_ms, kind, card, card_name, counterparty, purchase, amount, balance_after } = entry;
    let name = card_name.unwrap_or_default();
    let card_link = match card {
        Some(card) => view! { <a href=format!("/cards/{card}")>{name}</a> }.into_any(),
        None => view! { <span>{name}</span> }.into_any(),
    };
    let other = counterparty.unwrap_or_else(|| "somebody who left".into());
    let words = match kind {
        Kind::Granted => view! { "Welcome to CardStore" }.into_any(),
        Kind::Bought => view! { "You bought " {card_link} " from " {other} }.into_any(),
        Kind::Sold => view! { "You sold " {card_link} " to " {other} }.into_any(),
        Kind::Adjusted => view! { "Adjusted by the house" }.into_any(),
        Kind::Returned => view! { "Returned to the house" }.into_any(),
    };
    let receipt = purchase.zip(card).map(|(key, card)| {
        view! { " · " <a href=format!("/cards/{card}/buy?receipt={key}")>"Receipt"</a> }
    });
    let gained = amount > Money::ZERO;
    view! {
        <li>
            <div>
                <p>{words}</p>
                <p class="quiet"><Time at_ms /> {receipt}</p>
            </div>
            <div class="amounts">
                <p class="price" class:good=gained>{gained.then_some("+")} {amount.to_string()}</p>
                <p class="quiet"><span class="sr-only">"Balance afterwards "</span> {balance_after.to_string()}</p>
            </div>
        </li>
    }
}
