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

/// Notes what the page at `url` will ask for; [`PageData::load_missed`] loads it.
pub fn foresee(url: &RequestUrl, data: &PageData) {
    let Ok(url) = url.parse() else { return };
    data.want(LoadVisitor {});
    match url.path() {
        "/" => data.want(LoadMarket::from(Search::from_query(url.search_params()))),
        "/dashboard" => data.want(LoadDashboard {}),
        path => match path.strip_prefix("/cards/") {
            Some(id) if !id.contains('/') => data.want(LoadCard { id: id.to_owned() }),
            _ => {}
        },
    }
}
