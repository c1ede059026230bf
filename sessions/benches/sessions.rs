//! What a request pays for its session, beside the stock store and layer on the same Redis.
//!
//! `cargo bench -p sessions`. Each figure is one whole request through an axum router, without a network in front.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/suite/support/redis.rs"]
mod redis;

use std::time::{Duration, Instant};

use axum::{
    Router,
    body::Body,
    routing::{get, post},
};
use criterion::{Criterion, criterion_group, criterion_main};
use http::{Request, header};
use sessions::{AccountSession, Secret, Session, Sessions, Settings};
use tokio::runtime::Builder;
use tower::ServiceExt;
use tower_sessions::SessionManagerLayer;
use tower_sessions_redis_store::{
    RedisStore,
    fred::prelude::{Builder as StockBuilder, ClientLike, Config},
};

use redis::Redis;

criterion_group!(benches, requests);
criterion_main!(benches);

fn requests(criterion: &mut Criterion) {
    // One thread, or the figures would tell of waking threads more than of work.
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let redis = Redis::start();
    let (ours, directory) = runtime.block_on(async {
        let sessions = connect(&redis, |_| {}).await;
        (application().layer(sessions.layer()), sessions.directory())
    });
    let always_touching = runtime.block_on(async {
        let sessions = connect(&redis, |settings| settings.touch_interval = Duration::ZERO).await;
        application().layer(sessions.layer())
    });
    let stock = runtime.block_on(async {
        let mut builder = StockBuilder::from_config(Config::from_url(&redis.url).unwrap());
        builder.with_connection_config(|connection| connection.tcp.nodelay = Some(true));
        let pool = builder.build_pool(4).unwrap();
        pool.init().await.unwrap();
        application().layer(SessionManagerLayer::new(RedisStore::new(pool)))
    });

    let mut bench = |name: &str, app: &Router, method: &'static str, path: &'static str| {
        let cookie = runtime.block_on(cookie(app, None, "POST", "/sign-in"));
        criterion.bench_function(name, |bencher| {
            bencher.to_async(&runtime).iter(async || send(app, Some(&cookie), method, path).await);
        });
    };
    bench("page that does not look/ours", &ours, "GET", "/");
    bench("page that does not look/stock", &stock, "GET", "/");
    bench("load/ours", &ours, "GET", "/account");
    bench("load/stock", &stock, "GET", "/account");
    bench("load and touch/ours", &always_touching, "GET", "/account");
    bench("save/ours", &ours, "POST", "/count");
    bench("save/stock", &stock, "POST", "/count");
    for (name, app) in [("rotate/ours", &ours), ("rotate/stock", &stock)] {
        criterion.bench_function(name, |bencher| {
            bencher.to_async(&runtime).iter_custom(async |rotations| {
                let mut current = cookie(app, None, "POST", "/sign-in").await;
                let begun = Instant::now();
                for _ in 0..rotations {
                    current = cookie(app, Some(&current), "POST", "/rotate").await;
                }
                begun.elapsed()
            });
        });
    }
    criterion.bench_function("list ten devices/ours", |bencher| {
        bencher
            .to_async(&runtime)
            .iter(async || assert_eq!(directory.list("alice").await.unwrap().len(), 10));
    });
}

async fn connect(redis: &Redis, change: fn(&mut Settings)) -> Sessions {
    let mut settings = Settings::new(Secret::new("a secret only for benches, 32 bytes or more"));
    change(&mut settings);
    Sessions::connect(&redis.url, settings).await.unwrap()
}

/// Handlers that mean the same to both layers.
fn application() -> Router {
    Router::new()
        .route("/", get(async || "for everyone"))
        .route("/account", get(async |session: Session| session.account().await.unwrap().unwrap()))
        .route(
            "/sign-in",
            post(async |session: Session| session.sign_in("alice", false, None).await.unwrap()),
        )
        .route("/rotate", post(async |session: Session| session.cycle_id().await.unwrap()))
        .route("/count", post(count))
}

async fn count(session: Session) {
    let count: u64 = session.get("count").await.unwrap().unwrap_or_default();
    session.insert("count", count + 1).await.unwrap();
}

async fn cookie(app: &Router, before: Option<&str>, method: &str, path: &str) -> String {
    let response = send(app, before, method, path).await;
    let line = response.headers()[header::SET_COOKIE].to_str().unwrap();
    line.split(';').next().unwrap().to_owned()
}

async fn send(app: &Router, cookie: Option<&str>, method: &str, path: &str) -> http::Response<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert!(response.status().is_success());
    response
}
