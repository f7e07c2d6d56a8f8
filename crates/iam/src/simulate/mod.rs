//! Why a question is answered as it is, and what would make it pass.
//!
//! [`simulate`] decides with [`evaluate`] and with nothing else; beside the decision it says of every
//! statement whether it applies, and if not, which part did not match and what was there instead.
//! For layers that lack an Allow it proposes the smallest statement that gives one.

mod suggest;

use crate::compile::{CompiledPolicy, CompiledStatement};
use crate::context::Context;
use crate::evaluate::{
    Asked, Cause, Decision, Grant, Layer, Layers, Matched, PolicyKind, PolicyRef, Question, Target,
    Truth, evaluate,
};
use crate::policy::{Effect, PolicyDocument, Span, Statement};

pub use suggest::Suggestion;

/// A policy that is asked, with its text's structure.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// The ARN of a managed policy, the name of an inline one, or a file's name.
    pub id: &'a str,
    /// How it is attached.
    pub kind: PolicyKind,
    /// The document; `None` for a stored one that cannot be read, which denies everything.
    pub document: Option<&'a PolicyDocument>,
}

/// All policies that apply to a caller, by layer; as in [`Layers`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Sheets<'a> {
    /// Policies of the user and its groups, or of the role.
    pub identity: &'a [Sheet<'a>],
    /// The permissions boundary, if there is one.
    pub boundary: Option<&'a [Sheet<'a>]>,
    /// The session policies, if there are any.
    pub session: Option<&'a [Sheet<'a>]>,
    /// The caller is the account's root.
    pub root: bool,
}

/// A decision with everything that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulation {
    /// The decision.
    pub outcome: Outcome,
    /// Every statement of every layer, in order.
    pub statements: Vec<Examined>,
    /// The layers in which no Allow applies, whether or not a Deny decided before that.
    pub missing: Vec<Layer>,
    /// What to add to each of the missing layers; `None` if nothing is missing, or if the question
    /// has no action that a policy could name.
    pub suggestion: Option<Suggestion>,
}

/// A decision in words that outlive the policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Allowed; by no statement if the caller is root.
    Allowed {
        /// The first statement that allows.
        by: Option<Place>,
    },
    /// Refused for want of an Allow.
    Implicit {
        /// The first layer without one.
        layer: Layer,
    },
    /// Refused by a Deny, or by a policy that cannot be read.
    Explicit {
        /// The layer of the Deny.
        layer: Layer,
        /// The policy that refuses.
        policy: String,
        /// Its statement; `None` if the policy cannot be read.
        by: Option<Place>,
    },
}

impl Outcome {
    /// Whether the action is allowed.
    pub fn is_allowed(&self) -> bool {
        match self {
            Self::Allowed { .. } => true,
            Self::Implicit { .. } | Self::Explicit { .. } => false,
        }
    }

    /// `allowed`, `implicitDeny` or `explicitDeny`, as SimulateCustomPolicy answers.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Allowed { .. } => "allowed",
            Self::Implicit { .. } => "implicitDeny",
            Self::Explicit { .. } => "explicitDeny",
        }
    }
}

/// Where a statement stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The layer of its policy.
    pub layer: Layer,
    /// The policy's id.
    pub policy: String,
    /// The statement's position, from 0.
    pub index: usize,
    /// Its `Sid`, if it has one.
    pub sid: Option<String>,
    /// The line on which it begins, from 1.
    pub line: u32,
}

/// A statement and whether it applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// Where it stands.
    pub place: Place,
    /// From where to where its text goes.
    pub span: Span,
    /// Allow or Deny.
    pub effect: Effect,
    /// What did not match. Empty: the statement applies.
    pub misses: Vec<Miss>,
}

impl Examined {
    /// Whether the statement applies to the question.
    pub fn applies(&self) -> bool {
        self.misses.is_empty()
    }

