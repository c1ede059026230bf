//! What can be told from the settings alone: the address that people type, the cookies, the secret.

use super::finding::Finding;
use crate::config::Config;

/// Fewer different bytes than this were not drawn at random.
const FEWEST_DIFFERENT_BYTES: usize = 8;

pub(super) fn look(config: &Config) -> Vec<Finding> {
    vec![look_at_address(config), look_at_secret(config), look_at_sender(config)]
        .into_iter()
        .flatten()
        .collect()
}

fn look_at_address(config: &Config) -> Option<Finding> {
    let origin = config.origin();
    let host = origin.split("://").nth(1).unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    let local = name == "localhost" || name.starts_with("127.") || name.starts_with('[');
    Some(match origin.split("://").next() {
        _ if host.is_empty() || host.contains('/') => Finding::wrong(
            "address",
            format!("CARDSTORE_PUBLIC_URL is {origin}, which is no origin"),
            "Set it to scheme and name alone, like https://cards.example.com",
        ),
        Some("https") => Finding::fine("address", format!("{origin}; cookies are __Host- and Secure")),
        Some("http") if local => Finding::note(
            "address",
            format!("{origin}: cookies are not Secure, and links in mail lead to this machine"),
            "Fine for a trial; others need CARDSTORE_PUBLIC_URL with https",
        ),
        Some("http") => Finding::wrong(
            "address",
            format!("{origin} is not encrypted: whoever is in between reads passwords and cookies"),
            "Let the balancer serve https, and set CARDSTORE_PUBLIC_URL to that",
        ),
        _ => Finding::wrong(
            "address",
            format!("{origin} is neither http nor https"),
            "Set CARDSTORE_PUBLIC_URL",
        ),
    })
}

fn look_at_secret(config: &Config) -> Option<Finding> {
    let secrets = [Some(&config.session_secret), config.session_secret_previous.as_ref()];
    let weak = secrets.into_iter().flatten().any(|secret| {
        let different: std::collections::HashSet<u8> = secret.bytes().collect();
        secret.len() < sessions::SECRET_BYTES_MIN || different.len() < FEWEST_DIFFERENT_BYTES
    });
    weak.then(|| {
        Finding::wrong(
            "secret",
            "CARDSTORE_SESSION_SECRET, or the previous one, is short or easily guessed",
            "Make one by `openssl rand -hex 32`, the same for every node",
        )
    })
}

fn look_at_sender(config: &Config) -> Option<Finding> {
    (config.smtp_url.is_some() && config.mail_from.contains("@example.com")).then(|| {
        Finding::wrong(
            "sender",
            format!("letters come from {}", config.mail_from),
            "Set MAIL_FROM to an address that your mail server may send from",
        )
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn findings(more: &[&str]) -> Vec<Finding> {
        let secret = "--session-secret=0123456789abcdef0123456789abcdef";
        look(&Config::parse_from(["cardstore", secret].iter().chain(more)))
    }

    #[test]
    fn an_address_that_others_read_along_is_wrong() {
        let wrong = |url: &str| findings(&["--public-url", url])[0].is_wrong();
        for url in
            ["http://cards.example.com", "cards.example.com", "https://cards.example.com/store", "ftp://x"]
        {
            assert!(wrong(url), "{url}");
        }
        for url in
            ["https://cards.example.com", "http://localhost:8080", "http://127.0.0.1", "http://[::1]:8080/"]
        {
            assert!(!wrong(url), "{url}");
        }
    }

    #[test]
    fn a_secret_that_nobody_drew_is_wrong() {
        let weak = |secret: &str| {
            let config = Config::parse_from(["cardstore", "--session-secret", secret]);
            look_at_secret(&config).is_some()
        };
        assert!(weak("short"));
        assert!(weak(&"a".repeat(64)));
        assert!(!weak("0123456789abcdef0123456789abcdef"));
    }

    #[test]
    fn a_sender_that_was_never_set_is_wrong_once_mail_leaves() {
        assert!(findings(&["--smtp-url", "smtp://localhost"]).iter().any(Finding::is_wrong));
        assert!(!findings(&[]).iter().any(Finding::is_wrong));
    }
}
