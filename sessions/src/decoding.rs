//! The doors that bytes from outside come in by, and what must hold whatever comes. `fuzz/` searches for what breaks
//! it; the test run tries a fixed set.

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderValue, header};

use crate::{
    Secret, Settings,
    cookie::SessionCookie,
    record::{self, ACCOUNT, Changes, ENDS, HANDLE, Stored},
};

/// Reads `bytes` as the `Cookie` header of a request.
pub fn cookie_header(bytes: &[u8]) {
    let Ok(line) = HeaderValue::from_bytes(bytes) else { return };
    let settings = Settings::new(Secret::new([7; 32]));
    let cookie = SessionCookie::new(&settings);
    let mut headers = HeaderMap::new();
    headers.append(header::COOKIE, line.clone());
    let Some(token) = cookie.read(&headers) else { return };

    // What was accepted is what was sent: one cookie has one value only.
    let value = token.cookie_value();
    assert!(line.to_str().expect("only text is accepted").contains(&value));
    // What Redis sees of it is of use in a key and reveals nothing.
    for seen in [token.name(), token.verifier(&settings.secret)] {
        assert!(
            seen.len() == 22
                && seen.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        );
        assert!(!value.contains(&seen));
    }
    // What is set is read again.
    let mut response = HeaderMap::new();
    cookie.set(&mut response, &token, None);
    let mut headers = HeaderMap::new();
    headers.append(header::COOKIE, response.remove(header::SET_COOKIE).expect("it was set"));
    assert!(cookie.read(&headers) == Some(token));
}

/// Reads `bytes` as a record: fields and values in turn, separated by zero bytes.
pub fn record(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split('\0').map(str::to_owned);
    let mut fields = BTreeMap::new();
    while let (Some(field), Some(value)) = (parts.next(), parts.next()) {
        fields.insert(field, value);
    }
    let Ok(stored) = Stored::from_fields(fields.clone()) else { return };

    // Who is signed in is said by one field, which the application's data cannot pass for.
    let view = stored.view("its-name");
    assert!(view[HANDLE] == "its-name");
    assert_eq!(
        view.get(ACCOUNT).and_then(|account| account.as_str()),
        fields.get("account").map(String::as_str)
    );
    assert!(
        view.keys()
            .filter(|name| record::is_reserved(name))
            .all(|name| [HANDLE, ACCOUNT, ENDS].contains(&&**name))
    );
    // What was read and not changed is not written.
    assert!(Changes::between(&stored.data, &view).is_empty());
    // What is written is read again.
    let written = record::fields(&view);
    assert!(written.keys().all(|field| fields.contains_key(field)));
    let again = Stored::from_fields(written).expect("it was written by this version");
    // Values are not compared: serde_json may read a float one unit in the last place beside what was written.
    assert!(
        again.data.len() == stored.data.len() && again.data.keys().all(|name| stored.data.contains_key(name))
    );
}

#[cfg(test)]
mod tests {
    use proptest::{
        prelude::{Strategy, any, prop},
        test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
    };

    /// The same cases in every run.
    fn try_each(inputs: impl Strategy<Value = Vec<u8>>, door: fn(&[u8])) {
        let config = Config { failure_persistence: None, ..Config::with_cases(5_000) };
        let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let outcome = TestRunner::new_with_rng(config, random).run(&inputs, |bytes| {
            door(&bytes);
            Ok(())
        });
        assert!(outcome.is_ok(), "{outcome:?}");
    }

    fn text_like(pattern: &str) -> impl Strategy<Value = Vec<u8>> {
        prop::string::string_regex(pattern).expect("a fixed pattern").prop_map(String::into_bytes)
    }

    fn anything() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(any::<u8>(), 0..200)
    }

    #[test]
    fn any_cookie_header_is_read_without_harm() {
        try_each(anything(), super::cookie_header);
        try_each(text_like("(__Host-cardstore ?= ?[A-Za-z0-9_=;-]{0,50};? ?){0,3}"), super::cookie_header);
        // Of the right length, and most of the time well-formed.
        let value = "[A-Za-z0-9_-]{21}[AQgw][A-Za-z0-9_-]{21}[AQgwBx]";
        try_each(text_like(&format!("(a=b; )?__Host-cardstore={value}(; c=d)?")), super::cookie_header);
    }

    #[test]
    fn any_record_is_read_without_harm() {
        try_each(anything(), super::record);
        let field = "(d:[@a-z]{1,8}|account|seen|idle|deadline|v|[a-z]{1,6})";
        let value = "(\"[a-z]{0,5}\"|-?[0-9]{1,20}(\\.[0-9]{1,5})?(e[0-9]{1,3})?|null|\\[\\]|\\{\"a\":1\\}|[!-~]{0,9})";
        try_each(text_like(&format!("({field}\0{value}\0){{0,6}}")), super::record);
    }
}
