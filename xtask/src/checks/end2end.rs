//! Runs the browser's tests against a whole fleet in a temporary folder.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal};

use super::counts;
use super::report::Report;
use super::stages;
use crate::jobs;
use crate::places::Places;
use crate::progress::Step;
use crate::setup::{self, Toolbox};
use crate::{builds, ports};

const START_PATIENCE: Duration = Duration::from_secs(120);
/// What names services of the person's own: these tests break things, so they get throw-away ones.
const NOT_INHERITED: &[&str] =
    &["DATABASE_URL", "REDIS_URL", "S3_BUCKET", "AWS_ENDPOINT_URL_S3", "SMTP_URL", "IMAGE_BASE_URL"];

pub(super) fn run(places: &Places, toolbox: &Toolbox, report: &mut Report) -> Result<()> {
    let tests = places.root.join("end2end");
    if !tests.join("package.json").exists() {
        bail!("end2end/ holds no tests yet");
    }
    builds::build(places, toolbox, true, false)?;
    install_runner(places, toolbox, &tests)?;

    let mut types = toolbox.command("npx")?;
    types.current_dir(&tests).args(["tsc", "--noEmit"]);
    report.check("end2end: types", stages::verdict(types, "see above")?);

    let folder = tempfile::Builder::new().prefix("cardstore-end2end-").tempdir()?;
    let mut fleet = Fleet::start(folder.path(), &[])?;
    let results = folder.path().join("results.json");
    let mut playwright = driver(toolbox, "npx")?;
    playwright.current_dir(&tests).args(["playwright", "test", "--reporter=list,json"]);
    playwright
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &results)
        .env("CARDSTORE_FLEET", folder.path().join("fleet.json"));
    let (_, success) = jobs::show(playwright)?;
    let counts =
        fs::read_to_string(&results).ok().and_then(|text| counts::of_playwright(&text)).unwrap_or_default();
    report.add("end2end", counts.passed, counts.failed);
    if !success && counts.failed == 0 {
        report.check("end2end", Err("the browser's tests could not be run; see above".to_owned()));
    }
    let stopped = fleet.stop();
    report.check("the fleet stops in order", stopped);
    Ok(())
}

/// A program that drives a browser: the system's own where it has one, else Playwright's.
pub(crate) fn driver(toolbox: &Toolbox, program: &str) -> Result<Command> {
    let mut driver = toolbox.command(program)?;
    driver.envs(setup::browser().map(|browser| ("CARDSTORE_BROWSER", browser)));
    Ok(driver)
}

pub(crate) fn install_runner(places: &Places, toolbox: &Toolbox, tests: &Path) -> Result<()> {
    setup::ensure_node()?;
    let newer = |a: &Path, b: &Path| {
        Some(fs::metadata(a).ok()?.modified().ok()? >= fs::metadata(b).ok()?.modified().ok()?)
    };
    if newer(&tests.join("node_modules/.package-lock.json"), &tests.join("package-lock.json")) == Some(true) {
        return Ok(());
    }
    let step = Step::begin("the browser's test runner", None);
    let mut npm = toolbox.command("npm")?;
    // The system's browser is used; the runner's own would be another big download.
    npm.current_dir(tests)
        .args(["ci", "--no-audit", "--no-fund"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    jobs::run(&step, npm, &places.log("npm-end2end"), Duration::from_secs(10 * 60))?;
    if setup::browser().is_none() {
        let mut install = toolbox.command("npx")?;
        install.current_dir(tests).args(["playwright", "install", "chromium"]);
        jobs::run(&step, install, &places.log("playwright-browser"), Duration::from_secs(10 * 60))
            .context("there is no Chromium here, and Playwright's own could not be fetched")?;
    }
    step.done();
    Ok(())
}

/// `cargo xtask fleet` itself, run as a person would.
pub(crate) struct Fleet(Child);

impl Fleet {
    pub(crate) fn start(folder: &Path, options: &[&str]) -> Result<Fleet> {
        Fleet::start_with(folder, options, &[])
    }

    /// The nodes find more in their environment.
    pub(crate) fn start_with(folder: &Path, options: &[&str], environment: &[(&str, &str)]) -> Result<Fleet> {
        let log = folder.join("fleet.log");
        let output = fs::File::create(&log)?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["fleet", "--port", &ports::free(1)?[0].to_string(), "--data"]).arg(folder.join("."));
        command.args(options).envs(environment.iter().copied());
        NOT_INHERITED.iter().for_each(|name| _ = command.env_remove(name));
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let mut fleet = Fleet(command.spawn()?);
        let deadline = Instant::now() + START_PATIENCE;
        while !folder.join("fleet.json").exists() {
            if fleet.0.try_wait()?.is_some() || Instant::now() > deadline {
                bail!("the fleet did not start:\n\n{}", jobs::last_words(&log));
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(fleet)
    }

    pub(crate) fn stop(&mut self) -> Result<(), String> {
        let _ = rustix::process::kill_process(Pid::from_child(&self.0), Signal::TERM);
        match self.0.wait() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("it ended with {status}")),
            Err(trouble) => Err(trouble.to_string()),
        }
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        // Its parts follow it by themselves. Fails only when it has already ended.
        let _ = rustix::process::kill_process(Pid::from_child(&self.0), Signal::TERM);
        let _ = self.0.wait();
    }
}
