//! Chaos: nodes are killed at random under two thousand acts of trade and mail; afterwards the books must be whole,
//! no purchase doubled, no promised mail missing and no welcome granted twice.

mod browser;
mod chance;
mod killing;
mod mailbox;
mod people;
mod proof;
mod running;
mod trading;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result, anyhow, ensure};

use super::end2end::Fleet;
use super::report::Report;
use crate::builds;
use crate::places::Places;
use crate::progress::Step;
use crate::setup::Toolbox;
use crate::signals::stop_asked;
use running::Running;
use trading::Market;

/// Hashing passwords keeps two cores busy, so purchases are most of the two thousand acts.
const PURCHASES: usize = 1_700;
/// Each is followed by a forgotten password: two acts and two mails.
const REGISTRATIONS: usize = 150;
/// Of those who register, these trade; they are there before the first node is killed.
const TRADERS: usize = 12;
/// Purchases are made by as many at once.
const HANDS: usize = 8;

pub(super) fn run(places: &Places, toolbox: &Toolbox, report: &mut Report) -> Result<()> {
    builds::build(places, toolbox, true, false)?;
    for database in ["sqlite", "postgres"] {
        let outcome = on(database).map_err(|trouble| format!("{trouble:#}"));
        if let Ok(said) = &outcome {
            println!("{said}");
        }
        report
            .check(&format!("nothing is lost or doubled while nodes die, on {database}"), outcome.map(drop));
        ensure!(!stop_asked(), "stopped while nodes were dying");
    }
    Ok(())
}

/// Answers in one line what happened.
fn on(database: &str) -> Result<String> {
    let folder = tempfile::Builder::new().prefix("cardstore-chaos-").tempdir()?;
    // The database server's own account has to pass through.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711))?;
    let mut fleet = Fleet::start(folder.path(), &["--database", database])?;
    let running = Running::on(folder.path());
    let outcome = survive(&running, database).with_context(|| {
        let kept = std::env::temp_dir().join(format!("cardstore-chaos-{database}.log"));
        // Without its log a failure says little; when it cannot be kept the failure is still told.
        let _ = fs::copy(folder.path().join("fleet.log"), &kept);
        format!("the fleet's log is {}", kept.display())
    });
    fleet.stop().map_err(|trouble| anyhow!("the fleet did not stop in order: {trouble}"))?;
    outcome
}

fn survive(running: &Running, database: &str) -> Result<String> {
    let step =
        Step::begin(&format!("acts under fire, {database}"), Some((PURCHASES + 2 * REGISTRATIONS) as u64));
    people::settle(running, 0..TRADERS, &step)?;
    let traders = (0..TRADERS).map(|number| people::sign_in(running, number));
    let market = Market::open(traders.collect::<Result<_>>()?)?;

    let over = AtomicBool::new(false);
    let kills = AtomicUsize::new(0);
    thread::scope(|scope| {
        let killer = scope.spawn(|| killing::kill_until(running, &over, &kills));
        let mut acting: Vec<_> = (0..HANDS).map(|_| scope.spawn(|| market.trade(PURCHASES, &step))).collect();
        acting.push(scope.spawn(|| people::settle(running, TRADERS..REGISTRATIONS, &step)));
        let mut outcomes: Vec<Result<()>> = acting.into_iter().map(joined).collect();
        over.store(true, Ordering::Relaxed);
        outcomes.push(joined(killer));
        outcomes.into_iter().collect::<Result<Vec<_>>>()
    })?;
    running.wait_until_all_answer()?;
    let letters = people::expect_all_mail(running, REGISTRATIONS)?;
    let receipts = market.agree()?;
    let books = proof::verify(running, REGISTRATIONS, receipts)?;
    step.done();
    Ok(format!(
        "{database}: {receipts} purchases, {REGISTRATIONS} registrations, {REGISTRATIONS} forgotten passwords; \
         {} nodes killed, {} requests sent again, {letters} letters for {} promised; {books}",
        kills.load(Ordering::Relaxed),
        running.sent_again(),
        2 * REGISTRATIONS,
    ))
}

fn joined(thread: thread::ScopedJoinHandle<'_, Result<()>>) -> Result<()> {
    thread.join().unwrap_or_else(|_| Err(anyhow!("a thread of the test panicked")))
}
