//! The header with the visitor's account, and the footer.

use leptos::prelude::*;
use leptos_router::components::A;

use super::{Loaded, Refresh};
use crate::{
    accounts::{SignOut, Visitor, load_visitor},
    data::use_data,
    form::{Form, Submit, new_action},
    live::Live,
};

#[component]
pub fn Header() -> impl IntoView {
    let (refresh, live) = (Refresh::expect(), Live::expect());
    let visitor = use_data("visitor", move || (refresh.count(), live.changes()), |_| load_visitor());
    view! {
        <header class="bar">
            <a class="brand" href="/" aria-label="CardStore, the market">
                <span class="brand-mark" aria-hidden="true"></span>
                "CardStore"
            </a>
            <nav aria-label="Main">
                <A href="/" exact=true>"Market"</A>
                <Loaded data=visitor quiet=true view=|visitor| view! { <Account visitor /> } />
            </nav>
        </header>
    }
}

#[component]
fn Account(visitor: Visitor) -> impl IntoView {
    let sign_out = new_action::<SignOut>();
    let (live, who) = (Live::expect(), visitor.account());
    Effect::new(move |_| live.set_visitor(who));
    match visitor {
        Visitor::SignedIn(profile) => view! {
            <A href="/dashboard">"My cards"</A>
            <A href="/activity">"Activity"</A>
            <Bell unread=profile.unread />
            <span class="account">
                <A href="/account" attr:class="who">{profile.username.to_string()}</A>
                <span class="balance" data-testid="balance">
                    <span class="sr-only">"Balance "</span>
                    {profile.balance.to_string()}
                </span>
            </span>
            <Form action=sign_out class="inline" summary=false>
                <Submit class="plain">"Sign out"</Submit>
            </Form>
        }
        .into_any(),
        Visitor::Stranger => view! {
            <A href="/login">"Sign in"</A>
            <A href="/register" attr:class="button primary">"Create account"</A>
        }
        .into_any(),
        Visitor::Unknown => {
            view! { <span class="quiet">"Accounts are unavailable just now"</span> }.into_any()
        }
    }
}

/// The way to the inbox, with how much waits there.
#[component]
fn Bell(unread: i64) -> impl IntoView {
    let label = match unread {
        0 => "Notifications".to_owned(),
        1 => "Notifications, 1 unread".to_owned(),
        unread => format!("Notifications, {unread} unread"),
    };
    view! {
        <A href="/notifications" attr:class="bell" attr:aria-label=label>
            <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
                <path d="M12 3a6 6 0 0 0-6 6v4l-2 4h16l-2-4V9a6 6 0 0 0-6-6Zm-2.5 16a2.5 2.5 0 0 0 5 0Z" />
            </svg>
            {(unread > 0).then(|| view! { <span class="unread-count" data-testid="unread">{unread}</span> })}
        </A>
    }
}

#[component]
pub fn Footer() -> impl IntoView {
    view! {
        <footer class="foot">
            <p>
                "CardStore: collect cards, put them on sale, buy them from each other. "
                <span class="quiet">"Play money only."</span>
            </p>
        </footer>
    }
}
