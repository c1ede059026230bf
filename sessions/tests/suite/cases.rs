//! The promises that hold on every kind of Redis; `topologies` runs them again elsewhere.

use crate::support::{Browser, Fleet};

/// Makes a test of its own of each case, and `run_all` to run them one by one on another fleet.
macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        mod each {
            use crate::support::Fleet;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(&Fleet::start().await).await;
            })*
        }

        pub(crate) async fn run_all(fleet: &Fleet) {
            $(fleet.redis.empty();
            $name(fleet).await;)*
        }
    };
}

cases! {
    a_sign_in_on_one_node_holds_on_the_other,
    strangers_leave_no_trace,
    pages_that_do_not_look_cost_no_command,
    an_unknown_id_is_never_adopted,
    a_malformed_cookie_is_no_cookie,
    signing_in_changes_the_id_and_keeps_the_data,
    a_session_deleted_during_sign_in_leaves_no_orphan,
    signing_out_ends_it_everywhere_and_twice_is_the_same,
    a_session_deleted_before_its_save_stays_gone,
    parallel_writes_of_different_fields_both_survive,
    devices_are_listed_and_ended_one_by_one,
    nobody_ends_somebody_elses_device,
    a_second_account_in_one_browser_takes_over,
    a_new_password_leaves_only_this_session,
    the_cookie_has_the_same_attributes_set_and_removed,
    a_corrupt_record_is_dropped_and_harms_nobody_else,
    fields_of_a_newer_version_survive,
    a_failed_request_saves_nothing,
    clearing_a_session_signs_it_out_of_the_account,
    no_key_or_value_reveals_a_cookie,
}

/// Case 1.
async fn a_sign_in_on_one_node_holds_on_the_other(fleet: &Fleet) {
    let mut browser = fleet.signed_in("alice").await;
    let answer = browser.get(&fleet.b, "/dashboard").await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "alice"));
    assert_eq!(answer.set_cookie(), None);
}

/// Case 2.
async fn strangers_leave_no_trace(fleet: &Fleet) {
    for _ in 0..50 {
        for path in ["/public", "/dashboard"] {
            let answer = Browser::default().get(&fleet.a, path).await;
            assert_eq!(answer.set_cookie(), None);
        }
    }
    Browser::default().post(&fleet.a, "/logout").await;
    Browser::default().post(&fleet.a, "/clear").await;
    assert!(fleet.redis.keys().is_empty());
}

/// Case 3.
async fn pages_that_do_not_look_cost_no_command(fleet: &Fleet) {
    let mut browser = fleet.signed_in("alice").await;
    let calls = || {
        let stats = fleet.redis.cli(&["INFO", "commandstats"]);
        stats.lines().filter(|line| line.starts_with("cmdstat_eval")).map(str::to_owned).collect::<Vec<_>>()
    };
    let before = calls();
    for _ in 0..20 {
        assert_eq!(browser.get(&fleet.b, "/public").await.status, 200);
    }
    assert_eq!(calls(), before);
}

/// Case 4.
async fn an_unknown_id_is_never_adopted(fleet: &Fleet) {
    let mut elsewhere = Browser::default();
    elsewhere.post(&fleet.a, "/put?name=x&value=1").await;
    let made_up = elsewhere.cookie.clone().unwrap();
    fleet.redis.empty();

    let mut browser = Browser::sending(&made_up);
    browser.post(&fleet.a, "/put?name=x&value=2").await;
    assert_ne!(browser.cookie.as_deref(), Some(made_up.as_str()));
    assert_eq!(fleet.redis.session_keys().len(), 1);
    assert_eq!(Browser::sending(&made_up).get(&fleet.b, "/get?name=x").await.body, "nothing");
    assert_eq!(browser.get(&fleet.b, "/get?name=x").await.body, "2");
}

/// Case 5.
async fn a_malformed_cookie_is_no_cookie(fleet: &Fleet) {
    let long = "A".repeat(10_000);
    for value in
        ["", "x", "\"\"", "a=b=c", "é", "AAAA AAAA", "%00%00", &long, &"_".repeat(44), &"=".repeat(44)]
    {
        let mut browser = Browser::sending(&format!("__Host-cardstore={value}"));
        assert_eq!(browser.get(&fleet.a, "/dashboard").await.status, 303);
    }
    assert!(fleet.redis.keys().is_empty());
}

/// Case 6.
async fn signing_in_changes_the_id_and_keeps_the_data(fleet: &Fleet) {
    let mut browser = Browser::default();
    browser.post(&fleet.a, "/put?name=theme&value=dark").await;
    let mut planted = browser.clone();
    browser.post(&fleet.a, "/login?account=alice").await;
    assert_ne!(browser.cookie, planted.cookie);
    assert_eq!(browser.get(&fleet.b, "/get?name=theme").await.body, "dark");
    assert_eq!(planted.get(&fleet.b, "/dashboard").await.status, 303);
    assert_eq!(planted.get(&fleet.b, "/get?name=theme").await.body, "nothing");
    assert_eq!(fleet.redis.session_keys().len(), 1);
}

