//! Letters: the few texts that the store writes, as plain text and simple HTML.

use domain::{EmailAddress, Money, Username};

use crate::error::Fault;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Activation,
    Reminder,
}

impl Kind {
    pub(super) fn stored(self) -> &'static str {
        match self {
            Self::Activation => "activate",
            Self::Reminder => "reminder",
        }
    }

    pub(super) fn from_stored(text: &str) -> Result<Self, Fault> {
        [Self::Activation, Self::Reminder]
            .into_iter()
            .find(|kind| kind.stored() == text)
            .ok_or_else(|| Fault::new("the outbox holds an unknown kind of letter", text.to_owned()))
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

    /// Tells the owner of an account that somebody registered with their address again.
    pub(crate) fn reminder(to: &EmailAddress, username: &Username, link: String) -> Self {
        Self::new(Kind::Reminder, to, username, link)
    }

    fn new(kind: Kind, to: &EmailAddress, username: &Username, link: String) -> Self {
        Self { kind, recipient: to.as_str().to_owned(), username: username.to_string(), link }
    }

    pub(super) fn subject(&self) -> &'static str {
        match self.kind {
            Kind::Activation => "Activate your CardStore account",
            Kind::Reminder => "You already have a CardStore account",
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
        }
    }
}
