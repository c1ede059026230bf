//! Every "no" a visitor can hear: a closed set, each with one sentence that says what to do next.

use serde::{Deserialize, Serialize};

use crate::{Money, Password};

/// A refusal crosses the wire and is shown to people, so it carries numbers but never free text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "refusal")]
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

    /// One plain sentence, or two: what happened and what to do next.
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::UsernameUnusable => {
                "Choose a username of 3 to 24 letters, digits, - or _, starting with a letter.".into()
            }
            Self::UsernameTaken => "Somebody already has this username. Please choose another one.".into(),
            Self::EmailUnusable => "Enter an e-mail address like name@example.com.".into(),
            Self::PasswordTooShort => format!("Use at least {} characters.", Password::SHORTEST),
            Self::PasswordTooLong => format!("Use at most {} characters.", Password::LONGEST),
            Self::WrongCredentials => "That username and password do not match. Please try again.".into(),
            Self::PasswordWrong => "That is not your current password. Please try again.".into(),
            Self::NotActivated => {
                "This account is not activated yet. Open the link in the mail we sent, or have it sent again."
                    .into()
            }
            Self::AlreadyActivated => "This account is active already.".into(),
            Self::Suspended => {
                "This account is suspended. Write to us if you think that is a mistake.".into()
            }
            Self::LinkUnknown => "This link does not belong to an account. Have a new one sent.".into(),
            Self::LinkExpired => "This link is too old. Have a new one sent.".into(),
            Self::SignedOut => "Please sign in to go on.".into(),
            Self::TooManyTries { seconds } => {
                format!("Too many tries. Please wait {} and try again.", duration(seconds))
            }
            Self::CardNameMissing => "Give the card a name.".into(),
            Self::CardNameUnusable => "Use a name of at most 80 characters on one line.".into(),
            Self::AltTextUnusable => "Describe the picture in at most 200 characters on one line.".into(),
            Self::PictureMissing => "Choose a picture for the card.".into(),
            Self::PictureTooLarge => "This picture is larger than 1 MB. Choose a smaller one.".into(),
            Self::OriginalTooLarge => "This picture is larger than 32 MB. Choose a smaller one.".into(),
            Self::PictureFormat => "This file is not a PNG, JPEG or WebP picture. Choose another one.".into(),
            Self::PictureHeic => {
                "This is a HEIC picture, which many browsers cannot show. Share it as JPEG and choose that one."
                    .into()
            }
            Self::PictureSvg => {
                "This is an SVG drawing, which may carry script. Save it as PNG and choose that one.".into()
            }
            Self::PictureIsPage => {
                "This file is a web page, whatever its name says. Choose a PNG, JPEG or WebP picture.".into()
            }
            Self::PictureBroken => "This picture file is damaged. Choose another one.".into(),
            Self::PictureDimensions => {
                "This picture has too many pixels. Choose one of at most 10,000 a side and 40 megapixels."
                    .into()
            }
            Self::PictureWithCargo => {
                "There is something else in this file behind the picture. Save the picture anew and choose that one."
                    .into()
            }
            Self::PictureLocated => {
                "This picture may say where it was taken. Take a screenshot of it, or save it without its location, and choose that one."
                    .into()
            }
            Self::PictureChanged => {
                "The picture that arrived is not the one you chose. Please choose it again.".into()
            }
            Self::UploadUnfinished => "The picture has not arrived yet. Please choose it again.".into(),
            Self::PriceUnreadable => "Enter a price like 12.50, with at most two decimals.".into(),
            Self::PriceOutOfRange => {
                format!("A price is between {} and {}.", Money::LOWEST_PRICE, Money::HIGHEST_PRICE)
            }
            Self::NotFound => "We could not find that. It may be gone, or not yours.".into(),
            Self::AlreadyOnSale => "This card is already on sale.".into(),
            Self::NotOnSale => "This card is not for sale any more. You were not charged.".into(),
            Self::CancelSaleFirst => "This card is on sale. Cancel the sale first.".into(),
            Self::TakenDown => "We took this card off the market. It cannot be put on sale again.".into(),
            Self::ListingChanged => {
                "This listing changed in another window. Look at it again before you go on.".into()
            }
            Self::SomebodyWasFaster => {
                "Somebody was faster and bought this card. You were not charged.".into()
            }
            Self::PriceChanged { seen, now } => format!(
                "The price changed from {seen} to {now} while you were deciding. You were not charged; confirm again if you agree."
            ),
            Self::Short { by } => format!("You are {by} short for this card. You were not charged."),
            Self::OwnCard => "This is your card already.".into(),
        }
    }
}

/// A waiting time as people say it.
fn duration(seconds: u64) -> String {
    match seconds {
        0..=1 => "a second".into(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
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

    #[test]
    fn a_changed_price_names_both() {
        let refusal = Refusal::PriceChanged { seen: Money::from_cents(10_00), now: Money::from_cents(12_00) };
        assert!(refusal.sentence().contains("10.00") && refusal.sentence().contains("12.00"));
        assert!(Refusal::Short { by: Money::from_cents(3_00) }.sentence().contains("3.00 short"));
    }

    #[test]
    fn waiting_times_are_said_in_words() {
        assert!(Refusal::TooManyTries { seconds: 45 }.sentence().contains("45 seconds"));
        assert!(Refusal::TooManyTries { seconds: 200 }.sentence().contains("4 minutes"));
    }
}
