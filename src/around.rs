//! Middleware: what stands around what answers requests.
//!
//! axum's own clones, for each request, all that it stands in front of, and puts it and what it waits for into boxes. A dozen
//! of them would be a tenth of what a page costs. Here what stands further in is shared, and cloned where it is called; and
//! each has one box, for what it waits for.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use tower::{Layer, Service, ServiceExt, util::Oneshot};

/// What answers requests, or what stands around it.
pub trait Answers:
    Service<Request, Response: IntoResponse, Error = Infallible, Future: Send> + Clone + Send + Sync + 'static
{
}

impl<S> Answers for S where
    S: Service<Request, Response: IntoResponse, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// What stands further in, for one request.
pub struct Next<S>(Shared<S>);

impl<S: Answers> Next<S> {
    pub fn run(mut self, request: Request) -> impl Future<Output = Response> + Send {
        // No block of `async`: that would hold what it waits for twice, and so would each further out.
        self.0.call(request).map(|answer| match answer {
            Ok(response) => response.into_response(),
            Err(never) => match never {},
        })
    }
}

/// Middleware that is a function of its state, the request and the [`Next`].
pub fn around<T, F>(state: T, function: F) -> Around<T, F> {
    Around { state: Arc::new(state), function }
}

pub struct Around<T, F> {
    /// Counted here and not inside, where other threads count, too.
    state: Arc<T>,
    function: F,
}

impl<T, F: Clone> Clone for Around<T, F> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone(), function: self.function.clone() }
    }
}

impl<S, T, F: Clone> Layer<S> for Around<T, F> {
    type Service = Surrounded<S, T, F>;

    fn layer(&self, inner: S) -> Self::Service {
        Surrounded { inner: Share.layer(inner), around: self.clone() }
    }
}

/// Made by [`Around`]; ready at any time, and then waits for what stands further in.
pub struct Surrounded<S, T, F> {
    inner: Shared<S>,
    around: Around<T, F>,
}

impl<S, T, F: Clone> Clone for Surrounded<S, T, F> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), around: self.around.clone() }
    }
}

impl<S, T, F, A> Service<Request> for Surrounded<S, T, F>
where
    S: Answers,
    F: Fn(Arc<T>, Request, Next<S>) -> A,
    A: Future<Output = Response> + Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Around { state, function } = &self.around;
        let answering = function(state.clone(), request, Next(self.inner.clone()));
        Box::pin(answering.map(Ok))
    }
}

/// For layers of others: what stands behind one of these is shared, too.
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
