//! The header with the visitor's account, and the footer.

use leptos::prelude::*;
use leptos_router::components::A;

use super::{Loaded, Refresh};
use crate::{
    accounts::{SignOut, Visitor, load_visitor},
    form::{Form, Submit, new_action},
};

#[component]
pub fn Header() -> impl IntoView {
    let refresh = Refresh::expect();
    let visitor = Resource::new(move || refresh.count(), |_| load_visitor());
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
    match visitor {
        Visitor::SignedIn(profile) => view! {
            <A href="/dashboard">"My cards"</A>
            <span class="account">
                <span class="who">{profile.username.to_string()}</span>
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
