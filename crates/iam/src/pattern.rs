//! Patterns with policy variables, tokenised when a policy is compiled.

use crate::context::{Context, ContextKey, fold};
use crate::wildcard::{Unit, matches_units};

/// One token of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    Literal(Box<str>),
    Star,
    Question,
    Variable {
        key: ContextKey,
        default: Option<Box<str>>,
    },
}

/// How a pattern's text is to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// Whether `*` and `?` are wildcards.
    pub(crate) wildcards: bool,
    /// Whether `${…}` is a variable (policies of version 2012-10-17) or plain text.
    pub(crate) variables: bool,
}

/// A compiled pattern; the frequent shapes have their own variant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pattern {
    /// `*`
    Any,
    /// No wildcard, no variable.
    Exact(Box<str>),
    /// Text, then one star.
    Prefix(Box<str>),
    /// Anything else without variables.
    Glob(Box<[Token]>),
    /// Holds variables.
    Template(Box<[Token]>),
}

impl Pattern {
    pub(crate) fn compile(text: &str, reading: Reading) -> Self {
        let mut tokens = tokenise(text, reading);
        if tokens
            .iter()
            .any(|token| matches!(token, Token::Variable { .. }))
        {
            return Self::Template(tokens.into());
        }
        match tokens.as_mut_slice() {
            [] => Self::Exact("".into()),
            [Token::Star] => Self::Any,
            [Token::Literal(literal)] => Self::Exact(std::mem::take(literal)),
            [Token::Literal(literal), Token::Star] => Self::Prefix(std::mem::take(literal)),
            _ => Self::Glob(tokens.into()),
        }
    }

    /// Whether every variable of the pattern has a value.
    pub(crate) fn is_resolvable(&self, context: &Context<'_>) -> bool {
        match self {
            Self::Any | Self::Exact(_) | Self::Prefix(_) | Self::Glob(_) => true,
            Self::Template(tokens) => tokens.iter().all(|token| match token {
                Token::Literal(_) | Token::Star | Token::Question => true,
                Token::Variable { key, default } => {
                    default.is_some() || context.single(key).is_some()
                }
            }),
        }
    }

    /// Matches the whole of `text`. Substituted values are literal text, never patterns; a variable
    /// without a value matches nothing, so neither does the pattern.
    pub(crate) fn matches(&self, text: &str, context: &Context<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(literal) => **literal == *text,
            Self::Prefix(literal) => text.starts_with(&**literal),
            Self::Glob(tokens) | Self::Template(tokens) => matches_tokens(tokens, text, context),
        }
    }

    /// Compares as a whole, ignoring case; for patterns read without wildcards.
    pub(crate) fn equals_ignoring_case(&self, text: &str, context: &Context<'_>) -> bool {
        match self {
            Self::Any => text == "*",
            Self::Exact(literal) => literal.chars().map(fold).eq(text.chars().map(fold)),
            Self::Prefix(_) | Self::Glob(_) => false,
            Self::Template(tokens) => {
                let written = tokens
                    .iter()
                    .map(|token| literal_of(token, context).unwrap_or_default());
                let written = written.flat_map(str::chars);
                self.is_resolvable(context) && written.map(fold).eq(text.chars().map(fold))
            }
        }
    }
}

/// The text that a token stands for; `None` if it is a variable without a value.
fn literal_of<'a>(token: &'a Token, context: &'a Context<'_>) -> Option<&'a str> {
    match token {
        Token::Literal(literal) => Some(literal),
        Token::Star => Some("*"),
        Token::Question => Some("?"),
        Token::Variable { key, default } => context.single(key).or(default.as_deref()),
    }
}

fn matches_tokens(tokens: &[Token], text: &str, context: &Context<'_>) -> bool {
    // Most patterns that do not match differ at one of their ends, and most ARNs begin alike.
    if let Some(Token::Literal(end)) = tokens.last()
        && !text.ends_with(&**end)
    {
        return false;
    }
    if let Some(Token::Literal(start)) = tokens.first()
        && !text.starts_with(&**start)
    {
        return false;
    }
    matches_units(
        |at| {
            let unit = match tokens.get(at)? {
                Token::Star => Unit::Star,
                Token::Question => Unit::Question,
                Token::Literal(literal) => Unit::Literal(literal),
                token @ Token::Variable { .. } => {
                    literal_of(token, context).map_or(Unit::Nothing, Unit::Literal)
                }
            };
            Some((unit, at + 1))
        },
        text,
    )
}

fn tokenise(text: &str, reading: Reading) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut literal = String::new();
    let mut variables = reading.variables;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if variables && rest.starts_with("${") {
            match parse_variable(rest) {
                Some((variable, after)) => {
                    match variable {
                        Variable::Escaped(c) => literal.push(c),
                        Variable::Named { key, default } => {
                            flush(&mut tokens, &mut literal);
                            let (key, default) = (ContextKey::new(key), default.map(Into::into));
                            tokens.push(Token::Variable { key, default });
                        }
                    }
                    rest = after;
                    continue;
                }
                // No closing brace up to the end: there is no variable any more.
                None => variables = false,
            }
        }
        match c {
            '*' if reading.wildcards => {
                flush(&mut tokens, &mut literal);
                // Several stars in a row are one.
                if tokens.last() != Some(&Token::Star) {
                    tokens.push(Token::Star);
                }
            }
            '?' if reading.wildcards => {
                flush(&mut tokens, &mut literal);
                tokens.push(Token::Question);
            }
            c => literal.push(c),
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    flush(&mut tokens, &mut literal);
    tokens
}

fn flush(tokens: &mut Vec<Token>, literal: &mut String) {
    if !literal.is_empty() {
        tokens.push(Token::Literal(std::mem::take(literal).into()));
    }
}

