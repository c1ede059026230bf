//! Reads and writes the session cookie, with the same attributes whether it is set or removed.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};

use crate::{settings::Settings, token::Token};

#[derive(Clone, Debug)]
pub(crate) struct SessionCookie {
    name: String,
    secure: bool,
}

impl SessionCookie {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self { name: settings.cookie_name(), secure: settings.secure_cookie }
    }

    /// The first well-formed value. Anything else under this name is as good as no cookie.
    pub(crate) fn read(&self, headers: &HeaderMap) -> Option<Token> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.split_once('='))
            .filter(|(name, _)| name.trim() == self.name)
            .find_map(|(_, value)| Token::parse(value.trim()))
    }

    /// Without `max_age` the browser forgets the cookie when it closes.
    pub(crate) fn set(&self, headers: &mut HeaderMap, token: &Token, max_age: Option<Duration>) {
        let lifetime = max_age.map(|age| format!("; Max-Age={}", age.as_secs())).unwrap_or_default();
        self.write(headers, &token.cookie_value(), &lifetime);
    }

    pub(crate) fn remove(&self, headers: &mut HeaderMap) {
        self.write(headers, "", "; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
    }

    fn write(&self, headers: &mut HeaderMap, value: &str, lifetime: &str) {
        let secure = if self.secure { "; Secure" } else { "" };
        let line = format!("{}={value}; HttpOnly; SameSite=Lax; Path=/{secure}{lifetime}", self.name);
        let line = HeaderValue::try_from(line).expect("name, value and attributes are plain ASCII");
        headers.append(header::SET_COOKIE, line);
        // A shared cache must not hand one visitor's cookie to the next.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
