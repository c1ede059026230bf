//! Settings are checked at start, and a fleet can change its secret and its limits while people are signed in.

use sessions::{ConnectError, Secret, Sessions, Settings};

use crate::support::{Browser, Fleet, Redis, node, settings};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_secret_signs_nobody_out_while_the_previous_one_is_accepted() {
    let fleet = Fleet::start().await;
    let mut browser = fleet.signed_in("alice").await;
    let new_secret = || Secret::new("another secret only for tests, 32 bytes or more");
    let changing = node(&fleet.redis, |settings| {
        settings.previous_secret = Some(std::mem::replace(&mut settings.secret, new_secret()));
    })
    .await;
    let changed = node(&fleet.redis, |settings| settings.secret = new_secret()).await;

    assert_eq!(browser.clone().get(&changed, "/dashboard").await.status, 303);
    assert_eq!(browser.get(&changing, "/dashboard").await.body, "alice");
    assert_eq!(browser.get(&changed, "/dashboard").await.body, "alice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_https_the_cookie_is_plain() {
    let fleet = Fleet::with(|settings| settings.secure_cookie = false).await;
    let mut browser = Browser::default();
    let answer = browser.post(&fleet.a, "/login?account=alice").await;
    let line = answer.set_cookie().unwrap();
    assert!(line.starts_with("cardstore=") && line.ends_with("; HttpOnly; SameSite=Lax; Path=/"), "{line}");
    assert_eq!(browser.get(&fleet.b, "/dashboard").await.body, "alice");
    let line = browser.post(&fleet.a, "/logout").await.set_cookie().unwrap().to_owned();
    assert!(!line.contains("Secure"), "{line}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn applications_with_different_prefixes_share_one_redis() {
    let fleet = Fleet::start().await;
    let other = node(&fleet.redis, |settings| settings.key_prefix = "other:".into()).await;
    let mut browser = fleet.signed_in("alice").await;
    assert_eq!(browser.get(&other, "/dashboard").await.status, 303);
    browser.post(&other, "/login?account=alice").await;
    assert_eq!(fleet.redis.listed("alice"), 1);
    assert_eq!(other.sessions.directory().list("alice").await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_limit_every_sign_in_stays() {
    let fleet = Fleet::with(|settings| settings.sessions_per_account = 0).await;
    for _ in 0..15 {
        fleet.signed_in("alice").await;
    }
    assert_eq!(fleet.redis.listed("alice"), 15);
    assert_eq!(fleet.a.sessions.directory().end_all("alice").await, Ok(15));
    assert!(fleet.redis.session_keys().is_empty());
}

#[tokio::test]
async fn what_can_never_work_is_refused_at_start() {
    let url_of = async |url: &str| Sessions::connect(url, settings()).await.err();
    for url in ["", "localhost:6379", "http://localhost", "redis://", "redis-sentinel://localhost:26379"] {
        assert!(matches!(url_of(url).await, Some(ConnectError::Url(_))), "{url}");
    }
    let refused = async |change: fn(&mut Settings)| {
        let mut settings = settings();
        change(&mut settings);
        matches!(Sessions::connect("redis://127.0.0.1:1", settings).await, Err(ConnectError::Settings(_)))
    };
    assert!(refused(|settings| settings.secret = Secret::new("short")).await);
    assert!(refused(|settings| settings.previous_secret = Some(Secret::new("short"))).await);
    assert!(refused(|settings| settings.idle = std::time::Duration::ZERO).await);
    assert!(refused(|settings| settings.cookie_name = "a b".into()).await);
    assert!(refused(|settings| settings.key_prefix = "{one-slot}".into()).await);
}

#[tokio::test]
async fn the_secret_is_not_printed() {
    assert!(!format!("{:?}", settings()).contains("only for tests"));
    let redis = Redis::start();
    let node = node(&redis, |_| {}).await;
    assert!(!format!("{:?}", node.sessions).contains("only for tests"));
}
