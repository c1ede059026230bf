//! How problems and faults become answers: statuses, redirects, and one log line per fault.

use axum::http::{HeaderValue, StatusCode, header};
use domain::Refusal;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::error::Problem;

/// Sends the browser to another page of this site instead of the one that is being rendered.
pub(crate) fn redirect(path: &str) {
    if let (Some(response), Ok(location)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(path)) {
        response.insert_header(header::LOCATION, location);
        response.set_status(StatusCode::SEE_OTHER);
    }
}

/// Answers the page that is being rendered with the status that its problem means.
pub(crate) fn answer_with_status_of(problem: &Problem) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status_of(problem));
        if let Some(seconds) = retry_after(problem) {
            response.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
}

/// The HTTP status that callers who do not read HTML go by.
#[must_use]
pub fn status_of(problem: &Problem) -> StatusCode {
    match problem {
        Problem::Refused { refusals } => {
            refusals.first().map_or(StatusCode::UNPROCESSABLE_ENTITY, |it| match it {
                Refusal::SignedOut | Refusal::WrongCredentials => StatusCode::UNAUTHORIZED,
                Refusal::NotActivated | Refusal::Suspended => StatusCode::FORBIDDEN,
                Refusal::NotFound | Refusal::LinkUnknown => StatusCode::NOT_FOUND,
                Refusal::LinkExpired => StatusCode::GONE,
                Refusal::TooManyTries { .. } => StatusCode::TOO_MANY_REQUESTS,
                refusal if refusal.is_conflict() => StatusCode::CONFLICT,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            })
        }
        Problem::Unavailable | Problem::Offline => StatusCode::SERVICE_UNAVAILABLE,
        Problem::OutOfDate => StatusCode::BAD_REQUEST,
    }
}

/// After how many seconds the same request may succeed, when time alone can heal the problem.
#[must_use]
pub fn retry_after(problem: &Problem) -> Option<u64> {
    match problem {
        Problem::Unavailable | Problem::Offline => Some(2),
        Problem::Refused { refusals } => refusals.iter().find_map(|refusal| match refusal {
            Refusal::TooManyTries { seconds } => Some(*seconds),
            _ => None,
        }),
        Problem::OutOfDate => None,
    }
}

/// A refusal is for the visitor; a fault is logged here, once, and shown as "unavailable".
impl From<backend::Error> for Problem {
    fn from(error: backend::Error) -> Self {
        match error {
            backend::Error::Refused(refusals) => Self::Refused { refusals },
            backend::Error::Fault(fault) => {
                tracing::error!(fault = fault.chain(), "the store could not do what was asked");
                Self::Unavailable
            }
        }
    }
}

impl From<sessions::Unavailable> for Problem {
    fn from(_: sessions::Unavailable) -> Self {
        Self::Unavailable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_a_client_error_and_an_outage_is_not() {
        assert_eq!(status_of(&Refusal::SignedOut.into()), StatusCode::UNAUTHORIZED);
        assert_eq!(status_of(&Refusal::SomebodyWasFaster.into()), StatusCode::CONFLICT);
        assert_eq!(status_of(&Refusal::PriceUnreadable.into()), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(status_of(&Problem::Unavailable), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(retry_after(&Refusal::TooManyTries { seconds: 7 }.into()), Some(7));
    }
}
