//! Watching people while a part is broken, held and repaired.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::grounds::{Grounds, PATIENCE};
use super::table::Row;
use super::watch::{Visit, Watch};
use crate::roll::Admin;
use crate::visits::client::Client;

/// A fault that nothing notices would show nothing.
pub(super) const HELD: Duration = Duration::from_secs(3);
const BEFORE: Duration = Duration::from_secs(1);
/// A part that is not well by then is broken.
pub(super) const RECOVERY: Duration = Duration::from_secs(90);
const GLANCE: Duration = Duration::from_millis(50);

/// Breaks, holds, repairs, and waits until everybody is served again. Whatever was acknowledged must still be true,
/// and both people signed in.
pub(super) fn observe(
    grounds: &mut Grounds,
    breaks: impl FnOnce(&mut Grounds) -> Result<()>,
    holds: impl FnOnce(&mut Grounds, &Watch, Instant) -> Result<()>,
    repairs: impl FnOnce(&mut Grounds) -> Result<()>,
) -> Result<Row> {
    let watch = Watch::begin(grounds.port, &grounds.trade, PATIENCE);
    thread::sleep(BEFORE);
    let broken = Instant::now();
    breaks(grounds)?;
    holds(grounds, &watch, broken)?;
    let repaired = Instant::now();
    repairs(grounds)?;
    let well = await_for(RECOVERY, "everybody is served again", || Ok(watch.well_since(repaired)))?;
    let answers = watch.end();
    nothing_is_lost(grounds)?;
    Ok(Row::of(&answers, broken, repaired, well))
}

fn nothing_is_lost(grounds: &Grounds) -> Result<()> {
    grounds.trade.settle()?;
    grounds.trade.check_receipts()?;
    for person in grounds.trade.people() {
        ensure!(person.is_signed_in()?, "{} was signed out", person.name);
    }
    grounds.admin(&["verify"])?;
    Ok(())
}

pub(super) fn held(_: &mut Grounds, _: &Watch, _: Instant) -> Result<()> {
    thread::sleep(HELD);
    Ok(())
}

pub(super) fn until_the_balancer_sees_it(grounds: &mut Grounds, _: &Watch, _: Instant) -> Result<()> {
    let balancer = Admin::at(&grounds.balancer.socket);
    await_for(RECOVERY, "the balancer sees it", || {
        Ok(balancer.column("a", "status")?.starts_with("DOWN").then_some(()))
    })?;
    thread::sleep(HELD);
    Ok(())
}

/// Under the id that its answer bears, so that a person's complaint leads to the line.
pub(super) fn until_a_failure_is_logged(grounds: &mut Grounds, _: &Watch, broken: Instant) -> Result<()> {
    let mut client = Client::once(grounds.port, PATIENCE);
    let id = await_for(RECOVERY, "a request fails", || {
        let answer = client.get("/?q=logged", None)?;
        Ok(answer.header("x-request-id").filter(|_| answer.status == 503).map(str::to_owned))
    })?;
    await_for(RECOVERY, "its failure is logged", || {
        let logs = grounds.nodes.iter().map(|node| grounds.data.log(&format!("node-{}", node.name)));
        let texts = logs.filter_map(|log| std::fs::read_to_string(log).ok());
        let words = [&*id, "a request failed", "\"status\":503", "\"route\":\"/\"", "\"method\":\"GET\""];
        let found =
            texts.into_iter().any(|text| text.lines().any(|line| words.iter().all(|it| line.contains(it))));
        Ok(found.then_some(()))
    })?;
    thread::sleep(HELD.saturating_sub(broken.elapsed()));
    Ok(())
}

/// Somebody of each kind has heard something, whatever it was.
pub(super) fn until_all_are_answered(_: &mut Grounds, watch: &Watch, broken: Instant) -> Result<()> {
    await_for(RECOVERY, "everybody is answered", || {
        Ok(Visit::ALL.iter().all(|visit| watch.count(*visit, broken) > 0).then_some(()))
    })
}

pub(super) fn await_for<T>(
    patience: Duration,
    what: &str,
    mut look: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look()? {
            return Ok(seen);
        }
        ensure!(begun.elapsed() < patience, "it did not happen within {} s that {what}", patience.as_secs());
        ensure!(!crate::signals::stop_asked(), "stopped while waiting that {what}");
        thread::sleep(GLANCE);
    }
}
