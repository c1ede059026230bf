//! The folder a fleet keeps between runs: database, pictures, sessions, mail and generated secrets.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::postgres;
use crate::arguments::FleetOptions;
use crate::places::Places;

/// Everything that `--fresh` forgets; the lock stays.
const KEPT: &[&str] = &["mail", "redis", "s3", "logs", "site", "release"];

pub(crate) struct DataFolder {
    path: PathBuf,
    pub(crate) secrets: Secrets,
    /// Held as long as this fleet runs; the system lets go of it however the process ends.
    _lock: File,
}

/// Made once, so that sessions and pictures of the last run stay readable.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Secrets {
    pub(crate) s3_access_key: String,
    pub(crate) s3_secret_key: String,
    pub(crate) session_secret: String,
    pub(crate) postgres_password: String,
}

impl DataFolder {
    pub(crate) fn open(places: &Places, options: &FleetOptions) -> Result<DataFolder> {
        let path = match &options.data {
            Some(folder) => std::path::absolute(folder)?,
            None => places.root.join(".fleet"),
        };
        fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
        let lock = File::create(path.join("lock"))?;
        if lock.try_lock().is_err() {
            bail!("a fleet already runs on {}; stop it with Ctrl-C in its terminal first", path.display());
        }
        if options.fresh {
            forget(&path)?;
        }
        for folder in KEPT {
            fs::create_dir_all(path.join(folder))?;
        }
        // What a fleet left that had no time to tidy up.
        let _ = fs::remove_file(path.join("fleet.json"));
        let secrets = Secrets::keep(&path.join("secrets.json"))?;
        Ok(DataFolder { path, secrets, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    pub(crate) fn log(&self, part: &str) -> PathBuf {
        self.path.join("logs").join(format!("{part}.log"))
    }
}

fn forget(path: &Path) -> Result<()> {
    for folder in KEPT {
        let _ = fs::remove_dir_all(path.join(folder));
    }
    for file in ["cardstore.db", "cardstore.db-wal", "cardstore.db-shm", "secrets.json", "fleet.json"] {
        let _ = fs::remove_file(path.join(file));
    }
    let database = postgres::folder(path);
    if database.exists() {
        fs::remove_dir_all(&database).with_context(|| format!("cannot empty {}", database.display()))?;
    }
    Ok(())
}

impl Secrets {
    fn keep(file: &Path) -> Result<Secrets> {
        if let Ok(text) = fs::read_to_string(file) {
            return serde_json::from_str(&text)
                .with_context(|| format!("{} is damaged; --fresh starts over", file.display()));
        }
        let secrets = Secrets {
            s3_access_key: random_hex(10)?,
            s3_secret_key: random_hex(20)?,
            session_secret: random_hex(32)?,
            postgres_password: random_hex(16)?,
        };
        write_private(file, &serde_json::to_vec_pretty(&secrets)?)?;
        Ok(secrets)
    }
}

/// Replaces the file in one step: a reader sees the old text or the new, and nobody else either.
pub(crate) fn write_private(file: &Path, text: &[u8]) -> Result<()> {
    let new = file.with_extension("new");
    let mut open = fs::OpenOptions::new();
    open.write(true).create(true).truncate(true).mode(0o600);
    open.open(&new)
        .and_then(|mut opened| opened.write_all(text))
        .with_context(|| format!("cannot write {}", new.display()))?;
    fs::rename(&new, file)?;
    Ok(())
}

fn random_hex(bytes: usize) -> Result<String> {
    let mut random = vec![0; bytes];
    File::open("/dev/urandom")?.read_exact(&mut random)?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_stay_the_same_from_run_to_run_and_are_nobody_elses() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secrets.json");
        let (first, second) = (Secrets::keep(&file).unwrap(), Secrets::keep(&file).unwrap());
        assert_eq!(first.session_secret, second.session_secret);
        assert_eq!(first.session_secret.len(), 64);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
