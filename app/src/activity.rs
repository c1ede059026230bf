//! Activity: the ledger in words, day by day.

use domain::{
    Money,
    ledger::{Entry, Filter, Kind, Page},
};
use leptos::prelude::*;
use server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    data::use_data,
    error::Problem,
    live::Live,
    query::use_query,
    texts::texts,
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
    let (refresh, live, texts) = (Refresh::expect(), Live::expect(), texts());
    let asked =
        use_query(|query| (query.get("show").unwrap_or_default(), query.get("before").unwrap_or_default()));
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
        <Title text=texts.frame.activity />
        <section class="column">
            <div class="page-head">
                <Heading text=texts.frame.activity />
                <a class="button" href="/activity.csv" rel="external" download="activity.csv">{texts.activity.download}</a>
            </div>
            <nav class="tabs" aria-label=texts.activity.shown>
                {tab(Filter::All, texts.activity.all)}
                {tab(Filter::Bought, texts.activity.bought)}
                {tab(Filter::Sold, texts.activity.sold)}
            </nav>
            <Loaded data headed=true view=move |page| view! { <Days page show=asked.with_untracked(|(show, _)| show.clone()) /> } />
        </section>
    }
}

#[component]
fn Days(page: Page, show: String) -> impl IntoView {
    let texts = texts();
    if page.entries.is_empty() {
        return view! {
            <div class="empty">
                <h2>{texts.activity.nothing_yet}</h2>
                <p>{texts.activity.written_here}</p>
                <p class="actions"><a class="button primary" href="/">{texts.frame.go_to_market}</a></p>
            </div>
        }
        .into_any();
    }
    let days = page.entries.chunk_by(|one, next| Day::of(one.at_ms) == Day::of(next.at_ms)).map(|entries| {
        let day = entries.first().map(|entry| Day::of(entry.at_ms).text(texts));
        let rows = entries.iter().cloned().map(|entry| view! { <Row entry /> }).collect_view();
        view! { <h2 class="day">{day}</h2> <ul class="rows">{rows}</ul> }
    });
    let older = page.next.map(|next| {
        let filter = Filter::from_code(&show);
        let show = if filter == Filter::All { String::new() } else { format!("show={}&", filter.code()) };
        view! { <a class="button" rel="next" href=format!("/activity?{show}before={next}")>{texts.frame.older}</a> }
    });
    view! {
        {days.collect_view()}
        <nav class="pages" aria-label=texts.frame.pages>{older}</nav>
    }
    .into_any()
}

#[component]
fn Row(entry: Entry) -> impl IntoView {
    let texts = texts();
    let Entry { at_ms, kind, card, card_name, counterparty, purchase, amount, balance_after } = entry;
    let name = card_name.unwrap_or_default();
    let card_link = match card {
        Some(card) => view! { <a href=format!("/cards/{card}")>{name}</a> }.into_any(),
        None => view! { <span>{name}</span> }.into_any(),
    };
    let other = counterparty.unwrap_or_else(|| texts.activity.somebody.into()).into_any();
    let words = match kind {
        Kind::Granted => texts.activity.granted.into_any(),
        Kind::Bought => texts.activity.you_bought.woven([card_link, other]).into_any(),
        Kind::Sold => texts.activity.you_sold.woven([card_link, other]).into_any(),
        Kind::Adjusted => texts.activity.adjusted.into_any(),
        Kind::Returned => texts.activity.returned.into_any(),
    };
    let receipt = purchase.zip(card).map(|(key, card)| {
        view! { " · " <a href=format!("/cards/{card}/buy?receipt={key}")>{texts.purchase.receipt}</a> }
    });
    let gained = amount > Money::ZERO;
    view! {
        <li>
            <div>
                <p>{words}</p>
                <p class="quiet"><Time at_ms /> {receipt}</p>
            </div>
            <div class="amounts">
                <p class="price" class:good=gained>{gained.then_some("+")} {texts.money(amount)}</p>
                <p class="quiet"><span class="sr-only">{texts.purchase.balance_afterwards} " "</span> {texts.money(balance_after)}</p>
            </div>
        </li>
    }
}
