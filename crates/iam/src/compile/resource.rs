//! ARN patterns, split into their six segments.

use super::ends::PatternEnds;
use crate::pattern::{Pattern, Reading};

/// One entry of `Resource` or `NotResource`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ResourcePattern {
    /// `*`
    All,
    Arn(ArnPattern),
    /// An entry whose meaning AWS does not document: segments left off at the end, or a variable in
    /// the first five segments, where variables have no place. It counts as an error, that is as no
    /// match in an Allow and as a match in a Deny.
    Undecidable,
}

/// An ARN pattern: a wildcard of the first five segments stays within its segment, one in the
/// sixth crosses `:` and `/`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ArnPattern {
    /// Of the resource.
    pub(crate) ends: PatternEnds,
    pub(crate) head: Head,
    pub(crate) resource: Pattern,
}

/// The first five segments.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Head {
    /// All of them without wildcards and variables, joined by colons: one comparison.
    Exact(Box<str>),
    Segments(Box<[Pattern; 5]>),
}

impl ResourcePattern {
    pub(crate) fn compile(text: &str, variables: bool) -> Self {
        if text == "*" {
            return Self::All;
        }
        // Only the sixth segment may hold variables, so the first five colons always separate.
        let mut parts = text.splitn(6, ':');
        let (Some(a), Some(b), Some(c), Some(d), Some(e), Some(resource)) = (
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
        ) else {
            return Self::Undecidable;
        };
        let head = [a, b, c, d, e];
        if variables && head.iter().any(|segment| segment.contains("${")) {
            return Self::Undecidable;
        }
        Self::Arn(ArnPattern::new(head, resource, false, variables))
    }

    /// Whether it asks for a key of the request. The first five segments of a resource never do.
    pub(crate) fn has_variables(&self) -> bool {
        match self {
            Self::All | Self::Undecidable => false,
            Self::Arn(pattern) => matches!(pattern.resource, Pattern::Template(_)),
        }
    }
}

impl ArnPattern {
    /// Compiles a value of an `Arn…` operator, where every segment may hold variables.
    /// `None` if it has not six segments; then nothing can be compared with it.
    pub(crate) fn compile(text: &str, variables: bool) -> Option<Self> {
        let mut segments = [""; 5];
        let mut rest = text;
        for segment in &mut segments {
            let colon = if variables {
                colon_outside_variables(rest)?
            } else {
                rest.find(':')?
            };
            *segment = rest.get(..colon)?;
            rest = rest.get(colon + 1..)?;
        }
        Some(Self::new(segments, rest, variables, variables))
    }

    fn new(head: [&str; 5], resource: &str, head_variables: bool, variables: bool) -> Self {
        let reading = Reading {
            wildcards: true,
            variables: head_variables,
        };
        let patterns = head.map(|segment| Pattern::compile(segment, reading));
        let exact = patterns.iter().all(|pattern| match pattern {
            Pattern::Exact(_) => true,
            Pattern::Any | Pattern::Prefix(_) | Pattern::Glob(_) | Pattern::Template(_) => false,
        });
        let literal = |pattern: &Pattern| match pattern {
            Pattern::Exact(text) => text.to_string(),
            Pattern::Any | Pattern::Prefix(_) | Pattern::Glob(_) | Pattern::Template(_) => {
                String::new()
            }
        };
        let head = if exact {
            Head::Exact(
                patterns
                    .iter()
                    .map(literal)
                    .collect::<Vec<_>>()
                    .join(":")
                    .into(),
            )
        } else {
            Head::Segments(Box::new(patterns))
        };
        let reading = Reading {
            wildcards: true,
            variables,
        };
        let resource = Pattern::compile(resource, reading);
        Self {
            ends: PatternEnds::of(&resource),
            head,
            resource,
        }
    }
}

/// The first colon that is not inside `${…}`.
fn colon_outside_variables(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut colon = text.find(':')?;
    while let Some(variable) = text.get(at..colon).and_then(|before| before.find("${")) {
        // Never closed: the text is literal and its colons separate.
        let Some(end) = text.get(at + variable..).and_then(|rest| rest.find('}')) else {
            break;
        };
        at += variable + end + 1;
        if at > colon {
            colon = at + text.get(at..)?.find(':')?;
        }
    }
    Some(colon)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colons_in_variables_do_not_separate() {
        assert_eq!(colon_outside_variables("a:b"), Some(1));
        assert_eq!(colon_outside_variables("${aws:x}:b"), Some(8));
        assert_eq!(colon_outside_variables("${aws:x"), Some(5));
        assert_eq!(colon_outside_variables("x${a:b}y${c:d}"), None);
    }

    #[test]
    fn odd_resources_are_undecidable() {
        assert_eq!(
            ResourcePattern::compile("arn:aws:mq", true),
            ResourcePattern::Undecidable
        );
        assert_eq!(
            ResourcePattern::compile("arn:aws:mq:${aws:RequestedRegion}:1:b:c", true),
            ResourcePattern::Undecidable
        );
        assert!(matches!(
            ResourcePattern::compile("arn:aws:mq:r:1:b:${c:d}", true),
            ResourcePattern::Arn(_)
        ));
    }
}
