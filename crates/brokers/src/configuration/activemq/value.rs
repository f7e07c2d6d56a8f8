//! The kinds of value that attributes take.

use super::ConnectorUri;

/// A kind of attribute value. Every attribute of the table has one, and a value that does not fit is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// `true`, `false`, `1` or `0`, as XML Schema has it.
    Boolean,
    /// A whole number of 32 bits.
    Integer,
    /// A whole number of 64 bits: durations in milliseconds, sizes in bytes, counts.
    Long,
    /// A whole number between two others, both included.
    Between(i64, i64),
    /// A number with or without a fraction.
    Decimal,
    /// A number of bytes with an optional unit: `1024`, `64 mb`, `1gb`.
    Size,
    /// One of some words, in any case.
    Word(&'static [&'static str]),
    /// The name or pattern of a destination, or several of them with commas between.
    Destination,
    /// A user name of the broker: 1 to 100 letters, digits and `- . _ ~`.
    UserName,
    /// Free text: group lists, selectors, prefixes.
    Text,
    /// A message group map: `simple`, `bucket` or `cached` with counts behind a question mark.
    GroupFactory,
    /// Where a network connector connects to: [`ConnectorUri`].
    ConnectorUri,
    /// Another element. Only a reference could be the value, and references are not permitted, so nothing is.
    Reference,
}

/// The longest value, in bytes; selectors are the longest that make sense.
const MAX_VALUE_BYTES: usize = 4096;

impl ValueKind {
    /// Whether `value` is one of this kind.
    ///
    /// No kind takes control characters, Spring expressions (`#{…}`), variables (`${…}`) or references to other
    /// elements (`#id`): the developer guide permits static attribute values only.
    pub fn permits(self, value: &str) -> bool {
        is_static(value)
            && match self {
                Self::Boolean => matches!(value, "true" | "false" | "1" | "0"),
                Self::Integer => whole(value).is_some_and(|number| i32::try_from(number).is_ok()),
                Self::Long => whole(value).is_some(),
                Self::Between(least, most) => {
                    whole(value).is_some_and(|number| (least..=most).contains(&number))
                }
                Self::Decimal => is_decimal(value),
                Self::Size => is_size(value),
                Self::Word(words) => words.iter().any(|word| word.eq_ignore_ascii_case(value)),
                Self::Destination => !value.trim().is_empty(),
                Self::UserName => is_user_name(value),
                Self::Text => true,
                Self::GroupFactory => is_group_factory(value),
                Self::ConnectorUri => ConnectorUri::parse(value).is_some(),
                Self::Reference => false,
            }
    }
}

fn is_static(value: &str) -> bool {
    value.len() <= MAX_VALUE_BYTES
        && !value.contains(char::is_control)
        && !value.trim_start().starts_with('#')
        && !value.contains("#{")
        && !value.contains("${")
}

/// A whole number in plain decimal digits with an optional minus sign.
fn whole(value: &str) -> Option<i64> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { value.parse().ok() } else { None }
}

fn is_decimal(value: &str) -> bool {
    let unsigned = value.strip_prefix('-').unwrap_or(value);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    [whole, fraction].iter().all(|part| {
        (1..=18).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// What ActiveMQ's `XBeanByteConverterUtil` reads, without its signs.
fn is_size(value: &str) -> bool {
    let digits = value.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = value.strip_prefix(digits).unwrap_or_default();
    let number = digits.trim_end_matches(' ');
    let unit_fits = ["", "b", "k", "kb", "m", "mb", "g", "gb"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(unit));
    unit_fits
        && (1..=15).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_user_name(value: &str) -> bool {
    (1..=100).contains(&value.len())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'))
}

/// ActiveMQ looks the word before the question mark up as a resource on its class path, so only its own three pass.
fn is_group_factory(value: &str) -> bool {
    let (factory, options) = value
        .split_once('?')
        .map_or((value, None), |(factory, options)| (factory, Some(options)));
    matches!(factory, "simple" | "bucket" | "cached")
        && options.is_none_or(|options| {
            options.split('&').all(|option| {
                option.split_once('=').is_some_and(|(name, count)| {
                    matches!(name, "bucketCount" | "cacheSize")
                        && whole(count)
                            .is_some_and(|count| (1..=i64::from(i32::MAX)).contains(&count))
                })
            })
        })
}

#[cfg(test)]
mod tests {
    use super::ValueKind::{self, *};

    const WORDS: ValueKind = Word(&["always", "never"]);

    #[test]
    fn each_kind_takes_its_own_values_only() {
        let cases: &[(ValueKind, &[&str], &[&str])] = &[
            (
                Boolean,
                &["true", "false", "1", "0"],
                &["", "TRUE", "yes", " true", "2", "#{true}"],
            ),
            (
                Integer,
                &["0", "-1", "2147483647"],
                &["", "-", "+1", "1.0", "0x1", "2147483648", "1 ", "一"],
            ),
            (
                Long,
                &["0", "-1", "9223372036854775807"],
                &["", "9223372036854775808", "1e3", "${x}"],
            ),
            (Between(0, 70), &["0", "70"], &["71", "-1", "", "seventy"]),
            (
                Decimal,
                &["2", "1.5", "-0.25", "0"],
                &["", ".", ".5", "5.", "1e5", "NaN", "Infinity", "1,5"],
            ),
            (
                Size,
                &["0", "1024", "64mb", "64 mb", "1GB", "5 k", "7b"],
                &["", "mb", "-1", "1tb", "1.5gb", "1 mb ", "1mb1"],
            ),
            (
                WORDS,
                &["always", "NEVER"],
                &["", "sometimes", "always never"],
            ),
            (
                Destination,
                &["FOO.BAR", ">", "a.*.b", "A,B", "queue://X", "ü"],
                &["", " ", "#dest", " #dest", "a#{1}", "a\nb"],
            ),
            (
                UserName,
                &["a", "A.b-c_d~1"],
                &["", "a b", "a,b", "ü", "a:b", "${u}"],
            ),
            (
                Text,
                &["", "admins,users", "a = '#1'", "x > 5", "$ {"],
                &["#ref", "x#{y}", "x${y}", "a\tb", "\u{7f}", "\u{85}"],
            ),
            (
                GroupFactory,
                &[
                    "simple",
                    "bucket",
                    "cached",
                    "bucket?bucketCount=1024",
                    "cached?cacheSize=5&bucketCount=2",
                ],
                &[
                    "",
                    "Simple",
                    "../x",
                    "cached?",
                    "cached?cacheSize=0",
                    "cached?x=1",
                    "bucket?bucketCount=1&",
                    "evil",
                ],
            ),
            (
                ConnectorUri,
                &["static:(ssl://a.example:61617)"],
                &["", "vm://a", "static:(tcp://a:1)"],
            ),
            (Reference, &[], &["DLQ", "#dlq", "queue://DLQ"]),
        ];
        for (kind, good, bad) in cases {
            for value in *good {
                assert!(kind.permits(value), "{kind:?} takes {value:?}");
            }
            for value in *bad {
                assert!(!kind.permits(value), "{kind:?} refuses {value:?}");
            }
        }
    }

    #[test]
    fn no_kind_takes_a_value_that_is_too_long() {
        assert!(Text.permits(&"a".repeat(4096)));
        assert!(!Text.permits(&"a".repeat(4097)));
    }
}
