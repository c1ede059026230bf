//! A disk so small that it can be filled: a file system in memory of its own.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

const SIZE: &str = "size=24m";
const BALLAST: &str = "ballast";

pub(super) struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Only root may, and not in every container.
    pub(super) fn mount(at: &Path) -> Result<SmallDisk> {
        fs::create_dir_all(at)?;
        let output = Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(at).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
        Ok(SmallDisk(at.to_owned()))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// To the last byte.
    pub(super) fn fill(&self) -> Result<()> {
        let mut ballast = File::create(self.0.join(BALLAST))?;
        for piece in [1024 * 1024, 4096, 1] {
            let bytes = vec![0; piece];
            while ballast.write_all(&bytes).is_ok() {}
        }
        Ok(())
    }

    pub(super) fn make_room(&self) -> Result<()> {
        Ok(fs::remove_file(self.0.join(BALLAST))?)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Fails only when something still has a file open there; it then goes with the last of them.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}
