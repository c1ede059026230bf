//! What happens to sessions is told: within the node always, of expiries only if that was asked for.

use std::{collections::BTreeSet, time::Duration};

use sessions::{Ended, SessionEvent};
use tokio::{
    sync::broadcast::{Receiver, error::TryRecvError},
    time::timeout,
};

use crate::{
    support::{Browser, Fleet, Redis, eventually},
    topologies::cluster,
};

type Events = Receiver<SessionEvent>;

async fn next(events: &mut Events) -> SessionEvent {
    timeout(Duration::from_secs(10), events.recv()).await.unwrap().unwrap()
}

fn created(handle: &str, account: Option<&str>) -> SessionEvent {
    SessionEvent::Created { handle: handle.to_owned(), account: account.map(str::to_owned) }
}

fn ended(handle: &str, account: Option<&str>, why: Option<Ended>) -> SessionEvent {
    SessionEvent::Ended { handle: handle.to_owned(), account: account.map(str::to_owned), why }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn expiries_are_told_to_every_node_that_asked_for_them() {
    let redis = Redis::start_with(&["--notify-keyspace-events", "Ex", "--hz", "50"]);
    let fleet = Fleet::on(redis, |settings| {
        settings.events = true;
        settings.idle = Duration::from_millis(1_500);
    })
    .await;
    eventually("both nodes listen", || async {
        fleet.redis.cli(&["PUBSUB", "NUMPAT"]) == "1"
            && fleet.redis.cli(&["CLIENT", "LIST"]).matches("psub=1").count() == 2
    })
    .await;
    let (mut on_a, mut on_b) = (fleet.a.sessions.events(), fleet.b.sessions.events());
    let mut leaving = fleet.signed_in("alice").await;
    let _staying = fleet.signed_in("alice").await;
    leaving.post(&fleet.a, "/logout").await;

    let mut heard = Vec::new();
    for _ in 0..4 {
        heard.push(next(&mut on_a).await);
    }
    let [SessionEvent::Created { handle: first, .. }, SessionEvent::Created { handle: second, .. }, _, _] =
        heard.as_slice()
    else {
        panic!("{heard:?}")
    };
    assert_eq!(heard[2], ended(first, Some("alice"), None));
    assert_eq!(heard[3], SessionEvent::Expired { handle: second.clone() });
    // The other node hears what Redis tells to all.
    assert_eq!(next(&mut on_b).await, heard[3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_tells_what_it_does_without_redis() {
    let fleet = Fleet::with(|settings| settings.sessions_per_account = 1).await;
    let (mut on_a, mut on_b) = (fleet.a.sessions.events(), fleet.b.sessions.events());
    let directory = fleet.a.sessions.directory();
    let handle = async || directory.list("alice").await.unwrap().remove(0).handle;

    let mut browser = Browser::default();
    browser.post(&fleet.a, "/put?name=x&value=1").await;
    let SessionEvent::Created { handle: first, account: None } = next(&mut on_a).await else { panic!() };
    browser.post(&fleet.a, "/login?account=alice").await;
    assert_eq!(next(&mut on_a).await, created(&first, Some("alice")));
    // A new id, or the same account again, is the same session.
    browser.post(&fleet.a, "/password").await;
    browser.post(&fleet.a, "/login?account=alice").await;

    // Of two sign-ins within a millisecond either may count as the older.
    tokio::time::sleep(Duration::from_millis(2)).await;
    let mut beyond = fleet.signed_in("alice").await;
    let second = handle().await;
    assert_eq!(next(&mut on_a).await, created(&second, Some("alice")));
    assert_eq!(next(&mut on_a).await, ended(&first, Some("alice"), Some(Ended::Limit)));
    beyond.post(&fleet.a, "/login?account=bob").await;
    assert_eq!(next(&mut on_a).await, ended(&second, Some("alice"), None));
    assert_eq!(next(&mut on_a).await, created(&second, Some("bob")));
    beyond.post(&fleet.a, "/clear").await;
    assert_eq!(next(&mut on_a).await, ended(&second, Some("bob"), None));

    fleet.signed_in("alice").await;
    let third = handle().await;
    assert_eq!(next(&mut on_a).await, created(&third, Some("alice")));
    assert_eq!(directory.end_all("alice").await, Ok(1));
    assert_eq!(next(&mut on_a).await, ended(&third, Some("alice"), Some(Ended::Elsewhere)));
    assert_eq!(on_a.try_recv(), Err(TryRecvError::Empty));
    assert_eq!(on_b.try_recv(), Err(TryRecvError::Empty), "this was not its doing");

    let commands = fleet.redis.cli(&["INFO", "commandstats"]);
    for needed_by_expiries in ["cmdstat_config", "cmdstat_psubscribe", "cmdstat_subscribe"] {
        assert!(!commands.contains(needed_by_expiries), "{needed_by_expiries}");
    }
}

/// On a cluster each primary tells of its own keys only.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn expiries_on_every_primary_of_a_cluster_are_told() {
    const SESSIONS: usize = 30;
    let redis = cluster(&["--notify-keyspace-events", "Ex", "--hz", "50"]).await;
    let fleet = Fleet::on(redis, |settings| settings.events = true).await;
    let primaries = &fleet.redis.servers;
    eventually("both nodes listen to all", || async {
        primaries.iter().all(|one| fleet.redis.ask(one, &["CLIENT", "LIST"]).matches("psub=1").count() == 2)
    })
    .await;
    let mut on_b = fleet.b.sessions.events();
    for visitor in 0..SESSIONS {
        fleet.signed_in(&format!("visitor-{visitor}")).await;
    }
    let keys = fleet.redis.session_keys();
    assert!(primaries.iter().all(|one| !fleet.redis.ask(one, &["KEYS", "cardstore:s:*"]).is_empty()));
    for key in &keys {
        // Less, and a busy Redis finds the time already past: it deletes the key and tells of no expiry.
        fleet.redis.cli(&["PEXPIRE", key, "100"]);
    }
    let mut expired = BTreeSet::new();
    while expired.len() < SESSIONS {
        let SessionEvent::Expired { handle } = next(&mut on_b).await else { panic!() };
        expired.insert(format!("cardstore:s:{{{handle}}}"));
    }
    assert_eq!(expired, keys.into_iter().collect());
}
