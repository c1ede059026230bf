//! Every "done" a visitor can read: a closed set that fits in a URL, so that it is shown without script too.

use serde::{Deserialize, Serialize};

/// What an action achieved. Its code travels in the URL of the page that follows, never a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    MailSent,
    Activated,
    SignedIn,
    SignedOut,
    CardAdded,
    CardDeleted,
    OnSale,
    Repriced,
    SaleCancelled,
    PasswordChanged,
    PasswordReset,
    EmailChanged,
    ConfirmEmailSent,
    AccountDeleted,
    DeviceSignedOut,
    OthersSignedOut,
    SignedOutEverywhere,
    CardEdited,
    Watching,
    NotWatching,
    AllRead,
}

impl Notice {
    const ALL: [(Self, &str); 21] = [
        (Self::MailSent, "mail-sent"),
        (Self::Activated, "activated"),
        (Self::SignedIn, "signed-in"),
        (Self::SignedOut, "signed-out"),
        (Self::CardAdded, "card-added"),
        (Self::CardDeleted, "card-deleted"),
        (Self::OnSale, "on-sale"),
        (Self::Repriced, "repriced"),
        (Self::SaleCancelled, "sale-cancelled"),
        (Self::PasswordChanged, "password-changed"),
        (Self::PasswordReset, "password-reset"),
        (Self::EmailChanged, "email-changed"),
        (Self::ConfirmEmailSent, "confirm-email-sent"),
        (Self::AccountDeleted, "account-deleted"),
        (Self::DeviceSignedOut, "device-signed-out"),
        (Self::OthersSignedOut, "others-signed-out"),
        (Self::SignedOutEverywhere, "signed-out-everywhere"),
        (Self::CardEdited, "card-edited"),
        (Self::Watching, "watching"),
        (Self::NotWatching, "not-watching"),
        (Self::AllRead, "all-read"),
    ];

    /// The word that stands for it in a URL.
    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(notice, _)| *notice == self).map_or("", |(_, code)| code)
    }

    /// Reads [`Self::code`] back; anything else is no notice.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(notice, _)| *notice)
    }

    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::MailSent => "If that address has an account waiting, a mail is on its way.",
            Self::Activated => "Your account is active and holds 100.00. Sign in to begin.",
            Self::SignedIn => "Welcome back.",
            Self::SignedOut => "You are signed out.",
            Self::CardAdded => "Your card is in the collection.",
            Self::CardDeleted => "The card is gone.",
            Self::OnSale => "Your card is on the market.",
            Self::Repriced => "The new price is on the market.",
            Self::SaleCancelled => "Your card is off the market.",
            Self::PasswordChanged => "Your password is changed.",
            Self::PasswordReset => "Your new password is set. Sign in with it.",
            Self::EmailChanged => "Your e-mail address is changed.",
            Self::ConfirmEmailSent => "Open the link in the mail we sent to the new address.",
            Self::AccountDeleted => "Your account is deleted.",
            Self::DeviceSignedOut => "That device is signed out.",
            Self::OthersSignedOut => "All other devices are signed out.",
            Self::SignedOutEverywhere => "You are signed out on every device.",
            Self::CardEdited => "Your changes to the card are saved.",
            Self::Watching => "You will hear when the price drops or somebody buys this card.",
            Self::NotWatching => "You no longer watch this card.",
            Self::AllRead => "Everything is marked as read.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_survives_the_url() {
        for (notice, code) in Notice::ALL {
            assert_eq!(Notice::from_code(notice.code()), Some(notice));
            assert_eq!(serde_json::to_string(&notice).unwrap(), format!("\"{code}\""));
            assert!(!notice.sentence().is_empty());
        }
        assert_eq!(Notice::from_code("<script>"), None);
    }
}
