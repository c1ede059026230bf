//! Letters: the few texts that the store writes, as plain text and simple HTML.

use domain::{EmailAddress, Money, Username};

use crate::error::Fault;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Activation,
    Reminder,
    Reset,
    ConfirmEmail,
    EmailChanged,
}

impl Kind {
    const ALL: [(Self, &str); 5] = [
        (Self::Activation, "activate"),
        (Self::Reminder, "reminder"),
        (Self::Reset, "reset"),
        (Self::ConfirmEmail, "confirm-email"),
        (Self::EmailChanged, "email-changed"),
    ];

    pub(super) fn stored(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, stored)| stored)
    }

    pub(super) fn from_stored(text: &str) -> Result<Self, Fault> {
        let known = Self::ALL.iter().find(|(_, stored)| *stored == text).map(|(kind, _)| *kind);
        known.ok_or_else(|| Fault::new("the outbox holds an unknown kind of letter", text.to_owned()))
    }
}

pub(crate) struct Letter {
    pub(super) kind: Kind,
    pub(super) recipient: String,
    pub(super) username: String,
    pub(super) link: String,
}

impl Letter {
    /// Carries the link that activates the account.
    pub(crate) fn activation(to: &EmailAddress, username: &Username, link: String) -> Self {
        Self::new(Kind::Activation, to, username, link)
    }

    /// Tells the owner of an account that somebody asked for one with their address again.
    pub(crate) fn reminder(to: &EmailAddress, username: &Username, link: String) -> Self {
        Self::new(Kind::Reminder, to, username, link)
    }

    /// Carries the link to a new password.
    pub(crate) fn reset(to: &EmailAddress, username: &Username, link: String) -> Self {
        Self::new(Kind::Reset, to, username, link)
    }

    /// Carries the link that makes this address the account's.
    pub(crate) fn confirm_email(to: &EmailAddress, username: &Username, link: String) -> Self {
        Self::new(Kind::ConfirmEmail, to, username, link)
    }

    /// Tells the address that was the account's that it is not any more.
    pub(crate) fn email_changed(to: &EmailAddress, username: &Username, link: String) -> Self {
        Self::new(Kind::EmailChanged, to, username, link)
    }

    fn new(kind: Kind, to: &EmailAddress, username: &Username, link: String) -> Self {
        Self { kind, recipient: to.as_str().to_owned(), username: username.to_string(), link }
    }

    pub(super) fn subject(&self) -> &'static str {
        match self.kind {
            Kind::Activation => "Activate your CardStore account",
            Kind::Reminder => "You already have a CardStore account",
            Kind::Reset => "Choose a new password for CardStore",
            Kind::ConfirmEmail => "Confirm your new address for CardStore",
            Kind::EmailChanged => "Your CardStore account has a new address",
        }
    }

    pub(super) fn text(&self) -> String {
        let (before, after) = self.words();
        format!("Hello {},\n\n{before}\n\n{}\n\n{after}\n", self.username, self.link)
    }

    /// Nothing in it needs escaping: a username is letters, digits, `-` and `_`, a link the operator's origin and
    /// a token.
    pub(super) fn html(&self) -> String {
        let (before, after) = self.words();
        format!(
            "<!doctype html><html lang=\"en\"><body><p>Hello {},</p><p>{before}</p>\
             <p><a href=\"{link}\">{link}</a></p><p>{after}</p></body></html>",
            self.username,
            link = self.link
        )
    }

    fn words(&self) -> (String, &'static str) {
        match self.kind {
            Kind::Activation => (
                format!(
                    "Welcome to CardStore. Open this page and press Activate; {} is waiting for you:",
                    Money::WELCOME_GRANT
                ),
                "The link works for 24 hours. If you did not register, ignore this mail.",
            ),
            Kind::Reminder => (
                "Somebody, perhaps you, asked CardStore for an account with this address. You have one \
                 already, under the name above. Sign in here:"
                    .into(),
                "If it was not you, there is nothing to do: your account is unchanged.",
            ),
            Kind::Reset => (
                "Somebody, perhaps you, asked for a new password. Open this page and choose one:".into(),
                "The link works once, for an hour. If it was not you, ignore this mail: your password is \
                 unchanged.",
            ),
            Kind::ConfirmEmail => (
                "You asked that your account uses this address from now on. Open this page and confirm:"
                    .into(),
                "The link works for 24 hours. If it was not you, ignore this mail: nothing changes.",
            ),
            Kind::EmailChanged => (
                "Your account has another e-mail address now; this one will not hear from us again. Your \
                 account is here:"
                    .into(),
                "If it was not you, somebody knows your password: answer this mail.",
            ),
        }
    }
}
