//! wasm-opt, which npm has ready-made as `binaryen`.

use std::time::Duration;

use anyhow::{Context, Result};

use super::Toolbox;
use crate::jobs;
use crate::places::{self, Places};
use crate::progress::Step;

const BINARYEN: &str = "132.0.0";

pub(super) fn prepare(places: &Places, toolbox: &Toolbox) -> Result<()> {
    let kept = places.npm().join("node_modules/.bin");
    if places::program("wasm-opt", &[kept]).is_some() {
        return Ok(());
    }
    ensure_node()?;
    let step = Step::begin("wasm-opt", None);
    let mut npm = toolbox.command("npm")?;
    npm.args(["install", "--no-audit", "--no-fund", "--prefix"])
        .arg(places.npm())
        .arg(format!("binaryen@{BINARYEN}"));
    jobs::run(&step, npm, &places.log("npm"), Duration::from_secs(10 * 60))
        .context("wasm-opt could not be installed")?;
    step.done();
    Ok(())
}

pub(crate) fn ensure_node() -> Result<()> {
    for name in ["node", "npm"] {
        places::program(name, &[]).with_context(|| {
            format!("`{name}` is missing: install Node.js 20 or newer (with npm) and run the command again")
        })?;
    }
    Ok(())
}
