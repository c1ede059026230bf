//! Forms without script: `POST /page?/function` calls the function and answers the next page, or the same page
//! again with what was typed and what is wrong. A picture that comes along is put into the bucket first, so that
//! the function sees an upload like any other and a refusal of the name does not lose the picture.

mod kept;

use std::{collections::HashMap, sync::Arc};

use app::{
    error::{Done, Problem},
    form::Returned,
    server::{Node, status_of},
};
use axum::{
    Router,
    body::Body,
    extract::{FromRequest, Multipart, Request, multipart::Field},
    http::{HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, Limited};
use tower::ServiceExt;
use tower_sessions::Session;

use crate::{
    around::{Answers, Next},
    pages,
};

/// The most bytes of text that a form may send.
const LARGEST_TEXT: usize = 64 * 1024;
/// The most bytes that are read of a form with a file, so that a picture that is too large is answered with a
/// sentence. What is over the size of a picture is thrown away as it arrives.
const LARGEST_FORM: usize = 32 * 1024 * 1024;
/// The most fields that a form may have.
const MOST_FIELDS: usize = 32;

/// What turning a post into a page needs.
#[derive(Clone)]
pub struct Posts {
    pub node: Node,
    pub pages: Router,
}

/// Middleware around the pages: answers posts, lets everything else through.
pub async fn post_to_page(posts: Arc<Posts>, request: Request, next: Next<impl Answers>) -> Response {
    if pages::is_read(request.method()) {
        return next.run(kept::filled_in(request).await).await;
    }
    let function = request.uri().query().and_then(|query| query.strip_prefix('/')).map(str::to_owned);
    match (request.method(), function) {
        (&Method::POST, Some(function)) if is_function_name(&function) => {
            // In a box: it is larger than all that a page waits for, which would otherwise have its size.
            Box::pin(posts.answer(&function, request)).await
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

fn is_function_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

impl Posts {
    async fn answer(&self, function: &str, request: Request) -> Response {
        let (original, body) = request.into_parts();
        let mut form = Filled::default();
        let outcome = match form.read(Request::from_parts(original.clone(), body)).await {
            Ok(()) => self.act(function, &mut form, &original).await,
            Err(problem) => Err(problem),
        };
        match outcome {
            Ok(response) => response,
            Err(problem) if problem.is_signed_out() => {
                kept::sign_in_first(function, form.values, &original).await
            }
            Err(problem) => self.show_again(function, form.values, problem, &original).await,
        }
    }

    async fn act(&self, function: &str, form: &mut Filled, original: &Parts) -> Result<Response, Problem> {
        if let Some(picture) = form.picture.take() {
            let session = original.extensions.get::<Session>().cloned();
            let upload = app::server::put_picture(&self.node, session, picture).await?;
            form.values.insert("upload".to_owned(), upload.to_string());
        }
        self.call(function, &form.values, original).await
    }

    /// Calls the function as the browser's script would; the answer leads to the next page.
    async fn call(
        &self,
        function: &str,
        values: &HashMap<String, String>,
        original: &Parts,
    ) -> Result<Response, Problem> {
        let body = serde_urlencoded::to_string(values).map_err(|_| Problem::OutOfDate)?;
        let uri = Uri::try_from(format!("/api/{function}")).map_err(|_| Problem::OutOfDate)?;
        let mut request = like(original, Method::POST, uri, Body::from(body));
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let response = pages::call(self.node.clone(), request).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.map_err(|_| Problem::Unavailable)?.to_bytes();
        if !parts.status.is_success() {
            return Err(pages::problem_in(&bytes));
        }
        let done: Done = serde_json::from_slice(&bytes).map_err(|_| Problem::Unavailable)?;
        let location = HeaderValue::from_str(&done.location()).map_err(|_| Problem::Unavailable)?;
        Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
    }

    /// Renders the page that the form stood on, with what was typed, except passwords.
    async fn show_again(
        &self,
        function: &str,
        mut values: HashMap<String, String>,
        problem: Problem,
        original: &Parts,
    ) -> Response {
        without_secrets(&mut values);
        let status = status_of(&problem);
        let returned = Returned { function: format!("/api/{function}"), values, problem: Some(problem) };
        let mut request = like(original, Method::GET, original.uri.clone(), Body::empty());
        request.headers_mut().remove(header::CONTENT_TYPE);
        request.extensions_mut().insert(returned);
        let mut response = match self.pages.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        if response.status().is_success() {
            *response.status_mut() = status;
        }
        response
    }
}

/// Passwords are never sent back or kept.
fn without_secrets(values: &mut HashMap<String, String>) {
    values.retain(|name, _| !name.contains("password"));
}

/// A request of the same visitor, with the same headers and session, for something else.
fn like(original: &Parts, method: Method, uri: Uri, body: Body) -> Request {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    request.headers_mut().clone_from(&original.headers);
    request.headers_mut().remove(header::CONTENT_LENGTH);
    request.extensions_mut().clone_from(&original.extensions);
    request
}

/// What a person filled in.
#[derive(Default)]
struct Filled {
    values: HashMap<String, String>,
    picture: Option<Vec<u8>>,
}

impl Filled {
    /// Reads the fields. After an error, those that were read before it are there.
    async fn read(&mut self, request: Request) -> Result<(), Problem> {
        let is_multipart = request
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
        if is_multipart {
            return self.read_multipart(request).await;
        }
        let body = Limited::new(request.into_body(), LARGEST_TEXT).collect().await;
        let bytes = body.map_err(|_| Problem::OutOfDate)?.to_bytes();
        let fields: Vec<(String, String)> =
            serde_urlencoded::from_bytes(&bytes).map_err(|_| Problem::OutOfDate)?;
        self.values.extend(fields.into_iter().take(MOST_FIELDS));
        Ok(())
    }

    async fn read_multipart(&mut self, request: Request) -> Result<(), Problem> {
        let request = request.map(|body| Body::new(Limited::new(body, LARGEST_FORM)));
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| Problem::OutOfDate)?;
        let mut too_large = false;
        for _ in 0..MOST_FIELDS {
            let Some(field) = form.next_field().await.map_err(|_| app::server::picture_too_large())? else {
                break;
            };
            let name = field.name().unwrap_or_default().to_owned();
            let is_file = field.file_name().is_some();
            let bytes = read_field(field).await?;
            match bytes {
                None => too_large = true,
                Some(bytes) if is_file && bytes.is_empty() => {}
                Some(bytes) if is_file => self.picture = Some(bytes),
                Some(bytes) => {
                    self.values.insert(name, String::from_utf8_lossy(&bytes).into_owned());
                }
            }
        }
        if too_large { Err(app::server::picture_too_large()) } else { Ok(()) }
    }
}

/// The bytes of a field, or nothing when they are more than a picture may have.
async fn read_field(mut field: Field<'_>) -> Result<Option<Vec<u8>>, Problem> {
    let largest = app::server::LARGEST_PICTURE;
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(chunk) = field.chunk().await.map_err(|_| app::server::picture_too_large())? {
        length += chunk.len();
        if length <= largest {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok((length <= largest).then_some(bytes))
}
