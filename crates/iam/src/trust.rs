//! Trust policies: who may assume a role.
//!
//! A trust policy is the one resource-based policy of IAM roles. Within an account, naming the caller
//! suffices, while naming the account only delegates: the caller's own policies must allow
//! `sts:AssumeRole` too. A Deny in the caller's policies refuses in any case, so ask
//! [`mod@crate::evaluate`] as well and refuse on an explicit Deny. The trust policy must allow;
//! silence refuses.

use crate::arn::AccountId;
use crate::compile::CompiledStatement;
use crate::context::Context;
use crate::evaluate::{Asked, Cause, Matched, PolicyRef, Target, Truth};
use crate::policy::{Effect, Principals};

/// Who wants to assume the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller<'a> {
    /// The root of an account.
    Root {
        /// The account.
        account: AccountId,
    },
    /// An IAM user.
    User {
        /// The user's account.
        account: AccountId,
        /// The user's ARN.
        arn: &'a str,
        /// The user's unique id, `AIDA…`.
        id: &'a str,
    },
    /// A session of a role.
    RoleSession {
        /// The role's account.
        account: AccountId,
        /// The ARN of the session, `arn:aws:sts::…:assumed-role/…`.
        session_arn: &'a str,
        /// The ARN of the role.
        role_arn: &'a str,
        /// The role's unique id, `AROA…`.
        role_id: &'a str,
    },
    /// A service of the platform itself, for example `mq.amazonaws.com`.
    Service {
        /// The service principal.
        name: &'a str,
    },
    /// Somebody whom an identity provider vouches for.
    Federated {
        /// The provider as a policy names it.
        provider: &'a str,
    },
}

