//! Compilation: everything about a policy that does not depend on the request is done once.
//!
//! Actions are in lower case and indexed by service, ARN patterns are split, variables tokenised,
//! keys hashed, and the values of conditions parsed. A compiled policy is immutable; share it by
//! `Arc`.

mod action;
mod condition;
mod ends;
mod resource;

use std::collections::BTreeMap;

use crate::context::Context;
use crate::pattern::{Pattern, Reading};
use crate::policy::{Effect, PolicyDocument, Principals, Statement, Version};

pub(crate) use action::{begins, hash_action, same_action};
pub(crate) use condition::{CompiledCondition, Test, decode_base64, is_readable};
pub(crate) use ends::TextEnds;
pub(crate) use resource::{ArnPattern, Head, ResourcePattern};

/// A policy ready for evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct CompiledPolicy {
    pub(crate) statements: Box<[CompiledStatement]>,
    /// For actions that some statement spells out: exactly the statements that cover them.
    /// Sorted by hash.
    actions: Box<[ActionIndex]>,
    /// Statements that can concern a service that some statement names.
    services: Box<[ServiceIndex]>,
    /// Statements that can concern any other service.
    elsewhere: StatementLists,
    /// Whether some statement is a Deny.
    pub(crate) denies: bool,
    unreadable: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct ActionIndex {
    hash: u64,
    /// In lower case.
    action: Box<str>,
    lists: StatementLists,
}

/// The statements to look at for an action.
pub(crate) struct Candidates<'a> {
    pub(crate) lists: &'a StatementLists,
    /// Whether all of them are known to cover the action.
    pub(crate) covering: bool,
}

/// Beyond this many comparisons an index is not built: no policy within AWS's sizes needs so many,
/// and compiling must not become a way to keep the server busy.
const LARGEST_INDEX: usize = 1_000_000;

#[derive(Debug, Clone, PartialEq)]
struct ServiceIndex {
    /// In lower case.
    service: Box<str>,
    lists: StatementLists,
    /// Whether each of them covers every action of the service.
    covering: bool,
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
    /// Whether a condition or a variable of a resource asks for a key of the request.
    pub(crate) reads_context: bool,
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
    /// Has principals named by their unique ids where `ids` has them, by ARN: then the ARN alone names nobody.
    #[must_use]
    pub fn with_unique_ids(mut self, ids: &BTreeMap<String, String>) -> Self {
        for statement in &mut self.statements {
            if let Some(Principals::Listed { aws, .. }) = &mut statement.principals {
                for value in aws {
                    if let Some(id) = ids.get(value.as_str()) {
                        value.clone_from(id);
                    }
                }
            }
        }
        self
    }

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
        let patterns = statements
            .iter()
            .map(|statement| statement.actions.patterns.len());
        let too_large = names.len().saturating_mul(patterns.sum()) > LARGEST_INDEX;
        if too_large {
            names.clear();
        }
        let services = names.into_iter().map(|service| {
            let lists = StatementLists::of(&statements, |actions| actions.may_name(&service));
            let mut listed = lists.denies.iter().chain(&lists.allows);
            let covering = listed.all(|index| {
                let statement = statements.get(*index);
                statement.is_some_and(|statement| statement.actions.covers_service(&service))
            });
            ServiceIndex {
                service,
                lists,
                covering,
            }
        });
        Self {
            actions: index_actions(&statements),
            services: services.collect(),
            elsewhere: StatementLists::of(&statements, |actions| {
                too_large || actions.may_name_any()
            }),
            denies: statements
                .iter()
                .any(|statement| statement.effect == Effect::Deny),
            statements,
            unreadable: false,
        }
    }

    /// Stands for a stored policy that cannot be read: an explicit Deny of everything.
    pub fn unreadable() -> Self {
        Self {
            statements: Box::default(),
            actions: Box::default(),
            services: Box::default(),
            elsewhere: StatementLists::default(),
            denies: true,
            unreadable: true,
        }
    }

    /// Whether this is [`CompiledPolicy::unreadable`].
    pub fn is_unreadable(&self) -> bool {
        self.unreadable
    }

    /// The statements to look at for an action.
    pub(crate) fn candidates(&self, action: &str, hash: u64) -> Candidates<'_> {
        let start = self.actions.partition_point(|entry| entry.hash < hash);
        let same_hash = self.actions.get(start..).unwrap_or_default().iter();
        let mut same_hash = same_hash.take_while(|entry| entry.hash == hash);
        if let Some(index) = same_hash.find(|entry| same_action(&entry.action, action)) {
            return Candidates {
                lists: &index.lists,
                covering: true,
            };
        }
        let colon = memchr::memchr(b':', action.as_bytes());
        let service = colon.and_then(|colon| action.get(..colon));
        let service = service.unwrap_or(action);
        let mut services = self.services.iter();
        match services.find(|index| same_action(&index.service, service)) {
            Some(index) => Candidates {
                lists: &index.lists,
                covering: index.covering && colon.is_some(),
            },
            None => Candidates {
                lists: &self.elsewhere,
                covering: false,
            },
        }
    }
}

