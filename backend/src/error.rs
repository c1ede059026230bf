//! The two ways an act can fail: a refusal is for the visitor, a fault is for us.

use std::{error, fmt};

use domain::Refusal;

pub(crate) type BoxError = Box<dyn error::Error + Send + Sync>;

/// Why an act did not happen. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What the visitor can hear and act on; never empty.
    #[error("refused: {0:?}")]
    Refused(Vec<Refusal>),
    /// Something broke on our side: log it once with its sources, show "unavailable".
    #[error(transparent)]
    Fault(Box<Fault>),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

/// What broke: `Display` says what was being done, `source` why it failed.
#[derive(Debug)]
pub struct Fault {
    doing: &'static str,
    source: Option<BoxError>,
    transient: bool,
}

impl Fault {
    pub(crate) fn new(doing: &'static str, source: impl Into<BoxError>) -> Self {
        Self { doing, source: Some(source.into()), transient: false }
    }

    /// A transaction met another one; doing it again settles the matter.
    pub(crate) fn contended(source: Option<BoxError>) -> Self {
        Self { doing: "two transactions met", source, transient: true }
    }

    pub(crate) fn is_transient(&self) -> bool {
        self.transient
    }

    /// The fault and its sources in one line, for the log.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut line = self.to_string();
        let mut source = error::Error::source(self);
        while let Some(error) = source {
            line = format!("{line}: {error}");
            source = error.source();
        }
        line
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.doing)
    }
}

impl error::Error for Fault {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as &(dyn error::Error + 'static))
    }
}

/// Why the store cannot start.
#[derive(Debug, thiserror::Error)]
#[error("{setting}: {problem}")]
pub struct OpenError {
    /// The field of [`crate::Settings`] to look at, for example `database_url` or `mail.from`.
    pub setting: &'static str,
    #[source]
    pub problem: BoxError,
}

impl OpenError {
    /// For `map_err`: blames this setting for whatever went wrong.
    pub(crate) fn blame<E: Into<BoxError>>(setting: &'static str) -> impl Fn(E) -> Self {
        move |problem| Self { setting, problem: problem.into() }
    }
}
