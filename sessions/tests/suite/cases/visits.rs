//! Who visits costs what: strangers, pages that do not look, cookies that are not ours, data that is kept.

use crate::support::{Browser, Fleet};

/// Case 2.
pub(super) async fn strangers_leave_no_trace(fleet: &Fleet) {
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

/// Case 4.
pub(super) async fn an_unknown_id_is_never_adopted(fleet: &Fleet) {
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
pub(super) async fn a_malformed_cookie_is_no_cookie(fleet: &Fleet) {
    let long = "A".repeat(10_000);
    for value in
        ["", "x", "\"\"", "a=b=c", "é", "AAAA AAAA", "%00%00", &long, &"_".repeat(44), &"=".repeat(44)]
    {
        let mut browser = Browser::sending(&format!("__Host-cardstore={value}"));
        assert_eq!(browser.get(&fleet.a, "/dashboard").await.status, 303);
    }
    assert!(fleet.redis.keys().is_empty());
}

/// Case 10.
pub(super) async fn parallel_writes_of_different_fields_both_survive(fleet: &Fleet) {
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

/// Case 9.
pub(super) async fn a_session_deleted_before_its_save_stays_gone(fleet: &Fleet) {
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

pub(super) async fn a_failed_request_saves_nothing(fleet: &Fleet) {
    let mut browser = Browser::default();
    assert_eq!(browser.post(&fleet.a, "/put-and-fail?name=x&value=1").await.status, 500);
    assert!(fleet.redis.keys().is_empty());
    assert_eq!(browser.cookie, None);
}

/// Case 18.
pub(super) async fn the_cookie_has_the_same_attributes_set_and_removed(fleet: &Fleet) {
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
