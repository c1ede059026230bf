//! The bucket: how it is reached, and what browsers are permitted to do with it.

mod objects;
pub(super) mod preflight;

use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    Builder, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
};
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::image::ImageType;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::showing::UrlCache;
use super::{Settings, UPLOAD_EXPIRES_IN_S};
use crate::error::{Fault, OpenError};

const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
const CALL_TIMEOUT: Duration = Duration::from_secs(15);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How many pictures a node holds in memory to look at them, each of a megabyte at most; the others wait.
const MOST_READ_AT_ONCE: usize = 8;

pub(crate) struct Bucket {
    client: Client,
    name: String,
    /// Without a slash at its end.
    pub(super) base_url: Option<String>,
    pub(super) urls: UrlCache,
    reads: Semaphore,
    /// What a page must be allowed to load pictures from and send them to.
    pub(super) origins: Vec<String>,
}

impl Bucket {
    pub(crate) async fn open(settings: Settings) -> Result<Self, OpenError> {
        let base_url = settings.base_url.map(|url| url.trim_end_matches('/').to_owned());
        let region = Region::new(settings.region);
        let mut config = match settings.keys {
            Some((access, secret)) => Builder::new()
                .behavior_version_latest()
                .credentials_provider(Credentials::new(access, secret, None, None, "settings")),
            None => Builder::from(&aws_config::from_env().region(region.clone()).load().await),
        }
        .region(region)
        // Left to itself the SDK signs a CRC32 that no browser would send.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                .operation_timeout(CALL_TIMEOUT)
                .build(),
        );
        if let Some(endpoint) = settings.endpoint {
            config = config.endpoint_url(endpoint).force_path_style(true);
        }
        let mut bucket = Self {
            client: Client::from_conf(config.build()),
            name: settings.bucket,
            base_url,
            urls: UrlCache::default(),
            reads: Semaphore::new(MOST_READ_AT_ONCE),
            origins: Vec::new(),
        };
        bucket.origins = bucket.find_origins().await?;
        Ok(bucket)
    }

    /// Signing one URL tells the bucket's own origin, and at start-up whether signing works at all.
    async fn find_origins(&self) -> Result<Vec<String>, OpenError> {
        let signed = self.sign_get("start", SystemTime::now(), Duration::from_secs(1)).await;
        let signed = signed.map_err(|fault| OpenError::blame("images")(fault.chain()))?;
        let own = origin(&signed).ok_or_else(|| OpenError::blame("images.endpoint")("is no URL"))?;
        let mut origins = vec![own];
        if let Some(base_url) = &self.base_url {
            let cdn = origin(base_url).ok_or_else(|| OpenError::blame("images.base_url")("is no URL"))?;
            if !origins.contains(&cdn) {
                origins.push(cdn);
            }
        }
        Ok(origins)
    }

    /// Held while a picture is in memory.
    pub(super) async fn turn_to_read(&self) -> Result<SemaphorePermit<'_>, Fault> {
        self.reads.acquire().await.map_err(|closed| Fault::new("a picture cannot be read", closed))
    }

    pub(crate) async fn ping(&self) -> Result<(), Fault> {
        // Once: whoever asks wants to know how it is now.
        let once = Builder::new().retry_config(RetryConfig::disabled());
        let asked = self.client.head_bucket().bucket(&self.name);
        let answer = asked.customize().config_override(once).send().await;
        answer.map(|_| ()).map_err(|error| Fault::new("the bucket does not answer", error))
    }

    /// Permission for one PUT of exactly these bytes to a key that is still free.
    pub(super) async fn sign_put(
        &self,
        key: &str,
        length: i64,
        kind: ImageType,
        sha256: &[u8; 32],
    ) -> Result<PresignedRequest, Fault> {
        let expires = PresigningConfig::expires_in(Duration::from_secs(UPLOAD_EXPIRES_IN_S))
            .map_err(|error| Fault::new("an upload cannot be signed", error))?;
        self.client
            .put_object()
            .bucket(&self.name)
            .key(key)
            .content_length(length)
            .content_type(kind.content_type())
            .if_none_match("*")
            .checksum_sha256(STANDARD.encode(sha256))
            .presigned(expires)
            .await
            .map_err(|error| Fault::new("an upload cannot be signed", error))
    }

    /// A URL that shows the object inline and lets the browser keep it for an hour.
    pub(super) async fn sign_get(
        &self,
        key: &str,
        from: SystemTime,
        valid_for: Duration,
    ) -> Result<String, Fault> {
        let validity = PresigningConfig::builder().start_time(from).expires_in(valid_for).build();
        let validity = validity.map_err(|error| Fault::new("a picture cannot be signed", error))?;
        let kind = super::uploading::kind_of(key).map(ImageType::content_type);
        let signed = self
            .client
            .get_object()
            .bucket(&self.name)
            .key(key)
            .response_cache_control("private, max-age=3600, immutable")
            .response_content_disposition("inline")
            .set_response_content_type(kind.map(str::to_owned))
            .presigned(validity)
            .await
            .map_err(|error| Fault::new("a picture cannot be signed", error))?;
        Ok(signed.uri().to_owned())
    }
}

/// `scheme://authority` of a URL.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().filter(|authority| !authority.is_empty())?;
    matches!(scheme, "http" | "https").then(|| format!("{scheme}://{authority}"))
}