fn index_actions(statements: &[CompiledStatement]) -> Box<[ActionIndex]> {
    let patterns = || {
        statements
            .iter()
            .flat_map(|statement| &statement.actions.patterns)
    };
    let mut names: Vec<&str> = patterns()
        .filter_map(|pattern| match pattern {
            Pattern::Exact(action) => Some(&**action),
            Pattern::Any | Pattern::Prefix(_) | Pattern::Glob(_) | Pattern::Template(_) => None,
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    if names.len().saturating_mul(patterns().count()) > LARGEST_INDEX {
        return Box::default();
    }
    let mut index: Vec<ActionIndex> = names
        .into_iter()
        .map(|action| ActionIndex {
            hash: hash_action(action),
            action: action.into(),
            lists: StatementLists::of(statements, |actions| actions.covers(action)),
        })
        .collect();
    index.sort_by_key(|entry| entry.hash);
    index.into()
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
    /// Whether the action is meant.
    pub(crate) fn covers(&self, action: &str) -> bool {
        let named = self.patterns.iter().any(|pattern| match pattern {
            Pattern::Exact(literal) => same_action(literal, action),
            Pattern::Any => true,
            Pattern::Prefix(start) => begins(action, start),
            Pattern::Glob(_) | Pattern::Template(_) => in_lower_case(action, |action| {
                pattern.matches(action, &Context::default())
            }),
        });
        named != self.negated
    }

    /// Whether every action of the service is meant, by a pattern of its own.
    fn covers_service(&self, service: &str) -> bool {
        let whole = |pattern: &Pattern| match pattern {
            Pattern::Any => true,
            Pattern::Prefix(start) => start.strip_suffix(':') == Some(service),
            Pattern::Exact(_) | Pattern::Glob(_) | Pattern::Template(_) => false,
        };
        !self.negated && self.patterns.iter().any(whole)
    }

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

/// Without allocation up to 128 bytes; the longest action has fewer.
#[inline(never)]
fn in_lower_case<T>(action: &str, then: impl FnOnce(&str) -> T) -> T {
    let mut buffer = [0; 128];
    if let Some(target) = buffer.get_mut(..action.len()) {
        target.copy_from_slice(action.as_bytes());
        target.make_ascii_lowercase();
        if let Ok(lower) = std::str::from_utf8(target) {
            return then(lower);
        }
    }
    then(&action.to_ascii_lowercase())
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
    let resources = statement.resources().map(|resources| Resources {
        negated: resources.negated,
        patterns: resources
            .values
            .iter()
            .map(|resource| ResourcePattern::compile(resource, variables))
            .collect(),
    });
    let has_variables = resources
        .as_ref()
        .is_some_and(|it| it.patterns.iter().any(ResourcePattern::has_variables));
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
        resources,
        reads_context: has_variables || !statement.conditions().is_empty(),
        principals: statement.principals().cloned(),
        conditions: conditions
            .map(|condition| CompiledCondition::compile(condition, variables))
            .collect::<Option<_>>()?,
    })
}
