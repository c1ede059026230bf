//! How late the runtime is: what a task waits for its turn, measured by one that wants a turn every few milliseconds.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::limit::Seen;

/// Often enough to see a queue before people do, seldom enough to cost nothing.
const EVERY: Duration = Duration::from_millis(10);

pub(super) async fn measure() -> Seen {
    let due = Instant::now() + EVERY;
    sleep_until(due).await;
    Seen { paused: EVERY, lag: due.elapsed() }
}
