//! Everybody who uses the store during a soak: strangers, two traders, people who come, go idle and come again, streams.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::fleet::state::Written;
use crate::visits::client::Client;
use crate::visits::person::Person;
use crate::visits::trade::Trade;

const PATIENCE: Duration = Duration::from_secs(30);
/// Leaves the machine time for others.
const PACE: Duration = Duration::from_millis(20);
const CARDS: usize = 12;
const COMERS: usize = 30;
/// Below what one address may do: 300 sign-ins in five minutes.
const BETWEEN_SIGN_INS: Duration = Duration::from_millis(1_500);
const STREAM_LASTS: Duration = Duration::from_secs(5);
const MOST_COMPLAINTS: usize = 10;

pub(super) struct Crowd {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
    begun: Instant,
}

#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    done: AtomicU64,
    complaints: Mutex<Vec<String>>,
    complained: AtomicU64,
}

impl Crowd {
    pub(super) fn begin(written: &Written) -> Result<Crowd> {
        let port = written.port()?;
        let settle = |name: &str| -> Result<Person> {
            let person = Person::new(name, port, PATIENCE).keeping_a_connection();
            person.register()?;
            person.activate_by_mail(written.mail_dir()?)?;
            Ok(person)
        };
        let traders = [settle("ann")?, settle("ben")?];
        for trader in &traders {
            trader.sign_in()?;
        }
        let listener = traders[0].clone();
        let trade = Trade::open(traders, CARDS)?;
        let comers =
            (0..COMERS).map(|number| settle(&format!("comer{number}"))).collect::<Result<Vec<_>>>()?;

        let mut crowd = Crowd { shared: Arc::default(), threads: Vec::new(), begun: Instant::now() };
        let mut stranger = Client::keeping(port, PATIENCE);
        let mut turn = 0;
        crowd.run("a stranger looks at the market", PACE, move || {
            turn += 1;
            let status = stranger.get(&format!("/?q=x{}", turn % 1_000), None)?.status;
            ensure!(status == 200, "the market was answered with {status}");
            Ok(())
        });
        crowd.run("traders look and buy", PACE, move || look_and_buy(&trade));
        let mut next = 0;
        crowd.run("somebody comes again", BETWEEN_SIGN_INS, move || {
            next = (next + 1) % comers.len();
            come_again(&comers[next])
        });
        crowd.run("somebody listens", PACE, move || listen(port, &listener));
        Ok(crowd)
    }

    fn run(
        &mut self,
        what: &'static str,
        pace: Duration,
        mut act: impl FnMut() -> Result<()> + Send + 'static,
    ) {
        let (shared, begun) = (self.shared.clone(), self.begun);
        self.threads.push(thread::spawn(move || {
            while !shared.stop.load(Ordering::Relaxed) {
                let (asked, since_begun) = (Instant::now(), begun.elapsed());
                match act() {
                    Ok(()) => _ = shared.done.fetch_add(1, Ordering::Relaxed),
                    Err(trouble) => {
                        let (at_s, took_s) = (since_begun.as_secs_f32(), asked.elapsed().as_secs_f32());
                        shared.complain(format!("{at_s:.1} s: {what}: {trouble:#}, after {took_s:.1} s"));
                    }
                }
                thread::sleep(pace);
            }
        }));
    }

    /// How many acts went well.
    pub(super) fn done(&self) -> u64 {
        self.shared.done.load(Ordering::Relaxed)
    }

    pub(super) fn end(self) -> Vec<String> {
        self.shared.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            if thread.join().is_err() {
                self.shared.complain("a thread of the crowd panicked".to_owned());
            }
        }
        let mut said = self.shared.complaints.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let more = self.shared.complained.load(Ordering::Relaxed).saturating_sub(said.len() as u64);
        said.extend((more > 0).then(|| format!("and {more} more complaints")));
        said
    }
}

impl Shared {
    fn complain(&self, complaint: String) {
        self.complained.fetch_add(1, Ordering::Relaxed);
        let mut complaints = self.complaints.lock().unwrap_or_else(PoisonError::into_inner);
        if complaints.len() < MOST_COMPLAINTS {
            complaints.push(complaint);
        }
    }
}

fn look_and_buy(trade: &Trade) -> Result<()> {
    for person in trade.people() {
        ensure!(person.is_signed_in()?, "{} was signed out while busy", person.name);
    }
    let status = trade.buy_once()?;
    ensure!(status == 303, "a purchase was answered with {status}");
    Ok(())
}

/// By then the last session of theirs has been idle for long enough to end.
fn come_again(person: &Person) -> Result<()> {
    ensure!(!person.is_signed_in()?, "{} is still signed in", person.name);
    person.sign_in()
}

/// Opens a stream, reads a while and leaves, as people who close a tab.
fn listen(port: u16, person: &Person) -> Result<()> {
    let mut client = Client::once(port, PATIENCE);
    let (status, stream) = client.stream("/events", person.cookie().as_deref())?;
    ensure!(status == 200, "a stream was answered with {status}");
    let until = Instant::now() + STREAM_LASTS;
    while Instant::now() < until {
        thread::sleep(PACE);
    }
    drop(stream);
    Ok(())
}
