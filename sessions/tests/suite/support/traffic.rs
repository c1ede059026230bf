//! Browsers that visit both nodes without a rest, and what they were answered.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use http::StatusCode;
use tokio::task::JoinSet;

use super::{Browser, Fleet, Node, eventually};

/// Between two visits of one browser: a machine with two cores has other things to do as well.
const REST: Duration = Duration::from_millis(5);
/// So many answers in a row are no coincidence.
const ENOUGH: u64 = 3;

pub(crate) struct Traffic {
    stopping: Arc<AtomicBool>,
    tallies: Vec<Arc<Tally>>,
    visits: JoinSet<()>,
}

#[derive(Default)]
struct Tally {
    saved: AtomicU64,
    refused: AtomicU64,
}

impl Traffic {
    /// Signs `visitors` browsers in, each as an account of its own, and lets them loose. Whatever happens to Redis,
    /// everything they ask is answered: public pages as ever, others by a 503 at worst, never as to a stranger,
    /// and no cookie changes.
    pub(crate) async fn start(fleet: &Fleet, visitors: usize) -> Self {
        let mut traffic = Self { stopping: Arc::default(), tallies: Vec::new(), visits: JoinSet::new() };
        for visitor in 0..visitors {
            let account = format!("visitor-{visitor}");
            let mut nodes = [fleet.a.clone(), fleet.b.clone()];
            nodes.rotate_left(visitor % 2);
            let browser = fleet.signed_in(&account).await;
            let tally = Arc::<Tally>::default();
            traffic.tallies.push(tally.clone());
            traffic.visits.spawn(visit(browser, account, nodes, tally, traffic.stopping.clone()));
        }
        traffic
    }

    /// From now on, every browser's changes are saved.
    pub(crate) async fn until_all_are_served(&self) {
        self.until_all("served again", |tally| &tally.saved).await;
    }

    /// From now on, every browser's changes are refused.
    pub(crate) async fn until_all_are_refused(&self) {
        self.until_all("refused", |tally| &tally.refused).await;
    }

    /// Fails if one of the browsers saw what it may not see.
    pub(crate) async fn stop(self) {
        self.stopping.store(true, Relaxed);
        self.visits.join_all().await;
    }

    async fn until_all(&self, what: &str, figure: impl Fn(&Tally) -> &AtomicU64) {
        let read = || self.tallies.iter().map(|tally| figure(tally).load(Relaxed)).collect::<Vec<_>>();
        let before = read();
        eventually(what, || async { read().iter().zip(&before).all(|(now, before)| now - before >= ENOUGH) })
            .await;
    }
}

async fn visit(
    mut browser: Browser,
    account: String,
    nodes: [Node; 2],
    tally: Arc<Tally>,
    stopping: Arc<AtomicBool>,
) {
    let cookie = browser.cookie.clone();
    for (visit, node) in nodes.iter().cycle().enumerate() {
        if stopping.load(Relaxed) {
            break;
        }
        assert_eq!(browser.get(node, "/public").await.status, StatusCode::OK);
        let page = browser.get(node, "/dashboard").await;
        match page.status {
            StatusCode::OK => assert_eq!(page.body, account),
            status => assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{account}: {}", page.body),
        }
        // Only what differs is written.
        let value = visit % 7;
        let figure = match browser.post(node, &format!("/put?name=x&value={value}")).await.status {
            StatusCode::OK => &tally.saved,
            status => {
                assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{account}");
                &tally.refused
            }
        };
        figure.fetch_add(1, Relaxed);
        assert_eq!(browser.cookie, cookie, "{account}");
        tokio::time::sleep(REST).await;
    }
}
