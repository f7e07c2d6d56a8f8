//! Evaluation: a question, the policies that apply to the caller, and a decision with its reason.
//!
//! The order is AWS's ("Policy evaluation logic"): an explicit Deny in any policy of any layer
//! refuses; then each layer in turn must allow: identity policies, permissions boundary, session
//! policy. The result of a statement has three values, because a comparison can fail (a request's
//! value that is no number, no date, no address): an error is no match in an Allow and a match in a
//! Deny.

mod condition;
mod statement;

use std::fmt;

use crate::compile::{CompiledPolicy, CompiledStatement, StatementLists, hash_action};
use crate::context::Context;
pub(crate) use statement::{Target, Truth};

/// How a policy is attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyKind {
    /// Embedded in a user, group, role or session.
    Inline,
    /// A managed policy; its id is an ARN, which access-denied messages may name.
    Managed,
}

/// A policy of a caller.
#[derive(Debug, Clone, Copy)]
pub struct PolicyRef<'a> {
    /// The ARN of a managed policy, the name of an inline one.
    pub id: &'a str,
    /// How it is attached.
    pub kind: PolicyKind,
    /// The policy itself.
    pub policy: &'a CompiledPolicy,
}

/// All policies that apply to a caller, by layer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Layers<'a> {
    /// Policies of the user and its groups, or of the role. All are looked at.
    pub identity: &'a [PolicyRef<'a>],
    /// The permissions boundary; `None` if there is none, and an empty slice allows nothing.
    pub boundary: Option<&'a [PolicyRef<'a>]>,
    /// The session policies; `None` if the session was made without, and an empty slice allows
    /// nothing.
    pub session: Option<&'a [PolicyRef<'a>]>,
    /// The caller is the account's root: the identity layer allows everything. Boundary and session
    /// policies still limit it where they are given, and so does a Deny anywhere.
    pub root: bool,
}

impl Layers<'_> {
    /// Whether a decision on this action may depend on the context. Where it does not, the policies decide the same with an
    /// empty one, and whoever asks need not gather it.
    pub fn reads_context(&self, action: &str) -> bool {
        let hash = hash_action(action);
        let layers = [Some(self.identity), self.boundary, self.session];
        layers.into_iter().flatten().flatten().any(|policy| {
            let lists = policy.policy.candidates(action, hash).lists;
            let mut candidates = lists.denies.iter().chain(&lists.allows);
            candidates.any(|index| {
                let statement = policy.policy.statements.get(*index);
                statement.is_some_and(|statement| statement.reads_context)
            })
        })
    }
}

/// What the caller wants to do.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The action, for example `mq:CreateUser`; compared without case.
    pub action: &'a str,
    /// The ARN of the resource, or `*` for actions without a resource type.
    pub resource: &'a str,
    /// What else is known about the request.
    pub context: &'a Context<'a>,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision<'a> {
    /// The action is allowed.
    Allowed {
        /// What allows it.
        by: Grant<'a>,
    },
    /// The action is refused.
    Denied(Denial<'a>),
}

/// What allows an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant<'a> {
    /// The caller is the account's root.
    Root,
    /// The first matching Allow of an identity policy.
    Statement(Matched<'a>),
}

/// The kind of policy that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// Policies attached to the user, its groups, or the role.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// The session policy.
    Session,
}

/// A refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Denial<'a> {
    /// The layer that refuses.
    pub layer: Layer,
    /// Why.
    pub cause: Cause<'a>,
}

/// Why a layer refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause<'a> {
    /// A Deny statement matches, or a policy cannot be read.
    Explicit(Matched<'a>),
    /// No Allow statement of the layer matches.
    Implicit,
}

/// The policy and statement that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matched<'a> {
    /// The policy's id, as given in its [`PolicyRef`].
    pub policy: &'a str,
    /// How the policy is attached.
    pub kind: PolicyKind,
    /// The statement; `None` if the policy is [`CompiledPolicy::unreadable`].
    pub statement: Option<StatementRef<'a>>,
}

/// A statement of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementRef<'a> {
    /// Its position, from 0.
    pub index: usize,
    /// Its `Sid`, if it has one.
    pub sid: Option<&'a str>,
    /// The line of the document on which it begins, from 1.
    pub line: u32,
}

