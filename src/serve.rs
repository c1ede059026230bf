//! Serving and stopping: listen, hand connections to the router, and on SIGTERM drain before closing the door.

use std::{future::IntoFuture, net::SocketAddr, sync::Arc, time::Duration};

use app::server::Node;
use backend::Store;
use sessions::Sessions;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Common,
    config::Config,
    health::{self, Health},
    live::Live,
    metrics::Metrics,
    remembered::Remembered,
    request_id::Requests,
    router,
    shedding::Shedding,
    workers::{Given, Visitor, Workers},
};

/// How long requests in flight may take once the node no longer accepts new ones.
const FINISH_WITHIN: Duration = Duration::from_secs(15);

pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Runs the node until SIGTERM or Ctrl-C.
///
/// # Errors
/// A setting that does not work or an address that is taken, named in words.
pub async fn run(config: Config) -> Outcome<()> {
    let (public, admin) = (
        listen(config.addr, "CARDSTORE_ADDR").await?,
        listen(config.admin_addr, "CARDSTORE_ADMIN_ADDR").await?,
    );
    let sessions = Sessions::connect(&config.redis_url, config.sessions())
        .await
        .map_err(|error| format!("REDIS_URL or the session settings do not work: {error}"))?;
    let store =
        Store::open(config.store()).await.map_err(|error| format!("cannot open the store: {error}"))?;
    let node = Node::new(store, sessions, &config.node);
    let health = Health::default();
    let stop = CancellationToken::new();
    let background = tokio::spawn({
        let (store, stop) = (node.store.clone(), stop.clone());
        async move { store.run_background(stop).await }
    });
    let live = Live::start(node.clone(), stop.clone()).map_err(|error| format!("REDIS_URL: {error}"))?;
    let threads = config.threads();
    let shedding = Shedding::new(config.most_requests as usize, config.most_lag(), threads);
    let metrics = Metrics::new(node.clone(), live.clone(), &shedding);
    let requests = Requests::new(node.name.clone(), config.traces_to().is_some());
    let remembered = Remembered::new(live.clone(), requests, metrics.clone());
    let admin_app = health::admin(node.clone(), health.clone()).merge(metrics.clone().routes());
    let operators = tokio::spawn({
        let serving = axum::serve(admin, admin_app).with_graceful_shutdown(stop.clone().cancelled_owned());
        serving.into_future()
    });
    let config = Arc::new(config);
    let common = Common {
        config: config.clone(),
        node: node.clone(),
        health: health.clone(),
        live,
        metrics,
        shedding,
        remembered,
    };
    let mut workers = Workers::start(threads, move |given| answer(given, common.clone()))
        .map_err(|error| format!("cannot start {threads} threads: {error}"))?;
    let visitors = tokio::spawn({
        let stop = stop.clone();
        async move {
            workers.serve(public, &stop).await;
            workers
        }
    });
    tracing::info!(addr = %config.addr, node = %config.node, threads, "ready for visitors");

    wait_for_signal().await?;
    tracing::info!(drain_s = config.drain, "draining");
    health.drain();
    tokio::time::sleep(config.drain()).await;
    stop.cancel();
    let finished =
        tokio::time::timeout(FINISH_WITHIN, async { tokio::join!(visitors, operators, background) }).await;
    if finished.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    node.sessions.close().await;
    tracing::info!("stopped");
    Ok(())
}

async fn listen(addr: SocketAddr, setting: &str) -> Outcome<TcpListener> {
    Ok(TcpListener::bind(addr)
        .await
        .map_err(|error| format!("{setting}: cannot listen on {addr}: {error}"))?)
}

/// What each thread does for the visitors that it is given.
async fn answer(given: Given, common: Common) {
    let shedding = common.shedding.clone();
    if let Err(error) = common.node.connect_here(common.config.threads()) {
        tracing::error!(error, "this thread uses the connections of others");
    }
    let no_more = given.no_more();
    let service = router(common).into_make_service_with_connect_info::<Visitor>();
    tokio::select! {
        served = axum::serve(given, service).with_graceful_shutdown(no_more) => {
            if let Err(error) = served {
                tracing::error!(%error, "visitors are no longer served");
            }
        }
        () = shedding.follow_lag() => {}
    }
}

async fn wait_for_signal() -> Outcome<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
