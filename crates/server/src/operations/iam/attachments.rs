//! Managed policies on users, groups and roles.

use api::refusal::Refusal;
use api::row::Operation;
use api::table;
use api::wire::iam as wire;
use iam::identity::Rule;

use super::changes::put;
use super::checks::Checks;
use super::documents::{self, Attachable};
use super::holder::{Holder, Kind};
use super::paging::{Page, Paging};
use super::refusals;
use crate::authorise::Permit;
use crate::call::{Call, account_of};
use crate::settings::Quota;

/// Attaches a managed policy to a user. Attaching it again changes nothing.
pub async fn attach_user_policy(
    call: Call,
    permit: Permit<table::AttachUserPolicy>,
    input: wire::AttachUserPolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    attach(call, permit, Kind::User, input.user_name, input.policy_arn).await
}

/// Detaches a managed policy from a user.
pub async fn detach_user_policy(
    call: Call,
    permit: Permit<table::DetachUserPolicy>,
    input: wire::DetachUserPolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    detach(call, permit, Kind::User, input.user_name, input.policy_arn).await
}

/// Lists the managed policies attached to a user.
pub async fn list_attached_user_policies(
    call: Call,
    _permit: Permit<table::ListAttachedUserPolicies>,
    input: wire::ListAttachedUserPoliciesRequest,
) -> Result<wire::ListAttachedUserPoliciesResponse, Refusal> {
    let (prefix, marker) = (input.path_prefix, input.marker);
    let page = list(
        &call,
        Kind::User,
        input.user_name,
        prefix,
        marker,
        input.max_items,
    )?;
    Ok(wire::ListAttachedUserPoliciesResponse {
        is_truncated: page.is_truncated(),
        attached_policies: page.items,
        marker: page.marker,
    })
}

/// Attaches a managed policy to a group. Attaching it again changes nothing.
pub async fn attach_group_policy(
    call: Call,
    permit: Permit<table::AttachGroupPolicy>,
    input: wire::AttachGroupPolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    attach(
        call,
        permit,
        Kind::Group,
        input.group_name,
        input.policy_arn,
    )
    .await
}

/// Detaches a managed policy from a group.
pub async fn detach_group_policy(
    call: Call,
    permit: Permit<table::DetachGroupPolicy>,
    input: wire::DetachGroupPolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    detach(
        call,
        permit,
        Kind::Group,
        input.group_name,
        input.policy_arn,
    )
    .await
}

/// Lists the managed policies attached to a group.
pub async fn list_attached_group_policies(
    call: Call,
    _permit: Permit<table::ListAttachedGroupPolicies>,
    input: wire::ListAttachedGroupPoliciesRequest,
) -> Result<wire::ListAttachedGroupPoliciesResponse, Refusal> {
    let (prefix, marker) = (input.path_prefix, input.marker);
    let page = list(
        &call,
        Kind::Group,
        input.group_name,
        prefix,
        marker,
        input.max_items,
    )?;
    Ok(wire::ListAttachedGroupPoliciesResponse {
        is_truncated: page.is_truncated(),
        attached_policies: page.items,
        marker: page.marker,
    })
}

/// Attaches a managed policy to a role. Attaching it again changes nothing.
pub async fn attach_role_policy(
    call: Call,
    permit: Permit<table::AttachRolePolicy>,
    input: wire::AttachRolePolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    attach(call, permit, Kind::Role, input.role_name, input.policy_arn).await
}

/// Detaches a managed policy from a role.
pub async fn detach_role_policy(
    call: Call,
    permit: Permit<table::DetachRolePolicy>,
    input: wire::DetachRolePolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    detach(call, permit, Kind::Role, input.role_name, input.policy_arn).await
}

/// Lists the managed policies attached to a role.
pub async fn list_attached_role_policies(
    call: Call,
    _permit: Permit<table::ListAttachedRolePolicies>,
    input: wire::ListAttachedRolePoliciesRequest,
) -> Result<wire::ListAttachedRolePoliciesResponse, Refusal> {
    let (prefix, marker) = (input.path_prefix, input.marker);
    let page = list(
        &call,
        Kind::Role,
        input.role_name,
        prefix,
        marker,
        input.max_items,
    )?;
    Ok(wire::ListAttachedRolePoliciesResponse {
        is_truncated: page.is_truncated(),
        attached_policies: page.items,
        marker: page.marker,
    })
}

async fn attach<Op: Operation<Output = wire::Nothing>>(
    call: Call,
    permit: Permit<Op>,
    kind: Kind,
    holder: Option<String>,
    arn: Option<String>,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let holder = checks.required(kind.member(), holder, kind.rule());
    let arn = checks.required("policyArn", arn, Rule::ARN);
    checks.done()?;
    documents::check_policy_arn(&arn)?;
    let settings = &call.services().settings;
    let limit = settings.quota(Quota::AttachedPoliciesPerUser);
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let records = account_of(state, &account)?;
        let mut found = Holder::to_change(records, kind, &holder)?;
        match documents::attachable(records, &arn) {
            Attachable::Yes => {}
            Attachable::ServicePolicy => return Err(refusals::service_policy()),
            Attachable::Missing => return Err(refusals::not_attachable(&arn)),
        }
        if !found.attached().contains(&arn) {
            if found.attached().len() >= limit as usize {
                return Err(refusals::quota_reached(kind.attached_quota(), limit));
            }
            found.attached_mut().push(arn.clone());
        }
        Ok(put(found.into_record()))
    })
    .await
}

async fn detach<Op: Operation<Output = wire::Nothing>>(
    call: Call,
    permit: Permit<Op>,
    kind: Kind,
    holder: Option<String>,
    arn: Option<String>,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let holder = checks.required(kind.member(), holder, kind.rule());
    let arn = checks.required("policyArn", arn, Rule::ARN);
    checks.done()?;
    documents::check_policy_arn(&arn)?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut found = Holder::to_change(account_of(state, &account)?, kind, &holder)?;
        let before = found.attached().len();
        found.attached_mut().retain(|attached| *attached != arn);
        if found.attached().len() == before {
            return Err(refusals::no_policy(&arn));
        }
        Ok(put(found.into_record()))
    })
    .await
}

fn list(
    call: &Call,
    kind: Kind,
    holder: Option<String>,
    prefix: Option<String>,
    marker: Option<String>,
    max_items: Option<i64>,
) -> Result<Page<wire::AttachedPolicy>, Refusal> {
    let mut checks = Checks::default();
    let holder = checks.required(kind.member(), holder, kind.rule());
    let prefix = prefix.unwrap_or_else(|| "/".into());
    checks.optional("pathPrefix", Some(&prefix), Rule::PATH_PREFIX);
    let scope = format!("{}{prefix}", holder.to_lowercase());
    let paging = Paging::new(&mut checks, scope, marker, max_items);
    checks.done()?;
    let found = Holder::find(call.account()?, kind, &holder)?;
    let mut list: Vec<(String, wire::AttachedPolicy)> = found
        .attached()
        .iter()
        .filter(|arn| documents::policy_path(arn).starts_with(&prefix))
        .map(|arn| (documents::policy_order(arn), shown(arn)))
        .collect();
    list.sort_by(|(one, _), (other, _)| one.cmp(other));
    paging.cut(call, list.into_iter())
}

/// An attached policy as it is answered.
pub(super) fn shown(arn: &str) -> wire::AttachedPolicy {
    wire::AttachedPolicy {
        policy_name: documents::policy_name(arn).into(),
        policy_arn: arn.into(),
    }
}
