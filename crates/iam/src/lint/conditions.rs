//! Rules about `Condition`, and about variables.

use super::known::is_key;
use super::{Examiner, KeyKind, KnownKey, Rule, few, nearest};
use crate::operator::{Operator, OperatorKind, SetPrefix};
use crate::pattern::variable_keys;
use crate::policy::{Condition, Version};

/// What needs the statement's actions.
pub(super) fn examine(it: &mut Examiner<'_>) {
    let statement = it.statement;
    for condition in statement.conditions() {
        supplied(it, condition);
    }
}

/// What needs the conditions alone: also of trust policies.
pub(super) fn examine_values(it: &mut Examiner<'_>) {
    let statement = it.statement;
    for condition in statement.conditions() {
        let known = it.known.key(&condition.key);
        if let Some(known) = known {
            operator_type(it, condition, known);
            set_operator(it, condition, known);
        }
        values(it, condition);
        mfa(it, condition);
    }
    contradictions(it);
    tag_case(it);
    variables(it);
}

/// What an absent key makes of a condition.
fn when_absent(condition: &Condition) -> bool {
    let operator = condition.operator;
    if operator.kind == OperatorKind::Null {
        return condition
            .values
            .iter()
            .any(|value| value.eq_ignore_ascii_case("true"));
    }
    operator.if_exists
        || match operator.set {
            Some(SetPrefix::ForAllValues) => true,
            Some(SetPrefix::ForAnyValue) => false,
            None => operator.kind.is_negated(),
        }
}

fn supplied(it: &mut Examiner<'_>, condition: &Condition) {
    let key = condition.key.as_str();
    let known = it.known.key(key);
    if known.is_some_and(|known| known.global) {
        return;
    }
    let actions = it.actions();
    if actions.is_empty() || !it.knows_all_actions() {
        return;
    }
    let lacking: Vec<&str> = actions
        .iter()
        .filter(|action| !action.supplies(key))
        .map(|action| action.name.as_str())
        .collect();
    if lacking.is_empty() {
        return;
    }
    let effect = if when_absent(condition) {
        "is always true and restricts nothing"
    } else {
        "is never true"
    };
    let hint = match known {
        Some(_) => String::new(),
        None => {
            let names = it.known.keys.iter().map(|known| known.name.as_str());
            nearest(key, names).map_or_else(String::new, |near| format!(": did you mean `{near}`?"))
        }
    };
    if lacking.len() == actions.len() {
        it.warn(
            Rule::KeyNotSupplied,
            Some(key),
            format!(
                "`{key}` never comes with {}, so this condition {effect}{hint}",
                few(&lacking)
            ),
        );
    } else {
        it.note(
            Rule::KeyNotSupplied,
            Some(key),
            format!(
                "`{key}` never comes with {}; for these this condition {effect}",
                few(&lacking)
            ),
        );
    }
}

fn operator_type(it: &mut Examiner<'_>, condition: &Condition, known: &KnownKey) {
    let fits = match (condition.operator.kind, known.kind) {
        (OperatorKind::Null, _) => true,
        (OperatorKind::Numeric(_), kind) => kind == KeyKind::Number || kind == KeyKind::Date,
        (OperatorKind::Date(_), kind) => kind == KeyKind::Date,
        (OperatorKind::Bool, kind) => kind == KeyKind::Flag,
        (OperatorKind::IpAddress | OperatorKind::NotIpAddress, kind) => kind == KeyKind::Address,
        (
            OperatorKind::ArnEquals
            | OperatorKind::ArnNotEquals
            | OperatorKind::ArnLike
            | OperatorKind::ArnNotLike,
            kind,
        ) => kind == KeyKind::Arn,
        (OperatorKind::BinaryEquals, _) => false,
        (
            OperatorKind::StringEquals
            | OperatorKind::StringNotEquals
            | OperatorKind::StringEqualsIgnoreCase
            | OperatorKind::StringNotEqualsIgnoreCase
            | OperatorKind::StringLike
            | OperatorKind::StringNotLike,
            kind,
        ) => kind == KeyKind::Text || kind == KeyKind::Arn || kind == KeyKind::Flag,
    };
    if !fits {
        it.warn(
            Rule::OperatorType,
            Some(&condition.key),
            format!(
                "`{}` compares with `{}`, which is {}",
                condition.operator,
                condition.key,
                known.kind.described()
            ),
        );
    }
}

