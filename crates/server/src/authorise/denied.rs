//! Decisions against a caller, and what is said of them.

use api::refusal::Refusal;
use iam::evaluate::{Cause, Denial, Matched, PolicyKind};

use super::Target;

/// A decision against the caller.
#[derive(Debug)]
pub struct Denied {
    /// What the caller is told: AccessDenied in AWS's words, naming the action.
    pub refusal: Refusal,
    /// What decided, for the audit record.
    pub why: String,
    /// What was asked.
    pub asked: Box<Asked>,
}

/// The question that a denial answers.
#[derive(Debug)]
pub struct Asked {
    /// Whether a Deny decided, and not the want of an Allow.
    pub explicit: bool,
    /// The action that was asked for.
    pub action: String,
    /// The ARN of what it was asked for, or `*`.
    pub resource: String,
}

impl Denied {
    /// A denial that no statement made.
    pub(crate) fn without_statement(
        refusal: Refusal,
        why: impl Into<String>,
        action: &str,
        resource: &str,
    ) -> Denied {
        Denied {
            refusal,
            why: why.into(),
            asked: Box::new(Asked {
                explicit: false,
                action: action.into(),
                resource: resource.into(),
            }),
        }
    }
}

/// The policy and statement that decided, for the audit record.
pub(crate) fn named(by: &Matched<'_>) -> String {
    let kind = match by.kind {
        PolicyKind::Inline => "inline policy",
        PolicyKind::Managed => "managed policy",
    };
    match &by.statement {
        Some(statement) => {
            let sid = statement
                .sid
                .map(|sid| format!(" ({sid})"))
                .unwrap_or_default();
            format!(
                "{kind} {}, statement {}{sid}, line {}",
                by.policy, statement.index, statement.line
            )
        }
        None => format!("{kind} {}, which cannot be read", by.policy),
    }
}

pub(crate) fn reason(denial: &Denial<'_>, action: &str, target: &Target) -> String {
    match &denial.cause {
        Cause::Explicit(by) => format!("denied by {}", named(by)),
        Cause::Implicit => format!(
            "no statement of the {:?} layer allows {action} on {}",
            denial.layer, target.arn
        ),
    }
}
