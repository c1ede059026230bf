//! Static files: hashed ones are cached for ever, the rest for an hour; brotli and gzip come from the disk.

use std::path::{Path, PathBuf};

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

/// Where the files of a release lie: in a folder of their own where several releases lie beside each other, else in that
/// of the package.
pub(crate) fn package(root: &str, release: Option<&str>) -> PathBuf {
    let package = Path::new(root).join(PACKAGE);
    let folder = release.map(|release| package.join(release));
    folder.filter(|folder| folder.is_dir()).unwrap_or(package)
}

/// Routes for the package that cargo-leptos built and for the files of `public/`.
pub fn files(root: &str, release: Option<&str>) -> Router {
    let packed = |folder: PathBuf| {
        ServiceBuilder::new()
            .layer(cached("public, max-age=31536000, immutable"))
            .service(ServeDir::new(folder).precompressed_br().precompressed_gzip())
    };
    let all = Router::new().nest_service(&format!("/{PACKAGE}"), packed(package(root, None)));
    let ours = release.into_iter().fold(all, |router, name| {
        router.nest_service(&format!("/{PACKAGE}/{name}"), packed(package(root, release)))
    });
    TOP_LEVEL.iter().fold(ours, |router, name| {
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
