//! What a server function answers: done, or the problem in a form that both sides and a script-off page can show.

use domain::{CardId, Money, Notice, Refusal};
use serde::{Deserialize, Serialize};
use server_fn::{
    Bytes, Decodes,
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use thiserror::Error;

/// An action succeeded: where to go on, and what to say there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// A path on this site.
    pub to: String,
    pub notice: Option<Notice>,
    /// What takes it back, offered beside the notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<Undo>,
    /// Only a fresh page from the node knows what belongs there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole_page: bool,
}

/// The act that takes another one back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// Put this card on sale again,
    pub card: CardId,
    /// at this price.
    pub price: Money,
}

impl Undo {
    /// Reads what [`Done::location`] wrote.
    #[must_use]
    pub fn from_query(text: &str) -> Option<Self> {
        let (card, cents) = text.split_once('.')?;
        Some(Self { card: card.parse().ok()?, price: Money::from_cents(cents.parse().ok()?) })
    }
}

impl Done {
    #[must_use]
    pub fn to(path: impl Into<String>) -> Self {
        Self { to: path.into(), notice: None, undo: None, whole_page: false }
    }

    #[must_use]
    pub fn saying(self, notice: Notice) -> Self {
        Self { notice: Some(notice), ..self }
    }

    #[must_use]
    pub fn undone_by(self, undo: Undo) -> Self {
        Self { undo: Some(undo), ..self }
    }

    #[must_use]
    pub fn as_a_whole_page(self) -> Self {
        Self { whole_page: true, ..self }
    }

    /// The next page's address with the notice in its query, for browsers without script.
    #[must_use]
    pub fn location(&self) -> String {
        let notice = self.notice.map(|notice| format!("notice={}", notice.code()));
        let undo = self.undo.map(|undo| format!("undo={}.{}", undo.card, undo.price.cents()));
        [notice, undo].into_iter().flatten().fold(self.to.clone(), |address, pair| {
            let separator = if address.contains('?') { '&' } else { '?' };
            format!("{address}{separator}{pair}")
        })
    }
}

/// Why an action or a page did not happen. Carries no free text: it may come from the other side of the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// The visitor can do something about it.
    #[error("refused: {refusals:?}")]
    Refused { refusals: Vec<Refusal> },
    /// A part of the store is out of reach; nothing was changed, or the action may simply be repeated.
    #[error("unavailable")]
    Unavailable,
    /// The browser could not reach the store at all.
    #[error("offline")]
    Offline,
    /// The page was made by another version of the store, or the request was not made by a page.
    #[error("out of date")]
    OutOfDate,
}

impl Problem {
    /// The refusals in it; none when the problem is not the visitor's.
    #[must_use]
    pub fn refusals(&self) -> &[Refusal] {
        match self {
            Self::Refused { refusals } => refusals,
            _ => &[],
        }
    }

    #[must_use]
    pub fn is(&self, refusal: Refusal) -> bool {
        self.refusals().contains(&refusal)
    }

    /// True when the visitor has to sign in, perhaps again.
    #[must_use]
    pub fn is_signed_out(&self) -> bool {
        self.is(Refusal::SignedOut)
    }

    /// True when the page shows what is no longer so.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.refusals().iter().any(|refusal| refusal.is_conflict())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { refusals: vec![refusal] }
    }
}

impl FromServerFnError for Problem {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Offline,
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => Self::OutOfDate,
            _ => Self::Unavailable,
        }
    }

    /// An answer that is none of ours comes from the balancer, which has no node to ask.
    fn de(data: Bytes) -> Self {
        JsonEncoding::decode(data).unwrap_or(Self::Unavailable)
    }
}

/// Unpacks what was parsed field by field, or gathers every refusal so that all are shown at once.
///
/// # Errors
/// [`Problem::Refused`] with each refusal in `checks`.
pub fn all_fine(checks: &[Option<Refusal>]) -> Result<(), Problem> {
    let refusals: Vec<_> = checks.iter().copied().flatten().collect();
    if refusals.is_empty() { Ok(()) } else { Err(Problem::Refused { refusals }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_survives_the_wire() {
        let problem = Problem::from(Refusal::TooManyTries { seconds: 9 });
        assert_eq!(Problem::de(problem.ser()), problem);
    }

    #[test]
    fn an_answer_that_is_not_ours_means_unavailable() {
        assert_eq!(Problem::de(Bytes::from_static(b"<html>503</html>")), Problem::Unavailable);
    }

    #[test]
    fn a_notice_joins_the_query_that_is_there() {
        let done = Done::to("/login").saying(Notice::Activated);
        assert_eq!(done.location(), "/login?notice=activated");
        assert_eq!(Done::to("/?q=x").saying(Notice::SignedIn).location(), "/?q=x&notice=signed-in");
        assert_eq!(Done::to("/dashboard").location(), "/dashboard");
    }

    #[test]
    fn what_can_be_undone_survives_the_url() {
        let card = "01890000-0000-7000-8000-000000000000".parse().unwrap();
        let undo = Undo { card, price: Money::from_cents(12_50) };
        let location = Done::to("/dashboard").saying(Notice::SaleCancelled).undone_by(undo).location();
        let (_, query) = location.split_once("undo=").unwrap();
        assert_eq!(Undo::from_query(query), Some(undo));
        assert_eq!(Undo::from_query("x.y"), None);
    }
}
