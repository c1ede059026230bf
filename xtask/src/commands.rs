//! Runs other programs: quietly with progress and a log, or for their answer.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::progress::Step;

const LAST_WORDS: usize = 40;

/// What this process got from `cargo run` and must not hand on: another toolchain's libraries, and
/// variables of the package `xtask` that build scripts elsewhere would take for changes.
pub(crate) fn without_cargo(mut command: Command) -> Command {
    command.env_remove("CARGO").env_remove("LD_LIBRARY_PATH").env_remove("RUST_RECURSION_COUNT");
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST_")
            || text == "RUSTUP_TOOLCHAIN_SOURCE"
        {
            command.env_remove(&name);
        }
    }
    command
}

/// The first words a program says, usually its version; `None` when it cannot be run.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Runs a long step with its output in `log`; on failure the error carries the last lines.
/// Lines that say `Compiling` move the step's bar.
pub(crate) fn run(step: &Step, mut command: Command, log: &Path, patience: Duration) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    fs::create_dir_all(log.parent().context("a log file lies in a folder")?)?;
    let file =
        Arc::new(Mutex::new(File::create(log).with_context(|| format!("cannot write {}", log.display()))?));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {name}"))?;
    let streams: [Option<Box<dyn Read + Send>>; 2] =
        [child.stdout.take().map(|s| Box::new(s) as _), child.stderr.take().map(|s| Box::new(s) as _)];
    let deadline = Instant::now() + patience;
    let status = thread::scope(|scope| -> Result<ExitStatus> {
        for stream in streams.into_iter().flatten() {
            let file = Arc::clone(&file);
            scope.spawn(move || record(stream, &file, step));
        }
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if Instant::now() > deadline {
                child.kill()?;
                child.wait()?;
                bail!(
                    "{name} took longer than {} s and was stopped; see {}",
                    patience.as_secs(),
                    log.display()
                );
            }
            thread::sleep(Duration::from_millis(30));
        }
    })?;
    if !status.success() {
        bail!(
            "{name} failed ({status}). It said:\n\n{}\n\nAll of it is in {}",
            last_words(log),
            log.display()
        );
    }
    Ok(())
}

fn record(stream: impl Read, file: &Mutex<File>, step: &Step) {
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        let text = String::from_utf8_lossy(&line);
        if let Some(unit) = text.trim_start().strip_prefix("Compiling ") {
            step.advance(unit.split(' ').next().unwrap_or_default().to_owned());
        }
        if let Ok(mut file) = file.lock() {
            // A full disk shows itself in the program's own failure.
            let _ = writeln!(file, "{text}");
        }
    }
}

/// What a log has to say about a failure: its first error, where a compiler names one, else its end.
pub(crate) fn last_words(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    telling(&String::from_utf8_lossy(&text))
}

fn telling(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let error = lines.iter().position(|line| line.starts_with("error"));
    let from = error.unwrap_or(lines.len().saturating_sub(LAST_WORDS));
    lines.into_iter().skip(from).take(LAST_WORDS).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compilers_first_error_tells_more_than_the_end_of_its_log() {
        let after: String = (0..100).map(|line| format!("backtrace {line}\n")).collect();
        assert!(
            telling(&format!("   Compiling a\nerror[E0425]: no such name\n{after}"))
                .starts_with("error[E0425]")
        );
        assert!(telling(&after).ends_with("backtrace 99"));
        assert_eq!(telling(""), "");
    }
}
