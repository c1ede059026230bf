//! Shows what is going on: a moving line per step on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

pub(crate) struct Step {
    name: String,
    bar: ProgressBar,
    begun: Instant,
}

impl Step {
    /// `expected` is roughly how many units of work the step counts, if it counts any.
    pub(crate) fn begin(name: &str, expected: Option<u64>) -> Step {
        let bar = match expected {
            Some(total) => {
                ProgressBar::new(total).with_style(style("{spinner} {prefix:32} {bar:24} {msg} {elapsed}"))
            }
            None => ProgressBar::new_spinner().with_style(style("{spinner} {prefix:32} {msg} {elapsed}")),
        };
        bar.set_prefix(name.to_owned());
        if std::io::stderr().is_terminal() {
            bar.enable_steady_tick(Duration::from_millis(100));
        } else {
            eprintln!("... {name}");
        }
        Step { name: name.to_owned(), bar, begun: Instant::now() }
    }

    pub(crate) fn advance(&self, message: String) {
        // The total is an estimate: a full bar waits instead of overflowing.
        if self.bar.length().is_some_and(|total| self.bar.position() + 1 < total) {
            self.bar.inc(1);
        }
        self.bar.set_message(message);
    }

    pub(crate) fn done(self) {
        self.bar.finish_and_clear();
        eprintln!("{} {} ({})", green("ok"), self.name, seconds(self.begun.elapsed()));
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if !self.bar.is_finished() {
            self.bar.finish_and_clear();
        }
    }
}

pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f32())
}

pub(crate) fn green(text: &str) -> String {
    paint(text, "32")
}

pub(crate) fn red(text: &str) -> String {
    paint(text, "31")
}

pub(crate) fn bold(text: &str) -> String {
    paint(text, "1")
}

/// `code` is an ANSI colour; a pipe or NO_COLOR gets plain text.
pub(crate) fn paint(text: &str, code: &str) -> String {
    if std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        format!("\x1b[{code}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the templates above are valid")
}
