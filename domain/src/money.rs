//! Money: minor units as `i64`, parsed from what a person types and shown with two decimals.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Refusal;

/// An amount in minor units (hundredths). Arithmetic on balances happens in the database, never here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    pub const ZERO: Self = Self(0);
    /// What every account receives once, at activation.
    pub const WELCOME_GRANT: Self = Self(100_00);
    /// The lowest price of a listing: 0.01.
    pub const LOWEST_PRICE: Self = Self(1);
    /// The highest price of a listing: 1,000,000.00.
    pub const HIGHEST_PRICE: Self = Self(100_000_000);

    #[must_use]
    pub const fn from_cents(cents: i64) -> Self {
        Self(cents)
    }

    #[must_use]
    pub const fn cents(self) -> i64 {
        self.0
    }

    /// What is left after paying `price`, or `None` when the amount does not cover it.
    #[must_use]
    pub fn after_paying(self, price: Self) -> Option<Self> {
        self.0.checked_sub(price.0).filter(|rest| *rest >= 0).map(Self)
    }

    /// Reads a price as people type it: `12`, `12.5`, `12,50`, `1,234.50` and `1.234,50`.
    ///
    /// # Errors
    /// [`Refusal::PriceUnreadable`] when it is not an amount with at most two decimals,
    /// [`Refusal::PriceOutOfRange`] when it is not between [`Self::LOWEST_PRICE`] and [`Self::HIGHEST_PRICE`].
    pub fn parse_price(text: &str) -> Result<Self, Refusal> {
        let amount = parse_amount(text.trim()).ok_or(Refusal::PriceUnreadable)?;
        if (Self::LOWEST_PRICE..=Self::HIGHEST_PRICE).contains(&amount) {
            Ok(amount)
        } else {
            Err(Refusal::PriceOutOfRange)
        }
    }

    /// The form a price field is filled with: no group separators, two decimals.
    #[must_use]
    pub fn to_input(self) -> String {
        format!("{}{}.{:02}", self.sign(), self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100)
    }

    fn sign(self) -> &'static str {
        if self.0 < 0 { "−" } else { "" }
    }
}

/// Shows `1,234.50`; a negative amount carries a real minus sign.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = (self.0.unsigned_abs() / 100).to_string();
        f.write_str(self.sign())?;
        for (position, digit) in whole.char_indices() {
            if position > 0 && (whole.len() - position).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        write!(f, ".{:02}", self.0.unsigned_abs() % 100)
    }
}

/// The last separator is the decimal one when at most two digits follow it; any other must group by three.
fn parse_amount(text: &str) -> Option<Money> {
    if text.len() > 20 {
        return None;
    }
    let (whole, decimals) = match text.rfind(['.', ',']) {
        None => (text, ""),
        Some(at) => (&text[..at], &text[at + 1..]),
    };
    let decimal_separator = text[whole.len()..].chars().next();
    let minor = match decimals.as_bytes() {
        [] if decimal_separator.is_some() => return None,
        [] => 0,
        [tenths @ b'0'..=b'9'] => i64::from(tenths - b'0') * 10,
        [tenths @ b'0'..=b'9', hundredths @ b'0'..=b'9'] => {
            i64::from(tenths - b'0') * 10 + i64::from(hundredths - b'0')
        }
        _ => return None,
    };
    let digits = ungroup(whole, decimal_separator)?;
    digits.parse::<i64>().ok()?.checked_mul(100)?.checked_add(minor).map(Money)
}

/// Removes group separators, which must differ from the decimal separator and stand before each three digits.
fn ungroup(whole: &str, decimal_separator: Option<char>) -> Option<String> {
    let separator = whole.chars().find(|c| matches!(c, '.' | ','));
    if separator.is_some() && separator == decimal_separator {
        return None;
    }
    let groups: Vec<&str> =
        separator.map_or_else(|| vec![whole], |separator| whole.split(separator).collect());
    let grouped_well = groups.len() == 1
        || ((1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3));
    let digits = groups.concat();
    (grouped_well && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_price_may_use_a_comma_or_a_point() {
        for text in ["12.50", "12,50", "12.5", "12,5", " 12.50 "] {
            assert_eq!(Money::parse_price(text), Ok(Money(12_50)), "{text}");
        }
        assert_eq!(Money::parse_price("7"), Ok(Money(7_00)));
        assert_eq!(Money::parse_price("0.01"), Ok(Money::LOWEST_PRICE));
    }

    #[test]
    fn a_price_may_carry_group_separators() {
        for text in ["1,234.50", "1.234,50", "1234.50"] {
            assert_eq!(Money::parse_price(text), Ok(Money(1_234_50)), "{text}");
        }
        assert_eq!(Money::parse_price("1,000,000.00"), Ok(Money::HIGHEST_PRICE));
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for text in [
            "",
            "abc",
            "-1",
            "1.005",
            "1e9",
            "1..5",
            "12.",
            ".",
            "1,23,4.00",
            "１２",
            "1 2",
            "12,34,56",
            "+5",
        ] {
            assert_eq!(Money::parse_price(text), Err(Refusal::PriceUnreadable), "{text}");
        }
    }

    #[test]
    fn a_price_out_of_range_is_refused() {
        for text in ["0", "0.00", "1000000.01", "999999999999"] {
            assert_eq!(Money::parse_price(text), Err(Refusal::PriceOutOfRange), "{text}");
        }
    }

    #[test]
    fn amounts_are_shown_grouped_with_two_decimals() {
        assert_eq!(Money(0).to_string(), "0.00");
        assert_eq!(Money(1_234_567_05).to_string(), "1,234,567.05");
        assert_eq!(Money(-5_00).to_string(), "−5.00");
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed_back(cents in 1_i64..=100_000_000) {
            let money = Money(cents);
            prop_assert_eq!(Money::parse_price(&money.to_string()), Ok(money));
            prop_assert_eq!(Money::parse_price(&money.to_input()), Ok(money));
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = Money::parse_price(&text);
        }
    }
}
