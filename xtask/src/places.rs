//! Where things are: the repository and the cache of installed tools.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub(crate) struct Places {
    pub(crate) root: PathBuf,
    pub(crate) cache: PathBuf,
}

impl Places {
    pub(crate) fn find() -> Result<Places> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = manifest.parent().context("xtask lies in the repository's root")?.to_owned();
        let cache = env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .filter(|folder| folder.is_absolute())
            .or_else(|| env::home_dir().map(|home| home.join(".cache")))
            .context("neither XDG_CACHE_HOME nor HOME says where tools may be kept")?
            .join("cardstore");
        fs::create_dir_all(&cache).with_context(|| format!("cannot create {}", cache.display()))?;
        Ok(Places { root, cache })
    }

    /// The private Rust toolchain with a wasm32 standard library.
    pub(crate) fn toolchain(&self) -> PathBuf {
        self.cache.join("toolchain")
    }

    /// What `cargo install --root` fills.
    pub(crate) fn tools(&self) -> PathBuf {
        self.cache.join("tools")
    }

    pub(crate) fn npm(&self) -> PathBuf {
        self.cache.join("npm")
    }

    /// Where a long step's output goes, so that a failure can be read afterwards.
    pub(crate) fn log(&self, step: &str) -> PathBuf {
        self.cache.join("logs").join(format!("{}.log", step.replace([' ', '/'], "-")))
    }
}

/// The first place on the search path, or among the system's daemons, that holds `program`.
/// Debian keeps haproxy in `/usr/sbin`, which is not on every person's path.
pub(crate) fn program(name: &str, extra: &[PathBuf]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    extra
        .iter()
        .cloned()
        .chain(env::split_paths(&path))
        .chain(["/usr/sbin".into(), "/usr/local/sbin".into(), "/opt/homebrew/bin".into()])
        .map(|folder| folder.join(name))
        .find(|file| is_executable(file))
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}
