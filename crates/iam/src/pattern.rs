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

/// A variable of the pattern has no single value and no default: the pattern matches nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unresolved;

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

    /// Matches the whole of `text`. Substituted values are literal text, never patterns.
    pub(crate) fn matches(&self, text: &str, context: &Context<'_>) -> Result<bool, Unresolved> {
        match self {
            Self::Any => Ok(true),
            Self::Exact(literal) => Ok(**literal == *text),
            Self::Prefix(literal) => Ok(text.starts_with(&**literal)),
            Self::Glob(tokens) => Ok(matches_tokens(tokens, text, context)),
            Self::Template(tokens) => {
                if self.is_resolvable(context) {
                    Ok(matches_tokens(tokens, text, context))
                } else {
                    Err(Unresolved)
                }
            }
        }
    }

    /// Compares as a whole, ignoring case; for patterns read without wildcards.
    pub(crate) fn equals_ignoring_case(
        &self,
        text: &str,
        context: &Context<'_>,
    ) -> Result<bool, Unresolved> {
        let tokens = match self {
            Self::Exact(literal) => {
                return Ok(literal.chars().map(fold).eq(text.chars().map(fold)));
            }
            Self::Any => return Ok(text == "*"),
            Self::Prefix(_) | Self::Glob(_) => return Ok(false),
            Self::Template(tokens) => tokens,
        };
        if !self.is_resolvable(context) {
            return Err(Unresolved);
        }
        let written = tokens
            .iter()
            .flat_map(|token| literal_of(token, context).chars());
        Ok(written.map(fold).eq(text.chars().map(fold)))
    }
}

fn literal_of<'a>(token: &'a Token, context: &'a Context<'_>) -> &'a str {
    match token {
        Token::Literal(literal) => literal,
        Token::Star => "*",
        Token::Question => "?",
        Token::Variable { key, default } => context
            .single(key)
            .or(default.as_deref())
            .unwrap_or_default(),
    }
}

fn matches_tokens(tokens: &[Token], text: &str, context: &Context<'_>) -> bool {
    matches_units(
        |at| {
            let unit = match tokens.get(at)? {
                Token::Star => Unit::Star,
                Token::Question => Unit::Question,
                token @ (Token::Literal(_) | Token::Variable { .. }) => {
                    Unit::Literal(literal_of(token, context))
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

    fn on(
        pattern: &str,
        text: &str,
        values: &[(&'static str, &'static str)],
    ) -> Result<bool, Unresolved> {
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
            assert_eq!(on("x/${k}", "x/other", &values), Ok(false), "{hostile}");
            assert_eq!(
                on("x/${k}", &format!("x/{hostile}"), &values),
                Ok(true),
                "{hostile}"
            );
            assert_eq!(
                on("x/${k}/*", &format!("x/{hostile}/y"), &values),
                Ok(true),
                "{hostile}"
            );
        }
    }

    #[test]
    fn a_missing_variable_matches_nothing() {
        assert_eq!(on("${k}*", "anything", &[]), Err(Unresolved));
        assert_eq!(on("*${k}", "", &[]), Err(Unresolved));
        assert_eq!(on("${}", "", &[]), Err(Unresolved));
    }

    #[test]
    fn variables_default_and_escape() {
        assert_eq!(on("${k, 'all'}", "all", &[]), Ok(true));
        assert_eq!(on("${k,'all'}", "all", &[]), Ok(true));
        assert_eq!(on("${k,   'a*'}", "ab", &[]), Ok(false));
        assert_eq!(on("${k, 'all'}", "own", &[("K", "own")]), Ok(true));
        assert_eq!(on("${k, ''}x", "x", &[]), Ok(true));
        assert_eq!(on("a${*}b", "a*b", &[]), Ok(true));
        assert_eq!(on("a${*}b", "axb", &[]), Ok(false));
        assert_eq!(on("${?}${$}${*}", "?$*", &[]), Ok(true));
        assert_eq!(on("${$}{k}", "${k}", &[("k", "v")]), Ok(true));
        // A default without quotes is part of a key that nothing sets.
        assert_eq!(on("${k, all}", "all", &[("k", "all")]), Err(Unresolved));
    }

    #[test]
    fn an_unclosed_variable_is_text() {
        assert_eq!(on("a${k", "a${k", &[("k", "v")]), Ok(true));
        assert_eq!(on("${k, 'a", "${k, 'a", &[("k", "v")]), Ok(true));
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
        assert_eq!(pattern.matches("v", &context), Ok(false));
        assert_eq!(pattern.matches("${k}", &context), Ok(true));
    }

    #[test]
    fn keys_of_variables_are_listed() {
        assert_eq!(variable_keys("a${b}${*}c${d, 'x'}${e"), ["b", "d"]);
    }
}
