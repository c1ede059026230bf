//! An S3 that others wrote, strict about signatures: the contract that our own server fulfils is asked of it too.

use anyhow::Result;

use crate::checks::deploy;
use crate::fleet::data::DataFolder;
use crate::fleet::launch::Launch;
use crate::fleet::output::Output;
use crate::fleet::part::Part;
use crate::fleet::supervisor::Supervisor;
use crate::http::Ready;
use crate::places::Places;
use crate::ports;

/// Answers its address. Its key is `key` and its secret `secret`; it keeps everything in memory.
pub(super) fn start(places: &Places, data: &DataFolder, supervisor: &mut Supervisor) -> Result<String> {
    let requirements = places.root.join("local-s3/tests/requirements.txt");
    let environment = deploy::environment(places, "ministack", &requirements)?;
    let port = ports::free(1)?[0];
    let settings = [
        ("SERVICES", "s3"),
        // Without it anybody may do anything.
        ("AUTH", "true"),
        ("BIND_HOST", "127.0.0.1"),
        ("GATEWAY_PORT", &port.to_string()),
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    supervisor.start(Part {
        name: "ministack".to_owned(),
        launch: Launch::of(&environment.join("bin/ministack")).with(settings),
        ready: Ready::Listens(port),
        output: Output::File(data.log("ministack")),
    })?;
    Ok(format!("http://127.0.0.1:{port}"))
}
