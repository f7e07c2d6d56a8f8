//! What is odd about a policy that is valid: statements that can never match, grants that are wider
//! than they look, conditions on keys that nobody supplies.
//!
//! The rules know nothing of any service: which actions there are, on what they are asked and which
//! keys come with them is told by [`Known`]. A rule speaks only when it is sure; about an action that
//! is not known it says no more than that.

mod actions;
mod conditions;
mod glob;
mod known;
mod place;
mod reach;
mod resources;
mod trust;

use std::fmt;

use crate::compile::CompiledPolicy;
use crate::policy::{DocumentKind, Effect, PolicyDocument, Statement, Version};

pub use known::{KeyKind, Known, KnownAction, KnownKey, KnownService, nearest};
pub use place::{ErrorPlace, line_of_text, place_of_error};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Hardly what was meant, or dangerous.
    Warning,
}

impl Severity {
    /// `info` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
        }
    }
}

/// The rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// No action has this name, or none matches these wildcards.
    UnknownAction,
    /// The action is not served here.
    UnservedAction,
    /// The action's service is not served here.
    UnservedService,
    /// `NotAction` with Allow grants every other action, of every service.
    NotActionAllow,
    /// `NotResource` with Allow grants every other resource.
    NotResourceAllow,
    /// Every action on every resource.
    AllowEverything,
    /// Actions with which a caller can give itself any permission.
    Escalation,
    /// Actions that are never asked on the resources listed.
    ResourceNeverMatches,
    /// A resource on which none of the actions is ever asked.
    ResourceUnused,
    /// An account, region or shape in a resource that cannot exist.
    ResourceMalformed,
    /// A condition key that never comes with the action.
    KeyNotSupplied,
    /// An operator of another type than the key's.
    OperatorType,
    /// A condition that no request can meet.
    NeverTrue,
    /// A wildcard in the value of an operator that takes it literally.
    LiteralWildcard,
    /// A set operator on a single value, a bare one on several, or one that is true of nothing.
    SetOperator,
    /// `Bool` on a key that only temporary credentials have.
    MfaAbsent,
    /// Tag keys that differ in case only.
    TagKeyCase,
    /// `${…}` in a document in which it is plain text.
    VariableIn2008,
    /// A variable that never has a value.
    UnknownVariable,
    /// An Allow that a Deny takes away entirely.
    ShadowedByDeny,
    /// A statement that another one contains.
    Redundant,
    /// Anybody may assume the role.
    AnyPrincipal,
    /// A principal of an account that looks like a slip.
    PrincipalAccount,
}

impl Rule {
    /// The rule's name, for example `unknown-action`.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownAction => "unknown-action",
            Self::UnservedAction => "unserved-action",
            Self::UnservedService => "unserved-service",
            Self::NotActionAllow => "not-action-allow",
            Self::NotResourceAllow => "not-resource-allow",
            Self::AllowEverything => "allow-everything",
            Self::Escalation => "escalation",
            Self::ResourceNeverMatches => "resource-never-matches",
            Self::ResourceUnused => "resource-unused",
            Self::ResourceMalformed => "resource-malformed",
            Self::KeyNotSupplied => "key-not-supplied",
            Self::OperatorType => "operator-type",
            Self::NeverTrue => "never-true",
            Self::LiteralWildcard => "literal-wildcard",
            Self::SetOperator => "set-operator",
            Self::MfaAbsent => "mfa-absent",
            Self::TagKeyCase => "tag-key-case",
            Self::VariableIn2008 => "variable-in-2008",
            Self::UnknownVariable => "unknown-variable",
            Self::ShadowedByDeny => "shadowed-by-deny",
            Self::Redundant => "redundant",
            Self::AnyPrincipal => "any-principal",
            Self::PrincipalAccount => "principal-account",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Something odd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that speaks.
    pub rule: Rule,
    /// How much it matters.
    pub severity: Severity,
    /// The statement's position, from 0.
    pub statement: usize,
    /// Its `Sid`, if it has one.
    pub sid: Option<String>,
    /// The line on which the statement begins, from 1.
    pub line: u32,
    /// The text of the document that the finding is about, as its parsed value; it can be found in
    /// the source by [`line_of_text`].
    pub text: Option<String>,
    /// What is odd and what it means.
    pub message: String,
}

/// One statement under examination, and the findings so far.
pub(crate) struct Examiner<'a> {
    pub(crate) known: &'a Known,
    pub(crate) document: &'a PolicyDocument,
    pub(crate) compiled: &'a CompiledPolicy,
    pub(crate) statement: &'a Statement,
    findings: Vec<Finding>,
}

impl<'a> Examiner<'a> {
    pub(crate) fn warn(&mut self, rule: Rule, text: Option<&str>, message: impl Into<String>) {
        self.add(rule, Severity::Warning, text, message.into());
    }

    pub(crate) fn note(&mut self, rule: Rule, text: Option<&str>, message: impl Into<String>) {
        self.add(rule, Severity::Info, text, message.into());
    }

    fn add(&mut self, rule: Rule, severity: Severity, text: Option<&str>, message: String) {
        self.findings.push(Finding {
            rule,
            severity,
            statement: self.statement.index(),
            sid: self.statement.sid().map(str::to_owned),
            line: self.statement.line(),
            text: text.map(str::to_owned),
            message,
        });
    }

    /// Whether `${…}` is a variable in this document.
    pub(crate) fn has_variables(&self) -> bool {
        self.document.version() == Version::V2012
    }

    pub(crate) fn is_allow(&self) -> bool {
        self.statement.effect() == Effect::Allow
    }

    /// What it means that the statement does not match.
    pub(crate) fn never(&self) -> &'static str {
        match self.statement.effect() {
            Effect::Allow => "so it allows nothing",
            Effect::Deny => "so it denies nothing",
        }
    }

    /// The known actions that the statement is about.
    pub(crate) fn actions(&self) -> Vec<&'a KnownAction> {
        let Some(compiled) = self.compiled.statements.get(self.statement.index()) else {
            return Vec::new();
        };
        let all = self.known.actions.iter();
        all.filter(|action| compiled.actions.covers(&action.name))
            .collect()
    }

    /// Whether every action that the statement is about is known: `Action` with entries of services
    /// all of whose actions are known, or spelt-out known actions.
    pub(crate) fn knows_all_actions(&self) -> bool {
        let actions = self.statement.actions();
        !actions.negated
            && actions
                .values
                .iter()
                .all(|entry| self.known.knows_all_of(entry))
    }
}

/// Looks for everything odd in a document. Findings are in the order of the statements.
pub fn lint(document: &PolicyDocument, known: &Known) -> Vec<Finding> {
    let compiled = CompiledPolicy::compile(document);
    let mut findings = Vec::new();
    for statement in document.statements() {
        let mut examiner = Examiner {
            known,
            document,
            compiled: &compiled,
            statement,
            findings: Vec::new(),
        };
        match document.kind() {
            DocumentKind::Trust => {
                trust::examine(&mut examiner);
            }
            DocumentKind::Identity | DocumentKind::Managed | DocumentKind::Session => {
                actions::examine(&mut examiner);
                resources::examine(&mut examiner);
                conditions::examine(&mut examiner);
                reach::examine(&mut examiner);
            }
        }
        conditions::examine_values(&mut examiner);
        findings.append(&mut examiner.findings);
    }
    findings
}

/// A list of names for a message, cut after a few.
pub(crate) fn few(names: &[&str]) -> String {
    const SHOWN: usize = 4;
    let mut shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect();
    if let Some(more) = names.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests;
