//! Sentinel appoints another primary while people are about: changes are saved again, and nobody is signed out.

use std::{fs, process::Command};

use crate::support::{Fleet, Redis, eventually, redis::Server, traffic::Traffic};

const VISITORS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failover_under_traffic_signs_nobody_out() {
    let (redis, sentinel) = guarded().await;
    let mut fleet = Fleet::on(redis, |_| {}).await;
    let traffic = Traffic::start(&fleet, VISITORS).await;
    until_replicated(&fleet.redis, 0, 1).await;

    // By hand: the old primary stays up and answers READONLY.
    eventually("the failover begins", || async {
        fleet.redis.ask(&sentinel, &["SENTINEL", "FAILOVER", "main"]) == "OK"
    })
    .await;
    eventually("the replica is the primary", || async {
        role(&fleet.redis, 1).starts_with("master") && role(&fleet.redis, 0).starts_with("slave")
    })
    .await;
    traffic.until_all_are_served().await;

    // By accident: the primary dies. Redis replicates after it has answered, so it has to have done that once.
    until_replicated(&fleet.redis, 1, 0).await;
    eventually("the sentinel knows the replica", || async {
        let replicas = fleet.redis.ask(&sentinel, &["SENTINEL", "REPLICAS", "main"]);
        replicas.contains("master-link-status\nok")
    })
    .await;
    fleet.redis.servers[1].kill();
    eventually("the replica is the primary", || async { role(&fleet.redis, 0).starts_with("master") }).await;
    traffic.until_all_are_served().await;
    traffic.stop().await;
    fleet.redis.servers.truncate(1);
    fleet.sweep().await;
}

/// A primary, its replica, and the sentinel that watches them.
async fn guarded() -> (Redis, Server) {
    let primary = Server::start(&[]);
    let main_port = primary.port.to_string();
    let replica = Server::start(&["--replicaof", "127.0.0.1", &main_port, "--repl-diskless-sync-delay", "0"]);
    let mut sentinel = Server::stopped(&[]);
    let configuration = sentinel.folder.path().join("sentinel.conf");
    let lines = [
        format!("port {}", sentinel.port),
        "bind 127.0.0.1".into(),
        format!("sentinel monitor main 127.0.0.1 {main_port} 1"),
        "sentinel down-after-milliseconds main 1000".into(),
        "sentinel failover-timeout main 1000".into(),
    ];
    let redis = Redis {
        url: format!("redis-sentinel://127.0.0.1:{}?sentinelServiceName=main", sentinel.port),
        ca_file: None,
        servers: vec![primary, replica],
        cli_options: Vec::new(),
    };
    until_replicated(&redis, 0, 1).await;
    fs::write(&configuration, lines.join("\n")).unwrap();
    sentinel.spawn(Command::new("redis-server").arg(&configuration).arg("--sentinel"));
    (redis, sentinel)
}

fn role(redis: &Redis, server: usize) -> String {
    redis.ask(&redis.servers[server], &["ROLE"])
}

/// The replica follows and has every record that the primary has.
async fn until_replicated(redis: &Redis, primary: usize, replica: usize) {
    let keys = |server: usize| redis.ask(&redis.servers[server], &["KEYS", "cardstore:s:*"]);
    let sorted = |text: String| text.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
    eventually("replicated", || async {
        redis.ask(&redis.servers[replica], &["INFO", "replication"]).contains("master_link_status:up")
            && sorted(keys(primary)) == sorted(keys(replica))
    })
    .await;
}
