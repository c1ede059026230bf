//! What the URL of the market page asks for, and the form that writes it.

use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate, params::ParamsMap};
use serde::{Deserialize, Serialize};

use crate::texts::texts;

/// Kept as text: a URL that people edited is not an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub seller: String,
    #[serde(default)]
    pub min: String,
    #[serde(default)]
    pub max: String,
    #[serde(default)]
    pub sort: String,
    #[serde(default)]
    pub after: String,
}

impl Search {
    pub(crate) fn from_query(query: &ParamsMap) -> Self {
        let get = |name| query.get(name).unwrap_or_default();
        Self {
            q: get("q"),
            seller: get("seller"),
            min: get("min"),
            max: get("max"),
            sort: get("sort"),
            after: get("after"),
        }
    }

    /// True when something narrows the market down besides the order.
    pub(super) fn is_filtered(&self) -> bool {
        [&self.q, &self.seller, &self.min, &self.max].iter().any(|value| !value.is_empty())
    }

    /// The address of this search.
    pub(super) fn link(&self) -> String {
        let pairs = [
            ("q", &self.q),
            ("seller", &self.seller),
            ("min", &self.min),
            ("max", &self.max),
            ("sort", &self.sort),
            ("after", &self.after),
        ];
        let mut query = ParamsMap::new();
        for (name, value) in pairs {
            if !value.is_empty() {
                query.insert(name, value.clone());
            }
        }
        format!("/{}", query.to_query_string())
    }

    /// The address of the page that starts after `cursor`.
    pub(super) fn link_after(&self, cursor: &str) -> String {
        Self { after: cursor.to_owned(), ..self.clone() }.link()
    }

    /// The address of all that one person sells.
    #[must_use]
    pub fn link_to_seller(seller: &str) -> String {
        Self { seller: seller.to_owned(), ..Self::default() }.link()
    }
}

#[component]
pub(super) fn SearchBar(search: Search) -> impl IntoView {
    let said = &texts().market;
    let navigate = use_navigate();
    let search_in_place = move |event: SubmitEvent| {
        if let Some(search) = typed_into(&event) {
            event.prevent_default();
            navigate(&search.link(), NavigateOptions::default());
        }
    };
    let narrowed = !search.seller.is_empty() || !search.min.is_empty() || !search.max.is_empty();
    let Search { q, seller, min, max, sort, .. } = search;
    let option = move |value: &'static str, label: &'static str| {
        let selected = sort == value;
        view! { <option value=value selected=selected>{label}</option> }
    };
    let price = |id: &'static str, label: &'static str, value: String| {
        view! {
            <p class="field">
                <label for=id>{label}</label>
                <input id=id name=id inputmode="decimal" autocomplete="off" maxlength="20" value=value />
            </p>
        }
    };
    view! {
        <form method="get" action="/" class="search" role="search" on:submit=search_in_place>
            <label class="sr-only" for="q">{said.search_market}</label>
            <input id="q" type="search" name="q" placeholder=said.search_cards value=q maxlength="80" />
            <label class="sr-only" for="sort">{said.order}</label>
            <select id="sort" name="sort">
                {option("", said.newest_first)}
                {option("cheapest", said.cheapest_first)}
                {option("dearest", said.dearest_first)}
            </select>
            <button class="primary">{said.search}</button>
            <details class="filters" open=narrowed>
                <summary>{said.filters}</summary>
                <div class="filter-fields">
                    {price("min", said.price_from, min)} {price("max", said.price_to, max)}
                    <p class="field">
                        <label for="seller">{said.seller}</label>
                        <input id="seller" name="seller" autocomplete="off" maxlength="24" value=seller />
                    </p>
                </div>
            </details>
        </form>
    }
}

/// What the form asks for. Its address has no empty parts, other than that of a form that is sent without script.
fn typed_into(event: &SubmitEvent) -> Option<Search> {
    use leptos::{wasm_bindgen::JsCast, web_sys};
    let form: web_sys::HtmlFormElement = event.target()?.dyn_into().ok()?;
    let data = web_sys::FormData::new_with_form(&form).ok()?;
    let get = |name: &str| data.get(name).as_string().unwrap_or_default();
    Some(Search {
        q: get("q"),
        seller: get("seller"),
        min: get("min"),
        max: get("max"),
        sort: get("sort"),
        after: String::new(),
    })
}