/// Case 7.
async fn a_session_deleted_during_sign_in_leaves_no_orphan(fleet: &Fleet) {
    let mut browser = Browser::default();
    browser.post(&fleet.a, "/put?name=x&value=1").await;
    let signing_in = browser.post(&fleet.a, "/login-slowly?account=alice");
    let deleting = async {
        fleet.a.gate.until_arrived().await;
        fleet.redis.empty();
        fleet.a.gate.let_one_pass();
    };
    let (answer, ()) = tokio::join!(signing_in, deleting);
    assert_eq!(answer.status, 303);
    assert_eq!(answer.set_cookie(), None);
    assert!(fleet.redis.keys().is_empty());
}

/// Case 8.
async fn signing_out_ends_it_everywhere_and_twice_is_the_same(fleet: &Fleet) {
    let mut browser = fleet.signed_in("alice").await;
    let mut copy = browser.clone();
    let mut another_copy = browser.clone();
    let first = browser.post(&fleet.a, "/logout").await;
    assert!(fleet.redis.keys().is_empty());
    assert_eq!(copy.get(&fleet.b, "/dashboard").await.location(), "/login");
    let second = another_copy.post(&fleet.b, "/logout").await;
    assert_eq!(second.status, first.status);
    assert_eq!(second.set_cookie(), first.set_cookie());
    assert_eq!(browser.cookie, None);
    assert_eq!(browser.post(&fleet.b, "/logout").await.status, first.status);
}

/// Case 9.
async fn a_session_deleted_before_its_save_stays_gone(fleet: &Fleet) {
    let mut browser = fleet.signed_in("alice").await;
    let mut same_browser = browser.clone();
    let writing = browser.post(&fleet.a, "/put-slowly?name=x&value=1");
    let signing_out = async {
        fleet.a.gate.until_arrived().await;
        same_browser.post(&fleet.b, "/logout").await;
        fleet.a.gate.let_one_pass();
    };
    let (answer, ()) = tokio::join!(writing, signing_out);
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "put"));
    assert_eq!(answer.set_cookie(), None);
    assert!(fleet.redis.keys().is_empty());
    assert_eq!(browser.get(&fleet.a, "/dashboard").await.status, 303);
}

/// Case 10.
async fn parallel_writes_of_different_fields_both_survive(fleet: &Fleet) {
    for run in 0..50 {
        let mut browser = fleet.signed_in("alice").await;
        let (mut one, mut other) = (browser.clone(), browser.clone());
        let x = format!("/put?name=x&value={run}");
        let y = format!("/put?name=y&value={run}");
        tokio::join!(one.post(&fleet.a, &x), other.post(&fleet.b, &y));
        for name in ["x", "y"] {
            let answer = browser.get(&fleet.a, &format!("/get?name={name}")).await;
            assert_eq!(answer.body, run.to_string(), "{name} was lost");
        }
    }
}

/// Case 13.
async fn devices_are_listed_and_ended_one_by_one(fleet: &Fleet) {
    let mut browsers = Vec::new();
    for agent in ["Firefox/1%20Windows", "Chrome/1%20Android", "Safari/1%20iPhone"] {
        let mut browser = Browser::default();
        browser.post(&fleet.a, &format!("/login?account=alice&agent={agent}")).await;
        browsers.push(browser);
    }
    let [laptop, phone, _] = browsers.as_mut_slice() else { unreachable!() };
    let page = laptop.get(&fleet.b, "/devices").await.body;
    assert_eq!(page.lines().count(), 3, "{page}");
    let this: Vec<_> = page.lines().filter(|line| line.starts_with("this ")).collect();
    assert!(matches!(this.as_slice(), [line] if line.ends_with("Firefox on Windows")), "{page}");
    let handle = |mark: &str| {
        let line = page.lines().find(|line| line.ends_with(mark)).unwrap();
        line.split(' ').nth(1).unwrap().to_owned()
    };

    let of_phone = handle("Chrome on Android");
    assert_eq!(laptop.post(&fleet.a, &format!("/devices/end?handle={of_phone}")).await.status, 204);
    assert_eq!(phone.get(&fleet.b, "/why").await.body, "elsewhere");
    assert_eq!(phone.get(&fleet.b, "/dashboard").await.status, 303);
    assert_eq!(laptop.get(&fleet.b, "/devices").await.body.lines().count(), 2);
    assert_eq!(laptop.post(&fleet.a, &format!("/devices/end?handle={of_phone}")).await.status, 404);
    // A handle is no cookie, in whatever combination.
    for value in [of_phone.clone(), format!("{of_phone}{of_phone}")] {
        let mut forger = Browser::sending(&format!("__Host-cardstore={value}"));
        assert_eq!(forger.get(&fleet.a, "/dashboard").await.status, 303);
    }
}

