//! The header with the visitor's account, and the footer.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{Loaded, Refresh};
use crate::{
    accounts::{LoadVisitor, SignOut, Visitor},
    data::use_data,
    form::{Form, Submit, use_action},
    live::Live,
};

#[component]
pub fn Header() -> impl IntoView {
    let (refresh, live) = (Refresh::expect(), Live::expect());
    let visitor = use_data(move || refresh.count().wrapping_add(live.changes()), || LoadVisitor {});
    view! {
        <header class="bar">
            <a class="brand" href="/" aria-label="CardStore, the market">
                <span class="brand-mark" aria-hidden="true"></span>
                "CardStore"
            </a>
            <nav aria-label="Main">
                <Link href="/">"Market"</Link>
                <Loaded data=visitor quiet=true view=|visitor| view! { <Account visitor /> } />
            </nav>
        </header>
    }
}

#[component]
fn Account(visitor: Visitor) -> impl IntoView {
    let sign_out = use_action::<SignOut>();
    let (live, who) = (Live::expect(), visitor.account());
    Effect::new(move |_| live.set_visitor(who));
    match visitor {
        Visitor::SignedIn(profile) => view! {
            <Link href="/dashboard">"My cards"</Link>
            <Link href="/activity">"Activity"</Link>
            <Bell unread=profile.unread />
            <span class="account">
                <Link href="/account" class="who">{profile.username.to_string()}</Link>
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
            <Link href="/login">"Sign in"</Link>
            <Link href="/register" class="button primary">"Create account"</Link>
        }
        .into_any(),
        Visitor::Unknown => {
            view! { <span class="quiet">"Accounts are unavailable just now"</span> }.into_any()
        }
    }
}

/// A link of the navigation, which says when it leads to where one is.
#[component]
fn Link(
    href: &'static str,
    #[prop(optional)] class: Option<&'static str>,
    #[prop(optional)] label: Option<String>,
    children: Children,
) -> impl IntoView {
    let path = use_location().pathname;
    let is_here = move || {
        let below = |path: &String| path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
        path.with(|path| path == href || (href != "/" && below(path))).then_some("page")
    };
    view! { <a href=href class=class aria-label=label aria-current=is_here>{children()}</a> }
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
        <Link href="/notifications" class="bell" label>
            <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
                <path d="M12 3a6 6 0 0 0-6 6v4l-2 4h16l-2-4V9a6 6 0 0 0-6-6Zm-2.5 16a2.5 2.5 0 0 0 5 0Z" />
            </svg>
            {(unread > 0).then(|| view! { <span class="unread-count" data-testid="unread">{unread}</span> })}
        </Link>
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
