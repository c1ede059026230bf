//! What whoever collects traces sees of the database.
//!
//! A program of its own, because it listens to its whole process.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[expect(dead_code, unused_imports, reason = "the other tests of the store use the rest")]
#[path = "../store/support/mod.rs"]
mod support;

use std::fmt;
use std::sync::{Arc, Mutex};

use support::{PASSWORD, World};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

/// The fields of all spans, each on a line.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<String>>);

impl<S: tracing::Subscriber> Layer<S> for Spans {
    fn on_new_span(&self, span: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        if span.metadata().target().starts_with("backend") {
            span.record(&mut Lines(&mut self.0.lock().unwrap()));
        }
    }
}

struct Lines<'a>(&'a mut String);

impl Visit for Lines<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push_str(&format!("{field}={value:?}\n"));
    }
}

#[tokio::test]
async fn statements_are_traced_without_what_they_ask_for() {
    let spans = Spans::default();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(spans.clone())).unwrap();
    let world = World::new().await;
    world.person("xaver").await;
    let said = spans.0.lock().unwrap().clone();
    for words in ["begin", "insert into accounts", "select", "commit"] {
        assert!(said.contains(&format!("db.query.text=\"{words}")), "{words} is not in {said}");
    }
    assert!(!said.contains("xaver") && !said.contains(PASSWORD), "{said}");
}
