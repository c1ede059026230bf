//! What the compiler says of itself, and the program that adds up what instrumented programs counted: it has to be of the
//! compiler's own LLVM.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::{Toolbox, apt};
use crate::commands;
use crate::jobs;
use crate::places::{self, Places};
use crate::progress::Step;

const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// What `rustc -vV` and `rustc --print sysroot` say.
pub(crate) struct Compiler {
    sysroot: PathBuf,
    /// This machine, as rustc calls it.
    pub(crate) host: String,
    /// The major version.
    llvm: String,
}

/// `llvm-profdata`, fetched where it is missing.
pub(crate) fn profdata(places: &Places, toolbox: &Toolbox) -> Result<PathBuf> {
    let compiler = Compiler::of(toolbox)?;
    if let Some(found) = compiler.profdata() {
        return Ok(found);
    }
    // Either may be the way to it, and neither may be there.
    _ = fetch(places, toolbox);
    if compiler.profdata().is_none() && apt::exists() {
        _ = apt::install(places, &[&format!("llvm-{}", compiler.llvm)]);
    }
    match compiler.profdata() {
        Some(found) => Ok(found),
        None => {
            bail!("llvm-profdata of LLVM {} is missing: `rustup component add llvm-tools`", compiler.llvm)
        }
    }
}

impl Compiler {
    pub(crate) fn of(toolbox: &Toolbox) -> Result<Compiler> {
        let ask = |argument: &[&str]| -> Result<String> {
            let answer = commands::answer(toolbox.command("rustc")?.args(argument));
            answer.context("rustc does not say what it is")
        };
        let version = ask(&["-vV"])?;
        let line = |name: &str| version.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
        let llvm = line("LLVM version: ").context("rustc does not name its LLVM")?;
        Ok(Compiler {
            sysroot: ask(&["--print", "sysroot"])?.into(),
            host: line("host: ").context("rustc does not name its host")?,
            llvm: llvm.split('.').next().unwrap_or_default().to_owned(),
        })
    }

    fn profdata(&self) -> Option<PathBuf> {
        let of_rustup = self.sysroot.join("lib/rustlib").join(&self.host).join("bin");
        let of_debian = PathBuf::from(format!("/usr/lib/llvm-{}/bin", self.llvm));
        [of_rustup, of_debian].map(|folder| folder.join("llvm-profdata")).into_iter().find(|it| it.is_file())
    }
}

fn fetch(places: &Places, toolbox: &Toolbox) -> Result<()> {
    let rustup = places::program("rustup", &[]).context("rustup is not installed")?;
    let step = Step::begin("llvm-profdata", None);
    let mut add = commands::without_cargo(Command::new(rustup));
    toolbox.toolchain.choose(&mut add);
    add.args(["component", "add", "llvm-tools"]);
    jobs::run(&step, add, &places.log("llvm-tools"), PATIENCE)?;
    step.done();
    Ok(())
}
