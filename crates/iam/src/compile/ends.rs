//! The ends of a text and of a pattern, side by side in a few words: most patterns that do not match differ there, and are
//! known not to match without a look at their tokens.

use crate::pattern::{Pattern, Token};

/// The first sixteen bytes of a text and its last eight. Where it has fewer there are zeros.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextEnds {
    begin: u128,
    end: u64,
}

/// What a pattern wants there. Only bits of the masks count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PatternEnds {
    begin: u128,
    begin_mask: u128,
    end: u64,
    end_mask: u64,
}

impl TextEnds {
    pub(crate) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let begin = match bytes.first_chunk() {
            Some(begin) => u128::from_le_bytes(*begin),
            None => {
                let bytes = bytes.iter().rev();
                bytes.fold(0, |word, byte| word << 8 | u128::from(*byte))
            }
        };
        let end = match bytes.last_chunk() {
            Some(end) => u64::from_le_bytes(*end),
            None => bytes.iter().fold(0, |word: u64, byte| {
                word >> 8 | u64::from(*byte) << (u64::BITS - 8)
            }),
        };
        Self { begin, end }
    }
}

impl PatternEnds {
    pub(crate) fn of(pattern: &Pattern) -> Self {
        let literal = |token: Option<&Token>| match token {
            Some(Token::Literal(literal)) => literal.to_string(),
            Some(Token::Star | Token::Question | Token::Variable { .. }) | None => String::new(),
        };
        let (begin, end) = match pattern {
            Pattern::Any => (String::new(), String::new()),
            Pattern::Exact(text) => (text.to_string(), text.to_string()),
            Pattern::Prefix(start) => (start.to_string(), String::new()),
            Pattern::Glob(tokens) | Pattern::Template(tokens) => {
                (literal(tokens.first()), literal(tokens.last()))
            }
        };
        let low = |bytes: usize| u128::MAX.checked_shr(128 - 8 * bytes.min(16) as u32);
        let high = |bytes: usize| u64::MAX.checked_shl(64 - 8 * bytes.min(8) as u32);
        let (begin_mask, end_mask) = (low(begin.len()), high(end.len()));
        Self {
            begin: TextEnds::of(&begin).begin,
            begin_mask: begin_mask.unwrap_or(0),
            end: TextEnds::of(&end).end,
            end_mask: end_mask.unwrap_or(0),
        }
    }

    /// False only if the pattern does not match the text.
    pub(crate) fn may_match(&self, text: &TextEnds) -> bool {
        (self.begin ^ text.begin) & self.begin_mask == 0
            && (self.end ^ text.end) & self.end_mask == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Context;
    use crate::pattern::Reading;
    use proptest::prelude::*;

    fn ends_of(pattern: &str) -> (Pattern, PatternEnds) {
        let reading = Reading {
            wildcards: true,
            variables: true,
        };
        let pattern = Pattern::compile(pattern, reading);
        let ends = PatternEnds::of(&pattern);
        (pattern, ends)
    }

    #[test]
    fn the_ends_tell_texts_apart() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("*", "anything", true),
            ("abc", "abc", true),
            ("abc", "abd", false),
            ("abc", "ab", false),
            ("ab*", "a", false),
            ("0123456789abcdef*", "0123456789abcdef", true),
            ("0123456789abcdef*", "0123456789abcdeg", false),
            ("0123456789abcdefg*", "0123456789abcdefh", true),
            ("*:b-1", "b:b-1", true),
            ("*:b-1", "b:b-2", false),
            ("*12345678", "x12345678", true),
            ("*12345678", "x02345678", false),
            ("a${v}z", "abcz", true),
            ("a${v}z", "abc", false),
        ] {
            let (_, ends) = ends_of(pattern);
            let found = ends.may_match(&TextEnds::of(text));
            assert_eq!(found, expected, "{pattern} {text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn what_matches_is_never_refused(pattern in "[ab*?é]{0,20}", text in "[abé]{0,20}") {
            let (pattern, ends) = ends_of(&pattern);
            let matches = pattern.matches(&text, &Context::new());
            prop_assert!(!matches || ends.may_match(&TextEnds::of(&text)));
        }

        #[test]
        fn what_is_spelt_out_is_never_refused(begin in "[ab]{0,18}", middle in "[ab]{0,3}", end in "[ab]{0,10}") {
            let (pattern, ends) = ends_of(&format!("{begin}*{end}"));
            let text = format!("{begin}{middle}{end}");
            prop_assert!(pattern.matches(&text, &Context::new()));
            prop_assert!(ends.may_match(&TextEnds::of(&text)));
        }
    }
}
