//! What a browser fetches before a page answers in place: every route needs the same files.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::figures::Download;

pub(super) fn of(site: &Path) -> Result<Vec<Download>> {
    ["wasm", "js", "css"].iter().map(|kind| newest(&site.join("pkg"), kind)).collect()
}

/// The newest of its kind: files of earlier builds lie beside it.
fn newest(folder: &Path, kind: &str) -> Result<Download> {
    let files = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let of_kind =
        files.flatten().map(|entry| entry.path()).filter(|path| path.extension() == Some(kind.as_ref()));
    let newest = of_kind.max_by_key(|path| fs::metadata(path).and_then(|it| it.modified()).ok());
    let newest = newest.with_context(|| format!("the site has no {kind}"))?;
    let mut brotli = newest.clone().into_os_string();
    brotli.push(".br");
    Ok(Download {
        kind: kind.to_owned(),
        bytes: fs::metadata(&newest)?.len(),
        brotli_bytes: fs::metadata(&brotli).context("the site was not compressed")?.len(),
    })
}
