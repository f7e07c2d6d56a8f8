//! The stages after syntax: rules about values, in AWS's order.

mod resources;

use std::collections::HashSet;

use super::syntax::{Draft, DraftStatement};
use super::{
    Condition, DocumentKind, Entries, PolicyDocument, PolicyError, Principals, Statement, Version,
};
use crate::compile::is_readable;

// Order: each stage looks at all statements before the next one begins, as AWS does.
pub(super) fn check(draft: Draft, kind: DocumentKind) -> Result<PolicyDocument, PolicyError> {
    check_version(&draft, kind)?;
    let first_bad_resource = legacy_parse(&draft.statements)?;
    check_principals(&draft.statements, kind)?;
    check_sids(&draft.statements)?;
    check_presence(&draft.statements, kind)?;
    if let Some(error) = first_bad_resource {
        return Err(error);
    }
    for statement in &draft.statements {
        for action in statement.actions.iter().flat_map(|entries| &entries.values) {
            check_action(action)?;
        }
    }
    if kind == DocumentKind::Trust {
        check_trust_actions(&draft.statements)?;
    }
    let statements = draft.statements.into_iter().enumerate();
    let statements = statements.map(|(index, statement)| finish(index, statement));
    Ok(PolicyDocument {
        kind,
        version: draft.version.unwrap_or(Version::V2008),
        id: draft.id,
        statements: statements.collect::<Result<_, _>>()?,
    })
}

fn check_version(draft: &Draft, kind: DocumentKind) -> Result<(), PolicyError> {
    match kind {
        DocumentKind::Managed if draft.version != Some(Version::V2012) => Err(PolicyError::Version),
        DocumentKind::Managed
        | DocumentKind::Identity
        | DocumentKind::Session
        | DocumentKind::Trust => Ok(()),
    }
}

/// Refuses what AWS calls a failure of legacy parsing; other errors in resources wait for their
/// turn and are returned.
fn legacy_parse(statements: &[DraftStatement]) -> Result<Option<PolicyError>, PolicyError> {
    let mut first_bad_resource = None;
    for statement in statements {
        if !statement.effect_exact || !statement.conditions.iter().all(Condition::is_well_formed) {
            return Err(PolicyError::LegacyParsing);
        }
        // Of several bad resources AWS names one; which one is not documented. We take the first
        // bad statement, and in it the least in alphabetical order, so that the order in which a
        // tool lists them does not change the message.
        let entries = statement.resources.iter();
        let mut bad: Option<(&str, PolicyError)> = None;
        for resource in entries.flat_map(|entries| &entries.values) {
            match resources::check(resource) {
                Ok(()) => {}
                Err(PolicyError::LegacyParsing) => return Err(PolicyError::LegacyParsing),
                Err(error) => {
                    if bad
                        .as_ref()
                        .is_none_or(|(least, _)| resource.as_str() < *least)
                    {
                        bad = Some((resource, error));
                    }
                }
            }
        }
        first_bad_resource = first_bad_resource.or(bad.map(|(_, error)| error));
    }
    Ok(first_bad_resource)
}

impl Condition {
    /// Whether every value is one the operator can compare, so that evaluation never has to guess.
    fn is_well_formed(&self) -> bool {
        self.values
            .iter()
            .all(|value| is_readable(self.operator.kind, value))
    }
}

fn check_principals(statements: &[DraftStatement], kind: DocumentKind) -> Result<(), PolicyError> {
    for statement in statements {
        match kind {
            DocumentKind::Identity | DocumentKind::Managed | DocumentKind::Session => {
                if statement.principals.is_some() || statement.not_principal {
                    return Err(PolicyError::PrincipalNotAllowed);
                }
            }
            DocumentKind::Trust => check_trust_principals(statement)?,
        }
    }
    Ok(())
}

fn check_trust_principals(statement: &DraftStatement) -> Result<(), PolicyError> {
    if let Some(resources) = &statement.resources {
        let field = if resources.negated {
            "NotResource"
        } else {
            "Resource"
        };
        return Err(PolicyError::Prohibited(field));
    }
    if statement.not_principal {
        return Err(PolicyError::Prohibited("NotPrincipal"));
    }
    match &statement.principals {
        None => Err(PolicyError::PrincipalMissing),
        Some(Principals::Anyone) => Ok(()),
        Some(Principals::Listed {
            aws,
            service,
            federated,
        }) => {
            if aws.is_empty() && service.is_empty() && federated.is_empty() {
                return Err(PolicyError::PrincipalMissing);
            }
            let bad_aws = aws.iter().find(|value| !is_aws_principal(value));
            let bad_service = service.iter().find(|value| !is_service_principal(value));
            let bad_federated = federated.iter().find(|value| value.is_empty());
            for (label, bad) in [
                ("AWS", bad_aws),
                ("SERVICE", bad_service),
                ("FEDERATED", bad_federated),
            ] {
                if let Some(value) = bad {
                    return Err(PolicyError::Principal(format!("\"{label}\":\"{value}\"")));
                }
            }
            Ok(())
        }
    }
}

