//! The same promises on a Redis Cluster, and over TLS with an ACL user (cases 17 and 24).

use std::{fs, process::Command};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::{
    cases,
    support::{
        Fleet, Redis, eventually,
        redis::{Server, free_port},
    },
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_holds_on_a_cluster_of_three_primaries() {
    cases::run_all(&Fleet::on(cluster(&[]).await, |_| {}).await).await;
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

/// Three primaries.
pub(crate) async fn cluster(options: &[&str]) -> Redis {
    let servers: Vec<Server> = (0..3)
        .map(|_| {
            let bus = free_port().to_string();
            let cluster =
                ["--cluster-enabled", "yes", "--cluster-port", &bus, "--cluster-node-timeout", "2000"];
            Server::start(&[&cluster[..], options].concat())
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
    redis
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
