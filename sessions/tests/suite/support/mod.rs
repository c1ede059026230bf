//! Two nodes, their Redis and the browsers that visit them.

pub(crate) mod app;
pub(crate) mod browser;
pub(crate) mod redis;
mod sweep;
pub(crate) mod traffic;

use std::{future::Future, time::Duration};

use sessions::{Secret, Sessions, Settings};

pub(crate) use app::Node;
pub(crate) use browser::Browser;
pub(crate) use redis::Redis;

/// Two nodes of one application.
pub(crate) struct Fleet {
    pub(crate) redis: Redis,
    pub(crate) a: Node,
    pub(crate) b: Node,
}

impl Fleet {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl Fn(&mut Settings)) -> Self {
        Self::on(Redis::start(), change).await
    }

    pub(crate) async fn on(redis: Redis, change: impl Fn(&mut Settings)) -> Self {
        let (a, b) = (node(&redis, &change).await, node(&redis, &change).await);
        for node in [&a, &b] {
            eventually("the node is ready", || async { node.sessions.ready().await.is_ok() }).await;
        }
        Self { redis, a, b }
    }

    /// A browser that has just signed in on node A.
    pub(crate) async fn signed_in(&self, account: &str) -> Browser {
        let mut browser = Browser::default();
        let answer = browser.post(&self.a, &format!("/login?account={account}")).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser
    }
}

pub(crate) async fn node(redis: &Redis, change: impl Fn(&mut Settings)) -> Node {
    let mut settings = settings();
    settings.tls_ca_file = redis.ca_file.clone();
    change(&mut settings);
    Node::new(Sessions::connect(&redis.url, settings).await.unwrap())
}

pub(crate) fn settings() -> Settings {
    let mut settings = Settings::new(Secret::new("a secret only for tests, 32 bytes or more"));
    // A busy machine is no outage.
    settings.command_timeout = Duration::from_secs(3);
    settings
}

/// Asks until it holds; for ten seconds at most.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    for _ in 0..500 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never came true: {what}");
}
