//! Users and roles that trust policies name. IAM keeps their unique ids when a trust policy is written ("AWS JSON policy
//! elements: Principal"): whoever is made later under the name of somebody who was deleted is not trusted in its place.

use std::collections::BTreeMap;

use api::refusal::{Code, Refusal};
use iam::Arn;
use iam::identity::Role;
use iam::policy::{DocumentKind, PolicyDocument, Principals};
use store::state::{Account, State};

/// The unique ids of the users, roles and sessions of roles that a trust policy names, by ARN.
///
/// # Errors
/// MalformedPolicyDocument: it names somebody who is not there.
pub(super) fn unique_ids(
    state: &State,
    document: &str,
) -> Result<BTreeMap<String, String>, Refusal> {
    let mut ids = BTreeMap::new();
    let Ok(document) = PolicyDocument::parse(document, DocumentKind::Trust) else {
        // It was checked before; what cannot be read trusts nobody.
        return Ok(ids);
    };
    for statement in document.statements() {
        let Some(Principals::Listed { aws, .. }) = statement.principals() else {
            continue;
        };
        for value in aws {
            match named(state, value) {
                Named::Nobody => {
                    // AWS: the text.
                    let text = format!(r#"Invalid principal in policy: "AWS":"{value}""#);
                    return Err(Refusal::new(Code::MalformedPolicyDocument, text));
                }
                Named::Identity(id) => {
                    ids.insert(value.clone(), id);
                }
                Named::Other => {}
            }
        }
    }
    Ok(ids)
}

/// A role's trust policy as it is shown: as it was written, but whoever was renamed has the new ARN in it, and whoever was
/// deleted the unique id.
pub(super) fn shown(state: &State, role: &Role) -> String {
    let mut text = role.trust.clone();
    for (arn, id) in &role.trusted {
        if matches!(named(state, arn), Named::Identity(found) if found == *id) {
            continue;
        }
        let now = arn_of(state, arn, id).unwrap_or_else(|| id.clone());
        text = text.replace(&format!("\"{arn}\""), &format!("\"{now}\""));
    }
    text
}

/// What a value of a trust policy's `AWS` list names.
enum Named {
    /// A user, a role, or a session of a role, by its unique id.
    Identity(String),
    /// A user or a role that is not there.
    Nobody,
    /// An account, everybody, or something that has no unique id.
    Other,
}

fn named(state: &State, value: &str) -> Named {
    let Ok(arn) = Arn::parse(value) else {
        return Named::Other;
    };
    let account = state.account(arn.account());
    let (kind, rest) = arn.resource().split_once('/').unwrap_or_default();
    let name = rest.rsplit('/').next().unwrap_or_default();
    let id = match (arn.service(), kind) {
        ("iam", "user") => account
            .and_then(|account| account.user(name))
            .filter(|entry| entry.user.arn() == value)
            .map(|entry| entry.user.id.clone()),
        ("iam", "role") => account
            .and_then(|account| account.role(name))
            .filter(|entry| entry.role.arn() == value)
            .map(|entry| entry.role.id.clone()),
        ("sts", "assumed-role") => {
            let (role, session) = rest.split_once('/').unwrap_or_default();
            account
                .and_then(|account| account.role(role))
                .filter(|entry| entry.role.name == role)
                .map(|entry| format!("{}:{session}", entry.role.id))
        }
        _ => return Named::Other,
    };
    id.map_or(Named::Nobody, Named::Identity)
}

/// The present ARN of somebody who had another one before.
fn arn_of(state: &State, before: &str, id: &str) -> Option<String> {
    let account: &Account = state.account(Arn::parse(before).ok()?.account())?;
    let user = account.users().find(|entry| entry.user.id == id);
    user.map(|entry| entry.user.arn())
}
