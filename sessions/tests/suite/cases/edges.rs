//! Handlers that use the session in unusual order.

use crate::support::{Browser, Fleet};

pub(super) async fn an_end_followed_by_a_write_begins_a_stranger(fleet: &Fleet) {
    let mut browser = fleet.signed_in("alice").await;
    browser.post(&fleet.a, "/put?name=secret&value=of-alice").await;
    let mut before = browser.clone();
    browser.post(&fleet.b, "/bid-farewell?name=message&value=bye").await;
    assert_ne!(browser.cookie, before.cookie);
    assert_eq!(browser.get(&fleet.a, "/dashboard").await.status, 303);
    assert_eq!(browser.get(&fleet.a, "/get?name=message").await.body, "bye");
    assert_eq!(browser.get(&fleet.a, "/get?name=secret").await.body, "nothing");
    assert_eq!(before.get(&fleet.a, "/get?name=secret").await.body, "nothing");
    assert_eq!((fleet.redis.session_keys().len(), fleet.redis.listed("alice")), (1, 0));
}

pub(super) async fn saving_halfway_changes_nothing(fleet: &Fleet) {
    for mut browser in [Browser::default(), fleet.signed_in("alice").await] {
        assert_eq!(browser.post(&fleet.a, "/save-halfway?name=x&value=1").await.status, 200);
        for (name, value) in [("halfway", "there"), ("x", "1")] {
            assert_eq!(browser.get(&fleet.b, &format!("/get?name={name}")).await.body, value);
        }
    }
    assert_eq!(fleet.redis.session_keys().len(), 2);
}

pub(super) async fn a_change_of_mind_leaves_nothing(fleet: &Fleet) {
    for mut browser in [Browser::default(), fleet.signed_in("alice").await] {
        assert_eq!(browser.post(&fleet.a, "/change-mind").await.status, 200);
        assert_eq!(browser.cookie, None);
    }
    assert!(fleet.redis.keys().is_empty(), "{:?}", fleet.redis.keys());
}

pub(super) async fn deleting_is_ending(fleet: &Fleet) {
    let mut browser = fleet.signed_in("alice").await;
    assert_eq!(browser.post(&fleet.a, "/delete").await.status, 200);
    assert!(fleet.redis.keys().is_empty());
    assert_eq!(browser.cookie, None);
}

pub(super) async fn a_late_request_does_not_overwrite_the_new_cookie(fleet: &Fleet) {
    let mut browser = Browser::default();
    browser.post(&fleet.a, "/put?name=x&value=1").await;
    let mut late = browser.clone();
    browser.post(&fleet.a, "/login?account=alice").await;
    let answer = late.post(&fleet.b, "/put?name=x&value=2").await;
    assert_eq!((answer.status.as_u16(), answer.set_cookie()), (200, None));
    assert_eq!(fleet.redis.session_keys().len(), 1);
    assert_eq!(browser.get(&fleet.b, "/get?name=x").await.body, "1");
}

pub(super) async fn a_late_sign_in_still_counts(fleet: &Fleet) {
    let mut browser = Browser::default();
    browser.post(&fleet.a, "/put?name=x&value=1").await;
    let mut late = browser.clone();
    browser.post(&fleet.a, "/login?account=alice").await;
    late.post(&fleet.b, "/login?account=alice").await;
    for browser in [&mut browser, &mut late] {
        assert_eq!(browser.get(&fleet.b, "/dashboard").await.body, "alice");
    }
}
