//! Every way to use the store, each in a lane of its own: reading and buying, with connections kept and not, and
//! streams that stay open.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::visits::client::Client;
use crate::visits::person::Person;
use crate::visits::trade::Trade;

const PACE: Duration = Duration::from_millis(5);
/// As the stream itself asks browsers to.
const RECONNECT: Duration = Duration::from_secs(1);
const STREAMS: usize = 4;
const MOST_COMPLAINTS: usize = 20;

#[derive(Clone)]
struct Shared {
    stop: Arc<AtomicBool>,
    counts: Arc<Mutex<Counts>>,
}

#[derive(Clone, Default)]
pub(super) struct Counts {
    done: BTreeMap<&'static str, u64>,
    failed: u64,
    complaints: Vec<String>,
}

pub(super) struct Lanes {
    shared: Shared,
    threads: Vec<JoinHandle<()>>,
}

impl Lanes {
    pub(super) fn begin(port: u16, trades: &[Trade; 2], patience: Duration) -> Lanes {
        let shared = Shared { stop: Arc::default(), counts: Arc::default() };
        let mut lanes = Lanes { shared, threads: Vec::new() };
        let mut stranger = Client::keeping(port, patience);
        lanes.run("GET, connection kept", PACE, move || read_with_files(&mut stranger));
        lanes.run("GET, new connection", PACE, move || read_with_files(&mut Client::once(port, patience)));
        for trade in trades {
            let person = trade.people()[0].clone();
            lanes.run("GET, signed in", PACE, move || dashboard(&person));
        }
        let [once, kept] = trades.clone();
        lanes.run("purchase, new connections", PACE, move || buy(&once));
        lanes.run("purchase, connections kept", PACE, move || buy(&kept));
        for number in 0..STREAMS {
            let person = trades[number % 2].people()[number / 2 % 2].clone();
            let shared = lanes.shared.clone();
            lanes.run("stream opened", RECONNECT, move || listen(port, &person, &shared));
        }
        lanes
    }

    fn run(
        &mut self,
        kind: &'static str,
        pace: Duration,
        mut act: impl FnMut() -> Result<u64> + Send + 'static,
    ) {
        let shared = self.shared.clone();
        self.threads.push(thread::spawn(move || {
            while !shared.stopped() {
                shared.note(kind, act());
                thread::sleep(pace);
            }
        }));
    }

    pub(super) fn end(self) -> Counts {
        self.shared.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            if thread.join().is_err() {
                self.shared.note("lane", Err(anyhow::anyhow!("a lane panicked")));
            }
        }
        self.shared.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Shared {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn note(&self, kind: &'static str, outcome: Result<u64>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(requests) => *counts.done.entry(kind).or_default() += requests,
            Err(trouble) => {
                counts.failed += 1;
                if counts.complaints.len() < MOST_COMPLAINTS {
                    counts.complaints.push(format!("{kind}: {trouble:#}"));
                }
            }
        }
    }
}

impl Counts {
    pub(super) fn in_words(&self) -> String {
        let kinds: Vec<String> = self.done.iter().map(|(kind, count)| format!("{count} × {kind}")).collect();
        format!("{}; {} failed", kinds.join(", "), self.failed)
    }

    pub(super) fn verdict(&self) -> Result<(), String> {
        if self.failed == 0 { Ok(()) } else { Err(self.complaints.join("\n")) }
    }
}

/// The page and the files that it names, from whichever node: each must know those of the other's release.
fn read_with_files(client: &mut Client) -> Result<u64> {
    let page = client.get("/", None)?;
    ensure!(page.status == 200, "the market was answered with {}", page.status);
    let mut requests = 1;
    for kind in [".css\"", ".js\""] {
        let Some(end) = page.body.find(kind) else { continue };
        let end = end + kind.len() - 1;
        let start = page.body[..end].rfind('"').map_or(0, |quote| quote + 1);
        let file = client.get(&page.body[start..end], None)?;
        ensure!(file.status == 200, "{} was answered with {}", &page.body[start..end], file.status);
        requests += 1;
    }
    ensure!(requests == 3, "the market names no style or no script");
    Ok(requests)
}

fn dashboard(person: &Person) -> Result<u64> {
    let status = person.get("/dashboard")?.status;
    ensure!(status == 200, "the dashboard was answered with {status}");
    Ok(1)
}

fn buy(trade: &Trade) -> Result<u64> {
    let status = trade.buy_once()?;
    ensure!(status == 303, "a purchase was answered with {status}");
    Ok(1)
}

/// Until the node ends it; that is no failure, but not being let in is.
fn listen(port: u16, person: &Person, shared: &Shared) -> Result<u64> {
    // A line comes every 15 seconds at the latest, but whoever stops does not wait for it.
    let mut client = Client::once(port, Duration::from_millis(500));
    let (status, mut stream) = client.stream("/events", person.cookie().as_deref())?;
    ensure!(status == 200, "a stream was answered with {status}");
    let mut line = String::new();
    while !shared.stopped() {
        match stream.read_line(&mut line) {
            Ok(0) => break,
            Ok(_) => line.clear(),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => break,
        }
    }
    Ok(1)
}
