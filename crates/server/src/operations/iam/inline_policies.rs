//! Inline policies of users, groups and roles.

use api::refusal::Refusal;
use api::row::Operation;
use api::table;
use api::wire::iam as wire;
use iam::identity::Rule;

use super::changes::put;
use super::checks::Checks;
use super::holder::{Holder, Kind};
use super::paging::{Page, Paging};
use super::{documents, refusals};
use crate::authorise::Permit;
use crate::call::{Call, account_of};

/// Writes an inline policy of a user, in the place of one with the same name.
pub async fn put_user_policy(
    call: Call,
    permit: Permit<table::PutUserPolicy>,
    input: wire::PutUserPolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    let (holder, name) = (input.user_name, input.policy_name);
    write(
        call,
        permit,
        Kind::User,
        holder,
        name,
        input.policy_document,
    )
    .await
}

/// Returns an inline policy of a user.
pub async fn get_user_policy(
    call: Call,
    _permit: Permit<table::GetUserPolicy>,
    input: wire::GetUserPolicyRequest,
) -> Result<wire::GetUserPolicyResponse, Refusal> {
    let found = read(&call, Kind::User, input.user_name, input.policy_name)?;
    Ok(wire::GetUserPolicyResponse {
        user_name: found.holder,
        policy_name: found.name,
        policy_document: found.document,
    })
}

/// Deletes an inline policy of a user.
pub async fn delete_user_policy(
    call: Call,
    permit: Permit<table::DeleteUserPolicy>,
    input: wire::DeleteUserPolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    remove(call, permit, Kind::User, input.user_name, input.policy_name).await
}

/// Lists the names of a user's inline policies.
pub async fn list_user_policies(
    call: Call,
    _permit: Permit<table::ListUserPolicies>,
    input: wire::ListUserPoliciesRequest,
) -> Result<wire::ListUserPoliciesResponse, Refusal> {
    let page = list(
        &call,
        Kind::User,
        input.user_name,
        input.marker,
        input.max_items,
    )?;
    Ok(wire::ListUserPoliciesResponse {
        is_truncated: page.is_truncated(),
        policy_names: page.items,
        marker: page.marker,
    })
}

/// Writes an inline policy of a group, in the place of one with the same name.
pub async fn put_group_policy(
    call: Call,
    permit: Permit<table::PutGroupPolicy>,
    input: wire::PutGroupPolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    let (holder, name) = (input.group_name, input.policy_name);
    write(
        call,
        permit,
        Kind::Group,
        holder,
        name,
        input.policy_document,
    )
    .await
}

/// Returns an inline policy of a group.
pub async fn get_group_policy(
    call: Call,
    _permit: Permit<table::GetGroupPolicy>,
    input: wire::GetGroupPolicyRequest,
) -> Result<wire::GetGroupPolicyResponse, Refusal> {
    let found = read(&call, Kind::Group, input.group_name, input.policy_name)?;
    Ok(wire::GetGroupPolicyResponse {
        group_name: found.holder,
        policy_name: found.name,
        policy_document: found.document,
    })
}

/// Deletes an inline policy of a group.
pub async fn delete_group_policy(
    call: Call,
    permit: Permit<table::DeleteGroupPolicy>,
    input: wire::DeleteGroupPolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    remove(
        call,
        permit,
        Kind::Group,
        input.group_name,
        input.policy_name,
    )
    .await
}

/// Lists the names of a group's inline policies.
pub async fn list_group_policies(
    call: Call,
    _permit: Permit<table::ListGroupPolicies>,
    input: wire::ListGroupPoliciesRequest,
) -> Result<wire::ListGroupPoliciesResponse, Refusal> {
    let page = list(
        &call,
        Kind::Group,
        input.group_name,
        input.marker,
        input.max_items,
    )?;
    Ok(wire::ListGroupPoliciesResponse {
        is_truncated: page.is_truncated(),
        policy_names: page.items,
        marker: page.marker,
    })
}

/// Writes an inline policy of a role, in the place of one with the same name.
pub async fn put_role_policy(
    call: Call,
    permit: Permit<table::PutRolePolicy>,
    input: wire::PutRolePolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    let (holder, name) = (input.role_name, input.policy_name);
    write(
        call,
        permit,
        Kind::Role,
        holder,
        name,
        input.policy_document,
    )
    .await
}

