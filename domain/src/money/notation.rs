//! How amounts are written: the closed set of separators that the store shows.

/// The separators of a language, from the Unicode Common Locale Data Repository.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Notation {
    /// `1,234.50`
    #[default]
    English,
    /// `1.234,50`
    German,
    /// `1 234,50`, with a narrow space that does not break.
    French,
    /// `1’234.50`
    Swiss,
}

impl Notation {
    pub const ALL: [Self; 4] = [Self::English, Self::German, Self::French, Self::Swiss];

    /// The notation of a language tag (RFC 5646), without regard to case: `de-CH` and `de-LI` are Swiss, every other
    /// `de` German. `None` for a language that the store does not offer.
    #[must_use]
    pub fn of_language(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase();
        let mut subtags = tag.split('-');
        match subtags.next()? {
            "en" => Some(Self::English),
            "de" if subtags.any(|subtag| matches!(subtag, "ch" | "li")) => Some(Self::Swiss),
            "de" => Some(Self::German),
            "fr" => Some(Self::French),
            _ => None,
        }
    }

    pub(super) fn decimal_separator(self) -> char {
        match self {
            Self::English | Self::Swiss => '.',
            Self::German | Self::French => ',',
        }
    }

    pub(super) fn group_separator(self) -> char {
        match self {
            Self::English => ',',
            Self::German => '.',
            Self::French => '\u{202f}',
            Self::Swiss => '’',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Money;

    #[test]
    fn every_notation_is_written_as_its_readers_expect() {
        let shown = Notation::ALL.map(|notation| Money::from_cents(-1_234_567_05).format(notation));
        assert_eq!(shown, ["−1,234,567.05", "−1.234.567,05", "−1\u{202f}234\u{202f}567,05", "−1’234’567.05"]);
    }

    #[test]
    fn a_language_tag_names_its_notation() {
        for (tag, notation) in [
            ("en", Some(Notation::English)),
            ("en-GB", Some(Notation::English)),
            ("de", Some(Notation::German)),
            ("DE-at", Some(Notation::German)),
            ("de-CH", Some(Notation::Swiss)),
            ("de-Latn-CH", Some(Notation::Swiss)),
            ("fr-CA", Some(Notation::French)),
            ("den", None),
            ("", None),
            ("*", None),
        ] {
            assert_eq!(Notation::of_language(tag), notation, "{tag}");
        }
    }
}
