//! Wildcards of the policy language: `*` is any run of characters, `?` is exactly one character.
//!
//! What stands before the first star has to begin the text; the parts between stars are looked for one
//! after the other, each at the first place where it fits, which leaves most room for the next. The worst
//! case is O(longest part × text) steps, without memory or a regular expression.
//! It works on [`Unit`]s instead of on one string, so a substituted policy variable is a `Literal`
//! whatever its value contains, and never a pattern.

/// One step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit<'a> {
    /// Text that must stand there as it is.
    Literal(&'a str),
    /// Any run of characters, also none.
    Star,
    /// Exactly one character (a Unicode scalar value, not a byte).
    Question,
    /// Something that no text matches: a variable without a value.
    Nothing,
}

/// Says whether `text` as a whole matches `pattern`, case-sensitively.
///
/// There is no escape: every `*` and `?` of `pattern` is a wildcard.
pub fn matches(pattern: &str, text: &str) -> bool {
    matches_units(|at| next_unit(pattern, at), text)
}

/// Matches `text` against the units that `unit` yields: given a cursor (0 at the start) it returns
/// the unit there and the cursor of the next one, `None` at the end of the pattern.
pub fn matches_units<'p>(unit: impl Fn(usize) -> Option<(Unit<'p>, usize)>, text: &str) -> bool {
    let mut part = match part(&unit, 0, text) {
        Fit::Part(after, rest) => Some((after, rest)),
        Fit::Whole => return true,
        Fit::Not | Fit::TooShort => return false,
    };
    while let Some((at, rest)) = part {
        part = match behind_star(&unit, at, rest) {
            Fit::Part(after, rest) => Some((after, rest)),
            fit => return matches!(fit, Fit::Whole),
        };
    }
    false
}

/// How a part of a pattern, up to a star or its end, fits a text.
enum Fit<'t> {
    /// The pattern goes on there, behind a star, with this text.
    Part(usize, &'t str),
    /// Pattern and text have both ended.
    Whole,
    /// Not at the start of this text.
    Not,
    /// Neither there nor further on: the text ended first, or nothing fits the part.
    TooShort,
}

/// Fits the part of the pattern from `at` on to the start of `text`.
fn part<'p, 't>(
    unit: &impl Fn(usize) -> Option<(Unit<'p>, usize)>,
    mut at: usize,
    mut text: &'t str,
) -> Fit<'t> {
    loop {
        let (next, rest) = match unit(at) {
            None if text.is_empty() => return Fit::Whole,
            None => return Fit::Not,
            Some((Unit::Star, next)) => return Fit::Part(next, text),
            Some((Unit::Nothing, _)) => return Fit::TooShort,
            Some((Unit::Question, next)) => match without_first(text) {
                Some(rest) => (next, rest),
                None => return Fit::TooShort,
            },
            Some((Unit::Literal(literal), next)) => match without(text, literal) {
                Some(rest) => (next, rest),
                None if text.len() < literal.len() => return Fit::TooShort,
                None => return Fit::Not,
            },
        };
        (at, text) = (next, rest);
    }
}

/// Fits the part of the pattern from `at` on to the first place of `text` where it does.
fn behind_star<'p, 't>(
    unit: &impl Fn(usize) -> Option<(Unit<'p>, usize)>,
    mut at: usize,
    mut text: &'t str,
) -> Fit<'t> {
    let (literal, next) = loop {
        match unit(at) {
            None => return Fit::Whole,
            Some((Unit::Nothing, _)) => return Fit::TooShort,
            Some((Unit::Star | Unit::Literal(""), next)) => at = next,
            // `*?` is `?*`.
            Some((Unit::Question, next)) => match without_first(text) {
                Some(rest) => (at, text) = (next, rest),
                None => return Fit::TooShort,
            },
            Some((Unit::Literal(literal), next)) => break (literal, next),
        }
    };
    // What ends the pattern must end the text; there is nothing to try.
    if unit(next).is_none() {
        return match text.ends_with(literal) {
            true => Fit::Whole,
            false => Fit::Not,
        };
    }
    let Some(first) = literal.as_bytes().first() else {
        return Fit::TooShort;
    };
    loop {
        // A character's first byte is none of another character's others.
        let found = memchr::memchr(*first, text.as_bytes()).and_then(|place| text.get(place..));
        let Some(here) = found.filter(|here| here.len() >= literal.len()) else {
            return Fit::TooShort;
        };
        if let Some(rest) = without(here, literal) {
            match part(unit, next, rest) {
                Fit::Not => {}
                fit => return fit,
            }
        }
        let Some(rest) = without_first(here) else {
            return Fit::TooShort;
        };
        text = rest;
    }
}

