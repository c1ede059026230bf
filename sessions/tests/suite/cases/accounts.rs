//! Signing in and out, on either node, as one account or another.

use crate::support::{Browser, Fleet};

/// Case 1.
pub(super) async fn a_sign_in_on_one_node_holds_on_the_other(fleet: &Fleet) {
    let mut browser = fleet.signed_in("alice").await;
    let answer = browser.get(&fleet.b, "/dashboard").await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "alice"));
    assert_eq!(answer.set_cookie(), None);
}

/// Case 6.
pub(super) async fn signing_in_changes_the_id_and_keeps_the_data(fleet: &Fleet) {
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
pub(super) async fn a_session_deleted_during_sign_in_leaves_no_orphan(fleet: &Fleet) {
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
pub(super) async fn signing_out_ends_it_everywhere_and_twice_is_the_same(fleet: &Fleet) {
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

/// Case 15.
pub(super) async fn a_second_account_in_one_browser_takes_over(fleet: &Fleet) {
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
pub(super) async fn a_new_password_leaves_only_this_session(fleet: &Fleet) {
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

pub(super) async fn clearing_a_session_signs_it_out_of_the_account(fleet: &Fleet) {
    let mut browser = fleet.signed_in("alice").await;
    browser.post(&fleet.a, "/put?name=x&value=1").await;
    browser.post(&fleet.b, "/clear").await;
    assert_eq!(browser.get(&fleet.a, "/dashboard").await.status, 303);
    assert_eq!(browser.get(&fleet.a, "/get?name=x").await.body, "nothing");
    assert_eq!(fleet.redis.listed("alice"), 0);
}
