//! The visitor's language: what they chose here once, else what their browser asks for, else English.

use domain::Language;
use http::{HeaderMap, header};
use leptos::prelude::use_context;

/// The cookie that keeps what was chosen: the language's tag.
pub const LANGUAGE_COOKIE: &str = "language";
/// More than any browser lists.
const MOST_ASKED: usize = 32;

/// The language of the request that is being answered.
pub(crate) fn language() -> Language {
    use_context().unwrap_or_default()
}

/// The language in which to answer a request with these headers.
#[must_use]
pub fn language_of(headers: &HeaderMap) -> Language {
    chosen(headers).unwrap_or_else(|| {
        let lines = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|line| line.to_str().ok());
        preferred(lines.flat_map(|line| line.split(',')))
    })
}

/// The names and values of all cookies.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(header::COOKIE).iter().map(|line| line.to_str().unwrap_or_default());
    lines.flat_map(|line| line.split(';')).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name.trim(), value.trim())
    })
}

fn chosen(headers: &HeaderMap) -> Option<Language> {
    cookies(headers).filter(|(name, _)| *name == LANGUAGE_COOKIE).find_map(|(_, tag)| Language::of_tag(tag))
}

/// Of the ranges of an `Accept-Language` (RFC 9110, section 12.5.4) the one with the highest quality that the store
/// speaks; of equals the first. What cannot be read counts for nothing.
fn preferred<'a>(ranges: impl Iterator<Item = &'a str>) -> Language {
    let mut best = (Language::default(), 0);
    for range in ranges.take(MOST_ASKED) {
        let (tag, parameter) = range.split_once(';').unwrap_or((range, "q=1"));
        if let (Some(language), Some(quality)) = (Language::of_tag(tag.trim()), quality(parameter.trim()))
            && quality > best.1
        {
            best = (language, quality);
        }
    }
    best.0
}

/// In thousandths: `q=0.5` is 500.
fn quality(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    let well_formed =
        name.eq_ignore_ascii_case("q") && decimals.len() <= 3 && decimals.bytes().all(|b| b.is_ascii_digit());
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        _ if !well_formed => None,
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn asked(accepted: &str) -> Language {
        answered(accepted, None)
    }

    fn answered(accepted: &str, cookie: Option<&'static str>) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_bytes(accepted.as_bytes()).unwrap());
        headers.extend(cookie.map(|cookie| (header::COOKIE, HeaderValue::from_static(cookie))));
        language_of(&headers)
    }

    #[test]
    fn the_best_language_that_the_store_speaks_is_chosen() {
        for accepted in [
            "de",
            "DE-at",
            "de-DE,de;q=0.9,en;q=0.8",
            "en;q=0.3, de;q=0.31",
            "fr, de;q=0.1",
            "en;q=0,de",
            "fr-CH, fr;q=0.9, de;q=0.7, *;q=0.5",
            "de;q=1.000,en;q=0.999",
            "de,en",
            " de ; q=0.5 ",
            "de;Q=1",
        ] {
            assert_eq!(asked(accepted), Language::German, "{accepted}");
        }
        for accepted in
            ["en-GB,en;q=0.9,de;q=0.8", "de;q=0.5,en", "en,de", "fr", "*", "", "de;q=0", "de;q=0.000, *"]
        {
            assert_eq!(asked(accepted), Language::English, "{accepted}");
        }
    }

    #[test]
    fn rubbish_counts_for_nothing() {
        let rubbish = [
            "de;q=2",
            "de;q=1.5",
            "de;q=x",
            "de;q=",
            "de;q=0.1234",
            "de;q=-1",
            "de;q=+1",
            "de;level=1",
            "de;q",
            "den",
            "d e",
            ";;;,,,",
            "de;q=0.5;q=1",
            "de_DE",
        ];
        for rubbish in rubbish {
            assert_eq!(asked(rubbish), Language::English, "{rubbish}");
            assert_eq!(asked(&format!("{rubbish},de;q=0.1")), Language::German, "{rubbish}");
        }
        assert_eq!(asked("de,\u{fffd}"), Language::English);
        assert_eq!(asked(&format!("{}de", "xx,".repeat(9_000))), Language::English);
    }

    #[test]
    fn what_was_chosen_here_counts_more_than_what_the_browser_asks_for() {
        assert_eq!(answered("de", Some("a=b; language=en")), Language::English);
        assert_eq!(answered("en", Some("language=de; a=b")), Language::German);
        assert_eq!(answered("de", Some("language=tlh; x")), Language::German);
        assert_eq!(answered("en", Some("languages=de")), Language::English);
    }
}