/// The text behind its first character.
fn without_first(text: &str) -> Option<&str> {
    match text.as_bytes().first()? {
        0..0x80 => text.get(1..),
        _ => {
            let mut chars = text.chars();
            chars.next().map(|_| chars.as_str())
        }
    }
}

/// The text behind this start of it. Most of what does not match differs in the first byte, and many
/// literals between wildcards have no more.
fn without<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    match (text.as_bytes(), start.as_bytes()) {
        ([found, ..], [wanted, ..]) if found != wanted => None,
        ([_, ..], [_]) => text.get(1..),
        _ => text.strip_prefix(start),
    }
}

fn next_unit(pattern: &str, at: usize) -> Option<(Unit<'_>, usize)> {
    let rest = pattern.get(at..)?;
    match rest.as_bytes().first()? {
        b'*' => Some((Unit::Star, at + 1)),
        b'?' => Some((Unit::Question, at + 1)),
        _ => {
            // The next one is near in most patterns.
            let length = match rest.as_bytes().get(1) {
                Some(b'*' | b'?') => 1,
                _ => memchr::memchr2(b'*', b'?', rest.as_bytes()).unwrap_or(rest.len()),
            };
            Some((Unit::Literal(rest.get(..length)?), at + length))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, written down as a recursion over characters.
    fn reference(pattern: &[char], text: &[char]) -> bool {
        // Dynamic programming over prefixes: row[j] = "the pattern so far matches text[..j]".
        let mut row = vec![false; text.len() + 1];
        row[0] = true;
        for p in pattern {
            let mut next = vec![false; text.len() + 1];
            for j in 0..=text.len() {
                next[j] = match p {
                    '*' => row[j] || (j > 0 && next[j - 1]),
                    '?' => j > 0 && row[j - 1],
                    c => j > 0 && row[j - 1] && text[j - 1] == *c,
                };
            }
            row = next;
        }
        row[text.len()]
    }

    #[test]
    fn wildcards_match_as_documented() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("*", "anything:/at all", true),
            ("", "", true),
            ("", "a", false),
            ("?", "", false),
            ("?", "é", true),
            ("?", "ab", false),
            ("*?", "", false),
            ("*?", "é", true),
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "acd", false),
            ("a**c", "abbbc", true),
            ("broker:*:b-*", "broker:A:b-1", true),
            ("broker:*:b-*", "broker:A", false),
            ("*ab*ab", "abab", true),
            ("*ab*ab", "ab", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn hostile_patterns_stay_polynomial() {
        let pattern = "*a".repeat(3_000) + "b";
        let text = "a".repeat(2_048);
        let started = std::time::Instant::now();
        assert!(!matches(&pattern, &text));
        assert!(!matches(&("*".repeat(6_000) + "b"), &text));
        assert!(!matches(
            &("*".to_owned() + &"?".repeat(1_000) + "b"),
            &text
        ));
        assert!(started.elapsed().as_secs() < 5);
    }

    /// All texts over an alphabet up to a length.
    fn all(alphabet: &[char], longest: usize) -> Vec<Vec<char>> {
        let mut texts = vec![vec![]];
        let mut from = 0;
        for _ in 0..longest {
            let to = texts.len();
            for at in from..to {
                for c in alphabet {
                    let mut longer: Vec<char> = texts[at].clone();
                    longer.push(*c);
                    texts.push(longer);
                }
            }
            from = to;
        }
        texts
    }

    fn compare_all(pattern_length: usize, text_length: usize) -> usize {
        let patterns = all(&['a', 'é', '*', '?'], pattern_length);
        let texts = all(&['a', 'é'], text_length);
        let spelt: Vec<String> = texts.iter().map(|text| text.iter().collect()).collect();
        for pattern in &patterns {
            let spelt_pattern: String = pattern.iter().collect();
            for (text, spelt) in texts.iter().zip(&spelt) {
                let found = matches(&spelt_pattern, spelt);
                assert_eq!(found, reference(pattern, text), "{spelt_pattern} {spelt}");
            }
        }
        patterns.len() * texts.len()
    }

    #[test]
    fn all_short_patterns_agree_with_the_definition() {
        assert_eq!(compare_all(5, 6), 1_365 * 127);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn agrees_with_the_definition(pattern in "[ab?*é]{0,9}", text in "[abé]{0,12}") {
            let p: Vec<char> = pattern.chars().collect();
            let t: Vec<char> = text.chars().collect();
            prop_assert_eq!(matches(&pattern, &text), reference(&p, &t));
        }
    }
}
