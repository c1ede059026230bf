//! What can go wrong, by audience: `ConnectError` for whoever starts the node, `Unavailable` for whoever visits.

/// The store could not be asked in time. It says nothing about the session: nobody is to be shown as signed out
/// because of it. Answer 503 and leave the cookie alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the session store is unavailable")]
pub struct Unavailable;

/// Set as an extension on the 503 that the layer answers with when a change to the session could not be saved, so
/// that an outer layer can draw a page of its own. The change is lost; the cookie is what it was.
#[derive(Clone, Copy, Debug)]
pub struct NotSaved;

/// The node cannot start like this.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("the Redis URL is unusable: {0}")]
    Url(String),
    #[error("the session settings are unusable: {0}")]
    Settings(String),
    #[error("TLS to Redis cannot be set up: {0}")]
    Tls(String),
}

impl From<Unavailable> for tower_sessions::session_store::Error {
    fn from(unavailable: Unavailable) -> Self {
        Self::Backend(unavailable.to_string())
    }
}

impl From<tower_sessions::session::Error> for Unavailable {
    fn from(_: tower_sessions::session::Error) -> Self {
        Self
    }
}
