//! The throw-away PostgreSQL, Redis and S3 that integration tests run against.

mod ministack;

use std::fs;

use anyhow::Result;

use crate::arguments::FleetOptions;
use crate::builds;
use crate::fleet::data::DataFolder;
use crate::fleet::parts::{self, S3};
use crate::fleet::postgres;
use crate::fleet::supervisor::Supervisor;
use crate::places::Places;
use crate::setup::Toolbox;

pub(super) struct Services {
    pub(super) postgres_url: String,
    redis_url: String,
    s3: S3,
    other_s3: String,
}

impl Services {
    pub(super) fn settings(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("CARDSTORE_TEST_REDIS_URL", &self.redis_url),
            ("CARDSTORE_TEST_S3_ENDPOINT", &self.s3.endpoint),
            ("CARDSTORE_TEST_S3_BUCKET", &self.s3.bucket),
            ("CARDSTORE_TEST_S3_REGION", &self.s3.region),
            ("CARDSTORE_TEST_S3_ACCESS_KEY", &self.s3.access_key),
            ("CARDSTORE_TEST_S3_SECRET_KEY", &self.s3.secret_key),
            ("CARDSTORE_TEST_OTHER_S3", &self.other_s3),
        ]
    }
}

/// Starts them in a temporary folder, and leaves nothing behind.
pub(super) fn with(
    places: &Places,
    toolbox: &Toolbox,
    run: impl FnOnce(&Services) -> Result<()>,
) -> Result<()> {
    let programs = builds::parts(places, toolbox, false, false)?;
    let folder = tempfile::Builder::new().prefix("cardstore-test-").tempdir()?;
    // The database server's own account has to pass through.
    fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o711))?;
    let data = DataFolder::open(
        places,
        &FleetOptions { data: Some(folder.path().to_owned()), ..FleetOptions::default() },
    )?;
    let mut supervisor = Supervisor::default();
    let s3 = parts::local_s3(&data, &programs, "http://localhost:8080", &mut supervisor)?;
    let services = Services {
        postgres_url: postgres::start(&data, &mut supervisor)?,
        redis_url: parts::redis(&data, &mut supervisor)?,
        s3,
        other_s3: ministack::start(places, &data, &mut supervisor)?,
    };
    let outcome = run(&services);
    supervisor.stop();
    outcome
}
