//! Serving and stopping: listen, hand connections to the router, and on SIGTERM drain before closing the door.

use std::{net::SocketAddr, time::Duration};

use app::server::Node;
use axum::{Router, serve::ListenerExt};
use backend::Store;
use sessions::Sessions;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;

use crate::{
    config::Config,
    health::{self, Health},
    live::Live,
    metrics::Metrics,
    router,
    shedding::Shedding,
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
    let shedding = Shedding::new(config.most_requests as usize);
    if let Some(most_lag) = config.most_lag() {
        tokio::spawn(shedding.clone().follow_lag(most_lag));
    }
    let metrics = Metrics::new(node.clone(), live.clone(), &shedding);
    let app = router(&config, node.clone(), health.clone(), live, metrics.clone(), shedding);
    let admin_app = health::admin(node.clone(), health.clone()).merge(metrics.routes());
    let operators = tokio::spawn(serve(admin, admin_app, stop.clone()));
    let visitors = tokio::spawn(serve(public, app, stop.clone()));
    tracing::info!(addr = %config.addr, node = %config.node, "ready for visitors");

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

/// Small answers must not wait for the peer's acknowledgement: axum leaves TCP_NODELAY off.
async fn serve(listener: TcpListener, app: Router, stop: CancellationToken) {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was refused");
        }
    });
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(stop.cancelled_owned()).await {
        tracing::error!(%error, "the listener failed");
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
