//! Cards: what a card's name and alt text may be, and a card as its owner sees it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{CardId, Money, PictureUrl, Refusal};

/// A card's name: 1 to 80 characters on one line. Names are text everywhere, and two cards may share one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CardName(String);

impl CardName {
    pub const LONGEST: usize = 80;

    /// # Errors
    /// [`Refusal::CardNameMissing`] or [`Refusal::CardNameUnusable`].
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            Err(Refusal::CardNameMissing)
        } else if text.chars().count() > Self::LONGEST || text.chars().any(char::is_control) {
            Err(Refusal::CardNameUnusable)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CardName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The picture in words, for people who do not see it: up to 200 characters on one line; may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AltText(String);

impl AltText {
    pub const LONGEST: usize = 200;

    /// # Errors
    /// [`Refusal::AltTextUnusable`] when it is too long or holds control characters.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if text.chars().count() > Self::LONGEST || text.chars().any(char::is_control) {
            Err(Refusal::AltTextUnusable)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A card on its owner's dashboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnCard {
    pub id: CardId,
    pub name: String,
    pub alt: String,
    /// Of the picture, small when its browser made it so.
    pub thumbnail_url: PictureUrl,
    /// `None` when the card is not on sale.
    pub price: Option<Money>,
    /// Raised by every change of the listing or the owner.
    pub version: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_any_text_on_one_line() {
        for text in ["Ace", "<img onerror=alert(1)>", "Ночь № 7 🌙", " padded "] {
            assert_eq!(CardName::parse(text).unwrap().as_str(), text.trim());
        }
        assert_eq!(CardName::parse("  "), Err(Refusal::CardNameMissing));
        assert_eq!(CardName::parse("two\nlines"), Err(Refusal::CardNameUnusable));
        assert_eq!(CardName::parse(&"x".repeat(81)), Err(Refusal::CardNameUnusable));
    }

    #[test]
    fn alt_text_may_be_empty_but_not_endless() {
        assert!(AltText::parse("").is_ok());
        assert_eq!(AltText::parse(&"x".repeat(201)), Err(Refusal::AltTextUnusable));
    }
}
