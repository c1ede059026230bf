//! The two build tools that come as crates: cargo-leptos and wasm-bindgen.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

use super::Toolbox;
use crate::commands;
use crate::jobs;
use crate::places::{self, Places};
use crate::progress::Step;

const CARGO_LEPTOS: &str = "0.3.11";
const PATIENCE: Duration = Duration::from_secs(60 * 60);

struct Tool {
    package: &'static str,
    version: String,
    /// Its published lock file can be used.
    locked: bool,
    /// Roughly how many crates it compiles.
    crates: u64,
}

pub(super) fn prepare(places: &Places, toolbox: &Toolbox) -> Result<()> {
    let lock =
        fs::read_to_string(places.root.join("Cargo.lock")).context("the repository has no Cargo.lock")?;
    let bindgen = locked_version(&lock, "wasm-bindgen").unwrap_or_else(|| "0.2.130".to_owned());
    let mut missing = Vec::new();
    if !says(toolbox, "cargo-leptos", |version| version.starts_with("0.3.")) {
        missing.push(Tool {
            package: "cargo-leptos",
            version: CARGO_LEPTOS.to_owned(),
            locked: true,
            crates: 700,
        });
    }
    // The two halves of wasm-bindgen speak a private language that changes with every version.
    if !says(toolbox, "wasm-bindgen", |version| version == bindgen) {
        missing.push(Tool { package: "wasm-bindgen-cli", version: bindgen, locked: false, crates: 200 });
    }
    for tool in &missing {
        install(places, toolbox, tool)?;
    }
    if !missing.is_empty() {
        let _ = fs::remove_dir_all(build_folder(places));
    }
    Ok(())
}

/// Whether the program's `--version` ends in a version that suits.
fn says(toolbox: &Toolbox, program: &str, suits: impl Fn(&str) -> bool) -> bool {
    let Ok(mut command) = toolbox.command(program) else { return false };
    commands::answer(command.arg("--version"))
        .is_some_and(|said| said.split_whitespace().nth(1).is_some_and(suits))
}

fn install(places: &Places, toolbox: &Toolbox, tool: &Tool) -> Result<()> {
    let wanted = format!("{}@{}", tool.package, tool.version);
    if places::program("cargo-binstall", &[]).is_some() && fetch(places, toolbox, &wanted).is_ok() {
        return Ok(());
    }
    let step = Step::begin(&format!("{wanted} (minutes, once)"), Some(tool.crates));
    let mut cargo = toolbox.command("cargo")?;
    cargo.args(["install", &wanted, "--root"]).arg(places.tools()).args(tool.locked.then_some("--locked"));
    // Kept over an interrupted run, so that the next one goes on where this one stopped.
    cargo.env("CARGO_TARGET_DIR", build_folder(places));
    // An orchestrator needs no optimisation; its own release profile links for ten minutes.
    cargo.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    cargo.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "64");
    jobs::run(&step, cargo, &places.log(tool.package), PATIENCE).with_context(|| {
        format!("{wanted} could not be installed; it needs a C compiler and access to the crate registry")
    })?;
    step.done();
    Ok(())
}

/// A ready-made program, where binstall finds one.
fn fetch(places: &Places, toolbox: &Toolbox, wanted: &str) -> Result<()> {
    let step = Step::begin(wanted, None);
    let mut binstall = toolbox.command("cargo-binstall")?;
    binstall.args([wanted, "--no-confirm", "--disable-strategies", "compile", "--root"]).arg(places.tools());
    jobs::run(&step, binstall, &places.log("binstall"), Duration::from_secs(3 * 60))?;
    step.done();
    Ok(())
}

fn build_folder(places: &Places) -> std::path::PathBuf {
    places.cache.join("build")
}

/// The version that a lock file holds of a package.
fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_names_the_version_of_wasm_bindgen_and_not_of_its_relatives() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"registry\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