    /// Whether the statement is about the action: then it is worth saying why it does not apply.
    pub fn is_near(&self) -> bool {
        self.misses.iter().all(|miss| match miss {
            Miss::Action { .. } => false,
            Miss::Resource { .. } | Miss::Condition { .. } => true,
        })
    }
}

/// A part of a statement that does not match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Miss {
    /// The action is not meant.
    Action {
        /// Whether the element is `NotAction`.
        negated: bool,
        /// Its entries.
        entries: Vec<String>,
    },
    /// The resource is not meant.
    Resource {
        /// Whether the element is `NotResource`.
        negated: bool,
        /// Its entries.
        entries: Vec<String>,
        /// The two could not be compared, which never helps an Allow.
        failed: bool,
    },
    /// A condition does not hold.
    Condition {
        /// The operator with prefix and suffix.
        operator: String,
        /// The key as written.
        key: String,
        /// The policy's values.
        wanted: Vec<String>,
        /// The request's values; empty if the key is absent.
        got: Vec<String>,
        /// The two could not be compared, which never helps an Allow.
        failed: bool,
    },
}

/// Decides a question and says why. Those with several questions about the same policies use a [`Simulator`].
pub fn simulate(sheets: &Sheets<'_>, question: &Question<'_>) -> Simulation {
    Simulator::new(sheets).ask(question)
}

/// Policies that are compiled once for many questions.
#[derive(Debug)]
pub struct Simulator<'a> {
    sheets: &'a Sheets<'a>,
    identity: Vec<CompiledPolicy>,
    boundary: Option<Vec<CompiledPolicy>>,
    session: Option<Vec<CompiledPolicy>>,
}

impl<'a> Simulator<'a> {
    /// Compiles the policies.
    pub fn new(sheets: &'a Sheets<'a>) -> Self {
        let compile = |layer: &[Sheet<'_>]| -> Vec<CompiledPolicy> {
            let policies = layer.iter().map(|sheet| match sheet.document {
                Some(document) => CompiledPolicy::compile(document),
                None => CompiledPolicy::unreadable(),
            });
            policies.collect()
        };
        Self {
            sheets,
            identity: compile(sheets.identity),
            boundary: sheets.boundary.map(compile),
            session: sheets.session.map(compile),
        }
    }

    /// Decides a question and says why.
    pub fn ask(&self, question: &Question<'_>) -> Simulation {
        let sheets = self.sheets;
        let identity_refs = refs(sheets.identity, &self.identity);
        let boundary_refs = sheets.boundary.zip(self.boundary.as_deref());
        let boundary_refs = boundary_refs.map(|(sheets, policies)| refs(sheets, policies));
        let session_refs = sheets.session.zip(self.session.as_deref());
        let session_refs = session_refs.map(|(sheets, policies)| refs(sheets, policies));
        let layers = Layers {
            identity: &identity_refs,
            boundary: boundary_refs.as_deref(),
            session: session_refs.as_deref(),
            root: sheets.root,
        };
        let outcome = outcome(evaluate(&layers, question));
        let (statements, missing) = self.examine(question);
        let suggestion = if missing.is_empty() {
            None
        } else {
            Suggestion::find(question.action, question.resource)
        };
        Simulation {
            outcome,
            statements,
            missing,
            suggestion,
        }
    }

    /// Every statement of every layer, and the layers in which no Allow applies.
    fn examine(&self, question: &Question<'_>) -> (Vec<Examined>, Vec<Layer>) {
        let sheets = self.sheets;
        let asked = Asked::new(
            question.action,
            Target::parse(question.resource),
            question.context,
        );
        let mut statements = Vec::new();
        let mut missing = Vec::new();
        for (layer, sheets, policies, needed) in [
            (
                Layer::Identity,
                Some(sheets.identity),
                Some(&self.identity),
                !sheets.root,
            ),
            (
                Layer::Boundary,
                sheets.boundary,
                self.boundary.as_ref(),
                true,
            ),
            (Layer::Session, sheets.session, self.session.as_ref(), true),
        ] {
            let (Some(sheets), Some(policies)) = (sheets, policies) else {
                continue;
            };
            let first = statements.len();
            for (sheet, policy) in sheets.iter().zip(policies) {
                let Some(document) = sheet.document else {
                    continue;
                };
                let pairs = document.statements().iter().zip(&policy.statements);
                statements.extend(pairs.map(|(written, compiled)| Examined {
                    place: place(layer, sheet.id, written),
                    span: written.span(),
                    effect: written.effect(),
                    misses: misses(written, compiled, &asked),
                }));
            }
            let mut of_layer = statements.iter().skip(first);
            if needed && !of_layer.any(|it| it.effect == Effect::Allow && it.applies()) {
                missing.push(layer);
            }
        }
        (statements, missing)
    }
}