fn set_operator(it: &mut Examiner<'_>, condition: &Condition, known: &KnownKey) {
    let Operator {
        set,
        kind,
        if_exists: _,
    } = condition.operator;
    let key = condition.key.as_str();
    match (known.many, set) {
        (true, None) if kind != OperatorKind::Null => it.warn(
            Rule::SetOperator,
            Some(key),
            format!("`{key}` can have several values, and then `{kind_name}` never lets an Allow match: use ForAllValues: or ForAnyValue:", kind_name = condition.operator),
        ),
        (false, Some(_)) => it.note(
            Rule::SetOperator,
            Some(key),
            format!("`{key}` has one value: `{}` needs no prefix", condition.operator),
        ),
        (true, Some(SetPrefix::ForAllValues)) if it.is_allow() && !requires_presence(it, key) => it.warn(
            Rule::SetOperator,
            Some(key),
            format!("`{}` is also true when the request has no `{key}`: add \"Null\": {{\"{key}\": \"false\"}}", condition.operator),
        ),
        (true | false, None | Some(SetPrefix::ForAllValues | SetPrefix::ForAnyValue)) => {}
    }
}

/// Whether another condition holds only if the key is there.
fn requires_presence(it: &Examiner<'_>, key: &str) -> bool {
    let mut others = it.statement.conditions().iter();
    others.any(|other| other.key.eq_ignore_ascii_case(key) && !when_absent(other))
}

fn values(it: &mut Examiner<'_>, condition: &Condition) {
    let key = condition.key.as_str();
    if condition.values.is_empty() {
        let always = condition.operator.kind.is_negated();
        let (rule, effect) = if always {
            (Rule::NeverTrue, "is always true")
        } else {
            (Rule::NeverTrue, "is never true of a value")
        };
        it.warn(
            rule,
            Some(key),
            format!("`{key}` is compared with no values, so this condition {effect}"),
        );
    }
    let literal = match condition.operator.kind {
        OperatorKind::StringEquals
        | OperatorKind::StringNotEquals
        | OperatorKind::StringEqualsIgnoreCase
        | OperatorKind::StringNotEqualsIgnoreCase => true,
        OperatorKind::StringLike
        | OperatorKind::StringNotLike
        | OperatorKind::Numeric(_)
        | OperatorKind::Date(_)
        | OperatorKind::Bool
        | OperatorKind::BinaryEquals
        | OperatorKind::IpAddress
        | OperatorKind::NotIpAddress
        | OperatorKind::ArnEquals
        | OperatorKind::ArnNotEquals
        | OperatorKind::ArnLike
        | OperatorKind::ArnNotLike
        | OperatorKind::Null => false,
    };
    for value in &condition.values {
        let bare = value.replace("${*}", "").replace("${?}", "");
        if literal && bare.contains('*') {
            it.warn(
                Rule::LiteralWildcard,
                Some(value),
                format!(
                    "`{}` takes the `*` of `{value}` literally: use StringLike or StringNotLike",
                    condition.operator
                ),
            );
        }
    }
}

/// `Bool` on the MFA key in a Deny: long-term keys do not have it.
fn mfa(it: &mut Examiner<'_>, condition: &Condition) {
    let Operator {
        set: _,
        kind,
        if_exists,
    } = condition.operator;
    if kind == OperatorKind::Bool
        && !if_exists
        && !it.is_allow()
        && condition
            .key
            .eq_ignore_ascii_case("aws:MultiFactorAuthPresent")
        && condition
            .values
            .iter()
            .any(|value| value.eq_ignore_ascii_case("false"))
    {
        it.warn(
            Rule::MfaAbsent,
            Some(&condition.key),
            "long-term keys have no `aws:MultiFactorAuthPresent`, so this Deny does not hold for them: use BoolIfExists",
        );
    }
}

