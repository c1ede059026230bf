//! Accounts: what a username, an e-mail address and a password may be, and what a profile shows.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{AccountId, Money, Refusal};

/// A public name: 3 to 24 letters, digits, `-` or `_`, starting with a letter. Unique without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Username(String);

impl Username {
    /// # Errors
    /// [`Refusal::UsernameUnusable`] when the text breaks the rule above.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let well_formed = (3..=24).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        if well_formed { Ok(Self(text.to_owned())) } else { Err(Refusal::UsernameUnusable) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is unique: usernames differing in case only are the same person.
    #[must_use]
    pub fn normalised(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address that mail can be sent to; whether it arrives only the activation mail can tell.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// # Errors
    /// [`Refusal::EmailUnusable`] unless it is one `local@domain` of at most 254 bytes without white space or
    /// control characters (RFC 5321, section 4.5.3.1, bounds the lengths).
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let Some((local, domain)) = text.rsplit_once('@') else { return Err(Refusal::EmailUnusable) };
        let domain_usable = domain.contains('.')
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            });
        let local_usable = (1..=64).contains(&local.len())
            && local.bytes().all(|b| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b))
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        if text.len() <= 254 && local_usable && domain_usable {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::EmailUnusable)
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is unique. Mail servers that tell `Ana@` from `ana@` are rarer than people who type both.
    #[must_use]
    pub fn normalised(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// Never shown whole, so that an address cannot reach a log by accident.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

/// A password as typed: 8 to 128 characters of any kind (NIST SP 800-63B, section 5.1.1.2: no composition rules).
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    pub const SHORTEST: usize = 8;
    pub const LONGEST: usize = 128;

    /// # Errors
    /// [`Refusal::PasswordTooShort`] or [`Refusal::PasswordTooLong`].
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        match text.chars().count() {
            ..Self::SHORTEST => Err(Refusal::PasswordTooShort),
            Self::SHORTEST..=Self::LONGEST => Ok(Self(text.to_owned())),
            _ => Err(Refusal::PasswordTooLong),
        }
    }

    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What the signed-in person sees of their own account in every page's header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub id: AccountId,
    pub username: Username,
    pub balance: Money,
    /// How many notifications wait to be read, counted up to [`crate::notification::COUNTED_UP_TO`].
    pub unread: i64,
    /// The number of the newest notification; 0 when there never was one. Nodes of an earlier release do not tell.
    #[serde(default)]
    pub newest: i64,
}

/// What the signed-in person sees of their account on its own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountDetails {
    pub username: Username,
    pub email: EmailAddress,
    /// UTC milliseconds.
    pub created_at_ms: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_short_plain_words() {
        for text in ["ana", "Bo_7", " mira-k ", "a23456789012345678901234"] {
            assert!(Username::parse(text).is_ok(), "{text}");
        }
        for text in ["", "ab", "7up", "-ana", "a b c", "ana!", "zoë", "a234567890123456789012345", "<img>"] {
            assert_eq!(Username::parse(text), Err(Refusal::UsernameUnusable), "{text}");
        }
    }

    #[test]
    fn usernames_differing_in_case_are_the_same() {
        assert_eq!(
            Username::parse("Ana").map(|name| name.normalised()),
            Username::parse("aNA").map(|name| name.normalised())
        );
    }

    #[test]
    fn addresses_need_one_mailbox_and_a_domain() {
        for text in ["ana@example.com", "a.b+c@mail.example.org", " bo@x-y.io "] {
            assert!(EmailAddress::parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "ana",
            "@example.com",
            "ana@",
            "ana@localhost",
            "a b@example.com",
            "ana@example..com",
            "ana@-x.com",
            "ana@exa mple.com",
            "a\r\nbcc: b@example.com",
            "a..b@example.com",
            "ana,bo@example.com",
        ] {
            assert_eq!(EmailAddress::parse(text).err(), Some(Refusal::EmailUnusable), "{text}");
        }
    }

    #[test]
    fn passwords_are_bounded_and_otherwise_free() {
        assert_eq!(Password::parse("seven77").err(), Some(Refusal::PasswordTooShort));
        assert!(Password::parse("пароль-ő-8").is_ok());
        assert!(Password::parse("        ").is_ok());
        assert_eq!(Password::parse(&"x".repeat(129)).err(), Some(Refusal::PasswordTooLong));
    }

    #[test]
    fn secrets_do_not_show_in_debug_output() {
        let password = Password::parse("correct horse").unwrap();
        assert!(!format!("{password:?}").contains("horse"));
        let address = EmailAddress::parse("ana@example.com").unwrap();
        assert!(!format!("{address:?}").contains("ana"));
    }
}
