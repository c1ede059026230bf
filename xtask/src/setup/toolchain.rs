//! Finds or makes a Rust toolchain that compiles for this machine and for the browser.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::{apt, debian_toolchain};
use crate::commands;
use crate::jobs;
use crate::places::{self, Places};
use crate::progress::Step;

/// What cargo-leptos needs to compile, and the release whose lints this code is held to.
const RUST: &str = "1.96.0";
const TARGET: &str = "wasm32-unknown-unknown";
/// rustup gives up by itself long before when it cannot reach its servers.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Toolchain {
    /// Whatever `cargo` means here already.
    Active,
    /// A release that rustup keeps beside the person's own, which stays as it is.
    Rustup(&'static str),
    /// The system's Rust, laid out in this folder with a standard library for wasm32.
    Folder(PathBuf),
}

impl Toolchain {
    pub(super) fn choose(&self, command: &mut Command) {
        command.envs(self.variable());
    }

    /// What tells rustup's programs which toolchain is meant.
    pub(super) fn variable(&self) -> Option<(String, String)> {
        let name = match self {
            Toolchain::Active => return None,
            Toolchain::Rustup(release) => (*release).to_owned(),
            Toolchain::Folder(folder) => folder.display().to_string(),
        };
        Some(("RUSTUP_TOOLCHAIN".to_owned(), name))
    }

    pub(super) fn folders(&self) -> Vec<PathBuf> {
        match self {
            Toolchain::Active | Toolchain::Rustup(_) => vec![],
            Toolchain::Folder(folder) => vec![folder.join("bin")],
        }
    }

    fn program(&self, name: &str) -> Command {
        let file = places::program(name, &self.folders()).unwrap_or_else(|| name.into());
        let mut command = commands::without_cargo(Command::new(file));
        self.choose(&mut command);
        // Asking whether a toolchain is there must not fetch it, unseen.
        command.env("RUSTUP_AUTO_INSTALL", "0");
        command
    }

    /// Compiles and links a small library for the browser: proves the compiler, a standard library of
    /// the same version, and the linker, in a tenth of a second.
    fn works(&self) -> bool {
        let new_enough = commands::answer(self.program("rustc").arg("--version"))
            .and_then(|said| release(&said))
            .is_some_and(|version| Some(version) >= release(&format!("rustc {RUST}")));
        new_enough && self.lints() && self.compiles_for_the_browser()
    }

    fn lints(&self) -> bool {
        ["clippy-driver", "rustfmt"]
            .iter()
            .all(|name| commands::answer(self.program(name).arg("--version")).is_some())
    }

    fn compiles_for_the_browser(&self) -> bool {
        let Ok(folder) = tempfile::tempdir() else { return false };
        let source = folder.path().join("proof.rs");
        if fs::write(&source, "pub fn proof() {}\n").is_err() {
            return false;
        }
        let mut rustc = self.program("rustc");
        rustc
            .args(["--target", TARGET, "--crate-type", "cdylib", "--out-dir"])
            .arg(folder.path())
            .arg(source);
        commands::succeeds(rustc.stdout(Stdio::null()))
    }
}

pub(super) fn prepare(places: &Places) -> Result<Toolchain> {
    let linked = Toolchain::Folder(places.toolchain());
    let known = [Toolchain::Active, Toolchain::Rustup(RUST), linked.clone()];
    if let Some(ready) = known.into_iter().find(Toolchain::works) {
        return Ok(ready);
    }
    let rustup = match install_with_rustup(places) {
        Ok(toolchain) => return Ok(toolchain),
        Err(trouble) => trouble,
    };
    if !apt::exists() {
        bail!("Rust {RUST} with the target {TARGET} is needed, and rustup could not fetch it: {rustup:#}");
    }
    eprintln!("rustup could not fetch Rust {RUST} for {TARGET}; trying the system's packages instead");
    debian_toolchain::lay_out(places)
        .with_context(|| format!("Rust {RUST} with the target {TARGET} could be had neither from rustup nor from the system's packages"))?;
    if !linked.works() {
        bail!(
            "the system's Rust is older than {RUST} or cannot compile for {TARGET}; `rustup toolchain install {RUST} --target {TARGET}` on a machine with network access is the way out"
        );
    }
    Ok(linked)
}

fn install_with_rustup(places: &Places) -> Result<Toolchain> {
    let rustup = places::program("rustup", &[]).context("rustup is not installed")?;
    let step = Step::begin(&format!("Rust {RUST} for {TARGET}"), None);
    let mut install = commands::without_cargo(Command::new(rustup));
    install.args([
        "toolchain",
        "install",
        RUST,
        "--profile",
        "minimal",
        "--component",
        "clippy",
        "--component",
        "rustfmt",
    ]);
    install.args(["--target", TARGET, "--no-self-update"]);
    jobs::run(&step, install, &places.log("rustup"), PATIENCE)?;
    let toolchain = Toolchain::Rustup(RUST);
    if !toolchain.works() {
        bail!("rustup installed Rust {RUST}, but it cannot compile for {TARGET}");
    }
    step.done();
    Ok(toolchain)
}

/// `rustc 1.96.0 (…)` as numbers that compare.
fn release(said: &str) -> Option<(u32, u32, u32)> {
    let version = said.strip_prefix("rustc ")?.split([' ', '-']).next()?;
    let mut numbers = version.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_compare_by_number_and_not_by_letter() {
        assert!(release("rustc 1.100.0") > release("rustc 1.96.0 (ac68faa20 2026-05-25)"));
        assert_eq!(release("rustc 1.97.0-nightly (abc 2026-05-25)"), Some((1, 97, 0)));
        assert_eq!(release("error: no such command"), None);
    }
}
