//! Wildcards of the policy language: `*` is any run of characters, `?` is exactly one character.
//!
//! The matcher is the greedy two-pointer one: it remembers only the last star, so its worst case is
//! O(pattern × text) steps and it needs neither memory nor a regular expression.
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
    let mut at = 0;
    let mut rest = text;
    // Where to resume after the last star, and the text it has not yet swallowed.
    let mut star: Option<(usize, &str)> = None;
    loop {
        let step = match unit(at) {
            None if rest.is_empty() => return true,
            None => None,
            Some((Unit::Star, next)) => match unit(next) {
                None => return true,
                // What ends the pattern must end the text; there is nothing to try.
                Some((Unit::Literal(literal), end)) if unit(end).is_none() => {
                    return rest.ends_with(literal);
                }
                Some(_) => {
                    star = Some((next, rest));
                    Some((rest, next))
                }
            },
            Some((Unit::Nothing, _)) => return false,
            Some((Unit::Question, next)) => without_first(rest).map(|rest| (rest, next)),
            Some((Unit::Literal(literal), next)) => {
                rest.strip_prefix(literal).map(|rest| (rest, next))
            }
        };
        match step {
            Some((remaining, next)) => {
                rest = remaining;
                at = next;
            }
            None => {
                // Let the last star swallow one more character and try again behind it.
                let Some((after, from)) = star else {
                    return false;
                };
                let Some(shorter) = without_first(from) else {
                    return false;
                };
                star = Some((after, shorter));
                rest = shorter;
                at = after;
            }
        }
    }
}

fn without_first(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    chars.next().map(|_| chars.as_str())
}

fn next_unit(pattern: &str, at: usize) -> Option<(Unit<'_>, usize)> {
    let rest = pattern.get(at..)?;
    match rest.as_bytes().first()? {
        b'*' => Some((Unit::Star, at + 1)),
        b'?' => Some((Unit::Question, at + 1)),
        _ => {
            let length = rest.find(['*', '?']).unwrap_or(rest.len());
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

    #[test]
    #[ignore = "wants optimisation: cargo test --release -p iam --lib -- --ignored"]
    fn ten_million_pairs_agree_with_the_definition() {
        let pairs = compare_all(7, 9) + compare_all(6, 10);
        println!("wildcard pairs: {pairs}");
        assert!(pairs >= 10_000_000);
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
