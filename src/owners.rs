//! Keeps requests apart: none begins inside the reactive owner that another one left behind on its thread.
//!
//! Leptos keeps the current owner in a variable of the thread, `Owner::new_root` leaves it set, and a server function
//! that runs there next would become that owner's child, and see another visitor's request, session and profile.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
};

use axum::{extract::Request, response::Response};
use leptos::prelude::Owner;

use crate::around::{Answers, Next};

/// Middleware around everything that renders pages or calls functions.
pub async fn apart(_: Arc<()>, request: Request, next: Next<impl Answers>) -> Response {
    let mut answering = pin!(next.run(request));
    poll_fn(|context| {
        // What needs its owner sets it for itself, each time it is polled.
        if let Some(others) = Owner::current() {
            others.unset();
        }
        answering.as_mut().poll(context)
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::{Router, body::Body, routing::get};
    use http_body_util::BodyExt;
    use leptos::prelude::{provide_context, use_context};
    use tokio::sync::Notify;
    use tower::ServiceExt;

    use super::*;
    use crate::around::around;

    #[derive(Clone)]
    struct Visitor(&'static str);

    /// One page waits for the other with its owner still alive, both on the one thread of this test.
    async fn seen_by_another_request(app: impl Fn(Router) -> Router) -> String {
        let (waiting, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (waits, goes_on) = (waiting.clone(), go_on.clone());
        let page = move || async move {
            let owner = Owner::new_root(None);
            owner.with(|| provide_context(Visitor("somebody else")));
            waits.notify_one();
            goes_on.notified().await;
            drop(owner);
        };
        let function =
            || async { Owner::new().with(|| use_context::<Visitor>().map_or("nobody", |visitor| visitor.0)) };
        let app = app(Router::new().route("/page", get(page)).route("/function", get(function)));
        let ask = |path: &str| app.clone().oneshot(Request::builder().uri(path).body(Body::empty()).unwrap());
        let page = tokio::spawn(ask("/page"));
        waiting.notified().await;
        let answer = ask("/function").await.unwrap().into_body().collect().await.unwrap().to_bytes();
        go_on.notify_one();
        page.await.unwrap().unwrap();
        String::from_utf8(answer.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_function_never_sees_what_was_provided_to_somebody_elses_page() {
        assert_eq!(seen_by_another_request(|app| app.layer(around((), apart))).await, "nobody");
        assert_eq!(seen_by_another_request(|app| app).await, "somebody else", "Leptos needs this no more");
    }
}
