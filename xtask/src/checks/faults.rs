//! Breaks one part of a whole fleet after the other, while people use it, and measures what they notice.

mod backups;
mod disk;
mod grounds;
mod guarded;
mod letters;
mod observing;
mod processes;
mod rows;
mod table;
mod watch;

use std::path::Path;

use anyhow::Result;

use super::report::Report;
use crate::arguments::Database;
use crate::builds;
use crate::fleet::parts;
use crate::places::Places;
use crate::setup::Toolbox;
use disk::SmallDisk;
use grounds::Grounds;
use table::Table;

pub(super) fn run(places: &Places, toolbox: &Toolbox, report: &mut Report) -> Result<()> {
    let programs = builds::build(places, toolbox, true, false)?;
    let mut table = Table::default();
    for break_all in [on_postgres, on_sqlite, on_guarded_redis] {
        let folder = grounds::folder()?;
        let failed = report.failed();
        break_all(places, &programs, folder.path(), report, &mut table)?;
        if report.failed() > failed {
            println!("What the parts said is kept in {}", folder.keep().join("logs").display());
        }
    }
    table.print();
    Ok(())
}

fn on_postgres(
    places: &Places,
    programs: &Path,
    folder: &Path,
    report: &mut Report,
    table: &mut Table,
) -> Result<()> {
    let mut fleet = Grounds::open(places, programs, folder, (Database::Postgres, parts::redis), folder)?;
    for (name, row) in rows::ON_POSTGRES {
        if *name == rows::CLOCK && processes::faketime().is_none() {
            println!("note: no clock jumps here: `apt-get install faketime` would let one");
            continue;
        }
        report.check(name, table.add(name, row(&mut fleet)));
    }
    let backup = backups::of_postgres(&mut fleet);
    report.check("backup and restore: PostgreSQL", backup.map_err(|trouble| format!("{trouble:#}")));
    fleet.close();
    Ok(())
}

fn on_sqlite(
    places: &Places,
    programs: &Path,
    folder: &Path,
    report: &mut Report,
    table: &mut Table,
) -> Result<()> {
    let disk = match SmallDisk::mount(&folder.join("disk")) {
        Ok(disk) => Some(disk),
        Err(trouble) => {
            println!("note: no disk can be filled here, because none can be mounted: {trouble:#}");
            None
        }
    };
    let place = disk.as_ref().map_or(folder, SmallDisk::path);
    let mut fleet = Grounds::open(places, programs, folder, (Database::Sqlite, parts::redis), place)?;
    if let Some(disk) = &disk {
        report.check("disk full", table.add("disk full", rows::disk_full(&mut fleet, disk)));
    }
    // Last: whoever goes on with a copy has lost what was bought since.
    let backup = backups::of_sqlite(&mut fleet, &folder.join("backup.db"));
    report.check("backup and restore: SQLite", backup.map_err(|trouble| format!("{trouble:#}")));
    fleet.close();
    Ok(())
}

fn on_guarded_redis(
    places: &Places,
    programs: &Path,
    folder: &Path,
    report: &mut Report,
    table: &mut Table,
) -> Result<()> {
    let mut fleet = Grounds::open(places, programs, folder, (Database::Sqlite, guarded::start), folder)?;
    report.check("Redis failover", table.add("Redis failover", rows::failover(&mut fleet)));
    fleet.close();
    Ok(())
}
