//! Makes what stands behind a middleware cheap to clone.
//!
//! For each request, axum's middleware clones everything that it stands in front of, where the next one does the same: of a
//! dozen, the innermost would be cloned a dozen times. Shared ones are counted instead, and cloned where they are called.

use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
};

use axum::extract::Request;
use tower::{Layer, Service, ServiceExt, util::Oneshot};

#[derive(Clone, Copy, Debug)]
pub struct Share;

impl<S> Layer<S> for Share {
    type Service = Shared<S>;

    fn layer(&self, service: S) -> Shared<S> {
        Shared(Arc::new(service))
    }
}

/// Made by [`Share`]; ready at any time, and then waits for the service.
#[derive(Debug)]
pub struct Shared<S>(Arc<S>);

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Service<Request, Error = Infallible> + Clone> Service<Request> for Shared<S> {
    type Response = S::Response;
    type Error = Infallible;
    type Future = Oneshot<S, Request>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        S::clone(&self.0).oneshot(request)
    }
}
