//! What the nodes run: a copy, so that a build does not change a running fleet under its feet.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::data::DataFolder;
use crate::places::Places;

/// A node's program and the files it serves.
pub(crate) struct Release {
    pub(crate) program: PathBuf,
    pub(crate) site: PathBuf,
}

impl Release {
    /// Copies what was built. Files of earlier releases stay beside the new ones, each release in a folder of its own:
    /// while a fleet is rolled, a page from one node asks another node for its script.
    pub(crate) fn keep(places: &Places, programs: &Path, data: &DataFolder) -> Result<Release> {
        let release = Release { program: data.join("release/cardstore"), site: data.join("site") };
        fs::create_dir_all(data.join("release"))?;
        copy_over(&programs.join("cardstore"), &release.program)?;
        // Leptos looks for the names of the hashed files beside the program; a build without hashes has none.
        let names = programs.join("hash.txt");
        if names.exists() {
            copy_over(&names, &data.join("release/hash.txt"))?;
        }
        keep_site(
            &places.root.join("target/site"),
            &release.site,
            &fs::read_to_string(&names).unwrap_or_default(),
        )?;
        Ok(release)
    }
}

/// The node looks for the files of its release in the folder that the hash of the split script names.
fn keep_site(built: &Path, site: &Path, names: &str) -> Result<()> {
    copy_all(built, site)?;
    match names.lines().find_map(|line| line.strip_prefix("split:")) {
        Some(hash) => copy_all(&built.join("pkg"), &site.join("pkg").join(hash.trim())),
        None => Ok(()),
    }
}

fn copy_all(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_all(&entry.path(), &target)?;
        } else {
            copy_over(&entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Puts a whole new file in the place of the old one: a running program cannot be written to, and nobody is to
/// read half a file.
pub(crate) fn copy_over(from: &Path, to: &Path) -> Result<()> {
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let copied = fs::copy(from, &part).and_then(|_| fs::rename(&part, to));
    copied.with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_an_earlier_release_stay() {
        let folder = tempfile::tempdir().unwrap();
        let (built, kept) = (folder.path().join("built"), folder.path().join("kept"));
        for (release, text) in [("1", "old"), ("2", "new")] {
            fs::create_dir_all(built.join("pkg")).unwrap();
            fs::write(built.join("pkg/a.js"), text).unwrap();
            fs::write(built.join("robots.txt"), "x").unwrap();
            keep_site(&built, &kept, &format!("js: a\nsplit: {release}\n")).unwrap();
        }
        assert_eq!(fs::read_to_string(kept.join("pkg/1/a.js")).unwrap(), "old");
        assert_eq!(fs::read_to_string(kept.join("pkg/2/a.js")).unwrap(), "new");
        assert!(kept.join("robots.txt").exists());
    }
}
