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
pub(super) async fn a_record_of_a_newer_version_is_neither_lost_nor_stripped(fleet: &Fleet) {
    let mut browser = Browser::default();
    browser.post(&fleet.a, "/put?name=x&value=1").await;
    let key = fleet.redis.session_key();
    let memo = key.replace(":s:", ":e:");
    fleet.redis.cli(&["HSET", &key, "v", "2", "invented-later", "kept", "d:structured", r#"{"a":[1]}"#]);
    let is_whole = |after: &str| {
        let fields = fleet.redis.cli(&["HMGET", &key, "v", "invented-later", "d:structured"]);
        assert_eq!(fields, "2\nkept\n{\"a\":[1]}", "after {after}");
    };
    for change in ["/put?name=x&value=2", "/login?account=alice", "/password", "/login?account=alice"] {
        assert!(browser.post(&fleet.b, change).await.status.as_u16() < 400, "{change}");
        is_whole(change);
    }
    fleet.redis.cli(&["HSET", &memo, "invented-later", "kept"]);
    fleet.redis.rest(&key);
    assert_eq!(browser.get(&fleet.a, "/dashboard").await.body, "alice");
    is_whole("a touch");
    assert_eq!(fleet.redis.cli(&["HGET", &memo, "invented-later"]), "kept");
    assert_eq!(browser.get(&fleet.a, "/get?name=x").await.body, "2");
    assert_eq!(browser.get(&fleet.a, "/devices").await.body.lines().count(), 1);
}

/// What was added to records in the course of time may be missing from one that is older.
pub(super) async fn a_record_of_an_older_version_is_neither_lost_nor_stripped(fleet: &Fleet) {
    let mut browser = fleet.signed_in("alice").await;
    browser.post(&fleet.a, "/put?name=x&value=1").await;
    let key = fleet.redis.session_key();
    let memo = key.replace(":s:", ":e:");
    let unreadable = fleet.b.sessions.metrics().unreadable;
    let older = ["v", "agent", "remembered", "key_before", "renamed"];
    for change in ["/put?name=y&value=1", "/password", "/put?name=y&value=2", "/login?account=alice"] {
        fleet.redis.cli(&[&["HDEL", &key], &older[..]].concat());
        fleet.redis.cli(&["DEL", &memo]);
        fleet.redis.rest(&key);
        assert_eq!(browser.get(&fleet.b, "/dashboard").await.body, "alice", "before {change}");
        assert!(browser.get(&fleet.b, "/devices").await.body.starts_with("this "), "before {change}");
        assert!(browser.post(&fleet.b, change).await.status.as_u16() < 400, "{change}");
        assert_eq!(browser.get(&fleet.a, "/get?name=x").await.body, "1", "after {change}");
    }
    assert_eq!(fleet.b.sessions.metrics().unreadable, unreadable);
    assert_eq!(fleet.a.sessions.directory().end_all("alice").await, Ok(1));
    assert_eq!(browser.get(&fleet.b, "/why").await.body, "elsewhere");
}

/// The sweep after each case compares everything in Redis with every cookie; here is something of each kind.
pub(super) async fn no_key_or_value_reveals_a_cookie(fleet: &Fleet) {
    fleet.signed_in("alice").await;
    let mut ended = fleet.signed_in("alice").await;
    assert_eq!(fleet.a.sessions.directory().end_all("alice").await, Ok(2));
    ended.get(&fleet.a, "/why").await;
    fleet.signed_in("alice").await.post(&fleet.b, "/password").await;
    let limits = fleet.a.sessions.rate_limits();
    limits.take("sign-in", "someone@example.org", 5, std::time::Duration::from_secs(60)).await.unwrap();

    let keys = fleet.redis.keys();
    for kind in ["s:", "e:", "a:", "l:"] {
        assert!(keys.iter().any(|key| key.starts_with(&format!("cardstore:{kind}"))), "{kind} {keys:?}");
    }
    assert!(!keys.iter().any(|key| key.contains("someone")), "{keys:?}");
}
