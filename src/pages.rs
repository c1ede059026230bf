//! Connects the app to axum: pages are rendered, functions are called, and both answer with honest statuses.

use std::sync::{Arc, PoisonError};

use app::{
    App,
    error::Problem,
    form::Returned,
    server::{
        Asked, Document, Head, MemberOnce, Node, PageData, Site, foresee, language_of, retry_after,
        shows_collection, status_of,
    },
};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, Method, Request, header, request::Parts, uri::PathAndQuery},
    response::{Html, IntoResponse, Response},
    routing::{any, get},
};
use domain::Language;
use http_body_util::BodyExt;
use leptos::{prelude::*, server_fn::axum::server_fn_paths, tachys::view::Position};
use leptos_axum::{
    ResponseOptions, generate_route_list_with_exclusions_and_ssg_and_context, handle_server_fns_with_context,
};
use leptos_router::location::RequestUrl;

use crate::{around::around, forms, security::Edge};

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
    let language = language_of(request.headers());
    let provide = move || {
        provide_context(node.clone());
        provide_context(language);
    };
    let response = handle_server_fns_with_context(provide, request).await;
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
pub fn pages(site: &Site, node: Node, edge: &Edge) -> Router {
    let document = Document::new(site);
    let policy = edge.policy(&document);
    let renderer = Arc::new(Renderer { document, node: node.clone(), policy });
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
    pages.layer(around(posts, forms::post_to_page))
}

struct Renderer {
    document: Document,
    node: Node,
    policy: HeaderValue,
}

/// How often a page may be rendered until it has all its data: pieces that only show with other pieces come later.
const MOST_RENDERINGS: usize = 4;

/// Loads what the page is known to ask for and renders it without waiting; when that missed something, loads it and
/// renders again.
async fn render(renderer: Arc<Renderer>, request: Request<Body>) -> Response {
    let visit = Visit::new(&renderer.node, request.into_parts().0);
    visit.owner.with(|| foresee(visit.asked.0.uri.path(), &visit.url, &visit.data));
    visit.data.load_missed().await;
    let mut rendering = Rendering::new(&renderer.document, &visit);
    for _ in 1..MOST_RENDERINGS {
        if !visit.data.load_missed().await {
            break;
        }
        rendering = Rendering::new(&renderer.document, &visit);
    }
    let response = rendering.into_response(&renderer, &visit);
    visit.owner.cleanup();
    response
}

/// One request for a page, and what all its renderings share.
struct Visit {
    url: RequestUrl,
    language: Language,
    asked: Asked,
    data: PageData,
    owner: Owner,
}

impl Visit {
    fn new(node: &Node, parts: Parts) -> Self {
        let address = parts.uri.path_and_query().map_or("/", PathAndQuery::as_str);
        let url = RequestUrl::new(&format!("http://localhost{address}"));
        let language = language_of(&parts.headers);
        let member = MemberOnce::new(shows_collection(parts.uri.path()));
        let (asked, data) = (Asked(Arc::new(parts)), PageData::default());
        let owner = Owner::new_root(None);
        owner.with(|| {
            provide_context(url.clone());
            provide_context(language);
            provide_context(asked.clone());
            provide_context(data.clone());
            provide_context(node.clone());
            provide_context(member);
            if let Some(returned) = asked.0.extensions.get::<Returned>() {
                provide_context(returned.clone());
            }
        });
        Self { url, language, asked, data, owner }
    }
}

/// The page as far as its data was there.
struct Rendering {
    html: String,
    head: Head,
    options: ResponseOptions,
    /// What the rendering set in motion may still need what was provided to it.
    _owner: Owner,
}

impl Rendering {
    fn new(document: &Document, visit: &Visit) -> Self {
        let (head, options) = (Head::default(), ResponseOptions::default());
        if let Some(problem) = visit.asked.0.extensions.get::<Returned>().and_then(|it| it.problem.as_ref()) {
            options.set_status(status_of(problem));
        }
        let owner = visit.owner.child();
        let html = owner.with(|| {
            provide_context(options.clone());
            provide_context(head.clone());
            let mut html = document.begin();
            App().to_html_with_buf(&mut html, &mut Position::FirstChild, true, false, Vec::new());
            html
        });
        Self { html, head, options, _owner: owner }
    }

    fn into_response(self, renderer: &Renderer, visit: &Visit) -> Response {
        let path = visit.asked.0.uri.path();
        let page = renderer.document.finish(self.html, path, visit.language, &self.head, &visit.data);
        let mut response = Html(page).into_response();
        let said = std::mem::take(&mut *self.options.0.write().unwrap_or_else(PoisonError::into_inner));
        if let Some(status) = said.status {
            *response.status_mut() = status;
        }
        response.headers_mut().extend(said.headers);
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
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
