//! The faults themselves: what is broken, for how long, and how it is put right.

use std::thread;

use anyhow::{Context, Result};
use rustix::process::Signal;

use super::disk::SmallDisk;
use super::grounds::{Grounds, PATIENCE};
use super::letters::Letters;
use super::observing::{
    HELD, RECOVERY, await_for, held, observe, until_a_failure_is_logged, until_all_are_answered,
    until_the_balancer_sees_it,
};
use super::processes::{self, signal_with_children};
use super::table::Row;
use crate::fleet::balancer;
use crate::visits::person::Person;

pub(super) const CLOCK: &str = "clock of a node an hour ahead";

type Fault = fn(&mut Grounds) -> Result<Row>;

pub(super) const ON_POSTGRES: &[(&str, Fault)] = &[
    ("node killed", |it| {
        observe(
            it,
            |it| it.supervisor.signal("node-a", Signal::KILL),
            held,
            |it| it.supervisor.start_again("node-a"),
        )
    }),
    ("node hung", |it| {
        observe(
            it,
            |it| it.supervisor.signal("node-a", Signal::STOP),
            until_the_balancer_sees_it,
            |it| it.supervisor.signal("node-a", Signal::CONT),
        )
    }),
    ("Redis killed", |it| {
        observe(
            it,
            |it| it.supervisor.signal("redis", Signal::KILL),
            held,
            |it| it.supervisor.start_again("redis"),
        )
    }),
    ("Redis hung", |it| {
        observe(
            it,
            |it| it.supervisor.signal("redis", Signal::STOP),
            held,
            |it| it.supervisor.signal("redis", Signal::CONT),
        )
    }),
    ("PostgreSQL killed", |it| {
        observe(
            it,
            |it| signal_with_children(&it.supervisor, "postgres", Signal::KILL),
            until_a_failure_is_logged,
            |it| it.supervisor.start_again("postgres"),
        )
    }),
    ("PostgreSQL hung", |it| {
        observe(
            it,
            |it| signal_with_children(&it.supervisor, "postgres", Signal::STOP),
            until_all_are_answered,
            |it| signal_with_children(&it.supervisor, "postgres", Signal::CONT),
        )
    }),
    ("bucket killed", bucket_killed),
    ("mail server away", mail_server_away),
    (CLOCK, clock_ahead),
    ("balancer reloaded", |it| {
        observe(
            it,
            |it| balancer::reload(&it.balancer, it.port, &it.data, &mut it.supervisor),
            held,
            |_| Ok(()),
        )
    }),
];

fn bucket_killed(grounds: &mut Grounds) -> Result<Row> {
    let mut status = 0;
    let row = observe(
        grounds,
        |it| it.supervisor.signal("s3", Signal::KILL),
        |it, _, _| {
            status = it.trade.people()[0].try_to_add_card("Never")?.status;
            Ok(())
        },
        |it| it.supervisor.start_again("s3"),
    )?;
    grounds.trade.people()[0].add_card("Afterwards")?;
    Ok(row.remarked(format!("adding a card: {status}")))
}

fn mail_server_away(grounds: &mut Grounds) -> Result<Row> {
    let cleo = Person::new("cleo", grounds.port, PATIENCE);
    let mut letters = None;
    let row = observe(
        grounds,
        |_| cleo.register(),
        |it, _, broken| {
            for node in &it.nodes {
                await_for(RECOVERY, "the outbox is counted", || {
                    Ok((it.figure(node, "cardstore_outbox_letters")? >= 1.0).then_some(()))
                })?;
            }
            // Long enough for several vain tries.
            thread::sleep((HELD * 3).saturating_sub(broken.elapsed()));
            Ok(())
        },
        |it| {
            letters = Some(Letters::receive(it.smtp_port)?);
            Ok(())
        },
    )?;
    let letters = letters.context("the mail server never came")?;
    let opened = letters.opened;
    let arrived = await_for(RECOVERY, "the letter arrives", || Ok(letters.arrived_for(&cleo.email())))?;
    for node in &grounds.nodes {
        await_for(RECOVERY, "the outbox is empty", || {
            Ok((grounds.figure(node, "cardstore_outbox_letters")? == 0.0).then_some(()))
        })?;
    }
    let seconds = arrived.saturating_duration_since(opened).as_secs_f32();
    Ok(row.remarked(format!("the letter came {seconds:.1} s after the mail server")))
}

/// By a library that tells the node another time; Redis and the other node have the right one.
fn clock_ahead(grounds: &mut Grounds) -> Result<Row> {
    let library =
        processes::faketime().context("libfaketime is not installed: `apt-get install faketime`")?;
    let offset = grounds.data.join("clock");
    std::fs::write(&offset, "+0\n")?;
    let (library, file) = (library.display().to_string(), offset.display().to_string());
    grounds.supervisor.add_environment(
        "node-a",
        &[
            ("LD_PRELOAD", &library),
            ("FAKETIME_TIMESTAMP_FILE", &file),
            ("FAKETIME_CACHE_DURATION", "1"),
            // What waits is not to wait an hour longer or shorter: jumps change the time of day alone.
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ],
    )?;
    grounds.supervisor.signal("node-a", Signal::TERM)?;
    grounds.supervisor.start_again("node-a")?;
    observe(
        grounds,
        |_| Ok(std::fs::write(&offset, "+1h\n")?),
        held,
        |_| Ok(std::fs::write(&offset, "+0\n")?),
    )
}

pub(super) fn disk_full(grounds: &mut Grounds, disk: &SmallDisk) -> Result<Row> {
    observe(grounds, |_| disk.fill(), held, |_| disk.make_room())
}

/// The primary dies, and nobody brings it back: the sentinel appoints the replica.
pub(super) fn failover(grounds: &mut Grounds) -> Result<Row> {
    let row =
        observe(grounds, |it| it.supervisor.signal("redis", Signal::KILL), |_, _, _| Ok(()), |_| Ok(()))?;
    Ok(row.remarked("counted from the break; nothing was repaired by hand".to_owned()))
}
