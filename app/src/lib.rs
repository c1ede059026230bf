//! What people see: the shell of every page, the routes, and one file per idea with its server functions.
//!
//! Everything here compiles twice: into the node, where it renders HTML, and into wasm, where it hydrates it.
//! Only [`server`] and the bodies of server functions run on the node alone.
// The types of Leptos views nest as deep as the pages do.
#![recursion_limit = "256"]
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test that cannot go on fails"))]

pub mod accounts;
pub mod activity;
#[cfg(not(feature = "ssr"))]
mod browser;
pub mod cards;
pub mod data;
pub mod error;
pub mod form;
pub mod live;
pub mod market;
pub mod notifications;
pub mod purchase;
pub mod selling;
#[cfg(feature = "ssr")]
pub mod server;
pub mod texts;
pub mod ui;
pub mod upload;

use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    path,
};

use crate::{
    accounts::{
        AccountPage, ActivatePage, ChangeEmailPage, ChangePasswordPage, DeleteAccountPage, ForgotPage,
        LoginPage, RegisterPage, ResetPage,
    },
    activity::ActivityPage,
    cards::{AddCardPage, DashboardPage, EditCardPage},
    form::Returned,
    live::Live,
    market::{CardPage, MarketPage},
    notifications::NotificationsPage,
    purchase::BuyPage,
    selling::SellPage,
    texts::texts,
    ui::{Focused, Footer, Header, NotFoundPage, Now, Refresh, Toasts},
};

/// All pages, and what they share: header, notices, footer.
#[component]
pub fn App() -> impl IntoView {
    Returned::provide();
    Focused::provide();
    Now::provide();
    Refresh::provide();
    Toasts::provide();
    Live::provide();
    ui::remember_places();
    // For tests and styles: the page answers in place from here on.
    Effect::new(|_| {
        if let Some(root) = document().document_element() {
            _ = root.set_attribute("data-ready", "");
        }
    });
    view! {
        <Router>
            <a class="skip" href="#content" rel="external">{texts().frame.skip}</a>
            <Header />
            <ui::ToastRegion />
            <main id="content" tabindex="-1">
                <FlatRoutes fallback=NotFoundPage>
                    <Route path=path!("/") view=MarketPage />
                    <Route path=path!("/cards/:id") view=CardPage />
                    <Route path=path!("/cards/:id/buy") view=BuyPage />
                    <Route path=path!("/cards/:id/sell") view=SellPage />
                    <Route path=path!("/cards/:id/edit") view=EditCardPage />
                    <Route path=path!("/dashboard") view=DashboardPage />
                    <Route path=path!("/dashboard/add") view=AddCardPage />
                    <Route path=path!("/activity") view=ActivityPage />
                    <Route path=path!("/notifications") view=NotificationsPage />
                    <Route path=path!("/register") view=RegisterPage />
                    <Route path=path!("/login") view=LoginPage />
                    <Route path=path!("/activate") view=ActivatePage />
                    <Route path=path!("/forgot") view=ForgotPage />
                    <Route path=path!("/reset") view=ResetPage />
                    <Route path=path!("/account") view=AccountPage />
                    <Route path=path!("/account/password") view=ChangePasswordPage />
                    <Route path=path!("/account/email") view=ChangeEmailPage />
                    <Route path=path!("/account/delete") view=DeleteAccountPage />
                </FlatRoutes>
            </main>
            <Footer />
        </Router>
    }
}
