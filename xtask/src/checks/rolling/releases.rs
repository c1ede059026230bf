//! Two releases side by side: the one that was built, and one whose files bear other names, as after a change.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::fleet::state::WrittenNode;
use crate::visits::client::Client;

/// Stands behind each hash of the other release.
const MARK: &str = "next";
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Releases {
    names: PathBuf,
    built: String,
    other: String,
}

impl Releases {
    /// Nodes look for the names of their files beside their program, once, when they start.
    pub(super) fn make_another(data: &Path) -> Result<Releases> {
        let names = data.join("release/hash.txt");
        let built = fs::read_to_string(&names).context("the release has no hashed names")?;
        let mut other = String::new();
        for line in built.lines() {
            let (kind, hash) = line.split_once(':').context("a line of hash.txt holds no hash")?;
            other.push_str(&format!("{}: {}{MARK}\n", kind.trim(), hash.trim()));
        }
        let hashes: Vec<&str> =
            built.lines().filter_map(|line| line.split_once(':')).map(|(_, hash)| hash.trim()).collect();
        copy_marked(&data.join("site/pkg"), &hashes)?;
        Ok(Releases { names, built, other })
    }

    /// What nodes are that start from now on; answers the name of its style sheet.
    pub(super) fn switch(&self, to_the_other: bool) -> Result<String> {
        let names = if to_the_other { &self.other } else { &self.built };
        let new = self.names.with_extension("part");
        fs::write(&new, names)?;
        fs::rename(&new, &self.names)?;
        let hash = names.lines().find_map(|line| line.strip_prefix("css:")).context("no style sheet")?;
        Ok(format!("/pkg/cardstore.{}.css", hash.trim()))
    }

    pub(super) fn is_named_by(&self, node: &WrittenNode, stylesheet: &str) -> Result<bool> {
        let page = Client::once(node.port()?, PATIENCE).get("/login", None)?;
        Ok(page.body.contains(stylesheet))
    }
}

/// Scripts name each other, and are found uncompressed.
fn copy_marked(folder: &Path, hashes: &[&str]) -> Result<()> {
    let marked = |text: &str| {
        hashes.iter().fold(text.to_owned(), |text, hash| text.replace(hash, &format!("{hash}{MARK}")))
    };
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let copy = folder.join(marked(name));
        if name.contains(".js.") || name.contains(MARK) || !hashes.iter().any(|hash| name.contains(hash)) {
            continue;
        }
        if name.ends_with(".js") {
            fs::write(copy, marked(&fs::read_to_string(&path)?))?;
        } else {
            fs::copy(&path, copy)?;
        }
    }
    Ok(())
}
