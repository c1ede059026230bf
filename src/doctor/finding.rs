//! One thing that the doctor found, and what to do about it.

use std::fmt;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    part: &'static str,
    kind: Kind,
    says: String,
    what_to_do: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Fine,
    /// Works, and may be meant so.
    Note,
    /// The store does not work, or not for long.
    Wrong,
}

impl Finding {
    pub(super) fn fine(part: &'static str, says: impl Into<String>) -> Self {
        Self::new(part, Kind::Fine, says, "")
    }

    pub(super) fn note(part: &'static str, says: impl Into<String>, what_to_do: impl Into<String>) -> Self {
        Self::new(part, Kind::Note, says, what_to_do)
    }

    pub(super) fn wrong(part: &'static str, says: impl Into<String>, what_to_do: impl Into<String>) -> Self {
        Self::new(part, Kind::Wrong, says, what_to_do)
    }

    fn new(part: &'static str, kind: Kind, says: impl Into<String>, what_to_do: impl Into<String>) -> Self {
        Self { part, kind, says: says.into(), what_to_do: what_to_do.into() }
    }

    pub(super) fn is_wrong(&self) -> bool {
        self.kind == Kind::Wrong
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Fine => "ok",
            Kind::Note => "note",
            Kind::Wrong => "WRONG",
        };
        write!(f, "{kind:<6}{:<10}{}", self.part, self.says)?;
        if !self.what_to_do.is_empty() {
            write!(f, "\n{:16}{}", "", self.what_to_do)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_do_stands_below_what_is_wrong() {
        let finding = Finding::wrong("redis", "it forgets", "Tell it not to");
        assert_eq!(finding.to_string(), "WRONG redis     it forgets\n                Tell it not to");
        assert_eq!(Finding::fine("mail", "it is there").to_string(), "ok    mail      it is there");
    }
}
