//! Breaks one part of a whole fleet after the other, while people use it, and measures what they notice.

mod disk;
mod grounds;
mod letters;
mod processes;
mod rows;
mod table;
mod watch;

use anyhow::Result;

use super::report::Report;
use crate::arguments::Database;
use crate::builds;
use crate::places::Places;
use crate::setup::Toolbox;
use disk::SmallDisk;
use grounds::Grounds;
use table::Table;

pub(super) fn run(places: &Places, toolbox: &Toolbox, report: &mut Report) -> Result<()> {
    let programs = builds::build(places, toolbox, true, false)?;
    let mut table = Table::default();

    let folder = grounds::folder()?;
    let mut fleet = Grounds::open(places, &programs, folder.path(), Database::Postgres, folder.path())?;
    for (name, row) in rows::ON_POSTGRES {
        if *name == rows::CLOCK && processes::faketime().is_none() {
            println!("note: no clock jumps here: `apt-get install faketime` would let one");
            continue;
        }
        report.check(name, table.add(name, row(&mut fleet)));
    }
    fleet.close();

    let folder = grounds::folder()?;
    let disk = match SmallDisk::mount(&folder.path().join("disk")) {
        Ok(disk) => Some(disk),
        Err(trouble) => {
            println!("note: no disk can be filled here, because none can be mounted: {trouble:#}");
            None
        }
    };
    let place = disk.as_ref().map_or(folder.path(), SmallDisk::path);
    let mut fleet = Grounds::open(places, &programs, folder.path(), Database::Sqlite, place)?;
    if let Some(disk) = &disk {
        report.check("disk full", table.add("disk full", rows::disk_full(&mut fleet, disk)));
    }
    report.check(
        "backup and restore",
        rows::backup(&mut fleet, &folder.path().join("backup.db")).map_err(|it| format!("{it:#}")),
    );
    fleet.close();
    table.print();
    Ok(())
}
