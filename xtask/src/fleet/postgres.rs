//! A PostgreSQL server of our own, in its own folder, never run as root.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::Signal;

use super::data::DataFolder;
use super::launch::Launch;
use super::output::Output;
use super::part::Part;
use super::supervisor::Supervisor;
use crate::commands;
use crate::http::Ready;
use crate::{ports, setup};

/// PostgreSQL refuses to run as root; its package brings this account.
const ACCOUNT: &str = "postgres";

/// Starts the server with an empty database `cardstore` and returns its URL.
pub(crate) fn start(data: &DataFolder, supervisor: &mut Supervisor) -> Result<String> {
    let programs = setup::postgres_programs().context("PostgreSQL is not installed")?;
    let account = rustix::process::geteuid().is_root().then_some(ACCOUNT);
    let folder = folder(data.path());
    let password = &data.secrets.postgres_password;
    if !folder.join("PG_VERSION").exists() {
        create(&programs, &folder, account, password)?;
    }
    let port = ports::free(1)?[0];
    let launch = Launch::of(&programs.join("postgres"))
        .arguments(["-D"])
        .arguments([&folder])
        // TCP on loopback only: the path of a socket file is limited to 107 bytes.
        .arguments([
            "-p",
            &port.to_string(),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
        ])
        .arguments(["-c", "max_connections=300"])
        .under(account)
        .inside(Path::new("/"))
        // Its fast shutdown; on SIGTERM it would wait for every client to leave.
        .stopped_by(Signal::INT);
    supervisor.start(Part {
        name: "postgres".to_owned(),
        launch,
        ready: Ready::Listens(port),
        output: Output::File(data.log("postgres")),
    })?;
    let url = |database: &str| format!("postgres://{ACCOUNT}:{password}@127.0.0.1:{port}/{database}");
    create_database(&programs, &url("postgres"))?;
    Ok(url("cardstore"))
}

/// Beside the fleet's other data where the server's account may look, else in a place of its own.
pub(super) fn folder(data: &Path) -> PathBuf {
    let open =
        |folder: &Path| fs::metadata(folder).is_ok_and(|found| found.permissions().mode() & 0o001 != 0);
    if !rustix::process::geteuid().is_root() || data.ancestors().all(open) {
        return data.join("postgres");
    }
    let name: String =
        data.display().to_string().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    Path::new("/var/tmp").join(format!("cardstore-postgres{name}"))
}

fn create(programs: &Path, folder: &Path, account: Option<&str>, password: &str) -> Result<()> {
    fs::create_dir_all(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    let secret = folder.with_extension("password");
    super::data::write_private(&secret, password.as_bytes())?;
    if let Some(account) = account {
        let id = commands::answer(Command::new("id").args(["-u", account])).and_then(|id| id.parse().ok());
        let id = id.with_context(|| format!("there is no account `{account}` to run PostgreSQL as"))?;
        chown(folder, Some(id), None)?;
        chown(&secret, Some(id), None)?;
    }
    let mut initdb = Launch::of(&programs.join("initdb"))
        .arguments(["--encoding=UTF8", "--no-locale", "--auth=scram-sha-256", "--username", ACCOUNT])
        .arguments([format!("--pwfile={}", secret.display())])
        .arguments(["-D"])
        .arguments([folder])
        .under(account)
        .inside(Path::new("/"))
        .command()?;
    let output = initdb.output().context("initdb cannot be run")?;
    let _ = fs::remove_file(&secret);
    ensure!(output.status.success(), "initdb failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// The server listens a moment before it lets anybody in.
fn create_database(programs: &Path, url: &str) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let exists = "select 1 from pg_database where datname = 'cardstore'";
        let psql = |statement: &str| {
            commands::answer(Command::new(programs.join("psql")).args([url, "-XAtc", statement]))
        };
        match psql(exists).as_deref() {
            Some("1") => return Ok(()),
            Some(_) => _ = psql("create database cardstore"),
            None => thread::sleep(Duration::from_millis(100)),
        }
        if Instant::now() > deadline {
            bail!("PostgreSQL does not let anybody in");
        }
    }
}
