//! What becomes of a part's log: prefixed lines on the terminal, or a file.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

use anyhow::{Context, Result};

use crate::progress::paint;

#[derive(Clone, Debug)]
pub(crate) enum Output {
    Terminal,
    File(PathBuf),
}

/// Readable on dark and on light; a part keeps its colour by its place in the fleet.
const COLOURS: &[&str] = &["36", "35", "33", "32", "34", "31"];

impl Output {
    pub(super) fn attach(&self, command: &mut Command) -> Result<()> {
        command.stdin(Stdio::null());
        match self {
            Output::Terminal => command.stdout(Stdio::piped()).stderr(Stdio::piped()),
            Output::File(file) => {
                let mut append = File::options();
                let opened = append.create(true).append(true).open(file);
                let opened = opened.with_context(|| format!("cannot write {}", file.display()))?;
                command.stdout(opened.try_clone()?).stderr(opened)
            }
        };
        Ok(())
    }

    /// Prints what the child says until it ends.
    pub(super) fn follow(&self, child: &mut Child, name: &str, place: usize) {
        let prefix = paint(&format!("{name} |"), COLOURS[place % COLOURS.len()]);
        if let Some(stdout) = child.stdout.take() {
            print_lines(stdout, prefix.clone());
        }
        if let Some(stderr) = child.stderr.take() {
            print_lines(stderr, prefix);
        }
    }
}

fn print_lines(stream: impl Read + Send + 'static, prefix: String) {
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            println!("{prefix} {}", without_date(&String::from_utf8_lossy(&line)));
        }
    });
}

/// `2026-11-22T15:09:36.886490Z  INFO …` as `15:09:36  INFO …`: a person watches today, and to the second.
fn without_date(line: &str) -> String {
    let stamp = line.split(' ').next().unwrap_or_default();
    match (stamp.split_once('T'), stamp.ends_with('Z')) {
        (Some((date, time)), true) if date.len() == 10 && time.len() > 8 && time.is_char_boundary(8) => {
            format!("{}{}", &time[..8], &line[stamp.len()..])
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_begins_with_the_time_of_day() {
        let line = "2026-11-22T15:09:36.886490Z  INFO ready for visitors";
        assert_eq!(without_date(line), "15:09:36  INFO ready for visitors");
        for other in ["", "thread 'main' panicked at T", "{\"time\":\"2026-11-22T15:09:36Z\"}"] {
            assert_eq!(without_date(other), other);
        }
    }
}