fn refs<'a>(sheets: &'a [Sheet<'_>], policies: &'a [CompiledPolicy]) -> Vec<PolicyRef<'a>> {
    let pairs = sheets.iter().zip(policies);
    pairs
        .map(|(sheet, policy)| PolicyRef {
            id: sheet.id,
            kind: sheet.kind,
            policy,
        })
        .collect()
}

fn place(layer: Layer, policy: &str, statement: &Statement) -> Place {
    Place {
        layer,
        policy: policy.to_owned(),
        index: statement.index(),
        sid: statement.sid().map(str::to_owned),
        line: statement.line(),
    }
}

fn outcome(decision: Decision<'_>) -> Outcome {
    let place = |layer, by: &Matched<'_>| {
        by.statement.map(|statement| Place {
            layer,
            policy: by.policy.to_owned(),
            index: statement.index,
            sid: statement.sid.map(str::to_owned),
            line: statement.line,
        })
    };
    match decision {
        Decision::Allowed { by: Grant::Root } => Outcome::Allowed { by: None },
        // Only identity policies and root grant; the other layers merely agree.
        Decision::Allowed {
            by: Grant::Statement(by),
        } => Outcome::Allowed {
            by: place(Layer::Identity, &by),
        },
        Decision::Denied(denial) => match &denial.cause {
            Cause::Implicit => Outcome::Implicit {
                layer: denial.layer,
            },
            Cause::Explicit(by) => Outcome::Explicit {
                layer: denial.layer,
                policy: by.policy.to_owned(),
                by: place(denial.layer, by),
            },
        },
    }
}

fn misses(written: &Statement, compiled: &CompiledStatement, asked: &Asked<'_>) -> Vec<Miss> {
    let mut misses = Vec::new();
    // A failed comparison is no match in an Allow and a match in a Deny.
    let is_miss = |truth| match (truth, written.effect()) {
        (Truth::Yes, _) | (Truth::Error, Effect::Deny) => None,
        (Truth::No, _) => Some(false),
        (Truth::Error, Effect::Allow) => Some(true),
    };
    if !compiled.actions.covers(asked.action) {
        misses.push(Miss::Action {
            negated: written.actions().negated,
            entries: written.actions().values.clone(),
        });
    }
    let on_resource = CompiledStatement {
        conditions: Box::default(),
        ..compiled.clone()
    };
    if let Some(failed) = is_miss(on_resource.applies_to(asked)) {
        let entries = written.resources();
        misses.push(Miss::Resource {
            negated: entries.is_some_and(|entries| entries.negated),
            entries: entries.map_or_else(Vec::new, |entries| entries.values.clone()),
            failed,
        });
    }
    let conditions = written.conditions().iter().zip(&compiled.conditions);
    for (condition, test) in conditions {
        if let Some(failed) = is_miss(test.holds(asked.context)) {
            misses.push(Miss::Condition {
                operator: condition.operator.to_string(),
                key: condition.key.clone(),
                wanted: condition.values.clone(),
                got: given(asked.context, &condition.key),
                failed,
            });
        }
    }
    misses
}

fn given(context: &Context<'_>, key: &str) -> Vec<String> {
    let values = context.get(key).unwrap_or_default().iter();
    values.map(|value| value.text().to_owned()).collect()
}

#[cfg(test)]
mod tests;
