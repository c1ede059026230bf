//! Every "no" a visitor can hear: a closed set. The catalogues of the pages have a sentence for each that says what to
//! do next.

use serde::{Deserialize, Serialize};

use crate::Money;

/// A refusal crosses the wire and is shown to people, so it carries numbers but never free text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    UsernameUnusable,
    UsernameTaken,
    EmailUnusable,
    PasswordTooShort,
    PasswordTooLong,
    WrongCredentials,
    PasswordWrong,
    NotActivated,
    AlreadyActivated,
    Suspended,
    LinkUnknown,
    LinkExpired,
    SignedOut,
    TooManyTries { seconds: u64 },

    CardNameMissing,
    CardNameUnusable,
    AltTextUnusable,
    PictureMissing,
    PictureTooLarge,
    OriginalTooLarge,
    PictureFormat,
    PictureHeic,
    PictureSvg,
    PictureIsPage,
    PictureBroken,
    PictureDimensions,
    PictureWithCargo,
    PictureLocated,
    PictureChanged,
    UploadUnfinished,

    PriceUnreadable,
    PriceOutOfRange,
    NotFound,
    AlreadyOnSale,
    NotOnSale,
    CancelSaleFirst,
    TakenDown,
    ListingChanged,
    SomebodyWasFaster,
    PriceChanged { seen: Money, now: Money },
    Short { by: Money },
    OwnCard,
}

/// The form field that a refusal belongs to, by its `name` attribute.
pub type Field = &'static str;

impl Refusal {
    /// The field to show it beside; `None` when it concerns the whole form.
    #[must_use]
    pub fn field(self) -> Option<Field> {
        match self {
            Self::UsernameUnusable | Self::UsernameTaken => Some("username"),
            Self::EmailUnusable => Some("email"),
            Self::PasswordTooShort | Self::PasswordTooLong => Some("password"),
            Self::PasswordWrong => Some("current_password"),
            Self::CardNameMissing | Self::CardNameUnusable => Some("name"),
            Self::AltTextUnusable => Some("alt"),
            Self::PictureMissing
            | Self::PictureTooLarge
            | Self::OriginalTooLarge
            | Self::PictureFormat
            | Self::PictureHeic
            | Self::PictureSvg
            | Self::PictureIsPage
            | Self::PictureBroken
            | Self::PictureDimensions
            | Self::PictureWithCargo
            | Self::PictureLocated
            | Self::PictureChanged
            | Self::UploadUnfinished => Some("picture"),
            Self::PriceUnreadable | Self::PriceOutOfRange => Some("price"),
            _ => None,
        }
    }

    /// True when the world moved on since the page was shown, so that what it shows must be fetched again.
    #[must_use]
    pub fn is_conflict(self) -> bool {
        matches!(
            self,
            Self::AlreadyOnSale
                | Self::NotOnSale
                | Self::CancelSaleFirst
                | Self::TakenDown
                | Self::ListingChanged
                | Self::SomebodyWasFaster
                | Self::PriceChanged { .. }
                | Self::Short { .. }
                | Self::OwnCard
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_survives_the_wire() {
        for refusal in [
            Refusal::SignedOut,
            Refusal::TooManyTries { seconds: 30 },
            Refusal::PriceChanged { seen: Money::from_cents(10_00), now: Money::from_cents(12_00) },
        ] {
            let wire = serde_json::to_string(&refusal).unwrap();
            assert_eq!(serde_json::from_str::<Refusal>(&wire).unwrap(), refusal);
        }
    }
}
