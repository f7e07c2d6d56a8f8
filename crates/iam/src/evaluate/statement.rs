//! Whether a statement applies: action, resource and all conditions.

use super::Asked;
use crate::compile::{Actions, ArnPattern, CompiledStatement, Head, ResourcePattern, Resources};
use crate::context::Context;
use crate::pattern::Unresolved;

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
        let mut parts = text.splitn(6, ':');
        let mut segments = [""; 5];
        for segment in &mut segments {
            *segment = parts.next()?;
        }
        let resource = parts.next()?;
        let head = text.get(..text.len() - resource.len() - 1)?;
        segments
            .first()
            .is_some_and(|first| *first == "arn")
            .then_some(Self {
                head,
                segments,
                resource,
            })
    }
}

impl ArnPattern {
    pub(crate) fn matches(
        &self,
        arn: &SplitArn<'_>,
        context: &Context<'_>,
    ) -> Result<bool, Unresolved> {
        match &self.head {
            Head::Exact(text) => {
                if **text != *arn.head {
                    // An unresolvable variable is reported even when the rest cannot match.
                    return resolvable(self.resource.is_resolvable(context), false);
                }
            }
            Head::Segments(patterns) => {
                let mut all = true;
                for (pattern, segment) in patterns.iter().zip(arn.segments) {
                    all &= pattern.matches(segment, context)?;
                }
                if !all {
                    return resolvable(self.resource.is_resolvable(context), false);
                }
            }
        }
        self.resource.matches(arn.resource, context)
    }
}

fn resolvable(resolvable: bool, matches: bool) -> Result<bool, Unresolved> {
    if resolvable {
        Ok(matches)
    } else {
        Err(Unresolved)
    }
}

impl CompiledStatement {
    pub(crate) fn applies_to(&self, asked: &Asked<'_>) -> Truth {
        if !self.actions.covers(asked.action) {
            return Truth::No;
        }
        let resource = match &self.resources {
            Some(resources) => resources.cover(&asked.target, asked.context),
            None => Truth::Yes,
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

impl Actions {
    /// `action` is in lower case.
    fn covers(&self, action: &str) -> bool {
        let named = self.patterns.iter().any(|pattern| match pattern {
            crate::pattern::Pattern::Exact(literal) => **literal == *action,
            pattern => pattern
                .matches(action, &Context::default())
                .unwrap_or(false),
        });
        named != self.negated
    }
}

impl Resources {
    fn cover(&self, target: &Target<'_>, context: &Context<'_>) -> Truth {
        if !self.negated {
            let entries = self.patterns.iter();
            return Truth::any(entries.map(|entry| match entry.covers(target, context) {
                Ok(truth) => truth,
                Err(Unresolved) => Truth::No,
            }));
        }
        // AWS: with a variable that has no value a NotResource statement does not apply.
        let mut excluded = Truth::No;
        for entry in &self.patterns {
            match entry.covers(target, context) {
                Ok(Truth::Yes) | Err(Unresolved) => return Truth::No,
                Ok(Truth::Error) => excluded = Truth::Error,
                Ok(Truth::No) => {}
            }
        }
        excluded.not()
    }
}

impl ResourcePattern {
    fn covers(&self, target: &Target<'_>, context: &Context<'_>) -> Result<Truth, Unresolved> {
        match (self, target) {
            (Self::All, _) => Ok(Truth::Yes),
            (Self::Undecidable, _) | (Self::Arn(_), Target::Malformed) => Ok(Truth::Error),
            (Self::Arn(pattern), Target::All) => {
                resolvable(pattern.is_resolvable(context), false).map(Truth::of)
            }
            (Self::Arn(pattern), Target::Arn(arn)) => pattern.matches(arn, context).map(Truth::of),
        }
    }
}

impl ArnPattern {
    fn is_resolvable(&self, context: &Context<'_>) -> bool {
        let head = match &self.head {
            Head::Exact(_) => true,
            Head::Segments(patterns) => patterns.iter().all(|it| it.is_resolvable(context)),
        };
        head && self.resource.is_resolvable(context)
    }
}
