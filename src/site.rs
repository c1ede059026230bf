//! The site that cargo-leptos built: where it lies, and what its files are called.

use std::{collections::HashMap, env, fs, path::Path};

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
        split_script: address(&hashes, "split"),
        pieces: pieces(Path::new(&config.site_root), &address(&hashes, "manifest")),
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

/// The files of the pieces of the wasm, as `manifest` tells them: their names without `.wasm`.
fn pieces(site_root: &Path, manifest: &str) -> HashMap<String, Vec<String>> {
    let read = fs::read(site_root.join(manifest.trim_start_matches('/')));
    let told: Option<HashMap<String, Vec<String>>> =
        read.ok().and_then(|json| serde_json::from_slice(&json).ok());
    let address = |file: &String| format!("{PACKAGE}/{file}.wasm");
    let pieces = told.unwrap_or_else(|| {
        tracing::warn!(manifest, "nothing tells the pieces of the wasm: pages will find them late");
        HashMap::new()
    });
    pieces.into_iter().map(|(piece, files)| (piece, files.iter().map(address).collect())).collect()
}

/// Each line reads `kind: hash`.
fn address(hashes: &str, kind: &str) -> String {
    let hash = hashes.lines().find_map(|line| line.split_once(':').filter(|(name, _)| name.trim() == kind));
    let (name, kind) = match kind {
        "split" => ("__wasm_split", "js"),
        "manifest" => ("__wasm_split_manifest", "json"),
        _ => ("cardstore", kind),
    };
    match hash {
        Some((_, hash)) => format!("{PACKAGE}/{name}.{}.{kind}", hash.trim()),
        None => format!("{PACKAGE}/{name}.{kind}"),
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
        assert_eq!(address("", "split"), "/pkg/__wasm_split.js");
        assert_eq!(address("manifest: m", "manifest"), "/pkg/__wasm_split_manifest.m.json");
    }

    #[test]
    fn the_files_of_a_piece_are_read_from_the_manifest() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("m.json"), r#"{"members":["chunk.a","members.b"]}"#).unwrap();
        let told = pieces(folder.path(), "/m.json");
        assert_eq!(told["members"], ["/pkg/chunk.a.wasm", "/pkg/members.b.wasm"]);
        assert!(pieces(folder.path(), "/missing.json").is_empty());
    }
}