/// What a trust policy says to a caller; the strongest matching Allow counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust<'a> {
    /// Refused by a Deny, or by silence.
    Refused(Cause<'a>),
    /// Names the account or everybody: the caller's policies of all layers must allow as well.
    Delegated(Matched<'a>),
    /// Names the role of the session: its boundary and session policies must allow as well.
    Role(Matched<'a>),
    /// Names the user, the session, the service or the provider: nothing else need allow.
    Named(Matched<'a>),
}

/// Asks a trust policy whether a caller may assume the role, for example by `sts:AssumeRole`.
pub fn evaluate_trust<'a>(
    policy: &PolicyRef<'a>,
    caller: &Caller<'_>,
    action: &str,
    context: &Context<'_>,
) -> Trust<'a> {
    if policy.policy.is_unreadable() {
        return Trust::Refused(Cause::Explicit(policy.matched(None)));
    }
    let asked = Asked::new(action, Target::Role, context);
    let mut granted: Option<(Named, Matched<'a>)> = None;
    for (index, statement) in policy.policy.statements.iter().enumerate() {
        let Some(named) = statement.names(caller) else {
            continue;
        };
        if !statement.actions.covers(action) {
            continue;
        }
        let matched = || policy.matched(Some((index, statement)));
        match (statement.effect, statement.applies_to(&asked)) {
            (Effect::Deny, Truth::Yes | Truth::Error) => {
                return Trust::Refused(Cause::Explicit(matched()));
            }
            (Effect::Allow, Truth::Yes) if named != Named::OnlyForDeny => {
                if granted.is_none_or(|(before, _)| before < named) {
                    granted = Some((named, matched()));
                }
            }
            (Effect::Deny, Truth::No) | (Effect::Allow, Truth::Yes | Truth::No | Truth::Error) => {}
        }
    }
    match granted {
        None | Some((Named::OnlyForDeny, _)) => Trust::Refused(Cause::Implicit),
        Some((Named::Account, by)) => Trust::Delegated(by),
        Some((Named::Role, by)) => Trust::Role(by),
        Some((Named::Itself, by)) => Trust::Named(by),
    }
}

/// How closely a statement names a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    /// `*` refuses services and federated callers, but does not let them in: whoever writes it
    /// means accounts.
    OnlyForDeny,
    Account,
    Role,
    Itself,
}

impl CompiledStatement {
    fn names(&self, caller: &Caller<'_>) -> Option<Named> {
        let by_wildcard = match caller {
            Caller::Root { .. } | Caller::User { .. } | Caller::RoleSession { .. } => {
                Named::Account
            }
            Caller::Service { .. } | Caller::Federated { .. } => Named::OnlyForDeny,
        };
        match self.principals.as_ref()? {
            Principals::Anyone => Some(by_wildcard),
            Principals::Listed {
                aws,
                service,
                federated,
            } => {
                let own = match caller {
                    Caller::Service { name } => service.iter().any(|value| value == name),
                    Caller::Federated { provider } => federated.iter().any(|it| it == provider),
                    Caller::Root { .. } | Caller::User { .. } | Caller::RoleSession { .. } => false,
                };
                let listed = aws.iter().filter_map(|value| {
                    if value == "*" {
                        Some(by_wildcard)
                    } else {
                        caller.is_named_by(value)
                    }
                });
                listed.chain(own.then_some(Named::Itself)).max()
            }
        }
    }
}

impl Caller<'_> {
    /// Compares with a value of the `AWS` list that is not `*`.
    fn is_named_by(&self, value: &str) -> Option<Named> {
        let of_account = |account: &AccountId| {
            let named = value == account.as_str()
                || value
                    .strip_prefix("arn:")
                    .and_then(|rest| rest.split_once(":iam::"))
                    .and_then(|(_, rest)| rest.strip_suffix(":root"))
                    .is_some_and(|named| named == account.as_str());
            named.then_some(Named::Account)
        };
        match self {
            Self::Root { account } => of_account(account),
            Self::User { account, arn, id } => {
                let itself = value == *arn || value == *id;
                itself
                    .then_some(Named::Itself)
                    .or_else(|| of_account(account))
            }
            Self::RoleSession {
                account,
                session_arn,
                role_arn,
                role_id,
            } => {
                let name = session_arn.rsplit('/').next();
                if value == *session_arn
                    || value
                        .strip_prefix(role_id)
                        .and_then(|rest| rest.strip_prefix(':'))
                        == name
                {
                    Some(Named::Itself)
                } else if value == *role_arn || value == *role_id {
                    Some(Named::Role)
                } else {
                    of_account(account)
                }
            }
            Self::Service { .. } | Self::Federated { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::CompiledPolicy;
    use crate::evaluate::PolicyKind;
    use crate::policy::{DocumentKind, PolicyDocument};

    const USER: &str = "arn:aws:iam::111122223333:user/jane";
    const ROLE: &str = "arn:aws:iam::111122223333:role/ops";
    const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/ops/jane";

    fn account() -> AccountId {
        AccountId::parse("111122223333").unwrap()
    }

    fn callers() -> [Caller<'static>; 5] {
        [
            Caller::Root { account: account() },
            Caller::User {
                account: account(),
                arn: USER,
                id: "AIDAAAAAAAAAAAAAAAAA1",
            },
            Caller::RoleSession {
                account: account(),
                session_arn: SESSION,
                role_arn: ROLE,
                role_id: "AROAAAAAAAAAAAAAAAAA1",
            },
            Caller::Service {
                name: "mq.amazonaws.com",
            },
            Caller::Federated {
                provider: "accounts.google.com",
            },
        ]
    }

    /// One letter per caller: refused explicitly, refused by silence, delegated, role, named.
    fn answers(statements: &str) -> String {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
        let policy =
            CompiledPolicy::compile(&PolicyDocument::parse(&text, DocumentKind::Trust).unwrap());
        let reference = PolicyRef {
            id: "trust",
            kind: PolicyKind::Inline,
            policy: &policy,
        };
        let mut context = Context::new();
        context.text("sts:ExternalId", "42");
        callers()
            .iter()
            .map(
                |caller| match evaluate_trust(&reference, caller, "sts:AssumeRole", &context) {
                    Trust::Refused(Cause::Explicit(_)) => 'x',
                    Trust::Refused(Cause::Implicit) => '-',
                    Trust::Delegated(_) => 'd',
                    Trust::Role(_) => 'r',
                    Trust::Named(_) => 'n',
                },
            )
            .collect()
    }

    fn allow(principal: &str) -> String {
        format!(r#"{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{principal}}}"#)
    }

    #[test]
    fn callers_are_trusted_as_closely_as_they_are_named() {
        for (principal, expected) in [
            (r#""*""#.to_owned(), "ddd--"),
            (r#"{"AWS":"*"}"#.to_owned(), "ddd--"),
            (r#"{"AWS":"111122223333"}"#.to_owned(), "ddd--"),
            (
                r#"{"AWS":"arn:aws:iam::111122223333:root"}"#.to_owned(),
                "ddd--",
            ),
            (r#"{"AWS":"444455556666"}"#.to_owned(), "-----"),
            (format!(r#"{{"AWS":["111122223333","{USER}"]}}"#), "dnd--"),
            (r#"{"AWS":"AIDAAAAAAAAAAAAAAAAA1"}"#.to_owned(), "-n---"),
            (format!(r#"{{"AWS":"{ROLE}"}}"#), "--r--"),
            (r#"{"AWS":"AROAAAAAAAAAAAAAAAAA1"}"#.to_owned(), "--r--"),
            (format!(r#"{{"AWS":"{SESSION}"}}"#), "--n--"),
            (r#"{"Service":"mq.amazonaws.com"}"#.to_owned(), "---n-"),
            (r#"{"Service":"ec2.amazonaws.com"}"#.to_owned(), "-----"),
            (r#"{"Federated":"accounts.google.com"}"#.to_owned(), "----n"),
        ] {
            assert_eq!(answers(&allow(&principal)), expected, "{principal}");
        }
    }

    #[test]
    fn a_deny_wins_wherever_it_stands() {
        let deny = r#"{"Effect":"Deny","Action":"sts:*","Principal":{"AWS":"111122223333"}}"#;
        let anyone = r#"{"Effect":"Deny","Action":"sts:*","Principal":"*"}"#;
        let named = allow(&format!(
            r#"{{"AWS":"{USER}","Service":"mq.amazonaws.com"}}"#
        ));
        assert_eq!(answers(&format!("{named},{deny}")), "xxxn-");
        assert_eq!(answers(&format!("{deny},{named}")), "xxxn-");
        assert_eq!(answers(&format!("{named},{anyone}")), "xxxxx");
    }

    #[test]
    fn conditions_and_actions_of_trust_policies_count() {
        let with = |id: &str| {
            format!(
                r#"{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Condition":{{"StringEquals":{{"sts:ExternalId":"{id}"}}}}}}"#
            )
        };
        assert_eq!(answers(&with("42")), "ddd--");
        assert_eq!(answers(&with("43")), "-----");
        let other =
            r#"{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity","Principal":"*"}"#;
        assert_eq!(answers(other), "-----");
    }

    #[test]
    fn a_trust_policy_in_the_place_of_an_identity_policy_allows_nothing() {
        use crate::evaluate::{Layers, Question, evaluate};
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{}}}"#,
            allow(r#""*""#)
        );
        let document = PolicyDocument::parse(&text, DocumentKind::Trust).unwrap();
        let policy = CompiledPolicy::compile(&document);
        let identity = [PolicyRef {
            id: "p",
            kind: PolicyKind::Inline,
            policy: &policy,
        }];
        let layers = Layers {
            identity: &identity,
            ..Layers::default()
        };
        let context = Context::new();
        for resource in ["*", ROLE] {
            let question = Question {
                action: "sts:AssumeRole",
                resource,
                context: &context,
            };
            assert!(!evaluate(&layers, &question).is_allowed());
        }
    }

    #[test]
    fn an_unreadable_trust_policy_refuses_everybody() {
        let policy = CompiledPolicy::unreadable();
        let reference = PolicyRef {
            id: "trust",
            kind: PolicyKind::Inline,
            policy: &policy,
        };
        for caller in callers() {
            let answer = evaluate_trust(&reference, &caller, "sts:AssumeRole", &Context::new());
            assert!(matches!(answer, Trust::Refused(Cause::Explicit(_))));
        }
    }
}
