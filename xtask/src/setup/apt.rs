//! Installs system packages where apt and the right to use it exist, and else names them.

use std::io::IsTerminal;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::commands;
use crate::jobs;
use crate::places::{self, Places};
use crate::progress::Step;

const PATIENCE: Duration = Duration::from_secs(20 * 60);

pub(super) fn install(places: &Places, packages: &[&str]) -> Result<()> {
    let wanted = packages.join(" ");
    let Some(apt) = places::program("apt-get", &[]) else {
        bail!(
            "these programs are missing and there is no apt to install them with: {wanted}. Install them with this system's package manager and run the command again"
        );
    };
    let Some(prefix) = privilege() else {
        bail!(
            "these system packages are missing, and only an administrator may install them. Please run\n\n    sudo apt-get install {wanted}\n\nand then this command again"
        );
    };
    let apt_get = |arguments: &[&str]| {
        let mut words = prefix.iter().map(|word| (*word).into()).chain([apt.clone().into_os_string()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        // Without the variable a package may ask questions that nobody would see.
        command.args(words).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    let step = Step::begin(&format!("apt: {wanted}"), None);
    let log = places.log("apt");
    jobs::run(&step, apt_get(&["update"]), &log, PATIENCE)
        .context("the package lists could not be fetched")?;
    // --no-remove: a package that would push out one of this machine's own is refused instead.
    let mut arguments = vec!["install", "--yes", "--no-install-recommends", "--no-remove"];
    arguments.extend(packages);
    jobs::run(&step, apt_get(&arguments), &log, PATIENCE)
        .with_context(|| format!("the system packages {wanted} could not be installed"))?;
    step.done();
    Ok(())
}

pub(super) fn exists() -> bool {
    places::program("apt-get", &[]).is_some()
}

/// The words before `apt-get`; `None` when nobody here may use it.
fn privilege() -> Option<Vec<&'static str>> {
    if rustix::process::geteuid().is_root() {
        return Some(vec![]);
    }
    if commands::succeeds(Command::new("sudo").args(["-n", "true"])) {
        return Some(vec!["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"]);
    }
    // A person at the terminal may type the password, once, before the progress line starts.
    let person = std::io::stdin().is_terminal();
    let allowed = person && Command::new("sudo").arg("-v").status().is_ok_and(|status| status.success());
    allowed.then(|| vec!["sudo", "--preserve-env=DEBIAN_FRONTEND"])
}
