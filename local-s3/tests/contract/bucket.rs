//! A running `local-s3` of a test's own, the requests that the store would sign for it, and a plain HTTP client.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

pub(crate) const NAME: &str = "cardstore";
pub(crate) const ORIGIN: &str = "http://localhost:8080";
pub(crate) const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and a little more";

pub(crate) struct Bucket {
    root: TempDir,
    process: Child,
    pub(crate) addr: SocketAddr,
    pub(crate) client: Client,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Bucket {
    pub(crate) async fn start() -> Self {
        Self::open(tempfile::tempdir().unwrap()).await
    }

    /// Stops it as an operator would and starts another on the same folder.
    pub(crate) async fn restart(mut self) -> Self {
        let id = self.process.id().unwrap().to_string();
        assert!(Command::new("kill").arg(id).status().await.unwrap().success());
        assert!(self.process.wait().await.unwrap().success(), "a stop is no failure");
        Self::open(self.root).await
    }

    async fn open(root: TempDir) -> Self {
        let mut process = Command::new(std::env::var("CARGO_BIN_EXE_local-s3").unwrap())
            .args([
                "--addr",
                "127.0.0.1:0",
                "--bucket",
                NAME,
                "--access-key",
                "key",
                "--secret-key",
                "secret",
            ])
            .args(["--allow-origin", ORIGIN, "--allow-origin", "http://127.0.0.1:8080"])
            .arg("--root")
            .arg(root.path().join("objects"))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
        let addr: SocketAddr = line.trim().strip_prefix("listening on http://").unwrap().parse().unwrap();
        Self { root, process, addr, client: client(&format!("http://{addr}")) }
    }

    /// A signed upload of [`PICTURE`], as the store signs one: valid for three minutes from `start`.
    pub(crate) async fn sign_upload_at(&self, key: &str, start: SystemTime) -> PresignedRequest {
        self.client
            .put_object()
            .bucket(NAME)
            .key(key)
            .content_length(PICTURE.len() as i64)
            .content_type("image/png")
            .if_none_match("*")
            .checksum_sha256(sha256(PICTURE))
            .presigned(valid_for_three_minutes(start))
            .await
            .unwrap()
    }

    pub(crate) async fn sign_upload(&self, key: &str) -> PresignedRequest {
        self.sign_upload_at(key, SystemTime::now()).await
    }

    pub(crate) async fn upload(&self, key: &str) -> Answer {
        self.send(put(&self.sign_upload(key).await, PICTURE)).await
    }

    pub(crate) async fn sign_read_at(&self, key: &str, start: SystemTime) -> PresignedRequest {
        self.client
            .get_object()
            .bucket(NAME)
            .key(key)
            .presigned(valid_for_three_minutes(start))
            .await
            .unwrap()
    }

    pub(crate) async fn sign_read(&self, key: &str) -> PresignedRequest {
        self.sign_read_at(key, SystemTime::now()).await
    }

    pub(crate) async fn has(&self, key: &str) -> bool {
        match self.client.head_object().bucket(NAME).key(key).send().await {
            Ok(_) => true,
            Err(error) => {
                assert!(error.as_service_error().is_some_and(|error| error.is_not_found()), "{error:?}");
                false
            }
        }
    }

    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Answer {
        let stream = TcpStream::connect(self.addr).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let (head, body) = sender.send_request(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: head.status, headers: head.headers, body }
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

pub(crate) fn put(signed: &PresignedRequest, body: &[u8]) -> Request<Full<Bytes>> {
    let mut request = request(signed, body);
    // The client sets it from the body, as a browser does.
    request.headers_mut().remove("content-length");
    request
}

pub(crate) fn get(signed: &PresignedRequest) -> Request<Full<Bytes>> {
    request(signed, b"")
}

fn request(signed: &PresignedRequest, body: &[u8]) -> Request<Full<Bytes>> {
    let host = signed.uri().split('/').nth(2).unwrap();
    let mut request = Request::builder().method(signed.method()).uri(signed.uri()).header("host", host);
    for (name, value) in signed.headers() {
        request = request.header(name, value);
    }
    request.body(Full::new(Bytes::copy_from_slice(body))).unwrap()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(Sha256::digest(bytes))
}

/// The path and query of a URL of this bucket.
pub(crate) fn path(uri: &str) -> &str {
    &uri[uri.find("/cardstore/").unwrap()..]
}

/// A start that makes a URL valid for three minutes one that ended two minutes ago.
pub(crate) fn five_minutes_ago() -> SystemTime {
    SystemTime::now() - Duration::from_secs(300)
}

fn valid_for_three_minutes(start: SystemTime) -> PresigningConfig {
    PresigningConfig::builder().start_time(start).expires_in(Duration::from_secs(180)).build().unwrap()
}

fn client(endpoint: &str) -> Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new("key", "secret", None, None, "test"))
        .region(Region::new("eu-central-1"))
        .endpoint_url(endpoint)
        .force_path_style(true)
        .build();
    Client::from_conf(config)
}
