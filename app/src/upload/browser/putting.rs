//! Sends one object with XMLHttpRequest, which alone tells how much was sent.

use js_sys::Uint8Array;
use leptos::{prelude::*, wasm_bindgen::JsCast};
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ProgressEvent, XmlHttpRequest};

use crate::upload::{SignedPut, Stage, Upload};

/// Longer than this no permission lasts.
const TIMEOUT_MS: u32 = 180_000;

/// What became of one PUT.
pub(super) enum Outcome {
    Arrived,
    /// No answer, or an answer that a later try may change.
    Lost,
    /// The permission is good for nothing any more.
    Refused,
}

impl Upload {
    /// `before` bytes of `total` have arrived already.
    pub(super) async fn put(self, put: &SignedPut, bytes: &[u8], before: usize, total: usize) -> Outcome {
        match self.status_of_put(put, bytes, before, total).await.unwrap_or(0) {
            // 412: the key is taken. Nobody else knows it, so an earlier try has arrived though its answer got lost.
            200..=299 | 412 => Outcome::Arrived,
            0 | 500..=599 => Outcome::Lost,
            _ => Outcome::Refused,
        }
    }

    /// None when no answer could be read.
    async fn status_of_put(self, put: &SignedPut, bytes: &[u8], before: usize, total: usize) -> Option<u16> {
        let request = XmlHttpRequest::new().ok()?;
        request.open("PUT", &put.url).ok()?;
        request.set_timeout(TIMEOUT_MS);
        for (name, value) in &put.headers {
            // The browser writes the length itself and refuses to have it written.
            if !name.eq_ignore_ascii_case("content-length") && !name.eq_ignore_ascii_case("host") {
                request.set_request_header(name, value).ok()?;
            }
        }
        let stage = self.stage;
        let say = move |sent: f64| {
            let percent = (before as f64 + sent) / total as f64 * 100.0;
            stage.try_set(Stage::Sending(percent.clamp(0.0, 100.0) as u8));
        };
        say(0.0);
        let on_progress =
            Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| say(event.loaded()));
        request.upload().ok()?.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
        self.in_flight.try_update_value(|in_flight| in_flight.request = Some(request.clone()))?;
        let finished = js_sys::Promise::new(&mut |resolve, _| {
            request.set_onloadend(Some(resolve.unchecked_ref()));
        });
        request.send_with_opt_js_u8_array(Some(&Uint8Array::from(bytes))).ok()?;
        _ = JsFuture::from(finished).await;
        request.status().ok()
    }
}
