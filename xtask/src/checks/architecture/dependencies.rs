//! Which crates a room may stand on, read from its manifest and from the browser's resolved tree.

use serde::Deserialize;

use super::nothing_of;

#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// `None`: an ordinary dependency, not one of tests or of a build script.
    kind: Option<String>,
}

fn dependencies<'a>(metadata: &'a Metadata, package: &str) -> Result<Vec<&'a str>, String> {
    let package = metadata
        .packages
        .iter()
        .find(|found| found.name == package)
        .ok_or(format!("there is no package {package}"))?;
    Ok(package
        .dependencies
        .iter()
        .filter(|found| found.kind.is_none())
        .map(|found| found.name.as_str())
        .collect())
}

pub(super) fn only(metadata: &Metadata, package: &str, allowed: &[&str]) -> Result<(), String> {
    nothing_of(
        dependencies(metadata, package)?.into_iter().filter(|name| !allowed.contains(name)),
        "it depends on",
    )
}

pub(super) fn none(metadata: &Metadata, package: &str, forbidden: &[&str]) -> Result<(), String> {
    nothing_of(
        dependencies(metadata, package)?.into_iter().filter(|name| among(name, forbidden)),
        "it depends on",
    )
}

pub(super) fn some(metadata: &Metadata, package: &str, wanted: &str) -> Result<(), String> {
    let found = dependencies(metadata, package)?.contains(&wanted);
    if found { Ok(()) } else { Err(format!("{package} does not depend on {wanted}")) }
}

pub(super) fn in_tree(tree: &str, forbidden: &[&str]) -> Result<(), String> {
    let mut names: Vec<&str> =
        tree.lines().filter_map(|line| line.split(' ').next()).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return Err("`cargo tree` shows nothing for frontend".to_owned());
    }
    nothing_of(names.into_iter().filter(|name| among(name, forbidden)), "its tree for wasm32 holds")
}

fn among(name: &str, patterns: &[&str]) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == *pattern,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{DOMAIN_MAY_USE, NOT_IN_BACKEND, NOT_IN_BROWSER};
    use super::*;

    fn metadata(package: &str, names: &[&str]) -> Metadata {
        let dependencies =
            names.iter().map(|name| Dependency { name: (*name).to_owned(), kind: None }).collect();
        Metadata { packages: vec![Package { name: package.to_owned(), dependencies }] }
    }

    #[test]
    fn a_room_that_reaches_in_the_wrong_direction_is_named() {
        assert_eq!(
            only(&metadata("domain", &["serde", "tokio"]), "domain", DOMAIN_MAY_USE).unwrap_err(),
            "it depends on tokio"
        );
        let backend = metadata("backend", &["domain", "leptos_router", "axum"]);
        assert_eq!(
            none(&backend, "backend", NOT_IN_BACKEND).unwrap_err(),
            "it depends on leptos_router, axum"
        );
        assert!(none(&metadata("backend", &["domain", "sqlx"]), "backend", NOT_IN_BACKEND).is_ok());
    }

    #[test]
    fn a_tool_that_only_tests_use_is_no_dependency() {
        let mut domain = metadata("domain", &["tokio"]);
        domain.packages[0].dependencies[0].kind = Some("dev".to_owned());
        assert!(only(&domain, "domain", DOMAIN_MAY_USE).is_ok());
    }

    #[test]
    fn a_crate_of_the_server_is_found_in_the_browsers_tree() {
        assert!(in_tree("frontend v0.1.0 (/x)\napp v0.1.0\ntokio-util v1\n", NOT_IN_BROWSER).is_ok());
        assert!(
            in_tree("frontend v0.1.0\nsqlx-core v0.9.0\n", NOT_IN_BROWSER).unwrap_err().contains("sqlx-core")
        );
        assert!(in_tree("", NOT_IN_BROWSER).is_err());
    }
}
