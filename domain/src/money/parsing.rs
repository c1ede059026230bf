//! Reading an amount as people type it, whatever notation they grew up with.

/// More characters than any price has.
const LONGEST: usize = 20;

/// The minor units of what is one amount and nothing else.
///
/// A point or a comma before one or two digits at the end is the decimal separator. Everything before it may be
/// grouped by three with another separator; grouped by a point or a comma alone it takes two of them to be sure.
pub(super) fn cents(text: &str) -> Option<i64> {
    if text.chars().nth(LONGEST).is_some() {
        return None;
    }
    let text: String = text.chars().map(plain).collect();
    let (whole, decimals) = match text.rfind(['.', ',']) {
        Some(at) if text.len() - at <= 3 => text.split_at(at),
        _ => (text.as_str(), ""),
    };
    let digits = ungrouped(whole, decimals.chars().next())?;
    let minor = match decimals.as_bytes() {
        [] => 0,
        [_, tenths @ b'0'..=b'9'] => i64::from(tenths - b'0') * 10,
        [_, tenths @ b'0'..=b'9', hundredths @ b'0'..=b'9'] => {
            i64::from(tenths - b'0') * 10 + i64::from(hundredths - b'0')
        }
        _ => return None,
    };
    digits.parse::<i64>().ok()?.checked_mul(100)?.checked_add(minor)
}

/// One space and one apostrophe stand for those that keyboards and other programs make.
fn plain(character: char) -> char {
    match character {
        '\u{a0}' | '\u{2009}' | '\u{202f}' => ' ',
        '’' => '\'',
        other => other,
    }
}

fn ungrouped(whole: &str, decimal_separator: Option<char>) -> Option<String> {
    let separator = whole.chars().find(|character| !character.is_ascii_digit());
    let Some(separator) = separator else { return Some(whole.to_owned()) };
    let groups: Vec<&str> = whole.split(separator).collect();
    let is_certain = match separator {
        ' ' | '\'' => true,
        // `1.005` is a thousand and five to some, and one and a bit to others.
        '.' | ',' => decimal_separator.is_some_and(|decimal| decimal != separator) || groups.len() > 2,
        _ => false,
    };
    let by_three = (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3);
    let digits = groups.concat();
    let well_formed = is_certain
        && by_three
        && decimal_separator != Some(separator)
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    well_formed.then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_a_comma_or_a_point() {
        for text in ["12.50", "12,50", "12.5", "12,5", "012.50"] {
            assert_eq!(cents(text), Some(12_50), "{text}");
        }
        assert_eq!(cents("7"), Some(7_00));
        assert_eq!(cents("0.01"), Some(1));
    }

    #[test]
    fn thousands_may_be_grouped_as_anywhere_in_the_world() {
        for text in [
            "1234.50",
            "1,234.50",
            "1.234,50",
            "1 234,50",
            "1 234.5",
            "1\u{a0}234,50",
            "1\u{2009}234,50",
            "1\u{202f}234,50",
            "1'234.50",
            "1’234,50",
        ] {
            assert_eq!(cents(text), Some(1_234_50), "{text}");
        }
        for text in ["1 234 567", "1'234'567", "1.234.567", "1,234,567", "1.234.567,00", "1234567"] {
            assert_eq!(cents(text), Some(1_234_567_00), "{text}");
        }
        assert_eq!(cents("1 234"), Some(1_234_00));
    }

    #[test]
    fn what_could_be_two_amounts_is_none() {
        for text in ["1.005", "1,005", "1.234", "12,345", "0.001", "1 234.567", "1'234,567"] {
            assert_eq!(cents(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_not_an_amount_is_none() {
        for text in [
            "",
            ".",
            ",",
            " ",
            "'",
            "abc",
            "-1",
            "−1",
            "+5",
            "1e9",
            "1e900",
            "0x10",
            "NaN",
            "１２",
            "1..5",
            "12.",
            ".5",
            "1 2",
            "1'2",
            "12 34",
            "1,23,4.00",
            "12,34,56",
            "1,234,56.00",
            "1.234.56",
            "1,234.567.89",
            "1 234'567",
            "1.234 567",
            "1,234,567,00",
            "1  234",
            " 234",
            "1234,567.00",
            "12.50 €",
            "5 000 000 000 000 000 000",
        ] {
            assert_eq!(cents(text), None, "{text}");
        }
    }
}
