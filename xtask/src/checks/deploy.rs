//! Runs the Python tests of `deploy/`: the template, the boot of a machine, units, containers and alerts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::counts::Counts;
use super::report::Report;
use crate::commands;
use crate::jobs;
use crate::places::{self, Places};
use crate::progress::Step;

const PATIENCE: Duration = Duration::from_secs(15 * 60);

pub(super) fn run(places: &Places, report: &mut Report) -> Result<()> {
    let tests = places.root.join("deploy/tests");
    let environment = environment(places, "python", &tests.join("requirements.txt"))?;
    let mut pytest = commands::without_cargo(Command::new(environment.join("bin/python")));
    pytest.current_dir(&places.root).args([
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-ra",
        "--tb=short",
    ]);
    // Folders of compiled Python beside the tests would belong to nobody.
    pytest.arg("--show-capture=no").arg(&tests).env("PYTHONDONTWRITEBYTECODE", "1").env("NO_COLOR", "1");
    match promtool(places) {
        Ok(program) => _ = pytest.env("CARDSTORE_PROMTOOL", program),
        Err(trouble) => println!("note: the alerts are checked without Prometheus: {trouble:#}"),
    }
    let (output, success) = jobs::show(pytest)?;
    let counts = of_pytest(&output);
    report.add("deploy", counts.passed, counts.failed);
    if !success && counts.failed == 0 {
        report.check("deploy", Err("the tests could not be run; see above".to_owned()));
    }
    println!("deploy: {} passed, {} failed", counts.passed, counts.failed);
    Ok(())
}

/// A Python environment of this name with exactly what is required, made anew when that changes.
pub(super) fn environment(places: &Places, name: &str, requirements: &Path) -> Result<PathBuf> {
    let folder = places.cache.join(name);
    let wanted = fs::read_to_string(requirements)
        .with_context(|| format!("{} cannot be read", requirements.display()))?;
    let installed = folder.join("requirements.txt");
    if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Ok(folder);
    }
    let step = Step::begin("Python packages", None);
    let log = places.log(name);
    let mut venv = commands::without_cargo(Command::new("python3"));
    venv.args(["-m", "venv", "--clear"]).arg(&folder);
    jobs::run(&step, venv, &log, PATIENCE).context("python3 cannot make an environment")?;
    let mut pip = commands::without_cargo(Command::new(folder.join("bin/python")));
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--requirement"]).arg(requirements);
    jobs::run(&step, pip, &log, PATIENCE)
        .context("the Python packages of the tests could not be installed")?;
    // Written last: an interrupted installation is done again.
    fs::write(&installed, wanted)?;
    step.done();
    Ok(folder)
}

/// Prometheus' own judge of rules. Taken out of the system's package instead of installing that, because it would
/// start a server.
fn promtool(places: &Places) -> Result<PathBuf> {
    let folder = places.cache.join("prometheus");
    if let Some(found) = places::program("promtool", &[folder.join("usr/bin")]) {
        return Ok(found);
    }
    let step = Step::begin("promtool", None);
    let log = places.log("promtool");
    // A folder of its own: two runs at once must not take each other's package.
    let fetched = tempfile::tempdir()?;
    let mut download = Command::new("apt-get");
    download.current_dir(fetched.path()).args(["download", "prometheus"]);
    jobs::run(&step, download, &log, PATIENCE)?;
    let package = fs::read_dir(fetched.path())?.flatten().next().context("apt fetched nothing")?;
    let mut unpack = Command::new("dpkg");
    unpack.arg("-x").arg(package.path()).arg(&folder);
    jobs::run(&step, unpack, &log, PATIENCE)?;
    step.done();
    places::program("promtool", &[folder.join("usr/bin")]).context("the package holds no promtool")
}

/// From the last line, as in `2 failed, 31 passed, 6 errors in 17.17s`; a test that could not be set up has failed.
fn of_pytest(output: &str) -> Counts {
    let number = |line: &str, word: &str| -> u64 {
        let part =
            line.split(", ").find(|part| part.split(' ').nth(1).is_some_and(|it| it.starts_with(word)));
        part.and_then(|part| part.split(' ').next()?.parse().ok()).unwrap_or(0)
    };
    let summary = output.lines().rev().find(|line| line.contains(" in ") && line.contains('s'));
    let summary = summary.unwrap_or_default().trim_matches(['=', ' ']);
    Counts { passed: number(summary, "passed"), failed: number(summary, "failed") + number(summary, "error") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_could_not_be_set_up_counts_as_failed() {
        let output = "....F\nFAILED deploy/tests/test_boot.py::test_a - AssertionError\n";
        assert_eq!(
            of_pytest(&format!("{output}2 failed, 31 passed, 1 skipped, 6 errors in 17.17s\n")),
            Counts { passed: 31, failed: 8 }
        );
        assert_eq!(of_pytest("== 72 passed in 60.01s (0:01:00) ==\n"), Counts { passed: 72, failed: 0 });
        assert_eq!(of_pytest("1 passed, 1 error in 1.00s\n"), Counts { passed: 1, failed: 1 });
        assert_eq!(of_pytest("ERROR: file or directory not found: deploy/tests\n"), Counts::default());
    }
}
