//! The way of spans to the collector: HTTP or HTTPS on the node's own runtime, because the thread that batches them has none.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use hyper_rustls::HttpsConnectorBuilder;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response, hyper::HyperClient};
use rustls::crypto::ring;
use tokio::runtime::Handle;

/// A collector that takes longer has lost this batch.
const TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Client {
    client: Arc<dyn HttpClient>,
    runtime: Handle,
}

impl Client {
    pub(super) fn new() -> Result<Self, std::io::Error> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(ring::default_provider())?
            .https_or_http()
            .enable_http1()
            .build();
        let client = Arc::new(HyperClient::new(connector, TIMEOUT, None));
        Ok(Self { client, runtime: Handle::current() })
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        self.runtime.spawn(async move { client.send_bytes(request).await }).await?
    }
}
