//! Stands in for S3 on a developer's machine: one private bucket in a folder, as strict as the real one.

mod conditional;
mod cors;
mod server;
mod strict;
mod turns;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use http::HeaderValue;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::cors::Cors;
use crate::strict::StrictS3;

/// An S3 server for one machine, with S3's answers to everything the store relies on.
#[derive(Parser)]
struct Settings {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:9000")]
    addr: SocketAddr,
    /// The folder that holds the objects; created when missing.
    #[arg(long)]
    root: PathBuf,
    /// The bucket; created when missing.
    #[arg(long, default_value = "cardstore")]
    bucket: String,
    /// The only access key that may sign requests.
    #[arg(long)]
    access_key: String,
    /// The secret of that key.
    #[arg(long)]
    secret_key: String,
    /// An origin whose pages may use the bucket; repeatable.
    #[arg(long = "allow-origin")]
    allowed_origins: Vec<HeaderValue>,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let settings = Settings::parse();
    let objects = open_bucket(&settings)?;
    let mut stop = signal(SignalKind::terminate())?;

    let listener = TcpListener::bind(settings.addr).await?;
    writeln!(std::io::stdout(), "listening on http://{}", listener.local_addr()?)?;

    let s3 = Arc::new(StrictS3::new(objects, Cors::new(settings.allowed_origins)));
    server::serve(listener, s3, async move {
        tokio::select! {
            _ = stop.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    })
    .await;
    Ok(())
}

fn open_bucket(settings: &Settings) -> Result<S3Service, Failure> {
    if !s3s::path::check_bucket_name(&settings.bucket) {
        return Err(format!("{:?} is no name for a bucket", settings.bucket).into());
    }
    std::fs::create_dir_all(settings.root.join(&settings.bucket))?;
    let files = s3s_fs::FileSystem::new(&settings.root).map_err(|error| format!("{error:?}"))?;
    let mut service = S3ServiceBuilder::new(files);
    service.set_auth(SimpleAuth::from_single(settings.access_key.as_str(), settings.secret_key.as_str()));
    Ok(service.build())
}
