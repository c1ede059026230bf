//! The question that a browser asks before it sends a picture: may a page of this origin?

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_s3::config::interceptors::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::{Builder, ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;

use super::Bucket;

/// What a browser sends beyond what it may always send; its answer must name them all.
pub(in crate::images) const NEEDED_HEADERS: [&str; 3] =
    ["content-type", "if-none-match", "x-amz-checksum-sha256"];

/// What the bucket answers to a preflight; all empty when it permits nothing.
#[derive(Clone, Debug, Default)]
pub(in crate::images) struct Permission {
    pub(in crate::images) origin: String,
    pub(in crate::images) methods: String,
    /// In lower case.
    pub(in crate::images) headers: String,
}

impl Bucket {
    /// Asks as the browser of somebody who is about to upload does.
    pub(in crate::images) async fn preflight(&self, origin: &str) -> Permission {
        let preflight = Preflight { origin: origin.to_owned(), answer: Arc::default() };
        let answer = preflight.answer.clone();
        let upload = self.client.put_object().bucket(&self.name).key("preflight").customize();
        let once = Builder::new().retry_config(RetryConfig::disabled());
        // No answer to the upload is expected: on its way it becomes the question whether it may be sent.
        let _ = upload.config_override(once).interceptor(preflight).send().await;
        let answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
        answer.clone()
    }
}

/// Turns a request into its preflight.
#[derive(Debug)]
struct Preflight {
    origin: String,
    answer: Arc<Mutex<Permission>>,
}

impl Intercept for Preflight {
    fn name(&self) -> &'static str {
        "preflight"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        request.set_method("OPTIONS")?;
        let headers = request.headers_mut();
        headers.remove("authorization");
        headers.insert("origin", self.origin.clone());
        headers.insert("access-control-request-method", "PUT");
        headers.insert("access-control-request-headers", NEEDED_HEADERS.join(","));
        Ok(())
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        if response.status().is_success() {
            let said = |name| response.headers().get(name).unwrap_or_default();
            let mut answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
            *answer = Permission {
                origin: said("access-control-allow-origin").to_owned(),
                methods: said("access-control-allow-methods").to_owned(),
                headers: said("access-control-allow-headers").to_lowercase(),
            };
        }
        Ok(())
    }
}
