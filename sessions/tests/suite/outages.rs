//! Redis stalls, dies, comes back or was never there: pages answer, cookies stay, nodes recover by themselves.

use std::time::Duration;

use http::StatusCode;
use sessions::Settings;

use crate::support::{Browser, Fleet, Redis, eventually, node, redis::Server};

const UNAVAILABLE: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

fn short_timeout(settings: &mut Settings) {
    settings.command_timeout = Duration::from_millis(500);
}

/// Case 19.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stalled_redis_signs_nobody_out() {
    let fleet = Fleet::with(short_timeout).await;
    let mut browser = fleet.signed_in("alice").await;
    let cookie = browser.cookie.clone();
    fleet.redis.servers[0].freeze();
    for _ in 0..20 {
        assert_eq!(browser.get(&fleet.b, "/public").await.status, 200);
        let answer = browser.get(&fleet.b, "/dashboard").await;
        assert_eq!(answer.status, UNAVAILABLE);
        assert_eq!(answer.headers["retry-after"], "2");
        assert_eq!(answer.set_cookie(), None);
    }
    let metrics = fleet.b.sessions.metrics();
    assert!(!metrics.available && metrics.unavailable >= 20, "{metrics:?}");
    fleet.redis.servers[0].thaw();
    let (b, browser) = (&fleet.b, tokio::sync::Mutex::new(browser));
    eventually("still signed in", || async {
        browser.lock().await.get(b, "/dashboard").await.body == "alice"
    })
    .await;
    assert_eq!(browser.into_inner().cookie, cookie);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_cannot_be_saved_is_a_503_and_keeps_the_cookie() {
    let fleet = Fleet::with(short_timeout).await;
    let mut browser = fleet.signed_in("alice").await;
    let cookie = browser.cookie.clone();
    let freezing = async {
        fleet.a.gate.until_arrived().await;
        fleet.redis.servers[0].freeze();
        fleet.a.gate.let_one_pass();
    };
    let (answer, ()) = tokio::join!(browser.post(&fleet.a, "/put-slowly?name=x&value=1"), freezing);
    assert_eq!(answer.status, UNAVAILABLE);
    assert_eq!(answer.headers["retry-after"], "2");
    assert!(answer.body.contains("try again"), "{}", answer.body);
    for path in ["/login?account=alice", "/put?name=x&value=1", "/logout"] {
        assert_eq!(browser.post(&fleet.a, path).await.status, UNAVAILABLE, "{path}");
        assert_eq!(browser.cookie, cookie, "{path}");
    }
    assert_eq!(Browser::default().post(&fleet.a, "/login?account=bob").await.status, UNAVAILABLE);
    fleet.redis.servers[0].thaw();
}

/// Case 20.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_recovers_when_redis_was_killed_and_restarted() {
    let mut fleet = Fleet::start().await;
    let mut browser = fleet.signed_in("alice").await;
    fleet.redis.servers[0].kill();
    assert_eq!(browser.get(&fleet.a, "/dashboard").await.status, UNAVAILABLE);
    assert!(fleet.a.sessions.ready().await.is_err());
    fleet.redis.servers[0].run();
    eventually("ready again", || async { fleet.a.sessions.ready().await.is_ok() }).await;
    eventually("the breaker is closed", || async { fleet.a.sessions.metrics().available }).await;
    // Its scripts are unknown to the new server, and so is the session.
    assert_eq!(browser.get(&fleet.a, "/dashboard").await.status, 303);
    let mut browser = fleet.signed_in("alice").await;
    assert_eq!(browser.get(&fleet.a, "/dashboard").await.body, "alice");
}

/// Case 21.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_starts_before_redis_does() {
    let server = Server::stopped(&[]);
    let url = format!("redis://127.0.0.1:{}", server.port);
    let mut redis = Redis { url, ca_file: None, servers: vec![server], cli_options: Vec::new() };
    let node = node(&redis, |_| {}).await;
    assert!(node.sessions.ready().await.is_err());
    assert_eq!(Browser::default().get(&node, "/public").await.status, 200);
    assert_eq!(Browser::default().get(&node, "/dashboard").await.status, 303);
    assert_eq!(Browser::default().post(&node, "/login?account=alice").await.status, UNAVAILABLE);
    redis.servers[0].run();
    eventually("ready", || async { node.sessions.ready().await.is_ok() }).await;
    eventually("the breaker is closed", || async { node.sessions.metrics().available }).await;
    assert_eq!(Browser::default().post(&node, "/login?account=alice").await.status, 303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scripts_are_sent_again_when_the_server_forgot_them() {
    let fleet = Fleet::start().await;
    let mut browser = fleet.signed_in("alice").await;
    fleet.redis.cli(&["SCRIPT", "FLUSH"]);
    assert_eq!(browser.get(&fleet.b, "/dashboard").await.body, "alice");
    assert_eq!(browser.post(&fleet.b, "/put?name=x&value=1").await.status, 200);
}

/// A demoted primary that keeps its connections.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_server_is_unavailable_for_changes_until_it_is_a_primary_again() {
    let fleet = Fleet::start().await;
    let mut browser = fleet.signed_in("alice").await;
    fleet.redis.cli(&["REPLICAOF", "127.0.0.1", "1"]);
    assert_eq!(browser.post(&fleet.a, "/put?name=x&value=1").await.status, UNAVAILABLE);
    fleet.redis.cli(&["REPLICAOF", "NO", "ONE"]);
    let browser = tokio::sync::Mutex::new(browser);
    eventually("changes are saved", || async {
        browser.lock().await.post(&fleet.a, "/put?name=x&value=1").await.status == 200
    })
    .await;
    assert_eq!(browser.into_inner().get(&fleet.b, "/dashboard").await.body, "alice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_password_is_tried_again() {
    let redis = Redis::start_with(&["--requirepass", "not-yet"]);
    let wrong = redis.url.replace("redis://", "redis://:right@");
    let node =
        node(&Redis { url: wrong, servers: Vec::new(), ca_file: None, cli_options: Vec::new() }, |_| {})
            .await;
    assert!(node.sessions.ready().await.is_err());
    redis.cli(&["-a", "not-yet", "CONFIG", "SET", "requirepass", "right"]);
    eventually("ready", || async { node.sessions.ready().await.is_ok() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_ends_the_connections() {
    let fleet = Fleet::start().await;
    let clients = || fleet.redis.cli(&["CLIENT", "LIST"]).lines().count();
    assert!(clients() > 1);
    fleet.a.sessions.close().await;
    fleet.b.sessions.close().await;
    // The one that asks remains.
    eventually("all hung up", || async { clients() == 1 }).await;
    let closed = tokio::time::timeout(Duration::from_secs(5), fleet.a.sessions.ready()).await;
    assert!(matches!(closed, Ok(Err(_))));
}
