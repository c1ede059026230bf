//! Sessions end by themselves: unused, or too old.

use std::time::Duration;

use crate::support::{Browser, Fleet, eventually};

/// Case 11, first half.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unused_session_ends_and_says_so() {
    let fleet = Fleet::with(|settings| settings.idle = Duration::from_millis(300)).await;
    let mut browser = fleet.signed_in("alice").await;
    eventually("the key is gone", || async { fleet.redis.session_keys().is_empty() }).await;
    assert_eq!(browser.get(&fleet.b, "/dashboard").await.location(), "/login");
    assert_eq!(browser.get(&fleet.b, "/why").await.body, "idle");
    assert!(fleet.a.sessions.directory().list("alice").await.unwrap().is_empty());
    assert_eq!(fleet.redis.listed("alice"), 0);
    assert!(fleet.b.sessions.metrics().expired >= 1);
}

/// Case 11, second half.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_used_session_outlives_its_idle_time() {
    let idle = Duration::from_millis(2_000);
    let fleet = Fleet::with(|settings| settings.idle = idle).await;
    let mut browser = fleet.signed_in("alice").await;
    let begun = std::time::Instant::now();
    while begun.elapsed() < idle * 2 {
        assert_eq!(browser.get(&fleet.b, "/dashboard").await.body, "alice");
        tokio::time::sleep(idle / 10).await;
    }
}

/// Case 12.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_use_keeps_a_session_beyond_its_longest_lifetime() {
    let fleet = Fleet::with(|settings| {
        settings.idle = Duration::from_millis(1_900);
        settings.max_age = Duration::from_millis(2_000);
        settings.touch_interval = Duration::ZERO;
    })
    .await;
    let mut browser = fleet.signed_in("alice").await;
    let key = fleet.redis.session_key();
    let deadline: i64 = fleet.redis.cli(&["HGET", &key, "deadline"]).parse().unwrap();
    loop {
        let answer = browser.get(&fleet.b, "/dashboard").await;
        let expires_at: i64 = fleet.redis.cli(&["PEXPIRETIME", &key]).parse().unwrap();
        assert!(expires_at <= deadline, "{} ms too long", expires_at - deadline);
        if answer.status == 303 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(browser.get(&fleet.b, "/why").await.body, "absolute");
    assert!(fleet.redis.session_keys().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_remembered_session_rests_as_long_as_it_lasts() {
    let fleet = Fleet::start().await;
    let mut browser = fleet.signed_in("alice").await;
    browser.post(&fleet.a, "/login?account=alice&remember=yes").await;
    let ttl_ms: i64 = fleet.redis.cli(&["PTTL", &fleet.redis.session_key()]).parse().unwrap();
    assert!(ttl_ms > 29 * 24 * 60 * 60 * 1_000);
    // A new id does not make it any younger, nor forget that it is remembered.
    let answer = browser.post(&fleet.a, "/password").await;
    assert!(answer.set_cookie().unwrap().contains("Max-Age=25919"), "{:?}", answer.set_cookie());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_knows_when_it_ends_unless_it_is_used() {
    let fleet = Fleet::with(|settings| settings.max_age = settings.idle + Duration::from_secs(60)).await;
    let mut browser = Browser::default();
    assert_eq!(browser.get(&fleet.a, "/until").await.body, "nothing known");
    browser.post(&fleet.a, "/put?name=x&value=1").await;
    browser.post(&fleet.a, "/login?account=alice").await;
    let key = fleet.redis.session_key();
    let in_redis = || fleet.redis.cli(&["PEXPIRETIME", &key]);
    assert_eq!(browser.get(&fleet.b, "/until").await.body, in_redis());
    // As if it had rested for half an hour, almost: what is left is the longest lifetime.
    let earlier = |field: &str| {
        let ms: i64 = fleet.redis.cli(&["HGET", &key, field]).parse().unwrap();
        fleet.redis.cli(&["HSET", &key, field, &(ms - 29 * 60_000).to_string()]);
    };
    let rested: i64 = in_redis().parse().unwrap();
    earlier("seen");
    earlier("deadline");
    fleet.redis.cli(&["PEXPIREAT", &key, &(rested - 29 * 60_000).to_string()]);

    let directory = fleet.b.sessions.directory();
    let handle = directory.list("alice").await.unwrap_or_default().remove(0).handle;
    let asked = directory.expires_at_ms("alice", &handle).await.unwrap();
    assert_eq!(asked, Some(rested - 29 * 60_000));
    assert_eq!(in_redis(), (rested - 29 * 60_000).to_string(), "asking is no use");
    assert_eq!(directory.expires_at_ms("bob", &handle).await, Ok(None));

    let used = browser.get(&fleet.b, "/until").await.body;
    assert_eq!(used, fleet.redis.cli(&["HGET", &key, "deadline"]));
    assert_eq!(used, in_redis());
    browser.post(&fleet.a, "/logout").await;
    assert_eq!(directory.expires_at_ms("alice", &handle).await, Ok(None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_touch_is_written_at_most_once_per_interval() {
    let fleet = Fleet::start().await;
    let mut browser = fleet.signed_in("alice").await;
    let key = fleet.redis.session_key();
    let seen = fleet.redis.cli(&["HGET", &key, "seen"]);
    for _ in 0..10 {
        browser.get(&fleet.b, "/dashboard").await;
    }
    assert_eq!(fleet.redis.cli(&["HGET", &key, "seen"]), seen);
    fleet.redis.rest(&key);
    browser.get(&fleet.b, "/dashboard").await;
    assert!(fleet.redis.cli(&["HGET", &key, "seen"]) >= seen);
    assert!(fleet.redis.cli(&["PTTL", &key]).parse::<i64>().unwrap() > 29 * 60 * 1_000);
}
