//! What a browser fetches before a page answers in place: the market and a card the first three, other pages a piece more.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::figures::Download;

/// What their names begin with, and their kinds.
const FILES: [(&str, &str); 7] = [
    ("cardstore.", "wasm"),
    ("cardstore.", "js"),
    ("cardstore.", "css"),
    ("__wasm_split.", "js"),
    ("split_members.", "wasm"),
    ("split_pictures.", "wasm"),
    ("split_german.", "wasm"),
];

pub(super) fn of(site: &Path) -> Result<Vec<Download>> {
    FILES.iter().map(|(name, kind)| newest(&site.join("pkg"), name, kind)).collect()
}

/// The newest of its kind: files of earlier builds lie beside it.
fn newest(folder: &Path, name: &str, kind: &str) -> Result<Download> {
    let is_one = |path: &PathBuf| {
        let begins = path.file_name().and_then(|it| it.to_str()).is_some_and(|it| it.starts_with(name));
        begins && path.extension() == Some(kind.as_ref())
    };
    let files = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let of_kind = files.flatten().map(|entry| entry.path()).filter(is_one);
    let newest = of_kind.max_by_key(|path| fs::metadata(path).and_then(|it| it.modified()).ok());
    let newest = newest.with_context(|| format!("the site has no {name}{kind}"))?;
    let mut brotli = newest.clone().into_os_string();
    brotli.push(".br");
    Ok(Download {
        kind: format!("{name}{kind}"),
        bytes: fs::metadata(&newest)?.len(),
        brotli_bytes: fs::metadata(&brotli).context("the site was not compressed")?.len(),
    })
}
