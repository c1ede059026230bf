//! Listens to the statements that the store makes, each once.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

#[derive(Clone, Default)]
pub(crate) struct Listener(Arc<Mutex<BTreeSet<String>>>);

impl Listener {
    pub(crate) fn start() -> Self {
        let listener = Self::default();
        let subscriber = tracing_subscriber::registry().with(listener.clone());
        tracing::subscriber::set_global_default(subscriber).unwrap();
        // For statements that were made before anybody listened.
        tracing::callsite::rebuild_interest_cache();
        listener
    }

    pub(crate) fn heard(&self) -> BTreeSet<String> {
        self.0.lock().unwrap().clone()
    }
}

impl<S: Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "backend::sql" {
            event.record(&mut Text(&self.0));
        }
    }
}

struct Text<'a>(&'a Mutex<BTreeSet<String>>);

impl Visit for Text<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "text" {
            self.0.lock().unwrap().insert(value.to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
