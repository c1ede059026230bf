//! People as the store sees them: requests as browsers without script send them, over plain TCP.

mod answer;
pub(crate) mod client;
pub(crate) mod person;
pub(crate) mod trade;
