//! What an act logs.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing::instrument::WithSubscriber as _;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::{self, format::FmtSpan};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};

/// Everything that is logged while `act` runs, at the level that nodes log at.
pub(crate) async fn logged<T>(act: impl Future<Output = T>) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    act.with_subscriber(subscriber).await;
    let bytes = lines.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

/// The spans that begin while `act` runs, as whoever collects traces sees them.
pub(crate) async fn traced<T>(act: impl Future<Output = T>) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let spans = fmt::layer()
        .with_span_events(FmtSpan::NEW)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .with_filter(filter_fn(|it| it.is_span() && it.target().starts_with("backend")));
    act.with_subscriber(tracing_subscriber::registry().with(spans)).await;
    let bytes = lines.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
