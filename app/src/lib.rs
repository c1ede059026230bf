//! What people see: the shell of every page, the routes, and one file per idea with its server functions.
//!
//! Everything here compiles twice: into the node, where it renders HTML, and into wasm, where it hydrates it.
//! Only [`server`] and the bodies of server functions run on the node alone.
// The types of Leptos views nest as deep as the pages do.
#![recursion_limit = "256"]

pub mod accounts;
pub mod activity;
pub mod cards;
pub mod error;
pub mod form;
pub mod live;
pub mod market;
pub mod notifications;
pub mod purchase;
pub mod selling;
#[cfg(feature = "ssr")]
pub mod server;
pub mod ui;
pub mod upload;

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, Link, MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
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
    ui::{Focused, Footer, Header, NotFoundPage, Refresh, Toasts},
};

/// The document around every page.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="description" content="Collect digital cards, put them on sale, and buy them from each other." />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <HashedStylesheet options=options.clone() id="stylesheet" />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// All pages, and what they share: header, notices, footer.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Returned::provide();
    Focused::provide();
    Refresh::provide();
    Toasts::provide();
    Live::provide();
    // For tests and styles: the page answers in place from here on.
    Effect::new(|_| {
        if let Some(root) = document().document_element() {
            _ = root.set_attribute("data-ready", "");
        }
    });
    view! {
        <Title formatter=|title: String| if title.is_empty() { "CardStore".into() } else { format!("{title} · CardStore") } />
        <Link rel="manifest" href="/manifest.webmanifest" />
        <Router>
            <a class="skip" href="#content">"Skip to the content"</a>
            <Header />
            <ui::ToastRegion />
            <main id="content" tabindex="-1">
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=MarketPage ssr=SsrMode::Async />
                    <Route path=path!("/cards/:id") view=CardPage ssr=SsrMode::Async />
                    <Route path=path!("/cards/:id/buy") view=BuyPage ssr=SsrMode::Async />
                    <Route path=path!("/cards/:id/sell") view=SellPage ssr=SsrMode::Async />
                    <Route path=path!("/cards/:id/edit") view=EditCardPage ssr=SsrMode::Async />
                    <Route path=path!("/dashboard") view=DashboardPage ssr=SsrMode::Async />
                    <Route path=path!("/dashboard/add") view=AddCardPage ssr=SsrMode::Async />
                    <Route path=path!("/activity") view=ActivityPage ssr=SsrMode::Async />
                    <Route path=path!("/notifications") view=NotificationsPage ssr=SsrMode::Async />
                    <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async />
                    <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async />
                    <Route path=path!("/activate") view=ActivatePage ssr=SsrMode::Async />
                    <Route path=path!("/forgot") view=ForgotPage ssr=SsrMode::Async />
                    <Route path=path!("/reset") view=ResetPage ssr=SsrMode::Async />
                    <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async />
                    <Route path=path!("/account/password") view=ChangePasswordPage ssr=SsrMode::Async />
                    <Route path=path!("/account/email") view=ChangeEmailPage ssr=SsrMode::Async />
                    <Route path=path!("/account/delete") view=DeleteAccountPage ssr=SsrMode::Async />
                </Routes>
            </main>
            <Footer />
        </Router>
    }
}
