//! Money: minor units as `i64`, parsed from what a person types and shown with two decimals.
//!
//! An amount cannot be displayed as it is: whoever shows one says in which notation.

mod notation;
mod parsing;

use serde::{Deserialize, Serialize};

use crate::Refusal;
pub use notation::Notation;

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

    /// Reads a price as people type it in any [`Notation`]: `12`, `12.5`, `12,50`, `1,234.50`, `1.234,50`, `1 234,50`
    /// and `1'234.50`. What could be two amounts, such as `1.005`, is none.
    ///
    /// # Errors
    /// [`Refusal::PriceUnreadable`] when it is not one amount with at most two decimals,
    /// [`Refusal::PriceOutOfRange`] when it is not between [`Self::LOWEST_PRICE`] and [`Self::HIGHEST_PRICE`].
    pub fn parse_price(text: &str) -> Result<Self, Refusal> {
        let amount = parsing::cents(text.trim()).map(Self).ok_or(Refusal::PriceUnreadable)?;
        if (Self::LOWEST_PRICE..=Self::HIGHEST_PRICE).contains(&amount) {
            Ok(amount)
        } else {
            Err(Refusal::PriceOutOfRange)
        }
    }

    /// The form a price field is filled with: no group separators, two decimals.
    #[must_use]
    pub fn to_input(self, notation: Notation) -> String {
        let (whole, minor) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        format!("{}{whole}{}{minor:02}", self.sign(), notation.decimal_separator())
    }

    /// With two decimals and the separators of this notation; a negative amount carries a real minus sign.
    #[must_use]
    pub fn format(self, notation: Notation) -> String {
        let whole = (self.0.unsigned_abs() / 100).to_string();
        let mut text = self.sign().to_owned();
        for (position, digit) in whole.char_indices() {
            if position > 0 && (whole.len() - position).is_multiple_of(3) {
                text.push(notation.group_separator());
            }
            text.push(digit);
        }
        text + &format!("{}{:02}", notation.decimal_separator(), self.0.unsigned_abs() % 100)
    }

    fn sign(self) -> &'static str {
        if self.0 < 0 { "−" } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_price_out_of_range_is_refused() {
        for text in ["0", "0.00", "1000000.01", "1 000 000,01", "999999999999"] {
            assert_eq!(Money::parse_price(text), Err(Refusal::PriceOutOfRange), "{text}");
        }
        assert_eq!(Money::parse_price("0.01"), Ok(Money::LOWEST_PRICE));
        assert_eq!(Money::parse_price("1,000,000.00"), Ok(Money::HIGHEST_PRICE));
    }

    #[test]
    fn amounts_are_shown_grouped_with_two_decimals() {
        let shown = |cents| Money(cents).format(Notation::English);
        assert_eq!(shown(0), "0.00");
        assert_eq!(shown(1_234_567_05), "1,234,567.05");
        assert_eq!(shown(-5_00), "−5.00");
        assert_eq!(shown(i64::MIN), "−92,233,720,368,547,758.08");
        assert_eq!(Money(1_234_50).to_input(Notation::German), "1234,50");
    }

    proptest! {
        #[test]
        fn what_is_shown_in_any_notation_can_be_typed_back(cents in 1_i64..=100_000_000) {
            let money = Money(cents);
            for notation in Notation::ALL {
                prop_assert_eq!(Money::parse_price(&money.format(notation)), Ok(money), "{:?}", notation);
                prop_assert_eq!(Money::parse_price(&money.to_input(notation)), Ok(money), "{:?}", notation);
            }
        }

        #[test]
        fn the_notations_differ_in_nothing_but_separators(cents: i64) {
            let digits = |text: String| text.chars().filter(char::is_ascii_digit).collect::<String>();
            for notation in Notation::ALL {
                prop_assert_eq!(digits(Money(cents).format(notation)), digits(Money(cents).to_input(notation)));
            }
        }

        #[test]
        fn a_typed_price_is_read_as_what_it_says_or_not_at_all(text in "[0-9 .,'’-]{0,14}") {
            if let Ok(money) = Money::parse_price(&text) {
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                let said: i64 = digits.parse().unwrap();
                prop_assert!([said, said * 10, said * 100].contains(&money.cents()), "{} as {:?}", text, money);
            }
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = Money::parse_price(&text);
        }
    }
}
