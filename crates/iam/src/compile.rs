//! Compilation: everything about a policy that does not depend on the request is done once.
//!
//! Actions are in lower case and indexed by service, ARN patterns are split, variables tokenised,
//! keys hashed, and the values of conditions parsed. A compiled policy is immutable; share it by
//! `Arc`.

mod condition;
mod resource;

use crate::pattern::{Pattern, Reading};
use crate::policy::{Effect, PolicyDocument, Principals, Statement, Version};

pub(crate) use condition::{CompiledCondition, Test, decode_base64, is_readable};
pub(crate) use resource::{ArnPattern, Head, ResourcePattern};

/// A policy ready for evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct CompiledPolicy {
    pub(crate) statements: Box<[CompiledStatement]>,
    /// Statements that can concern a service that some statement names.
    services: Box<[ServiceIndex]>,
    /// Statements that can concern any other service.
    elsewhere: StatementLists,
    unreadable: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct ServiceIndex {
    /// In lower case.
    service: Box<str>,
    lists: StatementLists,
}

/// Positions in [`CompiledPolicy::statements`], in document order.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct StatementLists {
    pub(crate) denies: Box<[usize]>,
    pub(crate) allows: Box<[usize]>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CompiledStatement {
    pub(crate) sid: Option<Box<str>>,
    pub(crate) line: u32,
    pub(crate) effect: Effect,
    pub(crate) actions: Actions,
    /// `None` in trust policies: there the resource is the role itself.
    pub(crate) resources: Option<Resources>,
    pub(crate) principals: Option<Principals>,
    pub(crate) conditions: Box<[CompiledCondition]>,
}

/// Patterns over the whole lower-case action, `service:name`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Actions {
    pub(crate) negated: bool,
    pub(crate) patterns: Box<[Pattern]>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Resources {
    pub(crate) negated: bool,
    pub(crate) patterns: Box<[ResourcePattern]>,
}

impl CompiledPolicy {
    /// Compiles a document.
    pub fn compile(document: &PolicyDocument) -> Self {
        let variables = document.version() == Version::V2012;
        let compiled: Option<Box<[_]>> = document
            .statements()
            .iter()
            .map(|statement| compile_statement(statement, variables))
            .collect();
        // The parser refuses values that cannot be compiled; should one appear, nothing is allowed.
        let Some(statements) = compiled else {
            return Self::unreadable();
        };
        let mut names: Vec<Box<str>> = statements
            .iter()
            .filter(|statement| !statement.actions.negated)
            .flat_map(|statement| &statement.actions.patterns)
            .filter_map(service_of)
            .map(Into::into)
            .collect();
        names.sort_unstable();
        names.dedup();
        let services = names.into_iter().map(|service| {
            let lists = StatementLists::of(&statements, |actions| actions.may_name(&service));
            ServiceIndex { service, lists }
        });
        Self {
            services: services.collect(),
            elsewhere: StatementLists::of(&statements, Actions::may_name_any),
            statements,
            unreadable: false,
        }
    }

    /// Stands for a stored policy that cannot be read: an explicit Deny of everything.
    pub fn unreadable() -> Self {
        Self {
            statements: Box::default(),
            services: Box::default(),
            elsewhere: StatementLists::default(),
            unreadable: true,
        }
    }

    /// Whether this is [`CompiledPolicy::unreadable`].
    pub fn is_unreadable(&self) -> bool {
        self.unreadable
    }

    /// The statements that can concern a service, given in lower case.
    pub(crate) fn lists_for(&self, service: &str) -> &StatementLists {
        self.services
            .iter()
            .find(|index| *index.service == *service)
            .map_or(&self.elsewhere, |index| &index.lists)
    }
}

impl StatementLists {
    fn of(statements: &[CompiledStatement], concerns: impl Fn(&Actions) -> bool) -> Self {
        let list = |effect| {
            let positions = statements.iter().enumerate();
            positions
                .filter(|(_, statement)| statement.effect == effect && concerns(&statement.actions))
                .map(|(position, _)| position)
                .collect()
        };
        Self {
            denies: list(Effect::Deny),
            allows: list(Effect::Allow),
        }
    }
}

impl Actions {
    /// Whether an action of the service can match.
    fn may_name(&self, service: &str) -> bool {
        self.negated
            || self
                .patterns
                .iter()
                .any(|pattern| service_of(pattern).is_none_or(|named| named == service))
    }

    /// Whether an action of a service that no pattern names can match.
    fn may_name_any(&self) -> bool {
        self.negated
            || self
                .patterns
                .iter()
                .any(|pattern| service_of(pattern).is_none())
    }
}

/// The service of an action pattern, `None` if it is any.
fn service_of(pattern: &Pattern) -> Option<&str> {
    let head = match pattern {
        Pattern::Any => return None,
        Pattern::Exact(text) | Pattern::Prefix(text) => text,
        Pattern::Glob(tokens) | Pattern::Template(tokens) => match tokens.first()? {
            crate::pattern::Token::Literal(text) => text,
            crate::pattern::Token::Star
            | crate::pattern::Token::Question
            | crate::pattern::Token::Variable { .. } => return None,
        },
    };
    head.split_once(':').map(|(service, _)| service)
}

fn compile_statement(statement: &Statement, variables: bool) -> Option<CompiledStatement> {
    let plain = Reading {
        wildcards: true,
        variables: false,
    };
    let actions = statement.actions();
    let conditions = statement.conditions().iter();
    Some(CompiledStatement {
        sid: statement.sid().map(Into::into),
        line: statement.line(),
        effect: statement.effect(),
        actions: Actions {
            negated: actions.negated,
            patterns: actions
                .values
                .iter()
                .map(|action| Pattern::compile(&action.to_ascii_lowercase(), plain))
                .collect(),
        },
        resources: statement.resources().map(|resources| Resources {
            negated: resources.negated,
            patterns: resources
                .values
                .iter()
                .map(|resource| ResourcePattern::compile(resource, variables))
                .collect(),
        }),
        principals: statement.principals().cloned(),
        conditions: conditions
            .map(|condition| CompiledCondition::compile(condition, variables))
            .collect::<Option<_>>()?,
    })
}
