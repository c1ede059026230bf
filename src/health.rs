//! What the balancer and the operator may ask: alive, ready.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use app::server::Node;
use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use serde_json::{Map, Value, json};

pub(crate) const PATH: &str = "/healthz";

/// Whether the node is on its way out.
#[derive(Clone, Default)]
pub struct Health(Arc<AtomicBool>);

impl Health {
    /// From here on `/healthz` answers 503, so that the balancer sends nothing new.
    pub fn drain(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_draining(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// `GET /healthz`: alive or draining, and nothing about Redis or the database. If it asked them, one outage of
/// theirs would make an auto-scaling group replace the whole fleet.
pub fn public(health: Health) -> Router {
    Router::new().route(PATH, get(alive)).with_state(health)
}

async fn alive(State(health): State<Health>) -> (StatusCode, &'static str) {
    if health.is_draining() {
        (StatusCode::SERVICE_UNAVAILABLE, "draining\n")
    } else {
        (StatusCode::OK, "alive\n")
    }
}

/// `GET /readyz` on the admin address: asks each part and names it; 503 unless all answer.
pub fn admin(node: Node, health: Health) -> Router {
    Router::new().route("/readyz", get(ready)).with_state(node).merge(public(health))
}

async fn ready(State(node): State<Node>) -> (StatusCode, Json<Value>) {
    let (mut parts, sessions) = tokio::join!(node.store.ready(), node.sessions.ready());
    parts.push(("sessions", sessions.map_err(|_| "Redis does not answer".to_owned())));
    let ready = parts.iter().all(|(_, answer)| answer.is_ok());
    let named: Map<String, Value> = parts
        .into_iter()
        .map(|(name, answer)| (name.to_owned(), json!(answer.err().unwrap_or_else(|| "ok".to_owned()))))
        .collect();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": ready, "parts": named })))
}
