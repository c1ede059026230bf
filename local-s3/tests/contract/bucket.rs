//! A bucket of a test's own, the requests that the store would sign for it, and a plain HTTP client.
//!
//! The bucket is in a `local-s3` that is started for it, or in the S3 that `CARDSTORE_TEST_OTHER_S3` names.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use aws_sdk_s3::types::{BucketLocationConstraint, CorsConfiguration, CorsRule, CreateBucketConfiguration};
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

/// The origins whose pages may use the bucket.
pub(crate) const ORIGINS: [&str; 2] = ["http://localhost:8080", "http://127.0.0.1:8080"];
const REGION: &str = "eu-central-1";
/// The address of an S3 whose key is `key` and secret is `secret`, instead of a `local-s3`.
const ELSEWHERE: &str = "CARDSTORE_TEST_OTHER_S3";
/// What an upload sends beyond what a browser may always send.
pub(crate) const HEADERS: [&str; 3] = ["content-type", "if-none-match", "x-amz-checksum-sha256"];
pub(crate) const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and a little more";

pub(crate) struct Bucket {
    pub(crate) name: String,
    pub(crate) addr: SocketAddr,
    pub(crate) client: Client,
    local: Option<Local>,
}

/// A `local-s3`, ended with its folder when it is dropped.
struct Local {
    root: TempDir,
    process: Child,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Bucket {
    pub(crate) async fn start() -> Self {
        if !crate::IS_ELSEWHERE {
            return Self::open(tempfile::tempdir().unwrap()).await;
        }
        let endpoint = std::env::var(ELSEWHERE);
        let endpoint =
            endpoint.unwrap_or_else(|_| panic!("{ELSEWHERE} is missing: run through `cargo xtask test`"));
        Self::create(&endpoint).await
    }

    /// Stops a `local-s3` as an operator would and starts another on the same folder.
    pub(crate) async fn restart(self) -> Self {
        let Local { root, mut process } = self.local.unwrap();
        let id = process.id().unwrap().to_string();
        assert!(Command::new("kill").arg(id).status().await.unwrap().success());
        assert!(process.wait().await.unwrap().success(), "a stop is no failure");
        Self::open(root).await
    }

    async fn open(root: TempDir) -> Self {
        let name = "cardstore".to_owned();
        let mut process = Command::new(std::env::var("CARGO_BIN_EXE_local-s3").unwrap())
            .args(["--addr", "127.0.0.1:0", "--bucket", &name])
            .args(["--access-key", "key", "--secret-key", "secret"])
            .args(ORIGINS.iter().flat_map(|origin| ["--allow-origin", origin]))
            .arg("--root")
            .arg(root.path().join("objects"))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
        let endpoint = line.trim().strip_prefix("listening on ").unwrap();
        Self { name, addr: addr(endpoint), client: client(endpoint), local: Some(Local { root, process }) }
    }

    /// A new bucket with the CORS rule that the store asks operators for.
    async fn create(endpoint: &str) -> Self {
        let client = client(endpoint);
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        let name = format!("contract-{}-{}", std::process::id(), now.as_nanos());
        let place = BucketLocationConstraint::from(REGION);
        let place = CreateBucketConfiguration::builder().location_constraint(place).build();
        client.create_bucket().bucket(&name).create_bucket_configuration(place).send().await.unwrap();
        let rule = CorsRule::builder()
            .set_allowed_origins(Some(ORIGINS.map(str::to_owned).to_vec()))
            .set_allowed_methods(Some(["PUT", "GET", "HEAD"].map(str::to_owned).to_vec()))
            .set_allowed_headers(Some(HEADERS.map(str::to_owned).to_vec()))
            .set_expose_headers(Some(["ETag", "x-amz-checksum-sha256"].map(str::to_owned).to_vec()))
            .max_age_seconds(600)
            .build()
            .unwrap();
        let rules = CorsConfiguration::builder().cors_rules(rule).build().unwrap();
        client.put_bucket_cors().bucket(&name).cors_configuration(rules).send().await.unwrap();
        Self { name, addr: addr(endpoint), client, local: None }
    }

    /// A signed upload of [`PICTURE`], as the store signs one: valid for three minutes from `start`.
    pub(crate) async fn sign_upload_at(&self, key: &str, start: SystemTime) -> PresignedRequest {
        self.client
            .put_object()
            .bucket(&self.name)
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
            .bucket(&self.name)
            .key(key)
            .presigned(valid_for_three_minutes(start))
            .await
            .unwrap()
    }

    pub(crate) async fn sign_read(&self, key: &str) -> PresignedRequest {
        self.sign_read_at(key, SystemTime::now()).await
    }

    pub(crate) async fn has(&self, key: &str) -> bool {
        match self.client.head_object().bucket(&self.name).key(key).send().await {
            Ok(_) => true,
            Err(error) => {
                assert!(error.as_service_error().is_some_and(|error| error.is_not_found()), "{error:?}");
                false
            }
        }
    }

    pub(crate) async fn send(&self, mut request: Request<Full<Bytes>>) -> Answer {
        // As browsers do: the whole address is for proxies.
        *request.uri_mut() = path(&request.uri().to_string()).parse().unwrap();
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

/// The path and query of a URL.
pub(crate) fn path(uri: &str) -> &str {
    let authority = uri.find("://").unwrap() + 3;
    &uri[authority + uri[authority..].find('/').unwrap()..]
}

fn addr(endpoint: &str) -> SocketAddr {
    endpoint.strip_prefix("http://").unwrap().parse().unwrap()
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
        .region(Region::new(REGION))
        .endpoint_url(endpoint)
        .force_path_style(true)
        .build();
    Client::from_conf(config)
}
