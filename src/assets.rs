//! Static files: hashed ones are cached for ever, the rest for an hour; brotli and gzip come from the disk.

use axum::{
    Router,
    http::{HeaderValue, header},
};
use tower::ServiceBuilder;
use tower_http::{
    services::{ServeDir, ServeFile},
    set_header::SetResponseHeaderLayer,
};

/// The files of `public/` that have an address of their own; anything else is a page.
const TOP_LEVEL: [&str; 3] = ["favicon.svg", "manifest.webmanifest", "robots.txt"];

/// What cargo-leptos calls the folder of the built files.
const PACKAGE: &str = "pkg";

/// Routes for the package that cargo-leptos built and for the files of `public/`.
pub fn files(root: &str) -> Router {
    let packed = ServiceBuilder::new()
        .layer(cached("public, max-age=31536000, immutable"))
        .service(ServeDir::new(format!("{root}/{PACKAGE}")).precompressed_br().precompressed_gzip());
    TOP_LEVEL.iter().fold(Router::new().nest_service(&format!("/{PACKAGE}"), packed), |router, name| {
        let file = ServiceBuilder::new()
            .layer(cached("public, max-age=3600"))
            .service(ServeFile::new(format!("{root}/{name}")).precompressed_br().precompressed_gzip());
        router.route_service(&format!("/{name}"), file)
    })
}

/// Whether something is asked for that [`files`] answers.
pub(crate) fn is_file(path: &str) -> bool {
    let name = path.strip_prefix('/').unwrap_or(path);
    name.split_once('/').is_some_and(|(folder, _)| folder == PACKAGE) || TOP_LEVEL.contains(&name)
}

/// Only what was found may be kept: a node that is rolled may know a file that this one does not.
fn cached(
    rule: &'static str,
) -> SetResponseHeaderLayer<impl Fn(&axum::http::Response<ServedBody>) -> Option<HeaderValue> + Clone> {
    SetResponseHeaderLayer::overriding(
        header::CACHE_CONTROL,
        move |response: &axum::http::Response<ServedBody>| {
            let found =
                response.status().is_success() || response.status() == axum::http::StatusCode::NOT_MODIFIED;
            Some(HeaderValue::from_static(if found { rule } else { "no-store" }))
        },
    )
}

type ServedBody = tower_http::services::fs::ServeFileSystemResponseBody;
