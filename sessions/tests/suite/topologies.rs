//! The same promises on a Redis Cluster, over TLS with an ACL user, and through Sentinel failovers (cases 17 and 24).

use std::{fs, process::Command};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::sync::Mutex;

use crate::{
    cases,
    support::{
        Fleet, Redis, eventually,
        redis::{Server, free_port},
    },
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_holds_on_a_cluster_of_three_primaries() {
    let servers: Vec<Server> = (0..3)
        .map(|_| {
            let bus = free_port().to_string();
            Server::start(&[
                "--cluster-enabled",
                "yes",
                "--cluster-port",
                &bus,
                "--cluster-node-timeout",
                "2000",
            ])
        })
        .collect();
    let nodes: Vec<String> = servers.iter().map(|server| format!("127.0.0.1:{}", server.port)).collect();
    let create =
        Command::new("redis-cli").args(["--cluster", "create"]).args(&nodes).arg("--cluster-yes").output();
    assert!(create.unwrap().status.success());
    let url = format!("redis-cluster://{}?node={}&node={}", nodes[0], nodes[1], nodes[2]);
    let redis = Redis { url, ca_file: None, servers, cli_options: vec!["-c".into()] };
    eventually("the cluster agrees", || async {
        redis
            .servers
            .iter()
            .all(|server| redis.ask(server, &["CLUSTER", "INFO"]).contains("cluster_state:ok"))
    })
    .await;
    cases::run_all(&Fleet::on(redis, |_| {}).await).await;
}

/// The user may do what the crate's documentation says and nothing else; the server has no keyspace events.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_holds_over_tls_for_a_user_without_config() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    write_certificates(&path("ca.pem"), &path("server.pem"), &path("server.key"));
    let (ca, certificate, key) = (path("ca.pem"), path("server.pem"), path("server.key"));
    let tls_port = free_port().to_string();
    let mut options: Vec<&str> =
        vec!["--tls-port", &tls_port, "--tls-auth-clients", "no", "--requirepass", "admin"];
    options.extend(["--tls-ca-cert-file", &ca, "--tls-cert-file", &certificate, "--tls-key-file", &key]);
    options.extend(["--notify-keyspace-events", "", "--user", "cardstore", "on", ">word", "~cardstore:*"]);
    options.extend(["+@read", "+@write", "+@scripting", "+@connection", "+time", "-@dangerous"]);
    let redis = Redis {
        servers: vec![Server::start(&options)],
        url: format!("rediss://cardstore:word@localhost:{tls_port}"),
        ca_file: Some(ca.into()),
        cli_options: vec!["-a".into(), "admin".into()],
    };
    let fleet = Fleet::on(redis, |_| {}).await;
    cases::run_all(&fleet).await;
    assert!(!fleet.redis.cli(&["INFO", "commandstats"]).contains("cmdstat_config"));
    // The client asks for the version and takes no for an answer; nothing else was refused.
    let refused = fleet.redis.cli(&["ACL", "LOG"]);
    let refused: Vec<&str> =
        refused.lines().skip_while(|line| *line != "object").skip(1).step_by(14).collect();
    assert!(refused.iter().all(|command| *command == "info"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_survives_a_sentinel_failover() {
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
        "sentinel failover-timeout main 3000".into(),
    ];
    let redis = Redis {
        url: format!("redis-sentinel://127.0.0.1:{}?sentinelServiceName=main", sentinel.port),
        ca_file: None,
        servers: vec![primary, replica],
        cli_options: Vec::new(),
    };
    eventually("the replica follows", || async {
        redis.ask(&redis.servers[1], &["INFO", "replication"]).contains("master_link_status:up")
    })
    .await;
    fs::write(&configuration, lines.join("\n")).unwrap();
    sentinel.spawn(Command::new("redis-server").arg(&configuration).arg("--sentinel"));

    let mut fleet = Fleet::on(redis, |_| {}).await;
    let browser = Mutex::new(fleet.signed_in("alice").await);
    assert_eq!(fleet.redis.cli(&["WAIT", "1", "5000"]), "1");

    // By hand: the old primary stays up and answers READONLY.
    eventually("the failover begins", || async {
        fleet.redis.ask(&sentinel, &["SENTINEL", "FAILOVER", "main"]) == "OK"
    })
    .await;
    eventually("the replica is the primary", || async {
        fleet.redis.ask(&fleet.redis.servers[1], &["ROLE"]).starts_with("master")
            && fleet.redis.ask(&fleet.redis.servers[0], &["ROLE"]).starts_with("slave")
    })
    .await;
    let put = async |value: &str| {
        eventually("changes are saved", || async {
            browser.lock().await.post(&fleet.a, &format!("/put?name=x&value={value}")).await.status == 200
        })
        .await;
    };
    put("saved").await;
    eventually("the old primary follows", || async {
        fleet.redis.ask(&fleet.redis.servers[0], &["INFO", "replication"]).contains("master_link_status:up")
    })
    .await;
    assert_eq!(fleet.redis.ask(&fleet.redis.servers[1], &["WAIT", "1", "5000"]), "1");
    eventually("the sentinel knows the replica", || async {
        let replicas = fleet.redis.ask(&sentinel, &["SENTINEL", "REPLICAS", "main"]);
        replicas.contains("master-link-status\nok")
    })
    .await;

    // By accident: the primary dies.
    fleet.redis.servers[1].kill();
    for node in [&fleet.a, &fleet.b] {
        eventually("still signed in", || async {
            browser.lock().await.get(node, "/dashboard").await.body == "alice"
        })
        .await;
    }
}

fn write_certificates(ca: &str, certificate: &str, key: &str) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let server_key = KeyPair::generate().unwrap();
    let server =
        CertificateParams::new(vec!["localhost".into()]).unwrap().signed_by(&server_key, &authority).unwrap();
    fs::write(ca, authority.pem()).unwrap();
    fs::write(certificate, server.pem()).unwrap();
    fs::write(key, server_key.serialize_pem()).unwrap();
}
