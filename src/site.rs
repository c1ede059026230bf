//! The site that cargo-leptos built: where it lies, and what its files are called.

use std::{collections::HashMap, env, fs, path::Path};

use app::server::Site;

use crate::{assets, config::Config};

/// cargo-leptos writes the hashes of the names beside the program.
const HASHES: &str = "hash.txt";
const PACKAGE: &str = "/pkg";

/// Reads the names once, at start.
#[must_use]
pub fn read(config: &Config) -> Site {
    let hashes = if config.hash_files { beside_the_program() } else { String::new() };
    let release = release(&hashes);
    let folder = release.map_or_else(|| PACKAGE.to_owned(), |release| format!("{PACKAGE}/{release}"));
    let address = |kind| format!("{folder}/{}", name(&hashes, kind));
    Site {
        stylesheet: address("css"),
        script: address("js"),
        wasm: address("wasm"),
        split_script: address("split"),
        pieces: pieces(&config.site_root, release, &name(&hashes, "manifest"))
            .into_iter()
            .map(|(piece, files)| (piece, files.iter().map(|file| format!("{folder}/{file}.wasm")).collect()))
            .collect(),
        release: release.map(str::to_owned),
        reload_port: config.watch.as_ref().map(|_| config.reload_port),
    }
}

/// What tells the files of one build from those of another. The names alone do not: cargo-leptos hashes a script before it
/// writes the name of the split script into it, so a script may keep its name while it names another. The hash of the
/// split script changes whenever a piece does.
fn release(hashes: &str) -> Option<&str> {
    hash(hashes, "split")
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
fn pieces(site_root: &str, release: Option<&str>, manifest: &str) -> HashMap<String, Vec<String>> {
    let read = fs::read(assets::package(site_root, release).join(manifest));
    read.ok().and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_else(|| {
        tracing::warn!(manifest, "nothing tells the pieces of the wasm: pages will find them late");
        HashMap::new()
    })
}

/// Each line reads `kind: hash`.
fn hash<'a>(hashes: &'a str, kind: &str) -> Option<&'a str> {
    let line = hashes.lines().find_map(|line| line.split_once(':').filter(|(name, _)| name.trim() == kind));
    line.map(|(_, hash)| hash.trim())
}

fn name(hashes: &str, kind: &str) -> String {
    let (name, extension) = match kind {
        "split" => ("__wasm_split", "js"),
        "manifest" => ("__wasm_split_manifest", "json"),
        _ => ("cardstore", kind),
    };
    match hash(hashes, kind) {
        Some(hash) => format!("{name}.{hash}.{extension}"),
        None => format!("{name}.{extension}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hashed_file_is_found_by_its_kind() {
        let hashes = "js: abc\nwasm: d-e_f\ncss: 123\nsplit: s\n";
        assert_eq!(name(hashes, "wasm"), "cardstore.d-e_f.wasm");
        assert_eq!(name("", "css"), "cardstore.css");
        assert_eq!(name("", "split"), "__wasm_split.js");
        assert_eq!(name("manifest: m", "manifest"), "__wasm_split_manifest.m.json");
        assert_eq!((release(hashes), release("")), (Some("s"), None));
    }

    #[test]
    fn the_pieces_are_read_from_the_manifest_of_the_release() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().to_str().unwrap();
        for (folder, json) in [("pkg", r#"{"members":["old"]}"#), ("pkg/s", r#"{"members":["chunk","new"]}"#)]
        {
            fs::create_dir_all(root.path().join(folder)).unwrap();
            fs::write(root.path().join(folder).join("m.json"), json).unwrap();
        }
        assert_eq!(pieces(path, Some("s"), "m.json")["members"], ["chunk", "new"]);
        assert_eq!(pieces(path, Some("another"), "m.json")["members"], ["old"]);
        assert!(pieces(path, None, "missing.json").is_empty());
    }
}
