//! `cargo xtask seed`: makes the store of the running fleet as large as asked, for measuring.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal};
use serde::Deserialize;

use crate::arguments::SeedOptions;
use crate::fleet::parts::S3;
use crate::places::Places;
use crate::progress::Step;
use crate::setup::{self, Need};
use crate::signals::stop_asked;
use crate::{builds, commands};

const GLANCE: Duration = Duration::from_millis(100);
/// The demo says each per cent once.
const PER_CENTS: u64 = 100;

/// Of `fleet.json`, what its store is kept in.
#[derive(Deserialize)]
struct Fleet {
    url: String,
    database_url: String,
    s3: Option<S3>,
    mail_dir: Option<PathBuf>,
}

pub(crate) fn run(places: &Places, options: &SeedOptions) -> Result<()> {
    let data: PathBuf = options.data.clone().unwrap_or_else(|| places.root.join(".fleet"));
    let fleet = Fleet::on(&data)?;
    let toolbox = setup::prepare(places, &[Need::Build])?;
    let programs = builds::parts(places, &toolbox, true, true)?;
    let size = (options.accounts, options.cards);
    println!("{}", fill(&programs, size, fleet.settings())?);
    Ok(())
}

/// Fills the store of these settings with so many accounts and cards; answers the sentence that says what was added.
pub(crate) fn fill(
    programs: &Path,
    (accounts, cards): (usize, usize),
    settings: impl IntoIterator<Item = (impl AsRef<OsStr>, impl AsRef<OsStr>)>,
) -> Result<String> {
    let mut command = commands::without_cargo(Command::new(programs.join("demo")));
    command.args(["seed", "--accounts", &accounts.to_string(), "--cards", &cards.to_string()]);
    command.envs(settings).env_remove("SMTP_URL").stdin(Stdio::null()).stdout(Stdio::piped());

    let step = Step::begin(&format!("{cards} cards"), Some(PER_CENTS));
    let mut seeding = command.spawn().context("the demo cannot be run")?;
    let output = seeding.stdout.take().context("its output is a pipe")?;
    let said = thread::scope(|scope| {
        let heard = scope.spawn(|| hear(BufReader::new(output), &step));
        wait(&mut seeding)?;
        heard.join().map_err(|_| anyhow::anyhow!("nobody listened to the demo"))
    })?;
    step.done();
    Ok(said)
}

impl Fleet {
    fn on(data: &Path) -> Result<Fleet> {
        let text = fs::read(data.join("fleet.json"));
        let text = text.context("no fleet runs here; `cargo xtask fleet` starts one")?;
        Ok(serde_json::from_slice(&text)?)
    }

    fn settings(self) -> Vec<(&'static str, String)> {
        let mut settings = vec![("DATABASE_URL", self.database_url), ("CARDSTORE_PUBLIC_URL", self.url)];
        if let Some(s3) = self.s3 {
            settings.extend([
                ("S3_BUCKET", s3.bucket),
                ("AWS_REGION", s3.region),
                ("AWS_ENDPOINT_URL_S3", s3.endpoint),
                ("AWS_ACCESS_KEY_ID", s3.access_key),
                ("AWS_SECRET_ACCESS_KEY", s3.secret_key),
            ]);
        }
        settings.extend(self.mail_dir.map(|folder| ("MAIL_DIR", folder.display().to_string())));
        settings
    }
}

/// Answers the last line, which says what was added.
fn hear(output: impl BufRead, step: &Step) -> String {
    let mut last = String::new();
    for line in output.lines().map_while(Result::ok) {
        if line.split_once("% of ").is_some_and(|(percent, _)| percent.bytes().all(|b| b.is_ascii_digit())) {
            step.advance(line.clone());
        }
        last = line;
    }
    last
}

fn wait(seeding: &mut Child) -> Result<()> {
    loop {
        if let Some(status) = seeding.try_wait()? {
            ensure!(status.success(), "seeding failed ({status}); see above");
            return Ok(());
        }
        if stop_asked() {
            // Fails only when it has ended by now.
            let _ = rustix::process::kill_process(Pid::from_child(seeding), Signal::TERM);
            seeding.wait()?;
            bail!("seeding was stopped; what was written stays");
        }
        thread::sleep(GLANCE);
    }
}
