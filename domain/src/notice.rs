//! Every "done" a visitor can read: a closed set that fits in a URL, so that it is shown without script too. The words
//! for it are a matter of language, and in the catalogues of the pages.

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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_survives_the_url() {
        for (notice, code) in Notice::ALL {
            assert_eq!(Notice::from_code(notice.code()), Some(notice));
            assert_eq!(serde_json::to_string(&notice).unwrap(), format!("\"{code}\""));
        }
        assert_eq!(Notice::from_code("<script>"), None);
    }
}
