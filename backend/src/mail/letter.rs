//! Letters: the few texts that the store writes, in each language, as plain text and simple HTML.

mod english;
mod german;

use domain::{EmailAddress, Language, Money, Username, money::Notation};

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
    pub(super) language: Language,
    pub(super) recipient: String,
    pub(super) username: String,
    pub(super) link: String,
}

impl Letter {
    /// Carries the link that activates the account.
    pub(crate) fn activation(
        language: Language,
        to: &EmailAddress,
        username: &Username,
        link: String,
    ) -> Self {
        Self::new(Kind::Activation, language, to, username, link)
    }

    /// Tells the owner of an account that somebody asked for one with their address again.
    pub(crate) fn reminder(language: Language, to: &EmailAddress, username: &Username, link: String) -> Self {
        Self::new(Kind::Reminder, language, to, username, link)
    }

    /// Carries the link to a new password.
    pub(crate) fn reset(language: Language, to: &EmailAddress, username: &Username, link: String) -> Self {
        Self::new(Kind::Reset, language, to, username, link)
    }

    /// Carries the link that makes this address the account's.
    pub(crate) fn confirm_email(
        language: Language,
        to: &EmailAddress,
        username: &Username,
        link: String,
    ) -> Self {
        Self::new(Kind::ConfirmEmail, language, to, username, link)
    }

    /// Tells the address that was the account's that it is not any more.
    pub(crate) fn email_changed(
        language: Language,
        to: &EmailAddress,
        username: &Username,
        link: String,
    ) -> Self {
        Self::new(Kind::EmailChanged, language, to, username, link)
    }

    fn new(kind: Kind, language: Language, to: &EmailAddress, username: &Username, link: String) -> Self {
        Self { kind, language, recipient: to.as_str().to_owned(), username: username.to_string(), link }
    }

    pub(super) fn subject(&self) -> &'static str {
        self.words().subject
    }

    pub(super) fn text(&self) -> String {
        let Words { hello, before, after, .. } = self.words();
        format!("{hello} {},\n\n{}\n\n{}\n\n{after}\n", self.username, self.with_grant(before), self.link)
    }

    /// Nothing in it needs escaping: a username is letters, digits, `-` and `_`, a link the operator's origin and
    /// a token.
    pub(super) fn html(&self) -> String {
        let Words { hello, before, after, .. } = self.words();
        format!(
            "<!doctype html><html lang=\"{language}\"><body><p>{hello} {},</p><p>{}</p>\
             <p><a href=\"{link}\">{link}</a></p><p>{after}</p></body></html>",
            self.username,
            self.with_grant(before),
            language = self.language.tag(),
            link = self.link
        )
    }

    fn words(&self) -> Words {
        match self.language {
            Language::English => english::words(self.kind),
            Language::German => german::words(self.kind),
        }
    }

    fn with_grant(&self, text: &str) -> String {
        let notation = Notation::of_language(self.language.tag()).unwrap_or_default();
        text.replace("{grant}", &Money::WELCOME_GRANT.format(notation))
    }
}

/// What a letter says around its link.
struct Words {
    subject: &'static str,
    hello: &'static str,
    /// `{grant}` stands for the welcome grant.
    before: &'static str,
    after: &'static str,
}
