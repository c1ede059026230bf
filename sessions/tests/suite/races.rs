//! What many requests at once must not break.

use std::{collections::BTreeSet, sync::Arc};

use tokio::task::JoinSet;

use crate::support::{Browser, Fleet};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_sign_ins_never_exceed_the_limit() {
    const LIMIT: usize = 5;
    let fleet = Arc::new(Fleet::with(|settings| settings.sessions_per_account = 5).await);
    let mut browsers = Vec::new();
    for _wave in 0..3 {
        let mut visits = JoinSet::new();
        for visit in 0..200 {
            let fleet = fleet.clone();
            visits.spawn(async move {
                let mut browser = Browser::default();
                let node = if visit % 2 == 0 { &fleet.a } else { &fleet.b };
                assert_eq!(browser.post(node, "/login?account=alice").await.status, 303);
                browser
            });
        }
        browsers.extend(visits.join_all().await);
        // Each has its answer, so nothing is under way any more.
        let living = living(&fleet);
        assert_eq!(living.len(), LIMIT);
        assert_eq!(living, listed(&fleet, "alice"));
    }

    let mut alive = 0;
    for browser in &mut browsers {
        let answer = browser.get(&fleet.a, "/dashboard").await;
        if answer.body == "alice" {
            alive += 1;
        } else {
            assert_eq!(browser.get(&fleet.a, "/why").await.body, "limit");
        }
    }
    assert_eq!(alive, LIMIT);
    fleet.sweep().await;
}

/// Names of the sessions that have a record.
fn living(fleet: &Fleet) -> BTreeSet<String> {
    let name = |key: &String| key.trim_start_matches("cardstore:s:{").trim_end_matches('}').to_owned();
    fleet.redis.session_keys().iter().map(name).collect()
}

/// Names in the account's index.
fn listed(fleet: &Fleet, account: &str) -> BTreeSet<String> {
    let index = fleet.redis.cli(&["ZRANGE", &format!("cardstore:a:{account}"), "0", "-1"]);
    index.lines().map(|member| member.split_once(':').unwrap().1.to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_oldest_living_session_makes_room() {
    let fleet = Fleet::with(|settings| settings.sessions_per_account = 2).await;
    let mut oldest = fleet.signed_in("alice").await;
    let mut signed_out = fleet.signed_in("alice").await;
    signed_out.post(&fleet.b, "/logout").await;
    let mut middle = fleet.signed_in("alice").await;
    assert_eq!(oldest.get(&fleet.a, "/dashboard").await.body, "alice");
    let mut newest = fleet.signed_in("alice").await;
    assert_eq!(oldest.get(&fleet.a, "/dashboard").await.status, 303);
    for browser in [&mut middle, &mut newest] {
        assert_eq!(browser.get(&fleet.a, "/dashboard").await.body, "alice");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_click_on_sign_in_makes_one_session() {
    let fleet = Fleet::start().await;
    let mut browser = Browser::default();
    browser.post(&fleet.a, "/put?name=x&value=1").await;
    let (mut first, mut second) = (browser.clone(), browser);
    let both_have_read = async {
        for node in [&fleet.a, &fleet.b] {
            node.gate.until_arrived().await;
        }
        for node in [&fleet.a, &fleet.b] {
            node.gate.let_one_pass();
        }
    };
    let (one, other, ()) = tokio::join!(
        first.post(&fleet.a, "/login-slowly?account=alice"),
        second.post(&fleet.b, "/login-slowly?account=alice"),
        both_have_read
    );
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (303, 303));
    assert_eq!((fleet.redis.session_keys().len(), fleet.redis.listed("alice")), (1, 1));
    // One of them renamed the session; the other found it gone and left the cookie alone.
    assert_eq!([one, other].iter().filter(|answer| answer.set_cookie().is_some()).count(), 1);
}

/// Counts what a fleet of nodes lets through for one visitor, and for another beside it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rate_limit_holds_for_the_whole_fleet() {
    use sessions::Decision;
    let fleet = Fleet::start().await;
    let hour = std::time::Duration::from_secs(60 * 60);
    let mut allowed = 0;
    for try_number in 0..20 {
        let node = if try_number % 2 == 0 { &fleet.a } else { &fleet.b };
        match node.sessions.rate_limits().take("sign-in", "203.0.113.7", 7, hour).await.unwrap() {
            Decision::Allowed => allowed += 1,
            Decision::RetryAfter(wait) => assert!(wait > hour / 8 && wait <= hour / 7, "{wait:?}"),
        }
    }
    assert_eq!(allowed, 7);
    let limits = fleet.b.sessions.rate_limits();
    assert_eq!(limits.take("sign-in", "203.0.113.8", 7, hour).await, Ok(Decision::Allowed));
    assert_eq!(limits.take("register", "203.0.113.7", 7, hour).await, Ok(Decision::Allowed));
}
