//! Builds the node, the browser's half and the programs that stand beside them.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::fleet::release::copy_over;
use crate::jobs;
use crate::places::Places;
use crate::progress::Step;
use crate::setup::{Compiler, Toolbox};

/// The profile of the node as it is shipped, and its folder.
const SHIPPED: &str = "dist";
/// Beside the other profiles' folders.
const SHIPPED_TARGET: &str = "shipped";
/// Written by cargo-leptos.
const NAMES: &str = "hash.txt";
/// Of a release, beside the node as it is shipped: the names of the site's files, and programs that nobody measures.
const BESIDE: [&str; 3] = [NAMES, "local-s3", "demo"];
const PATIENCE: Duration = Duration::from_secs(60 * 60);
/// Crates that a build from nothing compiles, roughly; only the progress line depends on it.
const NODE_CRATES: u64 = 750;
const PART_CRATES: u64 = 250;

/// Returns the folder that holds the built programs.
pub(crate) fn build(places: &Places, toolbox: &Toolbox, release: bool, demo: bool) -> Result<PathBuf> {
    let profile = release.then_some("--release");

    let step = Step::begin("the store", Some(NODE_CRATES));
    let mut leptos = toolbox.command("cargo-leptos")?;
    // Compressed once here, so that no node spends a request's time on it.
    leptos.args(["leptos", "build", "--split"]).args(profile).args(release.then_some("--precompress"));
    // Its own call stack says nothing about what does not compile.
    leptos.env("RUST_BACKTRACE", "0").env("NO_COLOR", "1");
    jobs::run(&step, leptos, &places.log("build"), PATIENCE).context("the store does not build")?;
    step.done();

    parts(places, toolbox, release, demo)?;
    Ok(folder(places, release))
}

/// Only the programs beside the node: `cargo leptos watch` builds the node itself.
pub(crate) fn parts(places: &Places, toolbox: &Toolbox, release: bool, demo: bool) -> Result<PathBuf> {
    let step = Step::begin(if demo { "the local S3, the demo" } else { "the local S3" }, Some(PART_CRATES));
    let mut cargo = toolbox.command("cargo")?;
    cargo.args(["build", "--package", "local-s3"]).args(release.then_some("--release"));
    if demo {
        cargo.args(["--package", "demo"]);
    }
    jobs::run(&step, cargo, &places.log("build-parts"), PATIENCE).context("the local S3 does not build")?;
    step.done();
    Ok(folder(places, release))
}

/// How often each way through the code is taken.
pub(crate) enum Profile {
    /// The programs count, and write what they counted into this folder when they end.
    Count(PathBuf),
    /// They are laid out by what was counted.
    Use(PathBuf),
}

impl Profile {
    /// Beside those of `.cargo/config.toml`, which these take the place of.
    fn flags(&self) -> String {
        let profile = match self {
            Profile::Count(folder) => format!("-Cprofile-generate={}", folder.display()),
            Profile::Use(file) => format!("-Cprofile-use={}", file.display()),
        };
        ["--cfg", "erase_components", &profile].join("\x1f")
    }

    /// Each has its own, or they would build everything anew in turns.
    fn target(&self, places: &Places) -> PathBuf {
        match self {
            Profile::Count(_) => places.root.join("target/training"),
            Profile::Use(_) => folder(places, true).with_file_name(SHIPPED_TARGET),
        }
    }
}

/// The node as it is shipped, its limit, and beside them what a measurement takes of the release that [`build`] made.
/// Minutes of linking more than that.
pub(crate) fn shipped(places: &Places, toolbox: &Toolbox, profile: &Profile) -> Result<PathBuf> {
    let (about, log) = match profile {
        Profile::Count(_) => ("the store, to be trained", "build-training"),
        Profile::Use(_) => ("the store as it is shipped", "build-shipped"),
    };
    let step = Step::begin(about, Some(NODE_CRATES));
    let (target, host) = (profile.target(places), Compiler::of(toolbox)?.host);
    let mut cargo = toolbox.command("cargo")?;
    // For a named target, so that neither build scripts nor macros count.
    cargo.args(["build", "--profile", SHIPPED, "--target", &host, "--features", "bench/allocations"]);
    // All that stand on the stage, so that what they share is compiled alike; linked are those that are measured.
    cargo.args(["cardstore", "local-s3", "demo", "bench"].into_iter().flat_map(|name| ["--package", name]));
    let linked = match profile {
        Profile::Count(_) => &["cardstore", "bench"][..],
        Profile::Use(_) => &["cardstore", "bench", "counted"],
    };
    cargo.args(linked.iter().flat_map(|name| ["--bin", name]));
    cargo.env("CARGO_TARGET_DIR", &target).env("CARGO_ENCODED_RUSTFLAGS", profile.flags());
    jobs::run(&step, cargo, &places.log(log), PATIENCE).context("the store does not build")?;
    step.done();
    let programs = target.join(host).join(SHIPPED);
    for name in BESIDE {
        copy_over(&folder(places, true).join(name), &programs.join(name))?;
    }
    Ok(programs)
}

/// What [`shipped`] built last.
pub(crate) fn shipped_before(places: &Places, toolbox: &Toolbox) -> Result<PathBuf> {
    let target = folder(places, true).with_file_name(SHIPPED_TARGET);
    let programs = target.join(Compiler::of(toolbox)?.host).join(SHIPPED);
    ensure!(programs.join("cardstore").exists(), "nothing was built yet: `cargo xtask ship`");
    Ok(programs)
}

/// The programs that stand beside the node when it is measured, optimised as the node is.
pub(crate) fn bench(places: &Places, toolbox: &Toolbox) -> Result<PathBuf> {
    let step = Step::begin("what the node is measured beside", Some(PART_CRATES));
    let mut cargo = toolbox.command("cargo")?;
    cargo.args(["build", "--release", "--package", "bench"]);
    jobs::run(&step, cargo, &places.log("build-bench"), PATIENCE).context("the bench does not build")?;
    step.done();
    Ok(folder(places, true))
}

fn folder(places: &Places, release: bool) -> PathBuf {
    let target = places.root.join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
    target.join(if release { "release" } else { "debug" })
}
