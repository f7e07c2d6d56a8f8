//! Wildcards, policy variables and the segments of ARNs, character by character.

use super::Question;

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A character of the policy that stands for itself.
    Plain(char),
    /// A character that stands for itself because `${*}`, `${?}` or `${$}` says so, or because it
    /// came out of a variable.
    Escaped(char),
    /// `*`
    Any,
    /// `?`
    One,
    /// `${key}` or `${key, 'default'}`
    Variable {
        key: String,
        default: Option<String>,
    },
}

/// Reads a pattern without variables.
pub(super) fn wildcards(text: &str) -> Vec<Token> {
    text.chars()
        .map(|c| match c {
            '*' => Token::Any,
            '?' => Token::One,
            other => Token::Plain(other),
        })
        .collect()
}

/// Reads a pattern; `variables` says whether the policy's version has them.
pub(super) fn tokens(text: &str, variables: bool) -> Vec<Token> {
    if !variables {
        return wildcards(text);
    }
    let Some((before, rest)) = text.split_once("${") else {
        return wildcards(text);
    };
    // What is opened and not closed is text.
    let Some((token, after)) = defaulted(rest).or_else(|| plain(rest)) else {
        return wildcards(text);
    };
    let mut all = wildcards(before);
    all.push(token);
    all.extend(tokens(after, variables));
    all
}

/// `key, 'default'}`. Blanks round the default do not matter; the quotes do, and between them is
/// anything but a quote.
fn defaulted(rest: &str) -> Option<(Token, &str)> {
    let (key, quoted) = rest.split_once(',')?;
    let (default, end) = quoted.trim_start().strip_prefix('\'')?.split_once('\'')?;
    let after = end.trim_start().strip_prefix('}')?;
    let token = Token::Variable {
        key: key.trim().to_owned(),
        default: Some(default.to_owned()),
    };
    (!key.contains('}')).then_some((token, after))
}

/// `key}`, or one of the three characters that may be spelt so.
fn plain(rest: &str) -> Option<(Token, &str)> {
    let (inside, after) = rest.split_once('}')?;
    let token = match inside {
        "*" => Token::Escaped('*'),
        "?" => Token::Escaped('?'),
        "$" => Token::Escaped('$'),
        key => Token::Variable {
            key: key.to_owned(),
            default: None,
        },
    };
    Some((token, after))
}

/// Puts the values of the request in the place of variables. `None` if one has no value.
pub(super) fn expand(pattern: &[Token], question: &Question) -> Option<Vec<Token>> {
    let mut expanded = Vec::new();
    for token in pattern {
        match token {
            Token::Variable { key, default } => {
                let value = question.single(key).or(default.as_deref())?;
                expanded.extend(value.chars().map(Token::Escaped));
            }
            other => expanded.push(other.clone()),
        }
    }
    Some(expanded)
}

/// Does the pattern match the whole text? A variable that was not expanded matches nothing.
pub(super) fn matches(pattern: &[Token], text: &[char]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([], [_, ..]) => false,
        ([Token::Any, rest @ ..], []) => matches(rest, &[]),
        ([Token::Any, rest @ ..], [_, later @ ..]) => {
            matches(rest, text) || matches(pattern, later)
        }
        ([Token::One, rest @ ..], [_, later @ ..]) => matches(rest, later),
        ([Token::Plain(c) | Token::Escaped(c), rest @ ..], [first, later @ ..]) => {
            c == first && matches(rest, later)
        }
        ([Token::One | Token::Plain(_) | Token::Escaped(_), ..], []) => false,
        ([Token::Variable { .. }, ..], _) => false,
    }
}

/// Splits at the first five colons.
pub(super) fn split_arn<T: Clone>(whole: &[T], is_colon: impl Fn(&T) -> bool) -> Vec<Vec<T>> {
    let mut segments = vec![Vec::new()];
    for part in whole {
        if is_colon(part) && segments.len() < 6 {
            segments.push(Vec::new());
        } else if let Some(last) = segments.last_mut() {
            last.push(part.clone());
        }
    }
    segments
}
