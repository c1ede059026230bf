//! The site that cargo-leptos built: where it lies, and what its files are called.

use std::{env, fs, path::Path};

use app::server::Site;

use crate::config::Config;

/// cargo-leptos writes the hashes of the names beside the program.
const HASHES: &str = "hash.txt";
const PACKAGE: &str = "/pkg";

/// Reads the names once, at start.
#[must_use]
pub fn read(config: &Config) -> Site {
    let hashes = if config.hash_files { beside_the_program() } else { String::new() };
    Site {
        stylesheet: address(&hashes, "css"),
        script: address(&hashes, "js"),
        wasm: address(&hashes, "wasm"),
        reload_port: config.watch.as_ref().map(|_| config.reload_port),
    }
}

fn beside_the_program() -> String {
    let file = env::current_exe().ok().and_then(|path| path.parent().map(|folder| folder.join(HASHES)));
    let hashes = file.as_deref().map(|file: &Path| fs::read_to_string(file)).transpose();
    hashes.ok().flatten().unwrap_or_else(|| {
        tracing::error!("{HASHES} is missing beside the program: pages will find neither style nor script");
        String::new()
    })
}

/// Each line reads `kind: hash`.
fn address(hashes: &str, kind: &str) -> String {
    let hash = hashes.lines().find_map(|line| line.split_once(':').filter(|(name, _)| name.trim() == kind));
    match hash {
        Some((_, hash)) => format!("{PACKAGE}/cardstore.{}.{kind}", hash.trim()),
        None => format!("{PACKAGE}/cardstore.{kind}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hashed_file_is_found_by_its_kind() {
        let hashes = "js: abc\nwasm: d-e_f\ncss: 123\n";
        assert_eq!(address(hashes, "wasm"), "/pkg/cardstore.d-e_f.wasm");
        assert_eq!(address("", "css"), "/pkg/cardstore.css");
    }
}
