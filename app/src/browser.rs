//! What the browser does for the pages: one request to the node, and waiting.

use std::cell::RefCell;

use gloo_net::http::{Request, Response};
use leptos::{prelude::window, web_sys::UrlSearchParams};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::error::Problem;

thread_local! {
    static LAST_FAILED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The id of the last request that the node could not serve.
pub(crate) fn last_failed() -> Option<String> {
    LAST_FAILED.with_borrow(Clone::clone)
}

pub(crate) fn remember_failed(id: String) {
    LAST_FAILED.set(Some(id));
}

/// Fetches the answer of a function that changes nothing.
pub(crate) async fn get(url: &str) -> Result<Vec<u8>, Problem> {
    let request = Request::get(url).header("accept", "application/json");
    answer(request.send().await).await
}

/// Calls a function with the fields of a form.
pub(crate) async fn post(path: &str, fields: UrlSearchParams) -> Result<Vec<u8>, Problem> {
    let request = Request::post(path).header("accept", "application/json").body(JsValue::from(fields));
    answer(request.map_err(|_| Problem::OutOfDate)?.send().await).await
}

async fn answer(response: Result<Response, gloo_net::Error>) -> Result<Vec<u8>, Problem> {
    let response = response.map_err(|_| Problem::Offline)?;
    let body = response.binary().await.map_err(|_| Problem::Offline)?;
    if response.ok() {
        return Ok(body);
    }
    if response.status() >= 500 {
        LAST_FAILED.set(response.headers().get("x-request-id"));
    }
    // A refusal that is none of ours: the node does not know what this page asks for, or not in this way.
    let not_ours = if response.status() < 500 { Problem::OutOfDate } else { Problem::Unavailable };
    Err(serde_json::from_slice(&body).unwrap_or(not_ours))
}

/// Reads an answer; what is none of ours comes from the balancer, which has no node to ask.
pub(crate) fn read<T: DeserializeOwned>(answer: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(answer).map_err(|_| Problem::Unavailable)
}

pub(crate) async fn wait(milliseconds: u32) {
    let waited = js_sys::Promise::new(&mut |resolve, _| {
        let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    _ = wasm_bindgen_futures::JsFuture::from(waited).await;
}
