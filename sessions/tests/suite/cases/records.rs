//! What lies in Redis: versions, damage, and nothing of use to a thief.

use crate::support::{Browser, Fleet};

/// Case 22.
pub(super) async fn a_corrupt_record_is_dropped_and_harms_nobody_else(fleet: &Fleet) {
    let mut bystander = fleet.signed_in("bystander").await;
    let untouched = fleet.redis.session_key();
    let ways: [&[&str]; 5] = [
        &["HSET", "KEY", "d:x", "{not json"],
        &["HSET", "KEY", "deadline", "soon"],
        &["HDEL", "KEY", "key"],
        &["HDEL", "KEY", "seen"],
        &["SET", "KEY", "not even a hash"],
    ];
    for way in ways {
        let mut browser = fleet.signed_in("alice").await;
        let keys = fleet.redis.session_keys();
        let key = keys.iter().find(|key| **key != untouched).unwrap();
        let command: Vec<&str> = way.iter().map(|word| if *word == "KEY" { key } else { *word }).collect();
        fleet.redis.cli(&command);
        assert_eq!(browser.get(&fleet.b, "/dashboard").await.status, 303, "{way:?}");
        assert!(!fleet.redis.keys().contains(key), "{way:?}");
    }
    assert_eq!(fleet.b.sessions.metrics().unreadable, 5);
    assert_eq!(bystander.get(&fleet.b, "/dashboard").await.body, "bystander");
}

/// A rolling deploy: one node writes what the other does not know.
pub(super) async fn fields_of_a_newer_version_survive(fleet: &Fleet) {
    let mut browser = Browser::default();
    browser.post(&fleet.a, "/put?name=x&value=1").await;
    let key = fleet.redis.session_key();
    fleet.redis.cli(&["HSET", &key, "v", "2", "invented-later", "kept"]);
    browser.post(&fleet.b, "/put?name=x&value=2").await;
    browser.post(&fleet.b, "/login?account=alice").await;
    browser.post(&fleet.b, "/password").await;
    assert_eq!(fleet.redis.cli(&["HGET", &key, "invented-later"]), "kept");
    assert_eq!(fleet.redis.cli(&["HGET", &key, "v"]), "2");
    assert_eq!(browser.get(&fleet.a, "/get?name=x").await.body, "2");
}

/// A copy of Redis is of no use to a thief; and nothing in it stays for ever.
pub(super) async fn no_key_or_value_reveals_a_cookie(fleet: &Fleet) {
    let mut browsers = vec![fleet.signed_in("alice").await, fleet.signed_in("alice").await];
    let mut ended = fleet.signed_in("alice").await;
    assert_eq!(fleet.a.sessions.directory().end_all("alice").await.unwrap(), 3);
    ended.get(&fleet.a, "/why").await;
    browsers.push(ended);
    browsers.push(fleet.signed_in("alice").await);
    let limits = fleet.a.sessions.rate_limits();
    limits.take("sign-in", "someone@example.org", 5, std::time::Duration::from_secs(60)).await.unwrap();

    let mut everything = String::new();
    let keys = fleet.redis.keys();
    assert!(keys.len() >= 4, "{keys:?}");
    for key in &keys {
        assert!(key.starts_with("cardstore:"), "{key}");
        let ttl_ms: i64 = fleet.redis.cli(&["PTTL", key]).parse().unwrap();
        assert!(ttl_ms > 0, "{key} stays for ever");
        let read: &[&str] = match fleet.redis.cli(&["TYPE", key]).as_str() {
            "hash" => &["HGETALL", key],
            "zset" => &["ZRANGE", key, "0", "-1"],
            _ => &["GET", key],
        };
        everything.push_str(key);
        everything.push_str(&fleet.redis.cli(read));
    }
    assert!(!everything.contains("someone@example.org"));
    for browser in &browsers {
        let (locator, id) = browser.value().split_at(22);
        assert!(!everything.contains(locator) && !everything.contains(id));
    }
}
