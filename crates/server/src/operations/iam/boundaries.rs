//! Permissions boundaries.

use api::refusal::Refusal;
use api::table;
use api::wire::iam as wire;
use iam::identity::Rule;
use store::state::Record;

use super::changes::put;
use super::checks::Checks;
use super::{documents, refusals, roles, users};
use crate::authorise::Permit;
use crate::call::{Call, account_of};

/// Sets the permissions boundary of a user.
pub async fn put_user_permissions_boundary(
    call: Call,
    permit: Permit<table::PutUserPermissionsBoundary>,
    input: wire::PutUserPermissionsBoundaryRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("userName", input.user_name, Rule::USER);
    let arn = checks.required("permissionsBoundary", input.permissions_boundary, Rule::ARN);
    checks.done()?;
    documents::check_policy_arn(&arn)?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut user = users::copy(state, &account, &name)?;
        documents::check_boundary(account_of(state, &account)?, &arn)?;
        user.boundary = Some(arn.clone());
        Ok(put(Record::User(user)))
    })
    .await
}

/// Removes the permissions boundary of a user.
pub async fn delete_user_permissions_boundary(
    call: Call,
    permit: Permit<table::DeleteUserPermissionsBoundary>,
    input: wire::DeleteUserPermissionsBoundaryRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("userName", input.user_name, Rule::USER);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut user = users::copy(state, &account, &name)?;
        if user.boundary.take().is_none() {
            return Err(refusals::boundary_not_set("user", &user.name));
        }
        Ok(put(Record::User(user)))
    })
    .await
}

/// Sets the permissions boundary of a role.
pub async fn put_role_permissions_boundary(
    call: Call,
    permit: Permit<table::PutRolePermissionsBoundary>,
    input: wire::PutRolePermissionsBoundaryRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("roleName", input.role_name, Rule::ROLE);
    let arn = checks.required("permissionsBoundary", input.permissions_boundary, Rule::ARN);
    checks.done()?;
    documents::check_policy_arn(&arn)?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut role = roles::to_change(account_of(state, &account)?, &name)?;
        documents::check_boundary(account_of(state, &account)?, &arn)?;
        role.boundary = Some(arn.clone());
        Ok(put(Record::Role(role)))
    })
    .await
}

/// Removes the permissions boundary of a role.
pub async fn delete_role_permissions_boundary(
    call: Call,
    permit: Permit<table::DeleteRolePermissionsBoundary>,
    input: wire::DeleteRolePermissionsBoundaryRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("roleName", input.role_name, Rule::ROLE);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut role = roles::to_change(account_of(state, &account)?, &name)?;
        if role.boundary.take().is_none() {
            return Err(refusals::boundary_not_set("role", &role.name));
        }
        Ok(put(Record::Role(role)))
    })
    .await
}

/// A boundary as it is answered.
pub(super) fn shown(arn: Option<&String>) -> Option<wire::AttachedPermissionsBoundary> {
    arn.map(|arn| wire::AttachedPermissionsBoundary {
        permissions_boundary_type: "Policy".into(),
        permissions_boundary_arn: arn.clone(),
    })
}