/// Returns an inline policy of a role.
pub async fn get_role_policy(
    call: Call,
    _permit: Permit<table::GetRolePolicy>,
    input: wire::GetRolePolicyRequest,
) -> Result<wire::GetRolePolicyResponse, Refusal> {
    let found = read(&call, Kind::Role, input.role_name, input.policy_name)?;
    Ok(wire::GetRolePolicyResponse {
        role_name: found.holder,
        policy_name: found.name,
        policy_document: found.document,
    })
}

/// Deletes an inline policy of a role.
pub async fn delete_role_policy(
    call: Call,
    permit: Permit<table::DeleteRolePolicy>,
    input: wire::DeleteRolePolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    remove(call, permit, Kind::Role, input.role_name, input.policy_name).await
}

/// Lists the names of a role's inline policies.
pub async fn list_role_policies(
    call: Call,
    _permit: Permit<table::ListRolePolicies>,
    input: wire::ListRolePoliciesRequest,
) -> Result<wire::ListRolePoliciesResponse, Refusal> {
    let page = list(
        &call,
        Kind::Role,
        input.role_name,
        input.marker,
        input.max_items,
    )?;
    Ok(wire::ListRolePoliciesResponse {
        is_truncated: page.is_truncated(),
        policy_names: page.items,
        marker: page.marker,
    })
}

async fn write<Op: Operation<Output = wire::Nothing>>(
    call: Call,
    permit: Permit<Op>,
    kind: Kind,
    holder: Option<String>,
    name: Option<String>,
    document: Option<String>,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let holder = checks.required(kind.member(), holder, kind.rule());
    let name = checks.required("policyName", name, Rule::NAME);
    let document = checks.document("policyDocument", document);
    checks.done()?;
    documents::check_inline(&document)?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut found = Holder::to_change(account_of(state, &account)?, kind, &holder)?;
        found.inline_mut().insert(name.clone(), document.clone());
        documents::check_inline_sum(kind.inline_owner(), found.name(), found.inline().values())?;
        Ok(put(found.into_record()))
    })
    .await
}

async fn remove<Op: Operation<Output = wire::Nothing>>(
    call: Call,
    permit: Permit<Op>,
    kind: Kind,
    holder: Option<String>,
    name: Option<String>,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let holder = checks.required(kind.member(), holder, kind.rule());
    let name = checks.required("policyName", name, Rule::NAME);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut found = Holder::to_change(account_of(state, &account)?, kind, &holder)?;
        if found.inline_mut().remove(&name).is_none() {
            return Err(refusals::no_inline_policy(kind.word(), &name));
        }
        Ok(put(found.into_record()))
    })
    .await
}

struct Found {
    holder: String,
    name: String,
    document: String,
}

fn read(
    call: &Call,
    kind: Kind,
    holder: Option<String>,
    name: Option<String>,
) -> Result<Found, Refusal> {
    let mut checks = Checks::default();
    let holder = checks.required(kind.member(), holder, kind.rule());
    let name = checks.required("policyName", name, Rule::NAME);
    checks.done()?;
    let found = Holder::find(call.account()?, kind, &holder)?;
    let document = found
        .inline()
        .get(&name)
        .ok_or_else(|| refusals::no_inline_policy(kind.word(), &name))?;
    Ok(Found {
        holder: found.name().to_owned(),
        document: documents::shown(document),
        name,
    })
}

fn list(
    call: &Call,
    kind: Kind,
    holder: Option<String>,
    marker: Option<String>,
    max_items: Option<i64>,
) -> Result<Page<String>, Refusal> {
    let mut checks = Checks::default();
    let holder = checks.required(kind.member(), holder, kind.rule());
    let paging = Paging::new(&mut checks, holder.to_lowercase(), marker, max_items);
    checks.done()?;
    let found = Holder::find(call.account()?, kind, &holder)?;
    let names = found.inline().keys();
    paging.cut(call, names.map(|name| (name.clone(), name.clone())))
}
