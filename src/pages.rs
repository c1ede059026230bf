//! Connects the app to axum: pages are rendered, functions are called, and both answer with honest statuses.

use std::sync::{Arc, PoisonError};

use app::{
    App,
    error::Problem,
    form::Returned,
    server::{Head, Node, PageData, ProfileOnce, Site, document, retry_after, status_of},
};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, Method, Request, StatusCode, header, request::Parts, uri::PathAndQuery},
    response::{Html, IntoResponse, Response},
    routing::{any, get},
};
use http_body_util::BodyExt;
use leptos::{prelude::*, server_fn::axum::server_fn_paths};
use leptos_axum::{
    ResponseOptions, generate_route_list_with_exclusions_and_ssg_and_context, handle_server_fns_with_context,
};
use leptos_router::location::RequestUrl;

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
pub fn pages(site: Site, node: Node, edge: &Edge) -> Router {
    let policy = edge.policy(&site);
    let renderer = Renderer { site: Arc::new(site), node: node.clone(), policy };
    let page = move |request: Request<Body>| render(renderer.clone(), request);
    // Known patterns get routes of their own, so that figures can name them.
    let (routes, _) = generate_route_list_with_exclusions_and_ssg_and_context(App, None, || {
        provide_context(PageData::default());
        provide_context(Head::default());
    });
    let pages = routes
        .iter()
        .fold(Router::new(), |router, route| router.route(route.path(), get(page.clone())))
        .fallback(page);
    let posts = forms::Posts { node, pages: pages.clone() };
    pages.layer(axum::middleware::from_fn_with_state(posts, forms::post_to_page))
}

#[derive(Clone)]
struct Renderer {
    site: Arc<Site>,
    node: Node,
    policy: HeaderValue,
}

/// How often a page may be rendered until it has all its data: pieces that only show with other pieces come later.
const MOST_RENDERINGS: usize = 4;

/// Renders without waiting, loads what that missed, and renders again.
async fn render(renderer: Renderer, request: Request<Body>) -> Response {
    let (parts, _) = request.into_parts();
    let (data, profile) = (PageData::default(), ProfileOnce::default());
    // What one rendering set in motion may still need what was provided to it.
    let mut renderings = Vec::new();
    for _ in 0..MOST_RENDERINGS {
        let rendering = Rendering::new(&renderer.node, &parts, &data, &profile);
        let missed = data.load_missed().await;
        renderings.push(rendering);
        if !missed {
            break;
        }
    }
    match renderings.pop() {
        Some(last) => last.into_response(&renderer, &data),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The page as far as its data was there.
struct Rendering {
    body: String,
    head: Head,
    options: ResponseOptions,
    owner: Owner,
}

impl Rendering {
    fn new(node: &Node, parts: &Parts, data: &PageData, profile: &ProfileOnce) -> Self {
        let (head, options) = (Head::default(), ResponseOptions::default());
        let owner = Owner::new_root(None);
        let body = owner.with(|| {
            let address = parts.uri.path_and_query().map_or("/", PathAndQuery::as_str);
            provide_context(RequestUrl::new(&format!("http://localhost{address}")));
            provide_context(parts.clone());
            provide_context(options.clone());
            provide_context(head.clone());
            provide_context(data.clone());
            provide_context(profile.clone());
            provide_context(node.clone());
            if let Some(returned) = parts.extensions.get::<Returned>() {
                provide_context(returned.clone());
                if let Some(problem) = &returned.problem {
                    options.set_status(status_of(problem));
                }
            }
            App().to_html()
        });
        Self { body, head, options, owner }
    }

    fn into_response(self, renderer: &Renderer, data: &PageData) -> Response {
        let html = document(&renderer.site, &self.head, &self.body, data);
        self.owner.cleanup();
        let mut response = Html(html).into_response();
        let said = std::mem::take(&mut *self.options.0.write().unwrap_or_else(PoisonError::into_inner));
        if let Some(status) = said.status {
            *response.status_mut() = status;
        }
        response.headers_mut().extend(said.headers);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, renderer.policy.clone());
        response
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
