//! Requests as bytes, prepared before the clock runs.

use crate::visits::person::FORM;

pub(super) struct Request {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) cookie: Option<String>,
    /// The address of the visitor, as a balancer says it.
    pub(super) forwarded_for: Option<String>,
    compressed: bool,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn get(path: &str, cookie: Option<&str>) -> Request {
        let cookie = cookie.map(str::to_owned);
        Request {
            method: "GET",
            path: path.to_owned(),
            cookie,
            forwarded_for: None,
            compressed: false,
            body: Vec::new(),
        }
    }

    pub(super) fn post(path: &str, cookie: Option<&str>, body: Vec<u8>) -> Request {
        Request { method: "POST", body, ..Request::get(path, cookie) }
    }

    pub(super) fn from(mut self, address: String) -> Request {
        self.forwarded_for = Some(address);
        self
    }

    /// As browsers want their answers.
    pub(super) fn compressed(mut self) -> Request {
        self.compressed = true;
        self
    }

    fn bytes(&self, port: u16) -> Vec<u8> {
        let Request { method, path, cookie, forwarded_for, compressed, body } = self;
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: text/html\r\n");
        let mut say = |name: &str, value: &str| head.extend([name, ": ", value, "\r\n"]);
        say("Sec-Fetch-Site", "same-origin");
        if let Some(cookie) = cookie {
            say("Cookie", cookie);
        }
        if let Some(address) = forwarded_for {
            say("X-Forwarded-For", address);
        }
        if *compressed {
            say("Accept-Encoding", "gzip, br");
        }
        if *method == "POST" {
            say("Content-Type", FORM);
            say("Content-Length", &body.len().to_string());
        }
        [head.as_bytes(), b"\r\n", body].concat()
    }
}

/// As the load generator's script reads them.
pub(super) fn file(requests: &[Request], port: u16) -> Vec<u8> {
    requests.iter().map(|request| request.bytes(port)).collect::<Vec<_>>().join(&0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_written_whole() {
        let get = Request::get("/dashboard", Some("a=b"));
        let post = Request::post("/login", None, b"x=1".to_vec()).from("10.0.0.1".to_owned());
        let text = String::from_utf8(file(&[get, post], 80)).unwrap();
        let (get, post) = text.split_once('\0').unwrap();
        assert!(
            get.starts_with("GET /dashboard HTTP/1.1\r\n") && get.ends_with("Cookie: a=b\r\n\r\n"),
            "{get}"
        );
        assert!(post.contains("X-Forwarded-For: 10.0.0.1\r\n"), "{post}");
        assert!(post.ends_with("Content-Length: 3\r\n\r\nx=1"), "{post}");
    }
}