/// Decides a question. Pure: no clock, no IO; and no allocation, except for actions of more than
/// 128 bytes where a pattern has wildcards amid it, and for `BinaryEquals`.
pub fn evaluate<'a>(layers: &Layers<'a>, question: &Question<'_>) -> Decision<'a> {
    let asked = Asked::new(
        question.action,
        Target::parse(question.resource),
        question.context,
    );
    let layer_list = [
        (Layer::Identity, Some(layers.identity)),
        (Layer::Boundary, layers.boundary),
        (Layer::Session, layers.session),
    ];

    // Order: every Deny of every layer before any Allow.
    for (layer, policies) in layer_list {
        if let Some(by) = policies.and_then(|policies| asked.first_deny(policies)) {
            return Decision::Denied(Denial {
                layer,
                cause: Cause::Explicit(by),
            });
        }
    }

    let mut grant = layers.root.then_some(Grant::Root);
    for (layer, policies) in layer_list {
        let Some(policies) = policies else { continue };
        if layer == Layer::Identity && layers.root {
            continue;
        }
        match asked.first_allow(policies) {
            Some(by) => grant = grant.or(Some(Grant::Statement(by))),
            None => {
                return Decision::Denied(Denial {
                    layer,
                    cause: Cause::Implicit,
                });
            }
        }
    }
    match grant {
        Some(by) => Decision::Allowed { by },
        None => Decision::Denied(Denial {
            layer: Layer::Identity,
            cause: Cause::Implicit,
        }),
    }
}

/// A question, prepared once for all policies.
pub(crate) struct Asked<'q> {
    pub(crate) action: &'q str,
    pub(crate) hash: u64,
    pub(crate) target: Target<'q>,
    pub(crate) context: &'q Context<'q>,
}

impl<'q> Asked<'q> {
    pub(crate) fn new(action: &'q str, target: Target<'q>, context: &'q Context<'q>) -> Self {
        Self {
            action,
            hash: hash_action(action),
            target,
            context,
        }
    }

    fn first_deny<'a>(&self, policies: &[PolicyRef<'a>]) -> Option<Matched<'a>> {
        policies.iter().find_map(|policy| {
            if policy.policy.is_unreadable() {
                return Some(policy.matched(None));
            }
            if !policy.policy.denies {
                return None;
            }
            self.first(
                policy,
                |lists| &lists.denies,
                |truth| match truth {
                    Truth::Yes | Truth::Error => true,
                    Truth::No => false,
                },
            )
        })
    }

    fn first_allow<'a>(&self, policies: &[PolicyRef<'a>]) -> Option<Matched<'a>> {
        policies.iter().find_map(|policy| {
            self.first(
                policy,
                |lists| &lists.allows,
                |truth| match truth {
                    Truth::Yes => true,
                    Truth::No | Truth::Error => false,
                },
            )
        })
    }

    fn first<'a>(
        &self,
        policy: &PolicyRef<'a>,
        list: impl Fn(&StatementLists) -> &[usize],
        applies: impl Fn(Truth) -> bool,
    ) -> Option<Matched<'a>> {
        let compiled = policy.policy;
        let candidates = compiled.candidates(self.action, self.hash);
        list(candidates.lists).iter().find_map(|index| {
            let statement = compiled.statements.get(*index)?;
            let covered = candidates.covering || statement.actions.covers(self.action);
            (covered && applies(statement.applies_to(self)))
                .then(|| policy.matched(Some((*index, statement))))
        })
    }
}

impl<'a> PolicyRef<'a> {
    pub(crate) fn matched(&self, statement: Option<(usize, &'a CompiledStatement)>) -> Matched<'a> {
        Matched {
            policy: self.id,
            kind: self.kind,
            statement: statement.map(|(index, statement)| StatementRef {
                index,
                sid: statement.sid.as_deref(),
                line: statement.line,
            }),
        }
    }
}

impl Decision<'_> {
    /// Whether the action is allowed.
    pub fn is_allowed(&self) -> bool {
        match self {
            Self::Allowed { .. } => true,
            Self::Denied(_) => false,
        }
    }
}

impl Denial<'_> {
    /// Whether a Deny statement refuses, and not the lack of an Allow.
    pub fn is_explicit(&self) -> bool {
        match self.cause {
            Cause::Explicit(_) => true,
            Cause::Implicit => false,
        }
    }

    /// AWS's access-denied text ("Troubleshoot access denied error messages"). Pass the principal's
    /// ARN (for role sessions the `assumed-role` one) and the resource if the action has one; the
    /// ARN of the policy is named for an explicit Deny of a managed policy.
    pub fn message(&self, principal_arn: &str, action: &str, resource: Option<&str>) -> String {
        let on = resource
            .map(|resource| format!(" on resource: {resource}"))
            .unwrap_or_default();
        let layer = self.layer;
        let reason = match self.cause {
            Cause::Implicit => format!("because no {layer} allows the {action} action"),
            Cause::Explicit(by) => {
                let article = match layer {
                    Layer::Identity => "an",
                    Layer::Boundary | Layer::Session => "a",
                };
                let policy = match by.kind {
                    PolicyKind::Managed if by.policy.starts_with("arn:") => {
                        format!(": {}", by.policy)
                    }
                    PolicyKind::Managed | PolicyKind::Inline => String::new(),
                };
                format!("with an explicit deny in {article} {layer}{policy}")
            }
        };
        format!("User: {principal_arn} is not authorized to perform: {action}{on} {reason}")
    }
}

impl fmt::Display for Layer {
    /// The layer's name in AWS's messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Identity => "identity-based policy",
            Self::Boundary => "permissions boundary",
            Self::Session => "session policy",
        })
    }
}

#[cfg(test)]
mod tests;
