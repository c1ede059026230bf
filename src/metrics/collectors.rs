//! Figures that others count: the sessions, the streams, the outbox and the kernel.

use std::{
    fmt, fs,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use app::server::Node;
use backend::{
    Connections,
    mail::{self, Waiting},
};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, NoLabelSet},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
};
use sessions::{LATENCY_BOUNDS_US, Sessions};

use crate::{
    live::Live,
    panics,
    shedding::{Now, Shedding},
};

/// Longer than this nobody waits for a figure.
const OUTBOX_TIMEOUT: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(super) struct OfSessions(pub(super) Sessions);

impl Collector for OfSessions {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let now = self.0.metrics();
        let counted = [
            ("created", now.created),
            ("rotated", now.rotated),
            ("signed_out", now.signed_out),
            ("ended_elsewhere", now.ended_elsewhere),
            ("ended_by_limit", now.ended_by_limit),
            ("expired", now.expired),
            ("rejected", now.rejected),
            ("gone", now.gone),
            ("unreadable", now.unreadable),
            ("unavailable", now.unavailable),
        ];
        for (name, count) in counted {
            let name = format!("sessions_{name}");
            let counter = ConstCounter::new(count);
            counter.encode(encoder.encode_descriptor(
                &name,
                "Sessions, by what became of them",
                None,
                MetricType::Counter,
            )?)?;
        }
        gauge(
            &mut encoder,
            "session_store_available",
            "1 while the session store answers",
            i64::from(now.available),
        )?;
        let buckets: Vec<(f64, u64)> = LATENCY_BOUNDS_US
            .iter()
            .map(|us| *us as f64 / 1e6)
            .chain([f64::MAX])
            .zip(now.latency_counts)
            .collect();
        let mut histogram = encoder.encode_descriptor(
            "session_store_duration_seconds",
            "Time that a command to the session store took",
            None,
            MetricType::Histogram,
        )?;
        let count = now.latency_counts.iter().sum();
        histogram.encode_histogram::<NoLabelSet>(now.latency_sum_us as f64 / 1e6, count, &buckets, None)
    }
}

pub(super) struct OfStreams(pub(super) Live);

impl fmt::Debug for OfStreams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OfStreams")
    }
}

impl Collector for OfStreams {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let open = i64::try_from(self.0.streams()).unwrap_or(i64::MAX);
        gauge(&mut encoder, "event_streams", "Open streams of server-sent events", open)
    }
}

/// The letters that wait, as the database said when it was asked last; absent while it does not answer.
#[derive(Clone, Debug, Default)]
pub(super) struct OfOutbox(Arc<Mutex<Option<Waiting>>>);

impl OfOutbox {
    /// Asks now: the outbox is the whole fleet's, and other nodes fill and empty it.
    pub(super) async fn look(&self, node: &Node) {
        let waiting = tokio::time::timeout(OUTBOX_TIMEOUT, mail::waiting(&node.store)).await;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = waiting.ok().and_then(Result::ok);
    }
}

impl Collector for OfOutbox {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Some(waiting) = *self.0.lock().unwrap_or_else(PoisonError::into_inner) else { return Ok(()) };
        let letters = i64::try_from(waiting.letters).unwrap_or(i64::MAX);
        gauge(&mut encoder, "outbox_letters", "Letters that no mail server has accepted yet", letters)?;
        let seconds = i64::try_from(waiting.oldest.as_secs()).unwrap_or(i64::MAX);
        gauge(&mut encoder, "outbox_oldest_seconds", "How long the oldest of them has been waiting", seconds)
    }
}

/// The node's connections to its database.
pub(super) struct OfDatabase(pub(super) Node);

impl fmt::Debug for OfDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OfDatabase")
    }
}

impl Collector for OfDatabase {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Connections { open, used, most } = self.0.store.connections();
        let told = [
            ("database_connections", "Open connections to the database", open),
            ("database_connections_used", "Connections that somebody uses", used),
            ("database_connections_most", "Connections that there may be", most),
        ];
        for (name, help, count) in told {
            gauge(&mut encoder, name, help, i64::try_from(count).unwrap_or(i64::MAX))?;
        }
        Ok(())
    }
}

/// What the node takes on, and what that goes by.
pub(super) struct OfShedding(pub(super) Shedding);

impl fmt::Debug for OfShedding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OfShedding")
    }
}

impl Collector for OfShedding {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Now { allowed, under_way, lag } = self.0.now();
        let told = [
            ("requests_allowed", "Requests that may be under way at present", allowed),
            ("requests_under_way", "Requests that are", under_way),
        ];
        for (name, help, count) in told {
            gauge(&mut encoder, name, help, i64::try_from(count).unwrap_or(i64::MAX))?;
        }
        let help = "How long a task waited for its turn just now";
        let lag = ConstGauge::new(lag.as_secs_f64());
        lag.encode(encoder.encode_descriptor("runtime_lag_seconds", help, None, MetricType::Gauge)?)
    }
}

/// The faults in our own code.
#[derive(Debug)]
pub(super) struct OfPanics;

impl Collector for OfPanics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let descriptor =
            encoder.encode_descriptor("panics", "Panics of this process", None, MetricType::Counter)?;
        ConstCounter::new(panics::count()).encode(descriptor)
    }
}

/// As the kernel sees this process; absent where there is no `/proc`.
#[derive(Debug)]
pub(super) struct OfProcess;

impl Collector for OfProcess {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        const PAGE_BYTES: i64 = 4096;
        let resident = fs::read_to_string("/proc/self/statm").ok();
        let pages = resident.and_then(|text| text.split(' ').nth(1)?.parse::<i64>().ok());
        if let Some(pages) = pages {
            let bytes = pages * PAGE_BYTES;
            gauge(&mut encoder, "process_resident_memory_bytes", "Memory of this process", bytes)?;
        }
        if let Ok(files) = fs::read_dir("/proc/self/fd") {
            let open = i64::try_from(files.count()).unwrap_or(i64::MAX);
            gauge(&mut encoder, "process_open_fds", "Open files and sockets of this process", open)?;
        }
        Ok(())
    }
}

fn gauge(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: i64) -> fmt::Result {
    ConstGauge::new(value).encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)
}
