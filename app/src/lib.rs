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
mod query;
pub mod selling;
#[cfg(feature = "ssr")]
pub mod server;
mod state;
pub mod texts;
pub mod ui;
pub mod upload;

use leptos::{children::ToChildren, prelude::*, tachys::view::iterators::StaticVec};
use leptos_router::{
    NestedRoute,
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::{FlatRoutes, FlatRoutesProps, Router},
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
    let pages = FlatRoutesProps::builder().fallback(NotFoundPage).children(ToChildren::to_children(routes));
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
                {FlatRoutes(pages.build())}
            </main>
            <Footer />
        </Router>
    }
}

/// Every page by its path. A node renders one page and needs none of the routes that begin otherwise.
fn routes() -> StaticVec<AnyNestedRoute> {
    let mut routes = Vec::new();
    let here = place();
    let here = here.as_deref().map(first_of);
    macro_rules! page {
        ($path:tt, $view:expr) => {
            if here.is_none_or(|here| first_of($path) == here) {
                routes.push(NestedRoute::new(path!($path), $view).into_any_nested_route());
            }
        };
    }
    page!("/", MarketPage);
    page!("/cards/:id", CardPage);
    page!("/cards/:id/buy", Piece(pieces::buy));
    page!("/cards/:id/sell", Piece(pieces::sell));
    page!("/cards/:id/edit", Piece(pieces::edit));
    page!("/dashboard", Piece(pieces::dashboard));
    page!("/dashboard/add", Piece(pieces::add));
    page!("/activity", Piece(pieces::activity));
    page!("/notifications", Piece(pieces::notifications));
    page!("/register", Piece(pieces::register));
    page!("/login", Piece(pieces::login));
    page!("/activate", Piece(pieces::activate));
    page!("/forgot", Piece(pieces::forgot));
    page!("/reset", Piece(pieces::reset));
    page!("/account", Piece(pieces::account));
    page!("/account/password", Piece(pieces::password));
    page!("/account/email", Piece(pieces::email));
    page!("/account/delete", Piece(pieces::delete));
    routes.into()
}

/// The path that a node is asked for; `None` where any may follow, or where the router may read another path from it.
fn place() -> Option<String> {
    #[cfg(feature = "ssr")]
    return use_context::<server::Asked>()
        .map(|asked| asked.0.uri.path().to_owned())
        .filter(|path| !path.contains(['.', '\\', '%']));
    #[cfg(not(feature = "ssr"))]
    None
}

fn first_of(path: &str) -> Option<&str> {
    path.split('/').find(|segment| !segment.is_empty())
}
