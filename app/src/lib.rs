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
pub mod pieces;
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
    form::Returned,
    live::Live,
    market::{CardPage, MarketPage},
    pieces::Piece,
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
                    <Route path=path!("/cards/:id/buy") view=Piece(pieces::buy) />
                    <Route path=path!("/cards/:id/sell") view=Piece(pieces::sell) />
                    <Route path=path!("/cards/:id/edit") view=Piece(pieces::edit) />
                    <Route path=path!("/dashboard") view=Piece(pieces::dashboard) />
                    <Route path=path!("/dashboard/add") view=Piece(pieces::add) />
                    <Route path=path!("/activity") view=Piece(pieces::activity) />
                    <Route path=path!("/notifications") view=Piece(pieces::notifications) />
                    <Route path=path!("/register") view=Piece(pieces::register) />
                    <Route path=path!("/login") view=Piece(pieces::login) />
                    <Route path=path!("/activate") view=Piece(pieces::activate) />
                    <Route path=path!("/forgot") view=Piece(pieces::forgot) />
                    <Route path=path!("/reset") view=Piece(pieces::reset) />
                    <Route path=path!("/account") view=Piece(pieces::account) />
                    <Route path=path!("/account/password") view=Piece(pieces::password) />
                    <Route path=path!("/account/email") view=Piece(pieces::email) />
                    <Route path=path!("/account/delete") view=Piece(pieces::delete) />
                </FlatRoutes>
            </main>
            <Footer />
        </Router>
    }
}
