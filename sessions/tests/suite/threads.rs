//! A thread with a runtime of its own asks through a connection of its own, and through one that is shared while it has
//! none.

use std::{collections::BTreeMap, thread};

use tokio::runtime;

use crate::support::{Fleet, Redis, eventually};

#[test]
fn a_thread_asks_through_its_own_connection_and_loses_nobody_with_it() {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (fleet, browser) = runtime.block_on(async {
        let fleet = Fleet::with(|settings| settings.connections = 1).await;
        let browser = fleet.signed_in("alice").await;
        (fleet, browser)
    });
    let (node, redis) = (&fleet.a, &fleet.redis);
    let before = last_commands(redis);

    let answering = move || {
        let mut browser = browser;
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            node.sessions.connect_here().unwrap();
            let own = async || last_commands(redis).into_keys().find(|client| !before.contains_key(client));
            eventually("it has a connection", || async { own().await.is_some() }).await;
            let first = own().await.unwrap();
            eventually("it is used", || async {
                node.sessions.ready().await.unwrap();
                last_commands(redis)[&first] == "ping"
            })
            .await;
            assert_eq!(browser.get(node, "/dashboard").await.body, "alice");
            assert_ne!(last_commands(redis)[&first], "ping");

            redis.cli(&["CLIENT", "KILL", "ID", &first]);
            for _ in 0..20 {
                assert_eq!(browser.get(node, "/dashboard").await.body, "alice");
            }
            eventually("it has another", || async { own().await.is_some_and(|own| own != first) }).await;
            assert_eq!(browser.get(node, "/dashboard").await.body, "alice");
        });
    };
    thread::scope(|scope| scope.spawn(answering).join().unwrap());
    runtime.block_on(node.sessions.close());
}

/// Of each client, by its number.
fn last_commands(redis: &Redis) -> BTreeMap<String, String> {
    let listed = redis.cli(&["CLIENT", "LIST", "TYPE", "normal"]);
    let field = |line: &str, name: &str| {
        let found = line.split(' ').find_map(|field| field.strip_prefix(name)?.strip_prefix('='));
        found.unwrap_or_default().to_owned()
    };
    let clients = listed.lines().map(|line| (field(line, "id"), field(line, "cmd")));
    // Whoever asks lists itself.
    clients.filter(|(_, command)| !command.starts_with("client")).collect()
}
