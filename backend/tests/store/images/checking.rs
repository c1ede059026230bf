//! What an operator is told about a bucket before people need it.

use backend::images::{self, Settings};

use crate::support::bucket;

/// The origin whose pages may use the bucket of the tests.
const ORIGIN: &str = "http://localhost:8080";

async fn only_trouble(settings: Settings, public_url: &str) -> String {
    let mut troubles = images::check(settings, public_url).await;
    assert_eq!(troubles.len(), 1, "{troubles:?}");
    troubles.remove(0)
}

#[tokio::test]
async fn a_good_bucket_has_no_troubles() {
    for public_url in [ORIGIN, "http://localhost:8080/"] {
        assert_eq!(images::check(bucket(), public_url).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_bucket_that_pages_may_not_send_to_is_told_with_the_rule_it_lacks() {
    let trouble = only_trouble(bucket(), "https://cards.example.com").await;
    for word in ["https://cards.example.com", "PUT", "content-type, if-none-match, x-amz-checksum-sha256"] {
        assert!(trouble.contains(word), "{trouble}");
    }
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_told() {
    let elsewhere = Settings { bucket: "elsewhere".into(), ..bucket() };
    let nobody = Settings { endpoint: Some("http://127.0.0.1:9".into()), ..bucket() };
    let stranger = Settings { keys: Some(("stranger".into(), "secret".into())), ..bucket() };
    for settings in [elsewhere, nobody, stranger] {
        let trouble = only_trouble(settings, ORIGIN).await;
        assert!(trouble.contains("does not answer"), "{trouble}");
        assert!(!trouble.contains("secret"), "{trouble}");
    }
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_told() {
    let trouble = only_trouble(Settings { endpoint: Some("no address".into()), ..bucket() }, ORIGIN).await;
    assert!(trouble.contains("settings"), "{trouble}");
}
