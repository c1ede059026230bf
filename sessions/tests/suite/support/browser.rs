//! A browser: keeps the session cookie, sends it, and obeys when it is set or removed.

use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request, StatusCode, header};
use tower::ServiceExt;

use super::Node;

#[derive(Clone, Default)]
pub(crate) struct Browser {
    /// As it goes into the `Cookie` header.
    pub(crate) cookie: Option<String>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn set_cookie(&self) -> Option<&str> {
        self.headers.get(header::SET_COOKIE).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }
}

impl Browser {
    pub(crate) fn sending(cookie: &str) -> Self {
        Self { cookie: Some(cookie.to_owned()) }
    }

    /// The secret part of the cookie.
    pub(crate) fn value(&self) -> &str {
        self.cookie.as_deref().and_then(|cookie| cookie.split_once('=')).unwrap().1
    }

    pub(crate) async fn get(&mut self, node: &Node, path: &str) -> Answer {
        self.send(node, "GET", path).await
    }

    pub(crate) async fn post(&mut self, node: &Node, path: &str) -> Answer {
        self.send(node, "POST", path).await
    }

    async fn send(&mut self, node: &Node, method: &str, path: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let response = node.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        if let Some(line) = answer.set_cookie() {
            let pair = line.split(';').next().unwrap();
            self.cookie = (!line.contains("Max-Age=0")).then(|| pair.to_owned());
            if self.cookie.is_some() {
                node.cookies.lock().unwrap().insert(self.value().to_owned());
            }
        }
        answer
    }
}
