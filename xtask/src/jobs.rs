//! Runs programs that do their work and end; a stop reaches everything they started.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal};

use crate::progress::Step;
use crate::signals::stop_asked;

const GLANCE: Duration = Duration::from_millis(30);
const STOP_PATIENCE: Duration = Duration::from_secs(5);
const TEST_PATIENCE: Duration = Duration::from_secs(60 * 60);
const LAST_WORDS: usize = 40;

/// Runs a long step with its output in `log`; on failure the error carries what matters of it.
/// Lines that say `Compiling` move the step's bar.
pub(crate) fn run(step: &Step, command: Command, log: &Path, patience: Duration) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    fs::create_dir_all(log.parent().context("a log file lies in a folder")?)?;
    let file = Mutex::new(File::create(log).with_context(|| format!("cannot write {}", log.display()))?);
    let status = follow(command, patience, &|line| {
        if let Some(unit) = line.trim_start().strip_prefix("Compiling ") {
            step.advance(unit.split(' ').next().unwrap_or_default().to_owned());
        }
        if let Ok(mut file) = file.lock() {
            // A full disk shows itself in the program's own failure.
            let _ = writeln!(file, "{line}");
        }
    })?;
    if !status.success() {
        let (said, log) = (last_words(log), log.display());
        bail!("{name} failed ({status}). It said:\n\n{said}\n\nAll of it is in {log}");
    }
    Ok(())
}

/// Runs tests: shows what they print while they do, keeps it, and says whether they succeeded.
pub(crate) fn show(command: Command) -> Result<(String, bool)> {
    let kept = Mutex::new(String::new());
    let status = follow(command, TEST_PATIENCE, &|line| {
        println!("{line}");
        if let Ok(mut kept) = kept.lock() {
            kept.push_str(line);
            kept.push('\n');
        }
    })?;
    Ok((kept.into_inner().unwrap_or_default(), status.success()))
}

fn follow(mut command: Command, patience: Duration, heard: &(impl Fn(&str) + Sync)) -> Result<ExitStatus> {
    let name = command.get_program().to_string_lossy().into_owned();
    // A group of its own can be ended as a whole.
    command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot run {name}"))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        scope.spawn(|| stdout.map(|stream| listen(stream, heard)));
        scope.spawn(|| stderr.map(|stream| listen(stream, heard)));
        let ended = wait(&mut child, &name, patience);
        // What it left running would keep its output open, and the two threads waiting.
        let _ = rustix::process::kill_process_group(Pid::from_child(&child), Signal::KILL);
        ended
    })
}

fn listen(stream: impl Read, heard: &impl Fn(&str)) {
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        heard(&String::from_utf8_lossy(&line));
    }
}

fn wait(child: &mut Child, name: &str, patience: Duration) -> Result<ExitStatus> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if stop_asked() {
            end(child)?;
            bail!("{name} was stopped");
        }
        if begun.elapsed() > patience {
            end(child)?;
            bail!("{name} took longer than {} s and was stopped", patience.as_secs());
        }
        thread::sleep(GLANCE);
    }
}

fn end(child: &mut Child) -> Result<()> {
    let group = Pid::from_child(child);
    // Fails only when it has ended by now.
    let _ = rustix::process::kill_process_group(group, Signal::TERM);
    let asked = Instant::now();
    while child.try_wait()?.is_none() && asked.elapsed() < STOP_PATIENCE {
        thread::sleep(GLANCE);
    }
    let _ = rustix::process::kill_process_group(group, Signal::KILL);
    child.wait()?;
    Ok(())
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
