//! What an act logs.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing::instrument::WithSubscriber as _;
use tracing::{level_filters::LevelFilter, subscriber::set_global_default};
use tracing_subscriber::layer::SubscriberExt as _;

/// Everything that is logged while `act` runs, at the level that nodes log at.
pub(crate) async fn logged<T>(act: impl Future<Output = T>) -> String {
    // While there is one subscriber only, whoever reaches an event first decides for everybody whether it is listened
    // to, and other tests have none. So they have one that is interested and writes nowhere.
    drop(set_global_default(tracing_subscriber::registry().with(LevelFilter::INFO)));
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