/// Case 14.
async fn nobody_ends_somebody_elses_device(fleet: &Fleet) {
    let mut victim = fleet.signed_in("victim").await;
    let page = victim.get(&fleet.a, "/devices").await.body;
    let handle = page.split(' ').nth(1).unwrap();
    let mut thief = fleet.signed_in("thief").await;
    assert_eq!(thief.post(&fleet.a, &format!("/devices/end?handle={handle}")).await.status, 404);
    assert_eq!(thief.post(&fleet.a, "/devices/end?handle=nonsense").await.status, 404);
    assert_eq!(victim.get(&fleet.b, "/dashboard").await.body, "victim");
    assert_eq!(fleet.redis.listed("victim"), 1);
}

/// Case 15.
async fn a_second_account_in_one_browser_takes_over(fleet: &Fleet) {
    let mut browser = fleet.signed_in("alice").await;
    browser.post(&fleet.a, "/put?name=draft&value=of-alice").await;
    let mut left = browser.clone();
    browser.post(&fleet.b, "/login?account=bob").await;
    assert_eq!(browser.get(&fleet.a, "/dashboard").await.body, "bob");
    assert_eq!(browser.get(&fleet.a, "/get?name=draft").await.body, "nothing");
    assert_eq!(left.get(&fleet.a, "/dashboard").await.status, 303);
    assert_eq!((fleet.redis.listed("alice"), fleet.redis.listed("bob")), (0, 1));
    assert_eq!(fleet.redis.session_keys().len(), 1);
}

/// Case 16.
async fn a_new_password_leaves_only_this_session(fleet: &Fleet) {
    let mut others = [fleet.signed_in("alice").await, fleet.signed_in("alice").await];
    let mut browser = fleet.signed_in("alice").await;
    let before = browser.clone();
    assert_eq!(browser.post(&fleet.a, "/password").await.status, 204);
    assert_ne!(browser.cookie, before.cookie);
    for other in &mut others {
        assert_eq!(other.get(&fleet.b, "/dashboard").await.status, 303);
    }
    assert_eq!(browser.get(&fleet.b, "/dashboard").await.body, "alice");
    assert_eq!(browser.get(&fleet.b, "/devices").await.body.lines().count(), 1);
    assert_eq!((fleet.redis.session_keys().len(), fleet.redis.listed("alice")), (1, 1));
}

/// Case 18.
async fn the_cookie_has_the_same_attributes_set_and_removed(fleet: &Fleet) {
    let attributes = "HttpOnly; SameSite=Lax; Path=/; Secure";
    let mut browser = Browser::default();
    let set = browser.post(&fleet.a, "/login?account=alice").await;
    let value = browser.value();
    assert_eq!(set.set_cookie(), Some(format!("__Host-cardstore={value}; {attributes}").as_str()));
    assert_eq!(set.headers["cache-control"], "no-store");
    let removed = browser.post(&fleet.a, "/logout").await;
    let line = removed.set_cookie().unwrap();
    assert!(line.starts_with(&format!("__Host-cardstore=; {attributes}; Max-Age=0")), "{line}");
    assert_eq!(removed.headers["cache-control"], "no-store");

    let remembered = browser.post(&fleet.a, "/login?account=alice&remember=yes").await;
    let line = remembered.set_cookie().unwrap();
    let days_30 = 30 * 24 * 60 * 60;
    let age: u64 = line.split_once("Max-Age=").unwrap().1.parse().unwrap();
    assert!((days_30 - 60..=days_30).contains(&age), "{line}");
}

/// Case 22.
async fn a_corrupt_record_is_dropped_and_harms_nobody_else(fleet: &Fleet) {
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
async fn fields_of_a_newer_version_survive(fleet: &Fleet) {
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

async fn a_failed_request_saves_nothing(fleet: &Fleet) {
    let mut browser = Browser::default();
    assert_eq!(browser.post(&fleet.a, "/put-and-fail?name=x&value=1").await.status, 500);
    assert!(fleet.redis.keys().is_empty());
    assert_eq!(browser.cookie, None);
}

async fn clearing_a_session_signs_it_out_of_the_account(fleet: &Fleet) {
    let mut browser = fleet.signed_in("alice").await;
    browser.post(&fleet.a, "/put?name=x&value=1").await;
    browser.post(&fleet.b, "/clear").await;
    assert_eq!(browser.get(&fleet.a, "/dashboard").await.status, 303);
    assert_eq!(browser.get(&fleet.a, "/get?name=x").await.body, "nothing");
    assert_eq!(fleet.redis.listed("alice"), 0);
}

/// A copy of Redis is of no use to a thief; and nothing in it stays for ever.
async fn no_key_or_value_reveals_a_cookie(fleet: &Fleet) {
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
