//! Road two to wasm32: Debian's current Rust, plus a standard library built from its sources.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::apt;
use crate::commands;
use crate::jobs;
use crate::places::Places;
use crate::progress::Step;

const PACKAGES: &[&str] =
    &["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy", "rustfmt-web"];
const PROGRAMS: &[&str] = &["cargo", "rustdoc", "rustfmt", "cargo-fmt", "clippy-driver", "cargo-clippy"];
const RUSTLIB: &str = "/usr/lib/rustlib";
const TARGET: &str = "wasm32-unknown-unknown";
/// Crates that the standard library consists of, roughly.
const STD_CRATES: u64 = 20;

/// Builds the toolchain's folder anew, which is also the way after the system's Rust was upgraded.
pub(super) fn lay_out(places: &Places) -> Result<()> {
    install_packages(places)?;
    let step = Step::begin("standard library for wasm32", Some(STD_CRATES));
    // Below the target folder of an empty package, so that cargo has something to build std for.
    let work = places.cache.join("empty");
    let _ = fs::remove_dir_all(&work);
    fs::create_dir_all(work.join("src"))?;
    fs::write(
        work.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n",
    )?;
    fs::write(work.join("src/lib.rs"), "")?;
    let mut cargo = commands::without_cargo(Command::new("/usr/bin/cargo"));
    cargo.current_dir(&work).args(["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort"]);
    // The flag is for nightly compilers; this variable lets a stable one build its own library.
    cargo
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", "/usr/bin/rustc")
        .env("CARGO_TARGET_DIR", work.join("target"));
    jobs::run(&step, cargo, &places.log("wasm32-std"), Duration::from_secs(15 * 60))?;
    link(&places.toolchain(), &work.join("target").join(TARGET).join("release/deps"))?;
    let _ = fs::remove_dir_all(&work);
    step.done();
    Ok(())
}

fn install_packages(places: &Places) -> Result<()> {
    let missing: Vec<&str> = PACKAGES.iter().copied().filter(|package| !installed(package)).collect();
    if !missing.is_empty() {
        apt::install(places, &missing)?;
    }
    // The package's linker is a link to one that it does not pull in; the link knows the version.
    let linker = fs::read_link("/usr/bin/rust-lld").context("Debian's Rust has no rust-lld")?;
    let linker = linker.file_name().context("rust-lld leads nowhere")?.to_string_lossy().into_owned();
    if !Path::new("/usr/bin").join(&linker).exists() {
        apt::install(places, &[&linker])?;
    }
    Ok(())
}

fn installed(package: &str) -> bool {
    commands::answer(Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Status}", package]))
        .is_some_and(|status| status == "installed")
}

/// A folder that looks like a toolchain to cargo: the system's, with one more target.
fn link(toolchain: &Path, built: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(toolchain);
    let (bin, rustlib) = (toolchain.join("bin"), toolchain.join("lib/rustlib"));
    let libraries = rustlib.join(TARGET).join("lib");
    fs::create_dir_all(&bin)?;
    fs::create_dir_all(&libraries)?;
    for library in fs::read_dir(built)?.flatten() {
        let name = library.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libempty-") {
            fs::copy(library.path(), libraries.join(name))?;
        }
    }
    for entry in fs::read_dir(RUSTLIB)?.flatten() {
        if entry.file_name() != TARGET {
            symlink(entry.path(), rustlib.join(entry.file_name()))?;
        }
    }
    for program in PROGRAMS {
        symlink(Path::new("/usr/bin").join(program), bin.join(program))?;
    }
    let rustc = bin.join("rustc");
    fs::write(
        &rustc,
        format!("#!/bin/sh\nexec /usr/bin/rustc --sysroot '{}' \"$@\"\n", toolchain.display()),
    )?;
    fs::set_permissions(&rustc, fs::Permissions::from_mode(0o755))?;
    Ok(())
}
