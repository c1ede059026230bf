//! What became of purchases and uploads: read off the answers, so that with and without script count alike.

use app::server::Node;
use axum::{
    extract::Request,
    http::{Method, StatusCode, header},
    response::Response,
};
use domain::Event;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};
use tokio::sync::broadcast::error::RecvError;

/// Counts for the two acts that the store lives on.
#[derive(Clone, Default)]
pub(super) struct Outcomes {
    purchases: Family<Outcome, Counter>,
    uploads: Family<Outcome, Counter>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// The acts that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Buy,
    SignUpload,
    AddCard,
}

const BOUGHT: &str = "bought";
/// The browser may send a picture.
const SIGNED: &str = "signed";
/// A card shows the picture.
const KEPT: &str = "kept";
const REFUSED: &str = "refused";
const FAILED: &str = "failed";

impl Outcomes {
    pub(super) fn register(&self, registry: &mut Registry) {
        // Each is there from the start: a rate needs a first value.
        for outcome in [BOUGHT, REFUSED, FAILED] {
            _ = self.purchases.get_or_create(&Outcome { outcome });
        }
        for outcome in [SIGNED, KEPT, REFUSED, FAILED] {
            _ = self.uploads.get_or_create(&Outcome { outcome });
        }
        registry.register("purchases", "Purchases on this node, by outcome", self.purchases.clone());
        registry.register("uploads", "Pictures on this node, by how far they came", self.uploads.clone());
    }

    /// A purchase counts when the store tells of it after its commit: a replay of one is none.
    pub(super) async fn count_sales(self, node: Node) {
        let mut events = node.store.events();
        loop {
            match events.recv().await {
                Ok(act) if act.iter().any(|event| matches!(event, Event::Sold { .. })) => self.bought(),
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }

    fn bought(&self) {
        self.purchases.get_or_create(&Outcome { outcome: BOUGHT }).inc();
    }

    pub(super) fn count(&self, act: Act, response: &Response) {
        let (family, done) = match act {
            Act::Buy => (&self.purchases, None),
            Act::SignUpload => (&self.uploads, Some(SIGNED)),
            Act::AddCard => (&self.uploads, Some(KEPT)),
        };
        let outcome = match response.status() {
            status if status.is_server_error() => Some(FAILED),
            // Whoever has to sign in first has not been refused anything yet.
            StatusCode::UNAUTHORIZED => None,
            StatusCode::SEE_OTHER if leads_to_sign_in(response) => None,
            status if status.is_client_error() => Some(REFUSED),
            _ => done,
        };
        if let Some(outcome) = outcome {
            family.get_or_create(&Outcome { outcome }).inc();
        }
    }
}

fn leads_to_sign_in(response: &Response) -> bool {
    response.headers().get(header::LOCATION).is_some_and(|to| to.as_bytes().starts_with(b"/login?"))
}

impl Act {
    /// The act that a request asks for: `POST /api/buy` with script, `POST /cards/…/buy?/buy` without.
    pub(super) fn of(request: &Request) -> Option<Self> {
        if request.method() != Method::POST {
            return None;
        }
        let uri = request.uri();
        let called = uri.path().strip_prefix("/api/");
        match called.or_else(|| uri.query()?.strip_prefix('/'))? {
            "buy" => Some(Self::Buy),
            "sign_upload" => Some(Self::SignUpload),
            "add_card" => Some(Self::AddCard),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, response::IntoResponse};

    use super::*;

    #[test]
    fn an_act_is_known_with_and_without_script() {
        let act = |method: &str, uri: &str| {
            Act::of(&Request::builder().method(method).uri(uri).body(Body::empty()).unwrap())
        };
        assert_eq!(act("POST", "/api/buy"), Some(Act::Buy));
        assert_eq!(act("POST", "/cards/1/buy?/buy"), Some(Act::Buy));
        assert_eq!(act("POST", "/dashboard/add?/add_card"), Some(Act::AddCard));
        for (method, uri) in [("GET", "/api/buy"), ("POST", "/cards/1/buy?buy"), ("POST", "/api/sign_in")] {
            assert_eq!(act(method, uri), None, "{method} {uri}");
        }
    }

    #[test]
    fn an_answer_tells_the_outcome() {
        let outcomes = Outcomes::default();
        let answers = [
            (StatusCode::OK, ""),
            (StatusCode::SEE_OTHER, "/dashboard?notice=card-added"),
            (StatusCode::SEE_OTHER, "/login?next=/dashboard/add"),
            (StatusCode::UNAUTHORIZED, ""),
            (StatusCode::CONFLICT, ""),
            (StatusCode::SERVICE_UNAVAILABLE, ""),
        ];
        for (status, to) in answers {
            for act in [Act::Buy, Act::SignUpload, Act::AddCard] {
                outcomes.count(act, &(status, [(header::LOCATION, to)]).into_response());
            }
        }
        outcomes.bought();
        let counted =
            |family: &Family<Outcome, Counter>, outcome| family.get_or_create(&Outcome { outcome }).get();
        let purchases = [BOUGHT, REFUSED, FAILED].map(|outcome| counted(&outcomes.purchases, outcome));
        assert_eq!(purchases, [1, 1, 1], "an answer that says yes may be a replay");
        let uploads = [SIGNED, KEPT, REFUSED, FAILED].map(|outcome| counted(&outcomes.uploads, outcome));
        assert_eq!(uploads, [2, 2, 2, 2]);
    }
}
