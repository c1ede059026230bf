//! What people read: one catalogue per language, each with every text, so that a text that is missing does not compile.
//!
//! The files beside this one say which texts there are, `english` and `german` say them. Pages take them from
//! [`texts()`]: on the node in the language of the request, in the browser in that of the page.

mod accounts;
mod answers;
mod cards;
mod english;
mod frame;
mod german;
mod market;
mod placed;
mod saying;
mod trade;

use std::sync::OnceLock;

use domain::{Language, money::Notation};

pub use accounts::{Account, Devices, Joining, SigningIn};
pub use answers::{Notices, Refusals};
pub use cards::{Cards, Pictures};
pub use frame::{Frame, Problems, Times};
pub use market::{Card, Market};
pub use placed::{Counted, With};
pub use trade::{Activity, Notifications, Purchase, Selling};

/// A catalogue: every text in one language, and how it writes amounts.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Texts {
    #[cfg_attr(test, serde(skip))]
    pub notation: Notation,
    pub frame: Frame,
    pub problems: Problems,
    pub times: Times,
    pub market: Market,
    pub card: Card,
    pub cards: Cards,
    pub pictures: Pictures,
    pub selling: Selling,
    pub purchase: Purchase,
    pub activity: Activity,
    pub notifications: Notifications,
    pub joining: Joining,
    pub signing_in: SigningIn,
    pub account: Account,
    pub devices: Devices,
    pub refusals: Refusals,
    pub notices: Notices,
}

/// Only the node and tests have them all at hand.
#[cfg(any(feature = "ssr", test))]
impl Texts {
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &english::TEXTS,
            Language::German => german(),
        }
    }
}

/// A piece of its own in the browser.
pub(crate) fn german() -> &'static Texts {
    &german::TEXTS
}

/// What the browser has fetched, for as long as the page is open: another language is another page.
static FETCHED: OnceLock<&'static Texts> = OnceLock::new();

/// The catalogue that the page in this browser is written in, unless it is English.
pub(crate) fn use_fetched(texts: &'static Texts) {
    _ = FETCHED.set(texts);
}

/// The visitor's catalogue.
#[must_use]
pub fn texts() -> &'static Texts {
    #[cfg(feature = "ssr")]
    {
        Texts::of(language())
    }
    #[cfg(not(feature = "ssr"))]
    {
        FETCHED.get().copied().unwrap_or(&english::TEXTS)
    }
}

/// The language that the visitor reads.
#[must_use]
pub fn language() -> Language {
    #[cfg(feature = "ssr")]
    {
        crate::server::language()
    }
    #[cfg(not(feature = "ssr"))]
    {
        static LANGUAGE: OnceLock<Language> = OnceLock::new();
        *LANGUAGE.get_or_init(|| {
            let root = leptos::prelude::document().document_element();
            let tag = root.and_then(|root| root.get_attribute("lang"));
            tag.and_then(|tag| Language::of_tag(&tag)).unwrap_or_default()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;

    /// Spelled alike in both languages.
    const ALIKE: [&str; 5] =
        ["cards.name", "times.months.3", "times.months.7", "times.months.8", "times.months.10"];

    fn all(language: Language) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        collect("", &serde_json::to_value(Texts::of(language)).unwrap(), &mut texts);
        texts
    }

    fn collect(path: &str, value: &Value, texts: &mut BTreeMap<String, String>) {
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        match value {
            Value::String(text) => _ = texts.insert(path.to_owned(), text.clone()),
            Value::Array(values) => {
                values
                    .iter()
                    .enumerate()
                    .for_each(|(at, value)| collect(&below(&at.to_string()), value, texts));
            }
            Value::Object(fields) => {
                fields.iter().for_each(|(name, value)| collect(&below(name), value, texts));
            }
            _ => panic!("{path} is no text"),
        }
    }

    #[test]
    fn no_text_is_empty_or_left_in_the_other_language() {
        let (english, german) = (all(Language::English), all(Language::German));
        assert!(english.len() > 300 && english.len() == german.len());
        for (name, text) in &english {
            let other = &german[name];
            assert!(!text.trim().is_empty() && !other.trim().is_empty(), "{name} is empty");
            assert_eq!(text == other, ALIKE.contains(&name.as_str()), "{name}: {text}");
        }
    }

    #[test]
    fn texts_are_set_as_their_language_is() {
        for (name, text) in all(Language::English).into_iter().chain(all(Language::German)) {
            assert!(!text.contains('"') && !text.contains("...") && text.trim() == text, "{name}");
        }
        for (name, text) in all(Language::German) {
            let opened = text.matches('„').count();
            assert_eq!(opened, text.matches('“').count(), "{name}");
            assert!(!text.contains(['”', '’']), "{name}");
        }
    }
}
