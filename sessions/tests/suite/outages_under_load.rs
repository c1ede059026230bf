//! Redis stalls, dies or is full while many people are about: each request is answered and nobody is signed out.

use std::time::Duration;

use http::StatusCode;
use sessions::Settings;

use crate::support::{Browser, Fleet, Redis, traffic::Traffic};

const UNAVAILABLE: StatusCode = StatusCode::SERVICE_UNAVAILABLE;
const VISITORS: usize = 20;

fn short_timeout(settings: &mut Settings) {
    settings.command_timeout = Duration::from_millis(500);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_stalls_under_load_signs_nobody_out() {
    let fleet = Fleet::with(short_timeout).await;
    let traffic = Traffic::start(&fleet, VISITORS).await;
    for _ in 0..2 {
        traffic.until_all_are_served().await;
        fleet.redis.servers[0].freeze();
        traffic.until_all_are_refused().await;
        fleet.redis.servers[0].thaw();
    }
    traffic.until_all_are_served().await;
    traffic.stop().await;
    fleet.sweep().await;
}

/// It keeps its records in a file, as a session store should.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_dies_under_load_signs_nobody_out() {
    let redis = Redis::start_with(&["--appendonly", "yes", "--appendfsync", "always"]);
    let mut fleet = Fleet::on(redis, short_timeout).await;
    let traffic = Traffic::start(&fleet, VISITORS).await;
    traffic.until_all_are_served().await;
    fleet.redis.servers[0].kill();
    traffic.until_all_are_refused().await;
    fleet.redis.servers[0].run();
    traffic.until_all_are_served().await;
    traffic.stop().await;
    fleet.sweep().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_redis_refuses_changes_under_load_and_signs_nobody_out() {
    let fleet = Fleet::start().await;
    let traffic = Traffic::start(&fleet, VISITORS).await;
    traffic.until_all_are_served().await;
    fill(&fleet);
    traffic.until_all_are_refused().await;
    give_back(&fleet);
    traffic.until_all_are_served().await;
    traffic.stop().await;
    fleet.sweep().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_redis_is_read_and_left_but_not_written_to() {
    let fleet = Fleet::start().await;
    let mut browser = fleet.signed_in("alice").await;
    let mut leaving = fleet.signed_in("bob").await;
    let mut resting = fleet.signed_in("carol").await;
    let keys = fleet.redis.keys();
    let cookie = browser.cookie.clone();
    // The next visit is to keep each session alive.
    for key in fleet.redis.session_keys() {
        fleet.redis.rest(&key);
    }
    fill(&fleet);
    assert_eq!(browser.get(&fleet.b, "/dashboard").await.body, "alice");
    assert_eq!(resting.get(&fleet.b, "/dashboard").await.body, "carol");
    for path in
        ["/put?name=x&value=1", "/login?account=alice", "/login?account=dave", "/save-halfway?name=x&value=1"]
    {
        let answer = browser.post(&fleet.a, path).await;
        assert_eq!(answer.status, UNAVAILABLE, "{path}");
        assert_eq!(answer.headers["retry-after"], "2", "{path}");
        assert_eq!(browser.cookie, cookie, "{path}");
        assert_eq!(browser.get(&fleet.b, "/dashboard").await.body, "alice", "{path}");
    }
    let mut stranger = Browser::default();
    assert_eq!(stranger.post(&fleet.a, "/login?account=eve").await.status, UNAVAILABLE);
    assert_eq!(stranger.cookie, None);
    assert_eq!(fleet.redis.keys(), keys, "nothing was half written");
    assert!(fleet.a.sessions.metrics().available, "it answers, if only with a no");
    // What makes room is allowed.
    assert_eq!(leaving.post(&fleet.a, "/logout").await.status, StatusCode::SEE_OTHER);
    assert_eq!(fleet.a.sessions.directory().end_all("carol").await, Ok(1));
    assert_eq!(resting.get(&fleet.b, "/why").await.body, "elsewhere");

    give_back(&fleet);
    assert_eq!(browser.post(&fleet.a, "/put?name=x&value=1").await.status, StatusCode::OK);
    assert_eq!(browser.get(&fleet.b, "/get?name=x").await.body, "1");
    for key in fleet.redis.session_keys() {
        assert!(fleet.redis.cli(&["PTTL", &key]).parse::<i64>().unwrap() > 29 * 60 * 1_000, "kept alive");
    }
    fleet.sweep().await;
}

fn fill(fleet: &Fleet) {
    assert_eq!(fleet.redis.cli(&["CONFIG", "GET", "maxmemory-policy"]), "maxmemory-policy\nnoeviction");
    assert_eq!(fleet.redis.cli(&["CONFIG", "SET", "maxmemory", "1"]), "OK");
}

fn give_back(fleet: &Fleet) {
    assert_eq!(fleet.redis.cli(&["CONFIG", "SET", "maxmemory", "0"]), "OK");
}
