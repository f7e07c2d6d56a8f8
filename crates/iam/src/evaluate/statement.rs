//! Whether a statement applies: action, resource and all conditions.

use super::Asked;
use crate::compile::{ArnPattern, CompiledStatement, Head, ResourcePattern, Resources, TextEnds};
use crate::context::Context;

/// A three-valued result. `Error` is an answer that cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    Yes,
    No,
    Error,
}

impl Truth {
    pub(crate) fn of(truth: bool) -> Self {
        if truth { Self::Yes } else { Self::No }
    }

    pub(crate) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Error => Self::Error,
        }
    }

    /// A definite No decides; otherwise an error does.
    pub(crate) fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::Yes;
        for truth in truths {
            match truth {
                Self::No => return Self::No,
                Self::Error => result = Self::Error,
                Self::Yes => {}
            }
        }
        result
    }

    /// A definite Yes decides; otherwise an error does.
    pub(crate) fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        Self::all(truths.into_iter().map(Self::not)).not()
    }
}

/// The resource of a question.
pub(crate) enum Target<'q> {
    /// `*`: the action has no resource type. Only the pattern `*` covers it.
    All,
    Arn(SplitArn<'q>),
    /// The role whose trust policy is asked; only statements without a resource are about it.
    Role,
    /// Neither; comparing it with an ARN pattern is an error.
    Malformed,
}

/// An ARN, split for matching.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SplitArn<'q> {
    /// The first five segments with the colons between them.
    head: &'q str,
    segments: [&'q str; 5],
    resource: &'q str,
    /// Of the resource.
    ends: TextEnds,
}

impl<'q> Target<'q> {
    pub(crate) fn parse(resource: &'q str) -> Self {
        if resource == "*" {
            return Self::All;
        }
        SplitArn::parse(resource).map_or(Self::Malformed, Self::Arn)
    }
}

impl<'q> SplitArn<'q> {
    pub(crate) fn parse(text: &'q str) -> Option<Self> {
        let mut segments = [""; 5];
        let mut start = 0;
        let mut colons = memchr::memchr_iter(b':', text.as_bytes());
        for segment in &mut segments {
            let colon = colons.next()?;
            *segment = text.get(start..colon)?;
            start = colon + 1;
        }
        let resource = text.get(start..)?;
        let head = text.get(..start - 1)?;
        segments
            .first()
            .is_some_and(|first| *first == "arn")
            .then_some(Self {
                head,
                segments,
                resource,
                ends: TextEnds::of(resource),
            })
    }
}

impl ArnPattern {
    pub(crate) fn matches(&self, arn: &SplitArn<'_>, context: &Context<'_>) -> bool {
        // The last segment tells most patterns apart, so it is looked at first.
        self.ends.may_match(&arn.ends)
            && self.resource.matches(arn.resource, context)
            && match &self.head {
                Head::Exact(text) => **text == *arn.head,
                Head::Segments(patterns) => patterns
                    .iter()
                    .zip(arn.segments)
                    .all(|(pattern, segment)| pattern.matches(segment, context)),
            }
    }
}

impl CompiledStatement {
    /// Whether the statement applies to a question whose action it covers.
    pub(crate) fn applies_to(&self, asked: &Asked<'_>) -> Truth {
        let resource = match &self.resources {
            Some(resources) => resources.cover(&asked.target, asked.context),
            // A trust policy says nothing about other resources: an error anywhere else.
            None => match asked.target {
                Target::Role => Truth::Yes,
                Target::All | Target::Arn(_) | Target::Malformed => Truth::Error,
            },
        };
        match resource {
            Truth::No => Truth::No,
            Truth::Yes | Truth::Error if self.conditions.is_empty() => resource,
            Truth::Yes | Truth::Error => {
                let conditions = self.conditions.iter().map(|it| it.holds(asked.context));
                Truth::all(std::iter::once(resource).chain(conditions))
            }
        }
    }
}

impl Resources {
    fn cover(&self, target: &Target<'_>, context: &Context<'_>) -> Truth {
        let mut covered = Truth::No;
        for entry in &self.patterns {
            match entry.covers(target, context) {
                Truth::No => {}
                Truth::Error => covered = Truth::Error,
                Truth::Yes => {
                    covered = Truth::Yes;
                    break;
                }
            }
        }
        if !self.negated {
            return covered;
        }
        // AWS: with a variable that has no value a NotResource statement does not apply.
        if self
            .patterns
            .iter()
            .all(|entry| entry.is_resolvable(context))
        {
            covered.not()
        } else {
            Truth::No
        }
    }
}

impl ResourcePattern {
    fn covers(&self, target: &Target<'_>, context: &Context<'_>) -> Truth {
        match (self, target) {
            (_, Target::Role) => Truth::Error,
            (Self::All, _) => Truth::Yes,
            (Self::Undecidable, _) | (Self::Arn(_), Target::Malformed) => Truth::Error,
            (Self::Arn(_), Target::All) => Truth::No,
            (Self::Arn(pattern), Target::Arn(arn)) => Truth::of(pattern.matches(arn, context)),
        }
    }

    /// Variables can only be in the last segment of a resource.
    fn is_resolvable(&self, context: &Context<'_>) -> bool {
        match self {
            Self::All | Self::Undecidable => true,
            Self::Arn(pattern) => pattern.resource.is_resolvable(context),
        }
    }
}
