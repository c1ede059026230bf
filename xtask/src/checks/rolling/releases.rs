//! Two releases side by side: the one that was built, and one whose files lie in another folder, as after a change.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::fleet::state::WrittenNode;
use crate::visits::client::Client;

/// Stands behind the folder's name of the other release.
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
        let package = data.join("site/pkg");
        let (folder, another) = (release(&built)?, format!("{}{MARK}", release(&built)?));
        copy(&package.join(folder), &package.join(&another), folder, &another)?;
        let other = built.replace(folder, &another);
        Ok(Releases { names, built, other })
    }

    /// What nodes are that start from now on; answers the name of its style sheet.
    pub(super) fn switch(&self, to_the_other: bool) -> Result<String> {
        let names = if to_the_other { &self.other } else { &self.built };
        let new = self.names.with_extension("part");
        fs::write(&new, names)?;
        fs::rename(&new, &self.names)?;
        let hash = names.lines().find_map(|line| line.strip_prefix("css:")).context("no style sheet")?;
        Ok(format!("/pkg/{}/cardstore.{}.css", release(names)?, hash.trim()))
    }

    pub(super) fn is_named_by(&self, node: &WrittenNode, stylesheet: &str) -> Result<bool> {
        let page = Client::once(node.port()?, PATIENCE).get("/login", None)?;
        Ok(page.body.contains(stylesheet))
    }
}

/// The folder of its files.
fn release(names: &str) -> Result<&str> {
    let hash = names.lines().find_map(|line| line.strip_prefix("split:"));
    hash.map(str::trim).context("hash.txt names no split script")
}

/// The split script lies there under both names: pages ask for it by the release's, the other script by its own.
fn copy(from: &Path, to: &Path, release: &str, another: &str) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        for name in [name, &name.replace(release, another)] {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}
