//! Listens to what the driver logs: each statement of the store, whole, once.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

#[derive(Clone, Default)]
pub(crate) struct Listener(Arc<Mutex<BTreeSet<String>>>);

impl Listener {
    /// For the whole process: the driver works on threads of its own.
    pub(crate) fn start() -> Self {
        let listener = Self::default();
        let subscriber = tracing_subscriber::registry().with(listener.clone());
        tracing::subscriber::set_global_default(subscriber).unwrap();
        listener
    }

    /// The statements that took parameters, as the store's own do.
    pub(crate) fn heard(&self) -> Vec<String> {
        let heard = self.0.lock().unwrap();
        let own = |statement: &&String| statement.contains("$1") && !statement.contains("_sqlx_migrations");
        heard.iter().filter(own).cloned().collect()
    }
}

impl<S: Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut logged = Logged::default();
            event.record(&mut logged);
            self.0.lock().unwrap().insert(logged.statement());
        }
    }
}

/// A short statement is its own summary; of a long one the summary is the beginning.
#[derive(Default)]
struct Logged {
    summary: String,
    whole: String,
}

impl Logged {
    fn statement(self) -> String {
        let text = if self.whole.trim().is_empty() { self.summary } else { self.whole };
        text.trim().to_owned()
    }
}

impl Visit for Logged {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.whole),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
