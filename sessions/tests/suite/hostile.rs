//! Whatever a browser sends or Redis holds, nothing panics and nobody is mistaken for somebody else.

use axum::body::Body;
use http::{HeaderValue, Request, StatusCode, header};
use proptest::{
    prelude::{Strategy, any, prop},
    test_runner::{Config, TestCaseError, TestRunner},
};
use tower::ServiceExt;

use crate::support::{Browser, Fleet, Node, Redis, node, redis::Server};

const CASES: u32 = 300;

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(cases) })
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(future))
}

async fn dashboard(node: &Node, cookie: HeaderValue) -> StatusCode {
    let request = Request::get("/dashboard").header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    node.router.clone().oneshot(request).await.unwrap().status()
}

/// With Redis away: a malformed cookie is a stranger's, and only a well-formed one needs the store.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_cookie_header_is_read_without_harm() {
    let server = Server::stopped(&[]);
    let url = format!("redis://127.0.0.1:{}", server.port);
    let node =
        node(&Redis { url, ca_file: None, servers: vec![server], cli_options: Vec::new() }, |_| {}).await;
    let shaped = prop::string::string_regex("(__Host-cardstore=[A-Za-z0-9_=;-]{0,50};? ?){0,3}").unwrap();
    let bytes = prop::collection::vec(any::<u8>(), 0..200);
    let headers = proptest::prop_oneof![shaped.prop_map(String::into_bytes), bytes];
    let outcome = runner(CASES).run(&headers, |bytes| {
        let Ok(cookie) = HeaderValue::from_bytes(&bytes) else { return Ok(()) };
        match wait(dashboard(&node, cookie)) {
            StatusCode::SEE_OTHER | StatusCode::SERVICE_UNAVAILABLE => Ok(()),
            status => Err(TestCaseError::fail(status.to_string())),
        }
    });
    outcome.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_record_is_read_without_harm() {
    use fred::{
        bytes::Bytes,
        prelude::{Builder, ClientLike, Config, HashesInterface},
    };
    let fleet = Fleet::start().await;
    let redis = Builder::from_config(Config::from_url(&fleet.redis.url).unwrap()).build().unwrap();
    redis.init().await.unwrap();
    let field =
        proptest::sample::select(vec!["d:x", "v", "idle", "deadline", "seen", "created", "account", "?"]);
    let value = prop::collection::vec(any::<u8>(), 0..20);
    let outcome = runner(CASES / 10).run(&prop::collection::vec((field, value), 1..4), |damage| {
        let status = wait(async {
            let mut browser = fleet.signed_in("alice").await;
            let name = fleet.a.sessions.directory().list("alice").await.unwrap().remove(0).handle;
            for (field, bytes) in damage {
                let value = Bytes::from(bytes);
                let _: () = redis.hset(format!("cardstore:s:{{{name}}}"), (field, value)).await.unwrap();
            }
            let read = browser.get(&fleet.b, "/get?name=x").await.status;
            let listed = browser.get(&fleet.b, "/devices").await.status;
            browser.post(&fleet.b, "/logout").await;
            fleet.a.sessions.directory().end_all("alice").await.unwrap();
            (read, listed)
        });
        let fine = |status: StatusCode| status.is_success() || status.is_redirection();
        // A value of another type than the handler expects is the handler's 503.
        let wrong_type = status.0 == StatusCode::SERVICE_UNAVAILABLE;
        if (fine(status.0) || wrong_type) && fine(status.1) {
            Ok(())
        } else {
            Err(TestCaseError::fail(format!("{status:?}")))
        }
    });
    outcome.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_user_agent_and_account_is_taken() {
    let fleet = Fleet::start().await;
    let agents =
        ["%3Cscript%3Ealert(1)%3C/script%3E", "", "%F0%9F%A6%80", "%00%0D%0AX", &"Firefox/".repeat(1_000)];
    for agent in agents {
        let mut browser = Browser::default();
        let answer = browser.post(&fleet.a, &format!("/login?account=a%20%7Bb%7D%0A&agent={agent}")).await;
        assert_eq!(answer.status, 303);
        let page = browser.get(&fleet.b, "/devices").await.body;
        assert!(!page.contains("script"), "{page}");
        assert_eq!(browser.post(&fleet.a, "/password").await.status, 204);
    }
    let record = fleet.redis.cli(&["HGET", &fleet.redis.session_key(), "agent"]);
    assert!(record.chars().count() <= 256);
}
