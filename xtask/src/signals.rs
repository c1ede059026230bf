//! Turns Ctrl-C and a polite kill into a flag that everything which waits looks at.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use anyhow::Result;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

static ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// From here on a signal only sets the flag. A second one does no more: stopping is bounded in time, and
/// some wrappers send every signal twice.
pub(crate) fn listen() -> Result<()> {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        flag::register(signal, ASKED.clone())?;
    }
    Ok(())
}

pub(crate) fn stop_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
