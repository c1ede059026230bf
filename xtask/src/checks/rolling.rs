//! Rolls a whole fleet to another release, back and forth again, while people use it in every way at once.

mod lanes;
mod releases;

use std::time::Duration;

use anyhow::{Result, ensure};

use super::end2end::Fleet;
use super::report::Report;
use crate::fleet::state;
use crate::places::Places;
use crate::setup::Toolbox;
use crate::visits::person::Person;
use crate::visits::trade::Trade;
use crate::{builds, roll};
use lanes::Lanes;
use releases::Releases;

const ROLLS: usize = 3;
const CARDS: usize = 8;
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn run(places: &Places, toolbox: &Toolbox, report: &mut Report) -> Result<()> {
    builds::build(places, toolbox, true, false)?;
    let folder = tempfile::Builder::new().prefix("cardstore-roll-").tempdir()?;
    let mut fleet = Fleet::start(folder.path(), &[])?;
    let written = state::read(folder.path())?;
    let port = written.port()?;
    let trades =
        [trade(&written, port, ["ada", "bob"], false)?, trade(&written, port, ["cyd", "dan"], true)?];

    let releases = Releases::make_another(folder.path())?;
    let lanes = Lanes::begin(port, &trades, PATIENCE);
    for turn in 0..ROLLS {
        let stylesheet = releases.switch(turn % 2 == 0)?;
        roll::run(places, Some(&folder.path().to_owned()))?;
        for node in state::read(folder.path())?.nodes {
            ensure!(releases.is_named_by(&node, &stylesheet)?, "node {} runs the old release", node.name);
        }
    }
    let counts = lanes.end();
    println!("{}", counts.in_words());
    report.check("no request fails while the fleet is rolled", counts.verdict());
    report.check("nobody is signed out by it", signed_in(&trades));
    report.check("no purchase is lost by it", purchases(&trades).map_err(|trouble| format!("{trouble:#}")));
    report.check("the rolled fleet stops in order", fleet.stop());
    Ok(())
}

fn trade(written: &state::Written, port: u16, names: [&str; 2], keeping: bool) -> Result<Trade> {
    let people = names.map(|name| Person::new(name, port, PATIENCE));
    let people = if keeping { people.map(Person::keeping_a_connection) } else { people };
    for person in &people {
        person.register()?;
        person.activate_by_mail(written.mail_dir()?)?;
        person.sign_in()?;
    }
    Trade::open(people, CARDS)
}

fn signed_in(trades: &[Trade; 2]) -> Result<(), String> {
    for person in trades.iter().flat_map(|trade| trade.people()) {
        match person.is_signed_in() {
            Ok(true) => {}
            Ok(false) => return Err(format!("{} was signed out", person.name)),
            Err(trouble) => return Err(format!("{trouble:#}")),
        }
    }
    Ok(())
}

fn purchases(trades: &[Trade; 2]) -> Result<()> {
    let mut receipts = 0;
    for trade in trades {
        trade.settle()?;
        receipts += trade.check_receipts()?;
    }
    println!("{receipts} purchases, each with its receipt");
    ensure!(receipts > 0, "nothing was bought");
    Ok(())
}
