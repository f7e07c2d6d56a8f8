//! Rules about how far a statement reaches, by itself and beside the others.

use super::glob::{contains, resource_contains};
use super::{Examiner, Rule, few};
use crate::policy::{Effect, Statement};

/// Actions by which a caller can give permissions to itself, with those that Postern does not serve.
const ESCALATING: [&str; 13] = [
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreatePolicyVersion",
    "iam:DeleteUserPermissionsBoundary",
    "iam:PutGroupPolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPermissionsBoundary",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
];

pub(super) fn examine(it: &mut Examiner<'_>) {
    if it.is_allow() {
        wide(it);
    }
    beside(it);
}

fn wide(it: &mut Examiner<'_>) {
    let statement = it.statement;
    let Some(resources) = statement.resources() else {
        return;
    };
    let everywhere = !resources.negated && resources.values.iter().any(|entry| entry == "*");
    if !statement.conditions().is_empty() || statement.actions().negated {
        return;
    }
    let actions = &statement.actions().values;
    if everywhere && actions.iter().any(|entry| entry == "*") {
        it.warn(
            Rule::AllowEverything,
            Some("*"),
            "every action on every resource: this is the account's administrator",
        );
        return;
    }
    let all_users = !resources.negated
        && resources
            .values
            .iter()
            .any(|entry| resource_contains(entry, "arn:aws:iam::111122223333:user/*", true));
    if !everywhere && !all_users {
        return;
    }
    for entry in actions {
        let pattern = entry.to_ascii_lowercase();
        let escalating: Vec<&str> = ESCALATING
            .into_iter()
            .filter(|action| contains(&pattern, &action.to_ascii_lowercase(), false))
            .collect();
        if !escalating.is_empty() {
            it.warn(
                Rule::Escalation,
                Some(entry),
                format!(
                    "{} on every resource: whoever has it can take any permission",
                    few(&escalating)
                ),
            );
        }
    }
}

fn beside(it: &mut Examiner<'_>) {
    let own = it.statement;
    let document = it.document;
    for other in document.statements() {
        if other.index() == own.index() || !other.conditions().is_empty() || !reaches(it, other) {
            continue;
        }
        let named = name(other);
        match (own.effect(), other.effect()) {
            (Effect::Allow, Effect::Deny) => {
                it.warn(
                    Rule::ShadowedByDeny,
                    None,
                    format!("{named} denies all that this statement allows"),
                );
                return;
            }
            (Effect::Allow, Effect::Allow) | (Effect::Deny, Effect::Deny) => {
                // Of two that contain each other the later one is superfluous.
                let mutual = own.conditions().is_empty() && contained(it, other, own);
                if !mutual || other.index() < own.index() {
                    it.note(
                        Rule::Redundant,
                        None,
                        format!("{named} contains this statement"),
                    );
                    return;
                }
            }
            (Effect::Deny, Effect::Allow) => {}
        }
    }
}

fn name(statement: &Statement) -> String {
    match statement.sid() {
        Some(sid) => format!(
            "statement {} (`{sid}`, line {})",
            statement.index(),
            statement.line()
        ),
        None => format!(
            "statement {} (line {})",
            statement.index(),
            statement.line()
        ),
    }
}

fn reaches(it: &Examiner<'_>, other: &Statement) -> bool {
    contained(it, it.statement, other)
}

/// Whether `wide` surely matches whatever `narrow` does; conditions of `wide` are not looked at.
fn contained(it: &Examiner<'_>, narrow: &Statement, wide: &Statement) -> bool {
    let variables = it.has_variables();
    let (Some(inner), Some(outer)) = (narrow.resources(), wide.resources()) else {
        return false;
    };
    let resources = if outer.negated {
        inner == outer
    } else if inner.negated {
        outer.values.iter().any(|entry| entry == "*")
    } else {
        inner.values.iter().all(|inner| {
            let mut outer = outer.values.iter();
            outer.any(|outer| resource_contains(outer, inner, variables))
        })
    };
    let (inner, outer) = (narrow.actions(), wide.actions());
    let actions = match (inner.negated, outer.negated) {
        (_, false) if outer.values.iter().any(|entry| entry == "*") => true,
        (true, _) => inner == outer,
        (false, false) => inner.values.iter().all(|inner| {
            let inner = inner.to_ascii_lowercase();
            let mut outer = outer.values.iter();
            outer.any(|outer| contains(&outer.to_ascii_lowercase(), &inner, false))
        }),
        (false, true) => false,
    };
    resources && actions
}