fn contradictions(it: &mut Examiner<'_>) {
    let conditions = it.statement.conditions();
    let mut found: Vec<(&str, String)> = Vec::new();
    for (at, one) in conditions.iter().enumerate() {
        for other in conditions.iter().skip(at + 1) {
            if !one.key.eq_ignore_ascii_case(&other.key) {
                continue;
            }
            for (a, b) in [(one, other), (other, one)] {
                let absent = a.operator.kind == OperatorKind::Null
                    && a.values
                        .iter()
                        .all(|value| value.eq_ignore_ascii_case("true"));
                if absent && b.operator.kind != OperatorKind::Null && !when_absent(b) {
                    found.push((
                        &a.key,
                        format!(
                            "`{}` must be absent for Null and present for `{}`",
                            a.key, b.operator
                        ),
                    ));
                }
                let opposed = a.operator.set.is_none()
                    && b.operator.set.is_none()
                    && a.operator.kind == OperatorKind::StringEquals
                    && b.operator.kind == OperatorKind::StringNotEquals
                    && !a.operator.if_exists;
                if opposed && a.values.iter().all(|value| b.values.contains(value)) {
                    found.push((&a.key, format!("`{}` may have no value that both StringEquals and StringNotEquals accept", a.key)));
                }
            }
        }
    }
    for (key, message) in found {
        let never = it.never();
        it.warn(Rule::NeverTrue, Some(key), format!("{message}, {never}"));
    }
}

/// Tag keys that differ in case only: one key for IAM, two tags for the service.
fn tag_case(it: &mut Examiner<'_>) {
    let is_tag = |key: &str| {
        let families = it.known.keys.iter();
        key.contains('/')
            && families
                .filter(|known| known.name.ends_with("${TagKey}"))
                .any(|known| is_key(&known.name, key))
    };
    let here = it.statement.index();
    let mut clash: Option<(String, String)> = None;
    for condition in it.statement.conditions() {
        let earlier = it
            .document
            .statements()
            .iter()
            .take_while(|statement| statement.index() <= here)
            .flat_map(|statement| statement.conditions());
        for other in earlier {
            if other.key != condition.key
                && other.key.eq_ignore_ascii_case(&condition.key)
                && tag_of(&other.key) != tag_of(&condition.key)
                && is_tag(&condition.key)
            {
                clash = Some((condition.key.clone(), other.key.clone()));
            }
        }
    }
    if let Some((key, other)) = clash {
        it.warn(
            Rule::TagKeyCase,
            Some(&key),
            format!("`{key}` and `{other}` are one condition key, but the tags are two: a resource that has both never satisfies an Allow"),
        );
    }
}

fn tag_of(key: &str) -> &str {
    key.split_once('/').map_or("", |(_, tag)| tag)
}

fn variables(it: &mut Examiner<'_>) {
    let statement = it.statement;
    let resources = statement.resources().map(|entries| entries.values.iter());
    let with_variables =
        statement
            .conditions()
            .iter()
            .filter(|condition| match condition.operator.kind {
                OperatorKind::StringEquals
                | OperatorKind::StringNotEquals
                | OperatorKind::StringEqualsIgnoreCase
                | OperatorKind::StringNotEqualsIgnoreCase
                | OperatorKind::StringLike
                | OperatorKind::StringNotLike
                | OperatorKind::ArnEquals
                | OperatorKind::ArnNotEquals
                | OperatorKind::ArnLike
                | OperatorKind::ArnNotLike => true,
                OperatorKind::Numeric(_)
                | OperatorKind::Date(_)
                | OperatorKind::Bool
                | OperatorKind::BinaryEquals
                | OperatorKind::IpAddress
                | OperatorKind::NotIpAddress
                | OperatorKind::Null => false,
            });
    let values: Vec<&String> = with_variables
        .flat_map(|condition| &condition.values)
        .collect();
    if it.document.version() == Version::V2008 {
        for value in values.iter().filter(|value| value.contains("${")) {
            it.warn(
                Rule::VariableIn2008,
                Some(value),
                format!("`{value}`: in a document of version 2008-10-17, or without a version, `${{…}}` is plain text: set \"Version\": \"2012-10-17\""),
            );
        }
        return;
    }
    for text in resources.into_iter().flatten().chain(values) {
        for key in variable_keys(text) {
            let known = it.known.key(key);
            if known.is_none() && !it.known.keys.is_empty() {
                let names = it.known.keys.iter().map(|known| known.name.as_str());
                let hint = nearest(key, names)
                    .map_or_else(String::new, |near| format!(": did you mean `${{{near}}}`?"));
                it.warn(
                    Rule::UnknownVariable,
                    Some(text),
                    format!("`${{{key}}}` never has a value, so `{text}` matches nothing{hint}"),
                );
            } else if known.is_some_and(|known| known.many) {
                it.warn(
                    Rule::UnknownVariable,
                    Some(text),
                    format!(
                        "`${{{key}}}` can have several values, and a variable needs exactly one"
                    ),
                );
            }
        }
    }
}