/// `*`, an account, an IAM or STS ARN without wildcards, or a unique id that IAM put in its place.
fn is_aws_principal(value: &str) -> bool {
    if value == "*" || crate::arn::AccountId::parse(value).is_ok() {
        return true;
    }
    if let Ok(arn) = crate::arn::Arn::parse(value) {
        let account = crate::arn::AccountId::parse(arn.account()).is_ok();
        let known = matches!(arn.service(), "iam" | "sts") && arn.region().is_empty();
        return account && known && !value.contains(['*', '?']);
    }
    let unique = value.starts_with("AIDA") || value.starts_with("AROA");
    unique && value.len() >= 16 && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_service_principal(value: &str) -> bool {
    let labels = value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    labels && value.contains('.')
}

fn check_trust_actions(statements: &[DraftStatement]) -> Result<(), PolicyError> {
    for statement in statements {
        let Some(actions) = &statement.actions else {
            continue;
        };
        let sts = |action: &String| {
            let action = action.to_ascii_lowercase();
            action.strip_prefix("sts:").is_some_and(|name| {
                name == "*"
                    || name.starts_with("assumerole")
                    || matches!(name, "tagsession" | "setsourceidentity" | "setcontext")
            })
        };
        if actions.negated || !actions.values.iter().all(sts) {
            return Err(PolicyError::TrustActions);
        }
    }
    Ok(())
}

fn check_sids(statements: &[DraftStatement]) -> Result<(), PolicyError> {
    let mut known = HashSet::new();
    for sid in statements
        .iter()
        .filter_map(|statement| statement.sid.as_deref())
    {
        // An empty Sid counts as none, so two of them do not clash.
        if !sid.is_empty() && !known.insert(sid) {
            return Err(PolicyError::SidNotUnique);
        }
    }
    // The documentation says letters and digits; the published table also has an underscore.
    let allowed = |sid: &&str| sid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if known.iter().all(allowed) {
        Ok(())
    } else {
        Err(PolicyError::SidCharacters)
    }
}

fn check_presence(statements: &[DraftStatement], kind: DocumentKind) -> Result<(), PolicyError> {
    let missing = |entries: &Option<Entries>| {
        entries
            .as_ref()
            .is_none_or(|entries| entries.values.is_empty())
    };
    if statements
        .iter()
        .any(|statement| missing(&statement.actions))
    {
        return Err(PolicyError::NoActions);
    }
    match kind {
        DocumentKind::Trust => Ok(()),
        DocumentKind::Identity | DocumentKind::Managed | DocumentKind::Session => {
            if statements
                .iter()
                .any(|statement| missing(&statement.resources))
            {
                Err(PolicyError::NoResources)
            } else {
                Ok(())
            }
        }
    }
}

/// `*`, or `service:name` with wildcards in the name only; `*:name` is every service.
fn check_action(action: &str) -> Result<(), PolicyError> {
    if action == "*" {
        return Ok(());
    }
    let (vendor, name) = action.split_once(':').ok_or(PolicyError::ActionPrefix)?;
    if name.contains(':') {
        return Err(PolicyError::ActionColons);
    }
    let is_vendor = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
    if vendor != "*" && (vendor.is_empty() || !vendor.bytes().all(is_vendor)) {
        return Err(PolicyError::ActionVendor(vendor.to_owned()));
    }
    // Such a name matches no action, so the statement does not say what its author meant.
    if name.is_empty() || name.contains([',', ' ', '\t', '\n', '\r']) {
        return Err(PolicyError::LegacyParsing);
    }
    Ok(())
}

fn finish(index: usize, draft: DraftStatement) -> Result<Statement, PolicyError> {
    Ok(Statement {
        index,
        span: draft.span,
        sid: draft.sid.filter(|sid| !sid.is_empty()),
        effect: draft.effect,
        actions: draft.actions.ok_or(PolicyError::NoActions)?,
        resources: draft.resources,
        principals: draft.principals,
        conditions: draft.conditions,
    })
}
