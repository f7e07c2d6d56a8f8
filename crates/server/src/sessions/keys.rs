//! The condition keys that tell who calls ("AWS global condition context keys", properties of the principal and of the role
//! session).

use iam::context::Context;
use iam::identity::Tag;
use iam::session::{SessionPrincipal, WebIdentity};
use serde_json::Value;
use store::state::Account;

use crate::caller::{Caller, Principal, TokenKeys, Voucher};
use crate::facts::Facts;
use crate::time::timestamp;

/// Adds the caller's own condition keys: its name, its tags and what its session says.
pub(crate) fn add_principal<'a>(
    context: &mut Context<'a>,
    account: &'a Account,
    caller: &'a Caller,
) {
    context.optional("aws:username", caller.user_name());
    let session = caller.session.as_ref().map(|live| &live.session);
    let session_tags: &[Tag] = session.map_or(&[], |session| &session.tags);
    // AWS: a session's tag takes the place of the role's or user's with the same key.
    let is_replaced = |tag: &Tag| {
        let key = tag.key.to_lowercase();
        session_tags.iter().any(|own| own.key.to_lowercase() == key)
    };
    let written = own_tags(account, caller);
    for tag in written
        .iter()
        .filter(|tag| !is_replaced(tag))
        .chain(session_tags)
    {
        context.tag("aws:PrincipalTag/", &tag.key, tag.value.as_str());
    }
    if let Principal::WebIdentity {
        provider,
        identity,
        keys,
        ..
    } = &caller.principal
    {
        add_web_identity(context, provider, identity, keys);
    }
    let Some(session) = session else {
        return;
    };
    context
        .time(
            "aws:TokenIssueTime",
            timestamp(session.issued.saturating_mul(1000)),
        )
        // There are no MFA devices, so no session was ever made with one. Of long-term keys the key is absent.
        .flag("aws:MultiFactorAuthPresent", false)
        .optional("aws:SourceIdentity", session.source_identity.as_deref());
    match &session.principal {
        SessionPrincipal::Role { provider, .. } => {
            context.optional("aws:FederatedProvider", provider.as_deref());
        }
        SessionPrincipal::Root
        | SessionPrincipal::User { .. }
        | SessionPrincipal::Federated { .. } => {}
    }
}

/// Adds what a provider's token says. Its owner is no principal of the account yet, so the keys of one are absent.
fn add_web_identity<'a>(
    context: &mut Context<'a>,
    provider: &'a str,
    identity: &'a WebIdentity,
    keys: &'a TokenKeys,
) {
    for key in [
        "aws:PrincipalArn",
        "aws:PrincipalAccount",
        "aws:PrincipalType",
        "aws:userid",
    ] {
        context.remove(key);
    }
    context
        .text("aws:FederatedProvider", provider)
        .text(&keys.audience, identity.audience.as_str())
        .text(&keys.subject, identity.subject.as_str())
        .optional("sts:SourceIdentity", identity.source_identity.as_deref());
    if !identity.methods.is_empty() {
        context.texts(&keys.methods, identity.methods.iter().map(String::as_str));
    }
    if !identity.tags.is_empty() {
        for tag in &identity.tags {
            context.tag("aws:RequestTag/", &tag.key, tag.value.as_str());
        }
        let tag_keys = identity.tags.iter().map(|tag| tag.key.as_str());
        context.texts("aws:TagKeys", tag_keys).texts(
            "sts:TransitiveTagKeys",
            identity.transitive.iter().map(String::as_str),
        );
    }
}

/// Adds the keys that STS's own requests have. A duration that was not given is the one that the session will have: a limit
/// on it must not be passed by leaving it out.
pub(crate) fn add_request<'a>(context: &mut Context<'a>, facts: &'a Facts) {
    let supplies = |key: &str| facts.row.condition_keys.contains(&key);
    for (key, member) in [
        ("sts:ExternalId", "externalId"),
        ("sts:RoleSessionName", "roleSessionName"),
        ("sts:SourceIdentity", "sourceIdentity"),
    ] {
        if supplies(key) {
            context.optional(key, facts.text(member));
        }
    }
    if supplies("sts:TransitiveTagKeys")
        && let Some(Value::Array(keys)) = facts.members.get("transitiveTagKeys")
    {
        context.texts(
            "sts:TransitiveTagKeys",
            keys.iter().filter_map(Value::as_str),
        );
    }
    if supplies("sts:DurationSeconds") {
        let given = facts.text("durationSeconds").map(str::to_owned);
        context.optional(
            "sts:DurationSeconds",
            given.or_else(|| Some("3600".to_owned())),
        );
    }
}

/// The tags of the user or role itself.
fn own_tags<'a>(account: &'a Account, caller: &'a Caller) -> &'a [Tag] {
    let of_user = |name: &str| account.user(name).map(|entry| entry.user.tags.as_slice());
    let tags = match &caller.principal {
        Principal::Root | Principal::WebIdentity { .. } => None,
        Principal::User { name, .. } => of_user(name),
        Principal::AssumedRole { role, .. } => {
            account.role(role).map(|entry| entry.role.tags.as_slice())
        }
        Principal::FederatedUser { by, .. } => match by {
            Voucher::Root => None,
            Voucher::User { name, .. } => of_user(name),
        },
    };
    tags.unwrap_or_default()
}
