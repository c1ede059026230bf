//! Begins with the data that a page is known to ask for, so that it need not be rendered to find out.
//!
//! What is not foreseen here is loaded after a first rendering missed it: correct, and a rendering slower.

use super::PageData;
use crate::{
    accounts::LoadVisitor,
    cards::LoadDashboard,
    market::{LoadCard, LoadMarket, Search},
};
use leptos_router::location::RequestUrl;

/// Notes what the page at `path` will ask for; [`PageData::load_missed`] loads it. A search is in the `url`.
pub fn foresee(path: &str, url: &RequestUrl, data: &PageData) {
    data.want(LoadVisitor {});
    match path {
        "/" => {
            if let Ok(url) = url.parse() {
                data.want(LoadMarket::from(Search::from_query(url.search_params())));
            }
        }
        path if shows_collection(path) => data.want(LoadDashboard {}),
        path => match path.strip_prefix("/cards/") {
            Some(id) if !id.contains('/') => data.want(LoadCard { id: id.to_owned() }),
            _ => {}
        },
    }
}

/// Whether the page at `path` shows the cards of its visitor.
#[must_use]
pub fn shows_collection(path: &str) -> bool {
    path == "/dashboard"
}
