//! Events reach those who asked for them, and cost nothing otherwise.

use std::time::Duration;

use sessions::SessionEvent;
use tokio::time::timeout;

use crate::support::{Fleet, Redis};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beginnings_endings_and_expiries_are_told() {
    let redis = Redis::start_with(&["--notify-keyspace-events", "Ex", "--hz", "50"]);
    let fleet = Fleet::on(redis, |settings| {
        settings.events = true;
        settings.idle = Duration::from_millis(1_500);
    })
    .await;
    crate::support::eventually("both nodes listen", || async {
        fleet.redis.cli(&["PUBSUB", "NUMPAT"]) == "1"
            && fleet.redis.cli(&["CLIENT", "LIST"]).matches("psub=1").count() == 2
    })
    .await;
    let (mut on_a, mut on_b) = (fleet.a.sessions.events(), fleet.b.sessions.events());
    let mut leaving = fleet.signed_in("alice").await;
    let _staying = fleet.signed_in("alice").await;
    leaving.post(&fleet.a, "/logout").await;

    let account = Some("alice".to_owned());
    let mut heard = Vec::new();
    for _ in 0..4 {
        heard.push(timeout(Duration::from_secs(10), on_a.recv()).await.unwrap().unwrap());
    }
    let [SessionEvent::Created { handle: first, .. }, SessionEvent::Created { handle: second, .. }, _, _] =
        heard.as_slice()
    else {
        panic!("{heard:?}")
    };
    assert_eq!(heard[2], SessionEvent::Ended { handle: first.clone(), account });
    assert_eq!(heard[3], SessionEvent::Expired { handle: second.clone() });
    // The other node hears what Redis tells to all.
    assert_eq!(timeout(Duration::from_secs(10), on_b.recv()).await.unwrap().unwrap(), heard[3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_events_there_is_nothing_to_wait_for() {
    let fleet = Fleet::start().await;
    assert!(fleet.a.sessions.events().recv().await.is_err());
    fleet.signed_in("alice").await;
    assert!(!fleet.redis.cli(&["INFO", "commandstats"]).contains("cmdstat_config"));
}
