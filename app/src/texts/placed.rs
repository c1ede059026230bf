//! Texts with places in them for what is only known when they are shown.

use leptos::prelude::*;

/// A text with `N` places, `{0}` and `{1}` and so on, in the order that suits its language.
#[derive(Clone, Copy)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct With<const N: usize>(&'static str);

impl<const N: usize> With<N> {
    /// Does not compile unless each place stands in the text exactly once.
    pub(super) const fn new(text: &'static str) -> Self {
        assert!(has_places(text.as_bytes(), N), "a place is missing, or there is one too many");
        Self(text)
    }

    #[must_use]
    pub fn with(self, values: [&str; N]) -> String {
        filled(self.0, &values)
    }

    /// With views in its places, such as links.
    #[must_use]
    pub fn woven(self, views: [AnyView; N]) -> Vec<AnyView> {
        woven(self.0, &mut views.map(Some))
    }
}

impl With<1> {
    /// What stands before its place and after it.
    #[must_use]
    pub fn around(self) -> (&'static str, &'static str) {
        self.0.split_once("{0}").unwrap_or((self.0, ""))
    }
}

/// A text that depends on a number: one of something, or more of it.
#[derive(Clone, Copy)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Counted {
    pub(super) one: &'static str,
    /// None of it as well.
    pub(super) more: With<1>,
}

impl Counted {
    #[must_use]
    pub fn of(self, count: i64) -> String {
        match count {
            1 => self.one.to_owned(),
            count => self.more.with([&count.to_string()]),
        }
    }
}

const fn has_places(text: &[u8], places: usize) -> bool {
    let (mut at, mut seen) = (0, 0_u32);
    while at < text.len() {
        if text[at] == b'{' {
            if at + 2 >= text.len() || !text[at + 1].is_ascii_digit() || text[at + 2] != b'}' {
                return false;
            }
            let place = 1 << (text[at + 1] - b'0');
            if seen & place != 0 {
                return false;
            }
            seen |= place;
        }
        at += 1;
    }
    seen == (1 << places) - 1
}

/// The place, if any, and the text that follows it.
fn pieces(text: &'static str) -> impl Iterator<Item = (Option<usize>, &'static str)> {
    text.split('{').map(|piece| match piece.split_once('}') {
        Some((place, after)) => (place.parse().ok(), after),
        None => (None, piece),
    })
}

// Not generic, so that the wasm has each of them once.

fn filled(text: &'static str, values: &[&str]) -> String {
    let mut filled = String::new();
    for (place, after) in pieces(text) {
        filled.push_str(place.and_then(|place| values.get(place)).copied().unwrap_or_default());
        filled.push_str(after);
    }
    filled
}

fn woven(text: &'static str, views: &mut [Option<AnyView>]) -> Vec<AnyView> {
    let mut woven = Vec::new();
    for (place, after) in pieces(text) {
        woven.extend(place.and_then(|place| views.get_mut(place)?.take()));
        if !after.is_empty() {
            woven.push(after.into_any());
        }
    }
    woven
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_the_order_of_the_language() {
        assert_eq!(With::<2>::new("{0} sold it to {1}").with(["ana", "bo"]), "ana sold it to bo");
        assert_eq!(With::<2>::new("An {1} verkauft von {0}").with(["ana", "bo"]), "An bo verkauft von ana");
        assert_eq!(With::<1>::new("{0}").with(["{1}"]), "{1}");
        assert_eq!(With::<1>::new("Buy {0}?").around(), ("Buy ", "?"));
    }

    #[test]
    fn one_is_said_differently() {
        let cards = Counted { one: "one card", more: With::new("{0} cards") };
        assert_eq!([0, 1, 2].map(|count| cards.of(count)), ["0 cards", "one card", "2 cards"]);
    }

    #[test]
    fn a_text_lacks_no_place_and_has_none_twice() {
        assert!(has_places(b"no place", 0));
        assert!(has_places("„{1}“ für {0}".as_bytes(), 2));
        for (text, places) in
            [("none", 1), ("{0}", 0), ("{0} {0}", 1), ("{1}", 1), ("{x}", 1), ("{0", 1), ("{", 0)]
        {
            assert!(!has_places(text.as_bytes(), places), "{text}");
        }
    }
}
