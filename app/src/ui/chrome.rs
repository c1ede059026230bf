//! The header with the visitor's account, and the footer.

use domain::Language;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{Loaded, Refresh};
use crate::{
    accounts::{LoadVisitor, SignOut, Visitor},
    data::use_data,
    form::{Form, Submit, use_action},
    live::Live,
    texts::{language, texts},
};

#[component]
pub fn Header() -> impl IntoView {
    let (refresh, live, frame) = (Refresh::expect(), Live::expect(), &texts().frame);
    let visitor = use_data(move || refresh.count().wrapping_add(live.changes()), || LoadVisitor {});
    view! {
        <header class="bar">
            <a class="brand" href="/" aria-label=frame.home>
                <span class="brand-mark" aria-hidden="true"></span>
                "CardStore"
            </a>
            <nav aria-label=frame.navigation>
                <Link href="/">{frame.market}</Link>
                <Loaded data=visitor quiet=true view=|visitor| view! { <Account visitor /> } />
            </nav>
        </header>
    }
}

#[component]
fn Account(visitor: Visitor) -> impl IntoView {
    let sign_out = use_action::<SignOut>();
    let (live, who) = (Live::expect(), visitor.viewer());
    let texts = texts();
    let frame = &texts.frame;
    Effect::new(move |_| live.set_viewer(who));
    match visitor {
        Visitor::SignedIn(profile) => view! {
            <Link href="/dashboard">{frame.my_cards}</Link>
            <Link href="/activity">{frame.activity}</Link>
            <Bell unread=profile.unread />
            <span class="account">
                <Link href="/account" class="who">{profile.username.to_string()}</Link>
                <span class="balance" data-testid="balance">
                    <span class="sr-only">{frame.balance} " "</span>
                    {texts.money(profile.balance)}
                </span>
            </span>
            <Form action=sign_out class="inline" summary=false>
                <Submit class="plain">{frame.sign_out}</Submit>
            </Form>
        }
        .into_any(),
        Visitor::Stranger => view! {
            <Link href="/login">{frame.sign_in}</Link>
            <Link href="/register" class="button primary">{frame.create_account}</Link>
        }
        .into_any(),
        Visitor::Unknown => view! { <span class="quiet">{frame.accounts_unavailable}</span> }.into_any(),
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
    let frame = &texts().frame;
    let label = match unread {
        0 => frame.notifications.to_owned(),
        unread => frame.unread.of(unread),
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
    let frame = &texts().frame;
    view! {
        <footer class="foot">
            <Languages />
            <p>{frame.about} " " <span class="quiet">{frame.play_money}</span></p>
        </footer>
    }
}

/// The languages of the store, and the way to the others. With script as without it the browser itself sends the form:
/// another language is another page.
#[component]
fn Languages() -> impl IntoView {
    let here = language();
    let choices = Language::ALL.map(|language| {
        let (tag, name) = (language.tag(), language.name());
        match language == here {
            true => view! { <span aria-current="true">{name}</span> }.into_any(),
            false => {
                view! { <button class="plain" name="language" value=tag lang=tag>{name}</button> }.into_any()
            }
        }
    });
    view! {
        <form class="languages" method="post" action="/language" aria-label=texts().frame.language>
            {choices.into_iter().collect_view()}
        </form>
    }
}
