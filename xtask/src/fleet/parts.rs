//! The parts a node stands on: Redis, S3, a database, mail. The environment may name its own.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::data::DataFolder;
use super::launch::Launch;
use super::output::Output;
use super::part::Part;
use super::supervisor::Supervisor;
use super::{database, postgres};
use crate::arguments::{Database, FleetOptions};
use crate::http::Ready;
use crate::places;
use crate::ports;
use crate::setup::Need;

/// What nodes connect to, whether it was started here or named by the environment.
#[derive(Default)]
pub(crate) struct Services {
    pub(crate) redis_url: String,
    pub(crate) database_url: String,
    /// `None`: the environment's own bucket and credentials, which nodes inherit.
    pub(crate) s3: Option<S3>,
    /// `None`: mail goes to `SMTP_URL`.
    pub(crate) mail_dir: Option<PathBuf>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct S3 {
    pub(crate) endpoint: String,
    pub(crate) bucket: String,
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) region: String,
}

pub(crate) fn needs(options: &FleetOptions) -> Vec<Need> {
    let redis = env::var_os("REDIS_URL").is_none().then_some(Need::Redis);
    let postgres = (database(options) == Some(Database::Postgres)).then_some(Need::Postgres);
    redis.into_iter().chain(postgres).collect()
}

pub(crate) fn start(
    options: &FleetOptions,
    data: &DataFolder,
    programs: &Path,
    public_url: &str,
    supervisor: &mut Supervisor,
) -> Result<Services> {
    let redis_url = match env::var("REDIS_URL") {
        Ok(url) => url,
        Err(_) => redis(data, supervisor)?,
    };
    let s3 = match env::var_os("S3_BUCKET") {
        Some(_) => None,
        None => Some(local_s3(data, programs, public_url, supervisor)?),
    };
    let database_url = match database(options) {
        None => env::var("DATABASE_URL").context("DATABASE_URL is not text")?,
        Some(Database::Sqlite) => format!("sqlite://{}", data.join("cardstore.db").display()),
        Some(Database::Postgres) => postgres::start(data, supervisor)?,
    };
    let mail_dir = env::var_os("SMTP_URL").is_none().then(|| data.join("mail"));
    Ok(Services { redis_url, database_url, s3, mail_dir })
}

impl Services {
    pub(super) fn settings(&self) -> Vec<(&'static str, String)> {
        let mut settings =
            vec![("REDIS_URL", self.redis_url.clone()), ("DATABASE_URL", self.database_url.clone())];
        if let Some(s3) = &self.s3 {
            settings.extend([
                ("S3_BUCKET", s3.bucket.clone()),
                ("AWS_REGION", s3.region.clone()),
                ("AWS_ENDPOINT_URL_S3", s3.endpoint.clone()),
                ("AWS_ACCESS_KEY_ID", s3.access_key.clone()),
                ("AWS_SECRET_ACCESS_KEY", s3.secret_key.clone()),
            ]);
        }
        settings.extend(self.mail_dir.iter().map(|folder| ("MAIL_DIR", folder.display().to_string())));
        settings
    }
}

pub(crate) fn redis(data: &DataFolder, supervisor: &mut Supervisor) -> Result<String> {
    Ok(format!("redis://127.0.0.1:{}", redis_called("redis", "", data, supervisor)?))
}

/// With further lines of its configuration; answers its port.
pub(crate) fn redis_called(
    name: &str,
    more: &str,
    data: &DataFolder,
    supervisor: &mut Supervisor,
) -> Result<u16> {
    let port = ports::free(1)?[0];
    let folder = data.join(name);
    fs::create_dir_all(&folder)?;
    let config = data.join(&format!("{name}.conf"));
    // Sessions are written down as they change, so people stay signed in however Redis ends.
    let text = format!(
        "bind 127.0.0.1\nport {port}\ndir \"{}\"\nappendonly yes\nappendfsync everysec\nsave \"\"\nmaxmemory-policy noeviction\n{more}",
        folder.display(),
    );
    fs::write(&config, text)?;
    let program = places::program("redis-server", &[]).context("redis-server is not installed")?;
    supervisor.start(Part {
        name: name.to_owned(),
        launch: Launch::of(&program).arguments([config]).inside(&folder),
        ready: Ready::Listens(port),
        output: Output::File(data.log(name)),
    })?;
    Ok(port)
}

pub(crate) fn local_s3(
    data: &DataFolder,
    programs: &Path,
    public_url: &str,
    supervisor: &mut Supervisor,
) -> Result<S3> {
    let port = ports::free(1)?[0];
    let s3 = S3 {
        endpoint: format!("http://127.0.0.1:{port}"),
        bucket: "cardstore".to_owned(),
        access_key: data.secrets.s3_access_key.clone(),
        secret_key: data.secrets.s3_secret_key.clone(),
        region: "us-east-1".to_owned(),
    };
    let address = format!("127.0.0.1:{port}");
    let launch = Launch::of(&programs.join("local-s3"))
        .arguments(["--addr", &address, "--bucket", &s3.bucket])
        .arguments(["--access-key", &s3.access_key, "--secret-key", &s3.secret_key])
        .arguments(["--allow-origin", public_url, "--root"])
        .arguments([data.join("s3")]);
    supervisor.start(Part {
        name: "s3".to_owned(),
        launch,
        ready: Ready::Listens(port),
        output: Output::File(data.log("s3")),
    })?;
    Ok(s3)
}
