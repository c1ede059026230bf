//! Asks other programs short questions, and keeps what cargo set for this process from all of them.

use std::process::{Command, Stdio};

/// What this process got from `cargo run` and must not hand on: another toolchain's libraries, and
/// variables of the package `xtask` that build scripts elsewhere would take for changes.
pub(crate) fn without_cargo(mut command: Command) -> Command {
    command.env_remove("CARGO").env_remove("LD_LIBRARY_PATH").env_remove("RUST_RECURSION_COUNT");
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST_")
            || text == "RUSTUP_TOOLCHAIN_SOURCE"
        {
            command.env_remove(&name);
        }
    }
    command
}

/// The first words a program says, usually its version; `None` when it cannot be run.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
