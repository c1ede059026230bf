//! What a visit costs, as Redis itself counts it.

use std::collections::BTreeMap;

use crate::support::{Browser, Fleet};

const VISITS: u64 = 20;

type Calls = BTreeMap<String, u64>;

/// Commands called by `work`, and how often.
async fn calls_of(fleet: &Fleet, work: impl Future<Output = ()>) -> Calls {
    let before = fleet.redis.calls();
    work.await;
    let mut calls = fleet.redis.calls();
    for (command, count) in &mut calls {
        *count -= before.get(command).unwrap_or(&0);
    }
    calls.retain(|_, count| *count > 0);
    calls
}

fn calls(expected: &[(&str, u64)]) -> Calls {
    expected.iter().map(|(command, count)| ((*command).to_owned(), *count)).collect()
}

/// Signed in, and every script of a visit is known to the server.
async fn regular(fleet: &Fleet) -> Browser {
    let mut browser = fleet.signed_in("alice").await;
    browser.post(&fleet.a, "/put?name=x&value=0").await;
    for node in [&fleet.a, &fleet.b] {
        // The script that keeps a session alive also tells the node Redis's time.
        fleet.redis.rest(&fleet.redis.session_key());
        browser.get(node, "/dashboard").await;
    }
    browser
}

pub(super) async fn a_stranger_costs_no_command(fleet: &Fleet) {
    let visits = async {
        for _ in 0..VISITS {
            for path in ["/public", "/dashboard", "/why"] {
                Browser::default().get(&fleet.a, path).await;
            }
            Browser::sending("__Host-cardstore=of-another-time").get(&fleet.b, "/dashboard").await;
            Browser::default().post(&fleet.b, "/logout").await;
        }
    };
    assert_eq!(calls_of(fleet, visits).await, calls(&[]));
}

/// Case 3.
pub(super) async fn a_page_that_does_not_look_costs_no_command(fleet: &Fleet) {
    let mut browser = regular(fleet).await;
    let visits = async {
        for _ in 0..VISITS {
            browser.get(&fleet.b, "/public").await;
        }
    };
    assert_eq!(calls_of(fleet, visits).await, calls(&[]));
}

pub(super) async fn a_page_of_somebody_signed_in_costs_one_round_trip(fleet: &Fleet) {
    let mut browser = regular(fleet).await;
    let visits = async {
        for _ in 0..VISITS {
            assert_eq!(browser.get(&fleet.b, "/dashboard").await.body, "alice");
        }
    };
    assert_eq!(calls_of(fleet, visits).await, calls(&[("hgetall", VISITS)]));
}

pub(super) async fn a_change_costs_one_more_round_trip_and_an_equal_value_none(fleet: &Fleet) {
    let mut browser = regular(fleet).await;
    let changes = async {
        for value in 1..=VISITS {
            browser.post(&fleet.a, &format!("/put?name=x&value={value}")).await;
        }
    };
    let of_changes = calls_of(fleet, changes).await;
    assert_eq!(
        (of_changes["hgetall"], of_changes["evalsha"], of_changes.get("eval")),
        (VISITS, VISITS, None)
    );
    let repetitions = async {
        for _ in 0..VISITS {
            browser.post(&fleet.b, &format!("/put?name=x&value={VISITS}")).await;
        }
    };
    assert_eq!(calls_of(fleet, repetitions).await, calls(&[("hgetall", VISITS)]));
}

/// However many requests notice at once, on whichever node, that it is time.
pub(super) async fn a_session_is_touched_once_in_a_minute(fleet: &Fleet) {
    let mut browser = regular(fleet).await;
    let key = fleet.redis.session_key();
    for _ in 0..3 {
        fleet.redis.rest(&key);
        let visits = async {
            for _ in 0..VISITS / 2 {
                let mut same_browser = browser.clone();
                tokio::join!(browser.get(&fleet.a, "/dashboard"), same_browser.get(&fleet.b, "/dashboard"));
            }
        };
        let calls = calls_of(fleet, visits).await;
        assert!((1..=2).contains(&calls["evalsha"]), "{calls:?}");
        // Of the record, and of the note that tells when it ended.
        assert_eq!((calls["hset"], calls["pexpireat"]), (2, 2));
        let ttl_ms: i64 = fleet.redis.cli(&["PTTL", &key]).parse().unwrap();
        assert!(ttl_ms > 29 * 60 * 1_000, "{ttl_ms}");
    }
}
