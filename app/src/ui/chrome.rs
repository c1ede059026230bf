//! The header with the visitor's account, and the footer.

use domain::{Language, Money};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use maud::{Markup, Render, html};

use super::{Escaped, Loaded, Refresh, inert};
use crate::{
    accounts::{LoadVisitor, SignOut, Visitor},
    data::use_data,
    form::{Form, Submit, use_action},
    live::Live,
    texts::{Frame, Texts, language, texts},
};

#[component]
pub fn Header() -> impl IntoView {
    let (refresh, live, frame) = (Refresh::expect(), Live::expect(), &texts().frame);
    let visitor = use_data(move || refresh.count().wrapping_add(live.changes()), || LoadVisitor {});
    let path = use_location().pathname;
    view! {
        <header class="bar">
            {inert(brand(frame))}
            <nav aria-label=frame.navigation>
                {Link::to("/", frame.market).seen_from(path)}
                <Loaded data=visitor quiet=true view=move |visitor| view! { <Account visitor path /> } />
            </nav>
        </header>
    }
}

#[component]
fn Account(visitor: Visitor, path: Memo<String>) -> impl IntoView {
    let sign_out = use_action::<SignOut>();
    let (live, who) = (Live::expect(), visitor.viewer());
    let texts = texts();
    let frame = &texts.frame;
    Effect::new(move |_| live.set_viewer(who));
    match visitor {
        Visitor::SignedIn(profile) => view! {
            {Link::to("/dashboard", frame.my_cards).seen_from(path)}
            {Link::to("/activity", frame.activity).seen_from(path)}
            {bell(profile.unread, frame).seen_from(path)}
            <span class="account">
                {Link::to("/account", profile.username.as_str()).of_class("who").seen_from(path)}
                {inert(balance(profile.balance, texts))}
            </span>
            <Form action=sign_out class="inline" summary=false>
                <Submit class="plain">{frame.sign_out}</Submit>
            </Form>
        }
        .into_any(),
        Visitor::Stranger => view! {
            {Link::to("/login", frame.sign_in).seen_from(path)}
            {Link::to("/register", frame.create_account).of_class("button primary").seen_from(path)}
        }
        .into_any(),
        Visitor::Unknown => view! { <span class="quiet">{frame.accounts_unavailable}</span> }.into_any(),
    }
}

fn brand(frame: &Frame) -> Markup {
    html! {
        a.brand href="/" aria-label=(frame.home) {
            span.brand-mark aria-hidden="true" {}
            "CardStore"
        }
    }
}

fn balance(balance: Money, texts: &Texts) -> Markup {
    html! {
        span.balance data-testid="balance" {
            span.sr-only { (texts.frame.balance) " " }
            (texts.money(balance))
        }
    }
}

/// A link of the navigation, which says when it leads to where one is.
struct Link {
    href: &'static str,
    class: Option<&'static str>,
    label: Option<String>,
    content: Markup,
}

impl Link {
    fn to(href: &'static str, text: &str) -> Self {
        Self { href, class: None, label: None, content: Escaped(text).render() }
    }

    fn of_class(self, class: &'static str) -> Self {
        Self { class: Some(class), ..self }
    }

    /// A node writes where the visitor is, the browser follows them: what has the focus is never drawn anew.
    fn seen_from(self, path: Memo<String>) -> impl IntoView {
        let Self { href, class, label, content } = self;
        let is_here = move || {
            let below = |path: &String| path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
            path.with(|path| path == href || (href != "/" && below(path))).then_some("page")
        };
        #[cfg(feature = "ssr")]
        return inert(html! {
            a href=(href) class=[class] aria-label=[label] aria-current=[untrack(is_here)] { (content) }
        });
        #[cfg(not(feature = "ssr"))]
        view! {
            <a href=href class=class aria-label=label aria-current=is_here inner_html=content.into_string()></a>
        }
    }
}

/// The way to the inbox, with how much waits there.
fn bell(unread: i64, frame: &Frame) -> Link {
    let label = match unread {
        0 => frame.notifications.to_owned(),
        unread => frame.unread.of(unread),
    };
    let content = html! {
        svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" {
            path d="M12 3a6 6 0 0 0-6 6v4l-2 4h16l-2-4V9a6 6 0 0 0-6-6Zm-2.5 16a2.5 2.5 0 0 0 5 0Z" {}
        }
        @if unread > 0 {
            span.unread-count data-testid="unread" { (unread) }
        }
    };
    Link { href: "/notifications", class: Some("bell"), label: Some(label), content }
}

/// Markup and no views: nothing in it changes while a page is open.
#[component]
pub fn Footer() -> impl IntoView {
    let frame = &texts().frame;
    let footer = html! {
        footer.foot {
            (languages(language(), frame))
            p { (frame.about) " " span.quiet { (frame.play_money) } }
        }
    };
    inert(footer)
}

/// The languages of the store, and the way to the others. With script as without it the browser itself sends the form:
/// another language is another page.
fn languages(here: Language, frame: &Frame) -> Markup {
    html! {
        form.languages method="post" action="/language" aria-label=(frame.language) {
            @for language in Language::ALL {
                @let (tag, name) = (language.tag(), language.name());
                @if language == here {
                    span aria-current="true" { (name) }
                } @else {
                    button.plain name="language" value=(tag) lang=(tag) { (name) }
                }
            }
        }
    }
}
