//! A fault in our own code: the log says where, a figure counts it, and the visitor gets an answer, not a closed
//! connection.

use std::{
    any::Any,
    panic::PanicHookInfo,
    sync::atomic::{AtomicU64, Ordering},
};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tower_http::catch_panic::CatchPanicLayer;

/// The hook is the process's, so its count is too.
static PANICS: AtomicU64 = AtomicU64::new(0);

type Answer = fn(Box<dyn Any + Send>) -> Response;

/// From here on the log tells of every panic, under the id of the request that it ended.
pub fn watch() {
    std::panic::set_hook(Box::new(note));
}

/// How many there were in this process.
pub(crate) fn count() -> u64 {
    PANICS.load(Ordering::Relaxed)
}

fn note(panic: &PanicHookInfo<'_>) {
    PANICS.fetch_add(1, Ordering::Relaxed);
    let at = panic.location().map(ToString::to_string);
    // Only words of our own: a message that was put together may quote what somebody typed.
    let words = panic.payload().downcast_ref::<&'static str>();
    tracing::error!(at, words, "a panic");
}

/// Around everything that answers: what panics is answered with 500.
pub(crate) fn caught() -> CatchPanicLayer<Answer> {
    CatchPanicLayer::custom(answer as Answer)
}

fn answer(_: Box<dyn Any + Send>) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong. Please try again.\n").into_response()
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        panic::{set_hook, take_hook},
        sync::{Arc, Mutex},
    };

    use axum::{Router, body::Body, extract::Request, routing::get};
    use tower::ServiceExt;
    use tracing::instrument::WithSubscriber;

    use super::*;
    use crate::around::around;
    use crate::request_id::{Requests, follow};
    use crate::telemetry::listened_to_everywhere;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn the_log_says_where_it_was_under_the_requests_id_and_quotes_nobody() {
        let app = Router::new()
            .route("/said", get(async || -> &str { panic!("it cannot be") }))
            .route("/typed", get(async || -> &str { panic!("it is {}", "ann@example.com".len()) }))
            .layer(caught())
            .layer(around(Requests::new("a".into(), false), follow));
        listened_to_everywhere();
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt().json().with_writer({
            let log = log.clone();
            move || log.clone()
        });
        let before = count();
        let usual = take_hook();
        watch();
        let ask = async {
            for path in ["/said", "/typed"] {
                let request = Request::get(path).header("x-request-id", "id-7").body(Body::empty()).unwrap();
                let response = app.clone().oneshot(request).await.unwrap();
                assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            }
        };
        ask.with_subscriber(subscriber.finish()).await;
        set_hook(usual);

        assert!(count() >= before + 2);
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        let panics: Vec<_> = log.lines().filter(|line| line.contains("a panic")).collect();
        assert_eq!(panics.len(), 2, "{log}");
        assert!(panics.iter().all(|it| it.contains("src/panics.rs:") && it.contains("id-7")), "{log}");
        assert!(panics[0].contains("it cannot be") && !panics[1].contains("it is"), "{log}");
    }
}
