//! Asks the Redis of a measurement how it is.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

const PATIENCE: Duration = Duration::from_secs(120);

pub(super) struct Redis(BufReader<TcpStream>);

impl Redis {
    pub(super) fn connect(url: &str) -> Result<Redis> {
        let stream = TcpStream::connect(url.strip_prefix("redis://").context("not a plain Redis")?)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Redis(BufReader::new(stream)))
    }

    /// How often each command was called, inside scripts too; not what this asks itself.
    pub(super) fn calls(&mut self) -> Result<BTreeMap<String, u64>> {
        Ok(calls_in(&self.info("commandstats")?))
    }

    pub(super) fn memory_bytes(&mut self) -> Result<u64> {
        self.figure("memory", "used_memory:")
    }

    pub(super) fn keys(&mut self, pattern: &str) -> Result<Vec<String>> {
        let head = self.ask(&["KEYS", pattern])?;
        let count: usize = head.strip_prefix('*').and_then(|count| count.parse().ok()).unwrap_or(0);
        (0..count).map(|_| self.line().and_then(|length| self.text(&length))).collect()
    }

    pub(super) fn forget_everything(&mut self) -> Result<()> {
        self.run(&["FLUSHALL", "SYNC"])
    }

    /// What answers with one line.
    pub(super) fn run(&mut self, words: &[&str]) -> Result<()> {
        let answer = self.ask(words)?;
        ensure!(!answer.starts_with('-'), "Redis says {answer}");
        Ok(())
    }

    fn figure(&mut self, section: &str, name: &str) -> Result<u64> {
        let text = self.info(section)?;
        let figure = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        figure.with_context(|| format!("Redis tells no {name}"))
    }

    fn info(&mut self, section: &str) -> Result<String> {
        let length = self.ask(&["INFO", section])?;
        self.text(&length)
    }

    fn ask(&mut self, words: &[&str]) -> Result<String> {
        let mut text = format!("*{}\r\n", words.len());
        for word in words {
            text += &format!("${}\r\n{word}\r\n", word.len());
        }
        self.0.get_mut().write_all(text.as_bytes())?;
        self.line()
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.0.read_line(&mut line)? > 0, "Redis hung up");
        Ok(line.trim_end().to_owned())
    }

    /// Of this length, as its first line says.
    fn text(&mut self, length: &str) -> Result<String> {
        let length: usize =
            length.strip_prefix('$').and_then(|it| it.parse().ok()).context("no text came")?;
        let mut text = vec![0; length + 2];
        self.0.read_exact(&mut text)?;
        text.truncate(length);
        Ok(String::from_utf8(text)?)
    }
}

/// `cmdstat_hgetall:calls=21,usec=175,…` a line.
fn calls_in(stats: &str) -> BTreeMap<String, u64> {
    let calls = stats.lines().filter_map(|line| {
        let (command, rest) = line.strip_prefix("cmdstat_")?.split_once(":calls=")?;
        Some((command.to_owned(), rest.split(',').next()?.parse().ok()?))
    });
    calls.filter(|(command, _)| command != "info").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_told_by_command() {
        let stats = "# Commandstats\r\ncmdstat_hgetall:calls=21,usec=175,usec_per_call=8.33\r\n\
                     cmdstat_info:calls=2,usec=90\r\ncmdstat_client|setinfo:calls=4,usec=8\r\n";
        let calls = [("client|setinfo", 4), ("hgetall", 21)];
        assert_eq!(calls_in(stats), calls.map(|(command, calls)| (command.to_owned(), calls)).into());
    }
}
