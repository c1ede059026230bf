//! What is measured each minute, and what of it may not grow.

use anyhow::{Context, Result};

use super::crowd::Crowd;
use crate::fleet::state::Written;
use crate::redis;

const MIB: f64 = 1024.0 * 1024.0;

/// What may be more at the end than at the beginning, as a part of it and beyond that.
struct Tolerance {
    what: &'static str,
    of: fn(&Sample) -> f64,
    part: f64,
    beyond: f64,
}

/// Caches fill and the allocator keeps what it had once; sessions and connections come and go.
const TOLERANCES: [Tolerance; 4] = [
    Tolerance { what: "memory of the nodes (MiB)", of: |it| it.memory_mib, part: 0.2, beyond: 16.0 },
    Tolerance { what: "keys in Redis", of: |it| it.keys, part: 0.2, beyond: 20.0 },
    Tolerance { what: "open files of the nodes", of: |it| it.files, part: 0.2, beyond: 20.0 },
    Tolerance { what: "connections to Redis", of: |it| it.connections, part: 0.2, beyond: 4.0 },
];

#[derive(Clone, Debug)]
pub(super) struct Sample {
    memory_mib: f64,
    files: f64,
    streams: f64,
    keys: f64,
    connections: f64,
    done: u64,
}

impl Sample {
    pub(super) const HEAD: &str =
        "minute  memory of nodes  open files  streams  keys in Redis  connections to Redis  acts";

    pub(super) fn take(written: &Written, crowd: &Crowd) -> Result<Sample> {
        let sum = |name: &str| -> Result<f64> { written.nodes.iter().map(|node| node.figure(name)).sum() };
        Ok(Sample {
            memory_mib: sum("process_resident_memory_bytes")? / MIB,
            files: sum("process_open_fds")?,
            streams: sum("cardstore_event_streams")?,
            keys: number_in(&redis::ask(written.redis_address()?, "DBSIZE")?, ":")?,
            connections: number_in(
                &redis::ask(written.redis_address()?, "INFO clients")?,
                "connected_clients:",
            )?,
            done: crowd.done(),
        })
    }

    pub(super) fn in_words(&self, minute: u32) -> String {
        let Sample { memory_mib, files, streams, keys, connections, done } = self;
        format!(
            "{minute:6}  {memory_mib:11.1} MiB  {files:10}  {streams:7}  {keys:13}  {connections:20}  {done:4}"
        )
    }
}

fn number_in(text: &str, before: &str) -> Result<f64> {
    let number = text.split_once(before).and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok());
    number.with_context(|| format!("no number stands behind {before:?}"))
}

#[derive(Default)]
pub(super) struct Samples(Vec<Sample>);

impl Samples {
    pub(super) fn keep(&mut self, sample: Sample) {
        self.0.push(sample);
    }

    /// Compares the last third with the second: the first warms up.
    pub(super) fn verdict(&self) -> Result<(), String> {
        let third = self.0.len() / 3;
        if third == 0 {
            return Err("it was too short to tell".to_owned());
        }
        let (before, after) = (&self.0[third..2 * third], &self.0[self.0.len() - third..]);
        let complaints: Vec<String> = TOLERANCES
            .iter()
            .filter_map(|it| {
                let (before, after) = (average(before, it.of), average(after, it.of));
                let grew = after > before * (1.0 + it.part) + it.beyond;
                grew.then(|| format!("{} grew from {before:.1} to {after:.1}", it.what))
            })
            .collect();
        if complaints.is_empty() { Ok(()) } else { Err(complaints.join("; ")) }
    }
}

fn average(samples: &[Sample], of: fn(&Sample) -> f64) -> f64 {
    samples.iter().map(of).sum::<f64>() / samples.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(memory: impl Fn(u32) -> f64) -> Samples {
        let sample = |minute| Sample {
            memory_mib: memory(minute),
            files: 40.0,
            streams: 1.0,
            keys: 60.0,
            connections: 8.0,
            done: 0,
        };
        Samples((0..30).map(sample).collect())
    }

    #[test]
    fn what_grows_all_the_time_is_told_from_what_warms_up() {
        assert!(samples(|minute| if minute < 8 { f64::from(minute) * 10.0 } else { 80.0 }).verdict().is_ok());
        let leak = samples(|minute| 80.0 + f64::from(minute) * 6.0).verdict().unwrap_err();
        assert!(leak.starts_with("memory of the nodes"), "{leak}");
        assert!(Samples::default().verdict().is_err());
    }

    #[test]
    fn a_number_is_found_behind_its_name() {
        assert_eq!(number_in(":42\r\n+OK\r\n", ":").unwrap(), 42.0);
        assert_eq!(number_in("# Clients\r\nconnected_clients:7\r\n", "connected_clients:").unwrap(), 7.0);
        assert!(number_in("# Clients\r\n", "connected_clients:").is_err());
    }
}
