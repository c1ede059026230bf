//! `cargo xtask screenshots`: every page of a demo fleet as a picture, in light and dark, on a desk and on a phone.

use anyhow::{Result, ensure};

use crate::checks::end2end::{self, Fleet};
use crate::places::Places;
use crate::setup::{self, Need};
use crate::{builds, jobs};

pub(crate) fn run(places: &Places) -> Result<()> {
    let toolbox = setup::prepare(places, &[Need::Build, Need::Redis, Need::Haproxy, Need::Chromium])?;
    builds::build(places, &toolbox, true, true)?;
    let tests = places.root.join("end2end");
    end2end::install_runner(places, &toolbox, &tests)?;

    let folder = tempfile::Builder::new().prefix("cardstore-screenshots-").tempdir()?;
    let mut fleet = Fleet::start(folder.path(), &["--demo"])?;
    let mut playwright = end2end::driver(&toolbox, "npx")?;
    playwright.current_dir(&tests).args(["playwright", "test", "--config=screenshots", "--reporter=line"]);
    playwright.env("CARDSTORE_FLEET", folder.path().join("fleet.json"));
    let (_, success) = jobs::show(playwright)?;
    let stopped = fleet.stop();
    ensure!(success, "some page has no picture; see above");
    ensure!(stopped.is_ok(), "the fleet did not stop in order: {stopped:?}");
    println!("Every page is in target/screenshots, those of the README in docs.");
    Ok(())
}
