//! The inbox: what an account should hear, kept until read and after.

#[cfg(feature = "ssr")]
use domain::Notice;
use domain::{Inbox, Notification, NotificationKind};
use leptos::prelude::*;
use server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use crate::server;
use crate::{
    data::use_data,
    error::{Done, Problem},
    form::{Action, Form, Submit, use_action},
    live::Live,
    query::use_query,
    texts::{Texts, texts},
    ui::{Ago, Heading, Loaded, Refresh, Title},
};

/// `before` is the [`Inbox::next`] of the page above; anything else is the first page.
#[server(endpoint = "inbox", input = GetUrl)]
pub async fn load_inbox(#[server(default)] before: String) -> Result<Inbox, Problem> {
    let account = server::account().await?;
    Ok(backend::notifications::inbox(&server::store(), account, before.parse().ok()).await?)
}

/// Up to the newest that the page showed: what arrived since stays unread.
#[server(endpoint = "mark_all_read")]
pub async fn mark_all_read(up_to: i64) -> Result<Done, Problem> {
    let account = server::account().await?;
    backend::notifications::mark_all_read(&server::store(), account, up_to).await?;
    Ok(Done::to("/notifications").saying(Notice::AllRead))
}

/// One notification in words.
#[must_use]
pub fn sentence(notification: &Notification, texts: &Texts) -> String {
    let Notification { kind, card_name, amount, .. } = notification;
    let said = match kind {
        NotificationKind::Sold => texts.notifications.sold,
        NotificationKind::PriceDropped => texts.notifications.price_dropped,
        NotificationKind::WatchedSold => texts.notifications.watched_sold,
    };
    said.with([card_name, &amount.map(|amount| texts.money(amount)).unwrap_or_default()])
}

#[component]
pub fn NotificationsPage() -> impl IntoView {
    let (refresh, live) = (Refresh::expect(), Live::expect());
    let before = use_query(|query| query.get("before").unwrap_or_default());
    let data = use_data(
        move || refresh.count().wrapping_add(live.changes()),
        move || LoadInbox { before: before.get() },
    );
    let mark = use_action::<MarkAllRead>();
    view! {
        <Title text=texts().frame.notifications />
        <section class="column">
            <Heading text=texts().frame.notifications />
            <Loaded data headed=true view=move |inbox| view! { <Letters inbox mark /> } />
        </section>
    }
}

#[component]
fn Letters(inbox: Inbox, mark: Action) -> impl IntoView {
    let texts = texts();
    let Inbox { notifications, next, unread } = inbox;
    let Some(newest) = notifications.first().map(|newest| newest.number) else {
        return view! {
            <div class="empty">
                <h2>{texts.notifications.quiet}</h2>
                <p>{texts.notifications.read_here}</p>
                <p class="actions"><a class="button primary" href="/">{texts.frame.go_to_market}</a></p>
            </div>
        }
        .into_any();
    };
    let items = notifications.into_iter().map(|notification| {
        let (words, unread) = (sentence(&notification, texts), !notification.read);
        view! {
            <li class:unread=unread>
                <div>
                    <p>
                        {unread.then(|| view! { <span class="sr-only">{texts.notifications.unread} " "</span> })}
                        <a href=format!("/cards/{}", notification.card)>{words}</a>
                    </p>
                    <p class="quiet"><Ago at_ms=notification.at_ms /></p>
                </div>
            </li>
        }
    });
    let older = next
        .map(|next| view! { <a class="button" rel="next" href=format!("/notifications?before={next}")>{texts.frame.older}</a> });
    view! {
        {(unread > 0)
            .then(|| {
                view! {
                    <Form action=mark class="inline" summary=false>
                        <input type="hidden" name="up_to" value=newest.to_string() />
                        <Submit class="secondary start">{texts.notifications.mark_all}</Submit>
                    </Form>
                }
            })}
        <ul class="rows" data-testid="inbox">{items.collect_view()}</ul>
        <nav class="pages" aria-label=texts.frame.pages>{older}</nav>
    }
    .into_any()
}
