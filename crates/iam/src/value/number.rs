//! Decimal numbers, compared exactly whatever their length.

use std::cmp::Ordering;

/// A decimal number such as `-12.50`: an optional minus, digits, optionally a point and digits.
///
/// It borrows its digits and compares them as they stand, so there is no rounding: two numbers that
/// differ in the 30th digit differ. Exponents, a plus sign, a bare point and `NaN` are not numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decimal<'a> {
    negative: bool,
    /// Integer digits without leading zeros.
    whole: &'a str,
    /// Fraction digits without trailing zeros.
    fraction: &'a str,
}

impl<'a> Decimal<'a> {
    /// Parses a number; `None` if `text` is none.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) if all_digits(fraction) => (whole, fraction),
            Some(_) => return None,
            None => (digits, ""),
        };
        if !all_digits(whole) {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        // Zero has no sign.
        let negative = negative && !(whole.is_empty() && fraction.is_empty());
        Some(Self {
            negative,
            whole,
            fraction,
        })
    }

    /// Orders two numbers by value.
    pub(crate) fn compare(&self, other: &Decimal<'_>) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
        }
    }

    fn magnitude(&self, other: &Decimal<'_>) -> Ordering {
        self.whole
            .len()
            .cmp(&other.whole.len())
            .then_with(|| self.whole.cmp(other.whole))
            // Without trailing zeros the lexical order of fractions is their order.
            .then_with(|| self.fraction.cmp(other.fraction))
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_by_value() {
        let ascending = [
            "-100000000000000000000000000001",
            "-100000000000000000000000000000",
            "-2.5",
            "-2.05",
            "-1",
            "0",
            "0.1",
            "0.11",
            "0.2",
            "1",
            "9",
            "10",
            "9007199254740992",
            "9007199254740993",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                let order = Decimal::parse(a)
                    .unwrap()
                    .compare(&Decimal::parse(b).unwrap());
                assert_eq!(order, i.cmp(&j), "{a} and {b}");
            }
        }
        for (a, b) in [("-0", "0"), ("007", "7"), ("1.50", "1.5"), ("0.0", "-0.00")] {
            let order = Decimal::parse(a)
                .unwrap()
                .compare(&Decimal::parse(b).unwrap());
            assert_eq!(order, Ordering::Equal, "{a} and {b}");
        }
    }

    #[test]
    fn other_spellings_are_not_numbers() {
        for text in [
            "", "-", "+1", "1e3", ".5", "5.", "1.2.3", "NaN", "0x10", " 1", "1 ", "１",
        ] {
            assert!(Decimal::parse(text).is_none(), "{text}");
        }
    }
}
