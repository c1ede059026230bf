//! Connects the app to axum: pages are rendered, functions are called, and both answer with honest statuses.

use app::{
    App,
    error::Problem,
    form::Returned,
    server::{Node, retry_after, status_of},
    shell,
};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, Method, Request, header, request::Parts},
    response::{IntoResponse, Response},
    routing::any,
};
use http_body_util::BodyExt;
use leptos::{config::LeptosOptions, nonce::Nonce, prelude::*, server_fn::axum::server_fn_paths};
use leptos_axum::{
    LeptosRoutes, ResponseOptions, generate_route_list_with_exclusions, handle_server_fns_with_context,
};

use crate::{forms, security::Edge};

/// Marks the answer of a function that failed; its body is the [`Problem`].
const FAILED: HeaderName = HeaderName::from_static("serverfnerror");

/// Every server function under `/api/`.
pub fn functions(node: Node) -> Router {
    let handler = move |request: Request<Body>| call(node.clone(), request);
    Router::new().route("/api/{*function}", any(handler))
}

/// Calls the server function that `request` names.
pub(crate) async fn call(node: Node, mut request: Request<Body>) -> Response {
    // A browser's form would be sent back to where it came from with the problem in the URL; `forms` does better.
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let response = handle_server_fns_with_context(move || provide_context(node.clone()), request).await;
    let mut response = with_status_of_problem(response.into_response()).await;
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Leptos answers every failed function with 500; the problem says what it really is.
async fn with_status_of_problem(response: Response) -> Response {
    if !response.headers().contains_key(FAILED) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let problem = problem_in(&bytes);
    parts.status = status_of(&problem);
    if let Some(seconds) = retry_after(&problem) {
        parts.headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// The problem in the body of a failed function's answer.
pub(crate) fn problem_in(body: &Bytes) -> Problem {
    serde_json::from_slice(body).unwrap_or(Problem::Unavailable)
}

/// Every page, and the page that says that there is none.
pub fn pages(options: LeptosOptions, node: Node, edge: &Edge) -> Router {
    let context = {
        let (node, edge) = (node.clone(), edge.clone());
        move || provide_page_context(&node, &edge)
    };
    // Leptos would answer functions among the pages; `functions` does that with honest statuses.
    let functions = server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    let routes = generate_route_list_with_exclusions(App, Some(functions));
    let rendered = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let not_found = leptos_axum::render_app_async_with_context(context.clone(), rendered.clone());
    let pages: Router = Router::new()
        .leptos_routes_with_context(&options, routes, context, rendered)
        .fallback(move |request: Request<Body>| not_found(request))
        .with_state(options);
    let posts = forms::Posts { node, pages: pages.clone() };
    pages.layer(axum::middleware::from_fn_with_state(posts, forms::post_to_page))
}

/// What a page may reach while it is rendered, and the policy that its nonce belongs to.
fn provide_page_context(node: &Node, edge: &Edge) {
    provide_context(node.clone());
    if let (Some(nonce), Some(response)) = (use_context::<Nonce>(), use_context::<ResponseOptions>())
        && let Ok(policy) = HeaderValue::from_str(&edge.policy(&nonce))
    {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Some(parts) = use_context::<Parts>()
        && let Some(returned) = parts.extensions.get::<Returned>()
    {
        provide_context(returned.clone());
        if let (Some(problem), Some(response)) = (&returned.problem, use_context::<ResponseOptions>()) {
            response.set_status(status_of(problem));
        }
    }
}

/// True for the address of a server function of this node.
pub(crate) fn is_function(path: &str) -> bool {
    server_fn_paths().any(|(known, _)| known == path)
}

/// True for requests that ask for a page or a file, never for a change.
pub(crate) fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}
