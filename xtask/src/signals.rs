//! Turns Ctrl-C and a polite kill into a flag that the running command looks at.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

#[derive(Clone)]
pub(crate) struct StopAsked(Arc<AtomicBool>);

impl StopAsked {
    /// From here on a signal only sets the flag. A second one does no more: stopping is bounded in time, and
    /// some wrappers send every signal twice.
    pub(crate) fn listen() -> Result<StopAsked> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            flag::register(signal, asked.clone())?;
        }
        Ok(StopAsked(asked))
    }

    pub(crate) fn now(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
