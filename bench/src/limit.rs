//! The limit: bare axum handlers that make the same round trip to Redis and touch the same rows as the store, in the
//! fastest known way, and answer a constant page of the same size. They check and show nothing.

mod pages;
mod purchase;
mod rows;
mod sessions;
mod sign_in;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use clap::Args;
use rusqlite::Connection;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;

use crate::Outcome;
use rows::Rows;
use sessions::Sessions;

#[derive(Args)]
pub struct Settings {
    #[arg(long)]
    addr: SocketAddr,
    #[arg(long)]
    redis_url: String,
    #[arg(long)]
    database: PathBuf,
    /// The sizes of the store's own pages.
    #[arg(long)]
    dashboard_bytes: usize,
    #[arg(long)]
    market_bytes: usize,
    #[arg(long)]
    card_bytes: usize,
}

struct Limit {
    sessions: Sessions,
    rows: Rows,
    /// SQLite takes one writer.
    writer: Mutex<Connection>,
    /// One password is hashed per core.
    hashing: Arc<Semaphore>,
    dashboard: Bytes,
    market: Bytes,
    card: Bytes,
}

#[tokio::main]
pub async fn run(settings: Settings) -> Outcome<()> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let limit = Arc::new(Limit {
        sessions: Sessions::connect(&settings.redis_url, cores).await?,
        writer: Mutex::new(rows::writer(&settings.database)?),
        rows: Rows::of(settings.database),
        hashing: Arc::new(Semaphore::new(cores)),
        dashboard: pages::constant(settings.dashboard_bytes),
        market: pages::constant(settings.market_bytes),
        card: pages::constant(settings.card_bytes),
    });
    let app = Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/constant", get(pages::constant_market))
        .route("/", get(pages::market))
        .route("/dashboard", get(pages::dashboard))
        .route("/cards/{id}", get(pages::card))
        .route("/cards/{id}/buy", post(purchase::buy))
        .route("/login", post(sign_in::sign_in))
        .with_state(limit);
    let listener = TcpListener::bind(settings.addr).await?.tap_io(|stream| {
        // The kernel refuses it to no TCP stream.
        _ = stream.set_nodelay(true);
    });
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        served = axum::serve(listener, app) => Ok(served?),
        // In order: what was counted for the compiler is written at the end.
        _ = terminate.recv() => Ok(()),
    }
}
