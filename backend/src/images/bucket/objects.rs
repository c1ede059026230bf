//! Objects: putting, looking at, reading and deleting one, each bounded in time and size.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ChecksumMode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::image::{ImageType, LARGEST_BYTES};

use super::{Bucket, CALL_TIMEOUT};
use crate::error::Fault;

/// What the bucket says about an object.
pub(in crate::images) struct Head {
    pub(in crate::images) length: u64,
    pub(in crate::images) content_type: String,
    /// `None` when the object was put without one.
    pub(in crate::images) sha256: Option<[u8; 32]>,
}

impl Bucket {
    #[tracing::instrument(level = "trace", name = "s3 put", skip_all, fields(otel.kind = "client"))]
    pub(in crate::images) async fn put(
        &self,
        key: &str,
        bytes: Vec<u8>,
        kind: ImageType,
        sha256: &[u8; 32],
    ) -> Result<(), Fault> {
        self.client
            .put_object()
            .bucket(&self.name)
            .key(key)
            .content_type(kind.content_type())
            .if_none_match("*")
            .checksum_sha256(STANDARD.encode(sha256))
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| Fault::new("a picture cannot be stored", error))
    }

    /// `None` when there is no such object.
    #[tracing::instrument(level = "trace", name = "s3 head", skip_all, fields(otel.kind = "client"))]
    pub(in crate::images) async fn head(&self, key: &str) -> Result<Option<Head>, Fault> {
        let asked = self
            .client
            .head_object()
            .bucket(&self.name)
            .key(key)
            .checksum_mode(ChecksumMode::Enabled)
            .send()
            .await;
        let head = match asked {
            Ok(head) => head,
            Err(error) if error.as_service_error().is_some_and(|error| error.is_not_found()) => {
                return Ok(None);
            }
            Err(error) => return Err(Fault::new("a picture cannot be looked at", error)),
        };
        Ok(Some(Head {
            length: head.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or(0),
            content_type: head.content_type().unwrap_or_default().to_owned(),
            sha256: head
                .checksum_sha256()
                .and_then(|text| STANDARD.decode(text).ok())
                .and_then(|bytes| bytes.try_into().ok()),
        }))
    }

    /// The object's bytes; never more than [`LARGEST_BYTES`] and one, whatever the bucket holds.
    #[tracing::instrument(level = "trace", name = "s3 get", skip_all, fields(otel.kind = "client"))]
    pub(in crate::images) async fn get(&self, key: &str) -> Result<Vec<u8>, Fault> {
        const DOING: &str = "a picture cannot be read";
        let got = self
            .client
            .get_object()
            .bucket(&self.name)
            .key(key)
            .range(format!("bytes=0-{LARGEST_BYTES}"))
            .send()
            .await
            .map_err(|error| Fault::new(DOING, error))?;
        let announced = got.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let mut body = got.body;
        let mut bytes = Vec::with_capacity(announced.min(LARGEST_BYTES as usize + 1));
        let reading = async {
            while let Some(chunk) = body.next().await {
                bytes.extend_from_slice(&chunk.map_err(|error| Fault::new(DOING, error))?);
                if bytes.len() as u64 > LARGEST_BYTES {
                    break;
                }
            }
            Ok(())
        };
        tokio::time::timeout(CALL_TIMEOUT, reading).await.map_err(|late| Fault::new(DOING, late))??;
        Ok(bytes)
    }

    /// Deleting what is not there is success.
    #[tracing::instrument(level = "trace", name = "s3 delete", skip_all, fields(otel.kind = "client"))]
    pub(in crate::images) async fn delete(&self, key: &str) -> Result<(), Fault> {
        let deleted = self.client.delete_object().bucket(&self.name).key(key).send().await;
        deleted.map(|_| ()).map_err(|error| Fault::new("a picture cannot be deleted", error))
    }
}
