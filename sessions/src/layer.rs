//! The tower layer: one `Session` per request, one commit per response.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{HeaderValue, Request, Response, StatusCode, header};
use tower::{Layer, Service};
use tower_sessions::Session;

use crate::{
    commit::Committed,
    cookie::SessionCookie,
    error::{NotSaved, Unavailable},
    store::Store,
    unit::UnitOfWork,
};

const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");
const NOT_SAVED: &str = "We could not keep what you just did, because our session store does not answer. Please try again in a moment.";

/// Puts a [`Session`] into every request, and writes what the handlers did to it before the response leaves.
///
/// A response with a 5xx status saves no changes; signing out counts nevertheless. What is changed after the response
/// was returned, in a streamed body or a spawned task, is not saved.
#[derive(Clone, Debug)]
pub struct SessionLayer {
    pub(crate) store: Held,
}

/// The store as a layer holds it: its requests count themselves here and not where those of all layers would, so that a
/// layer on one thread takes nothing from the caches of another.
pub(crate) type Held = Arc<Arc<Store>>;

impl<S> Layer<S> for SessionLayer {
    type Service = SessionService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        SessionService { inner, store: self.store.clone(), cookie: SessionCookie::new(&self.store.settings) }
    }
}

/// Made by [`SessionLayer`].
#[derive(Clone, Debug)]
pub struct SessionService<S> {
    inner: S,
    store: Held,
    cookie: SessionCookie,
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for SessionService<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone + Send + 'static,
    S::Future: Send,
    ReqBody: Send + 'static,
    ResBody: From<&'static str> + Send,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        // The clone stays behind; the service that was polled ready takes the request.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let cookie = self.cookie.clone();
        let sent = cookie.read(request.headers());
        let unit = Arc::new(UnitOfWork::new(self.store.clone(), sent));
        let session = Session::new(sent.map(|token| token.id), unit.clone(), None);
        request.extensions_mut().insert(session.clone());

        Box::pin(async move {
            let mut response = inner.call(request).await?;
            let keep_changes = !response.status().is_server_error();
            match commit(&unit, &session, keep_changes).await {
                Ok(Committed::Nothing) => {}
                Ok(Committed::Set { token, max_age }) => cookie.set(response.headers_mut(), &token, max_age),
                Ok(Committed::Removed) => cookie.remove(response.headers_mut()),
                Err(Unavailable) => response = not_saved(),
            }
            Ok(response)
        })
    }
}

async fn commit(unit: &UnitOfWork, session: &Session, keep_changes: bool) -> Result<Committed, Unavailable> {
    if session.is_modified() && !session.is_empty().await {
        session.save().await?;
    }
    unit.commit(keep_changes).await
}

fn not_saved<ResBody: From<&'static str>>() -> Response<ResBody> {
    let mut response = Response::new(ResBody::from(NOT_SAVED));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, RETRY_AFTER);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response.extensions_mut().insert(NotSaved);
    response
}