enum Variable<'a> {
    /// `${*}`, `${?}`, `${$}`: the character itself.
    Escaped(char),
    Named {
        key: &'a str,
        default: Option<&'a str>,
    },
}

/// Reads a variable at the start of `text` (which begins with `${`) and returns what follows it.
/// `None` if it is never closed: then the text is literal.
fn parse_variable(text: &str) -> Option<(Variable<'_>, &str)> {
    let body = text.strip_prefix("${")?;
    if let Some(found) = parse_default(body) {
        return Some(found);
    }
    let (key, after) = body.split_once('}')?;
    let variable = match key {
        "*" => Variable::Escaped('*'),
        "?" => Variable::Escaped('?'),
        "$" => Variable::Escaped('$'),
        key => Variable::Named { key, default: None },
    };
    Some((variable, after))
}

/// `key, 'default'}`, with any number of spaces around the default; the default may hold `}`.
fn parse_default(body: &str) -> Option<(Variable<'_>, &str)> {
    let end = body.find([',', '}'])?;
    let key = body.get(..end)?;
    let quoted = body
        .get(end..)?
        .strip_prefix(',')?
        .trim_start_matches(' ')
        .strip_prefix('\'')?;
    let (default, after) = quoted.split_once('\'')?;
    let after = after.trim_start_matches(' ').strip_prefix('}')?;
    Some((
        Variable::Named {
            key,
            default: Some(default),
        },
        after,
    ))
}

/// The keys of all variables in a text, in the spelling of the policy.
pub(crate) fn variable_keys(text: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        rest = rest.get(at..).unwrap_or_default();
        match parse_variable(rest) {
            Some((Variable::Named { key, .. }, after)) => {
                keys.push(key);
                rest = after;
            }
            Some((Variable::Escaped(_), after)) => rest = after,
            None => break,
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Reading = Reading {
        wildcards: true,
        variables: true,
    };

    fn on(pattern: &str, text: &str, values: &[(&'static str, &'static str)]) -> bool {
        let mut context = Context::new();
        for (key, value) in values {
            context.text(key, *value);
        }
        Pattern::compile(pattern, FULL).matches(text, &context)
    }

    #[test]
    fn a_substituted_value_is_never_a_pattern() {
        for hostile in [
            "*",
            "?",
            "${aws:username}",
            "[a-z]*",
            "a|b",
            "\\",
            "${*}",
            "$",
        ] {
            let values = [("k", hostile)];
            assert!(!on("x/${k}", "x/other", &values), "{hostile}");
            assert!(on("x/${k}", &format!("x/{hostile}"), &values), "{hostile}");
            assert!(
                on("x/${k}/*", &format!("x/{hostile}/y"), &values),
                "{hostile}"
            );
        }
    }

    #[test]
    fn a_missing_variable_matches_nothing() {
        assert!(!on("${k}*", "anything", &[]));
        assert!(!on("*${k}", "", &[]));
        assert!(!on("${}", "", &[]));
    }

    #[test]
    fn a_key_that_may_have_several_values_is_no_variable() {
        for tags in [&["a"][..], &["a", "b"], &[]] {
            let mut context = Context::new();
            context.texts("aws:TagKeys", tags.iter().copied());
            let pattern = Pattern::compile("${aws:TagKeys}", FULL);
            assert!(!pattern.matches("a", &context), "{tags:?}");
            assert!(!pattern.is_resolvable(&context), "{tags:?}");
            let pattern = Pattern::compile("${aws:TagKeys, 'all'}", FULL);
            assert!(pattern.matches("all", &context), "{tags:?}");
        }
        // Two tags that differ in case only are one key; with one value it is still a single one.
        let mut context = Context::new();
        context.tag("aws:PrincipalTag/", "team", "a");
        context.tag("aws:PrincipalTag/", "Team", "a");
        assert!(Pattern::compile("${aws:PrincipalTag/team}", FULL).matches("a", &context));
        context.tag("aws:PrincipalTag/", "TEAM", "b");
        assert!(!Pattern::compile("${aws:PrincipalTag/team}", FULL).matches("a", &context));
    }

    #[test]
    fn variables_default_and_escape() {
        assert!(on("${k, 'all'}", "all", &[]));
        assert!(on("${k,'all'}", "all", &[]));
        assert!(!on("${k,   'a*'}", "ab", &[]));
        assert!(on("${k, 'all'}", "own", &[("K", "own")]));
        assert!(on("${k, ''}x", "x", &[]));
        assert!(on("a${*}b", "a*b", &[]));
        assert!(!on("a${*}b", "axb", &[]));
        assert!(on("${?}${$}${*}", "?$*", &[]));
        assert!(on("${$}{k}", "${k}", &[("k", "v")]));
        // A default without quotes is part of a key that nothing sets.
        assert!(!on("${k, all}", "all", &[("k", "all")]));
    }

    #[test]
    fn an_unclosed_variable_is_text() {
        assert!(on("a${k", "a${k", &[("k", "v")]));
        assert!(on("${k, 'a", "${k, 'a", &[("k", "v")]));
    }

    #[test]
    fn old_policies_have_no_variables() {
        let pattern = Pattern::compile(
            "${k}",
            Reading {
                wildcards: true,
                variables: false,
            },
        );
        let mut context = Context::new();
        context.text("k", "v");
        assert!(!pattern.matches("v", &context));
        assert!(pattern.matches("${k}", &context));
    }

    #[test]
    fn keys_of_variables_are_listed() {
        assert_eq!(variable_keys("a${b}${*}c${d, 'x'}${e"), ["b", "d"]);
    }
}
