//! Roles.

use api::refusal::Refusal;
use api::table;
use api::wire::iam as wire;
use iam::identity::{Constraint, Role, Rule, UniqueIdKind, unique_id};
use store::Change;
use store::state::{Account, Record, RoleEntry, State};

use super::changes::{self, put};
use super::checks::{self, Checks};
use super::paging::Paging;
use super::{boundaries, documents, principals, refusals};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::settings::Quota;
use crate::time::iso_seconds;

/// The longest session unless said otherwise, in seconds.
pub(super) const DEFAULT_SESSION: i64 = 3600;

/// The role of this name.
///
/// # Errors
/// NoSuchEntity.
pub(super) fn find<'a>(account: &'a Account, name: &str) -> Result<&'a RoleEntry, Refusal> {
    account.role(name).ok_or_else(|| refusals::no_role(name))
}

/// A copy of the role of this name, to be changed.
///
/// # Errors
/// NoSuchEntity; UnmodifiableEntity for the role of a service.
pub(super) fn to_change(account: &Account, name: &str) -> Result<Role, Refusal> {
    let role = &find(account, name)?.role;
    match role.service {
        Some(_) => Err(refusals::protected_role(&role.name)),
        None => Ok((**role).clone()),
    }
}

/// Creates a role.
pub async fn create_role(
    call: Call,
    permit: Permit<table::CreateRole>,
    input: wire::CreateRoleRequest,
) -> Result<wire::CreateRoleResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("roleName", input.role_name, Rule::ROLE);
    checks.optional("path", input.path.as_deref(), Rule::PATH);
    let trust = checks.document(
        "assumeRolePolicyDocument",
        input.assume_role_policy_document,
    );
    let description = input.description;
    checks.optional(
        "description",
        description.as_deref(),
        Rule::ROLE_DESCRIPTION,
    );
    let max_session = max_session(&mut checks, input.max_session_duration);
    let boundary = input.permissions_boundary;
    checks.optional("permissionsBoundary", boundary.as_deref(), Rule::ARN);
    let tags = checks.tags(input.tags);
    checks.done()?;
    checks::distinct(&tags)?;
    documents::check_trust(&trust)?;
    if let Some(arn) = &boundary {
        documents::check_policy_arn(arn)?;
    }
    let role = Role {
        account: call.account_id().to_owned(),
        path: input.path.unwrap_or_else(|| "/".into()),
        name,
        id: unique_id(UniqueIdKind::Role, call.random()?),
        created: call.now(),
        trust,
        trusted: Default::default(),
        description: description.filter(|text| !text.is_empty()),
        max_session: max_session.unwrap_or(DEFAULT_SESSION),
        tags,
        boundary,
        inline: Default::default(),
        attached: Vec::new(),
        service: None,
    };
    let limit = call.services().settings.quota(Quota::IamRoles);
    call.commit(permit, move |state| {
        let account = account_of(state, &role.account)?;
        if account.role(&role.name).is_some() {
            return Err(refusals::role_exists(&role.name));
        }
        if account.role_count() >= limit as usize {
            return Err(refusals::quota_reached("RolesPerAccount", limit));
        }
        if let Some(arn) = &role.boundary {
            documents::check_boundary(account, arn)?;
        }
        let role = Role {
            trusted: principals::unique_ids(state, &role.trust)?,
            ..role.clone()
        };
        let output = wire::CreateRoleResponse {
            role: described(state, &role),
        };
        Ok(Decided {
            changes: vec![Change::put(Record::Role(role))],
            output,
        })
    })
    .await
}

/// Describes a role.
pub async fn get_role(
    call: Call,
    _permit: Permit<table::GetRole>,
    input: wire::GetRoleRequest,
) -> Result<wire::GetRoleResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("roleName", input.role_name, Rule::ROLE);
    checks.done()?;
    let role = &find(call.account()?, &name)?.role;
    Ok(wire::GetRoleResponse {
        role: wire::Role {
            role_last_used: Some(wire::RoleLastUsed::default()),
            ..described(call.state(), role)
        },
    })
}

/// Lists the account's roles.
pub async fn list_roles(
    call: Call,
    _permit: Permit<table::ListRoles>,
    input: wire::ListRolesRequest,
) -> Result<wire::ListRolesResponse, Refusal> {
    let mut checks = Checks::default();
    let prefix = input.path_prefix.unwrap_or_else(|| "/".into());
    checks.optional("pathPrefix", Some(&prefix), Rule::PATH_PREFIX);
    let paging = Paging::new(&mut checks, prefix.clone(), input.marker, input.max_items);
    checks.done()?;
    let roles = call
        .account()?
        .roles()
        .filter(|entry| entry.role.path.starts_with(&prefix))
        .map(|entry| {
            (
                entry.role.name.to_lowercase(),
                shown(call.state(), &entry.role),
            )
        });
    let page = paging.cut(&call, roles)?;
    Ok(wire::ListRolesResponse {
        is_truncated: page.is_truncated(),
        roles: page.items,
        marker: page.marker,
    })
}

/// Changes a role's description or the longest session it gives.
pub async fn update_role(
    call: Call,
    permit: Permit<table::UpdateRole>,
    input: wire::UpdateRoleRequest,
) -> Result<wire::UpdateRoleResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("roleName", input.role_name, Rule::ROLE);
    let description = input.description;
    checks.optional(
        "description",
        description.as_deref(),
        Rule::ROLE_DESCRIPTION,
    );
    let max_session = max_session(&mut checks, input.max_session_duration);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut role = to_change(account_of(state, &account)?, &name)?;
        if let Some(description) = &description {
            role.description = Some(description.clone()).filter(|text| !text.is_empty());
        }
        role.max_session = max_session.unwrap_or(role.max_session);
        Ok(Decided {
            changes: vec![Change::put(Record::Role(role))],
            output: wire::UpdateRoleResponse {},
        })
    })
    .await
}

/// Changes a role's description.
pub async fn update_role_description(
    call: Call,
    permit: Permit<table::UpdateRoleDescription>,
    input: wire::UpdateRoleDescriptionRequest,
) -> Result<wire::UpdateRoleDescriptionResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("roleName", input.role_name, Rule::ROLE);
    let description = checks.required("description", input.description, Rule::ROLE_DESCRIPTION);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut role = to_change(account_of(state, &account)?, &name)?;
        role.description = Some(description.clone()).filter(|text| !text.is_empty());
        let output = wire::UpdateRoleDescriptionResponse {
            role: described(state, &role),
        };
        Ok(Decided {
            changes: vec![Change::put(Record::Role(role))],
            output,
        })
    })
    .await
}

/// Changes who may assume a role.
pub async fn update_assume_role_policy(
    call: Call,
    permit: Permit<table::UpdateAssumeRolePolicy>,
    input: wire::UpdateAssumeRolePolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("roleName", input.role_name, Rule::ROLE);
    let trust = checks.document("policyDocument", input.policy_document);
    checks.done()?;
    documents::check_trust(&trust)?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut role = to_change(account_of(state, &account)?, &name)?;
        role.trusted = principals::unique_ids(state, &trust)?;
        role.trust.clone_from(&trust);
        Ok(put(Record::Role(role)))
    })
    .await
}

/// Deletes a role that nothing hangs on.
pub async fn delete_role(
    call: Call,
    permit: Permit<table::DeleteRole>,
    input: wire::DeleteRoleRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("roleName", input.role_name, Rule::ROLE);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let account = account_of(state, &account)?;
        let role = to_change(account, &name)?;
        if account
            .instance_profiles
            .values()
            .any(|profile| profile.role.as_ref() == Some(&role.name))
        {
            return Err(refusals::delete_conflict(
                "remove roles from instance profile",
            ));
        }
        if !role.attached.is_empty() {
            return Err(refusals::delete_conflict("detach all policies"));
        }
        if !role.inline.is_empty() {
            return Err(refusals::delete_conflict("delete policies"));
        }
        Ok(changes::delete(&Record::Role(role)))
    })
    .await
}

/// Checks the longest session: 1 to 12 hours.
fn max_session(checks: &mut Checks, seconds: Option<i64>) -> Option<i64> {
    if let Some(seconds) = seconds {
        let shown = seconds.to_string();
        if seconds > 43_200 {
            checks.note(
                "maxSessionDuration",
                Some(&shown),
                Constraint::MaxValue(43_200),
            );
        }
        if seconds < 3_600 {
            checks.note(
                "maxSessionDuration",
                Some(&shown),
                Constraint::MinValue(3_600),
            );
        }
    }
    seconds
}

/// The role as lists show it: without boundary and tags.
pub(super) fn shown(state: &State, role: &Role) -> wire::Role {
    wire::Role {
        path: role.path.clone(),
        role_name: role.name.clone(),
        role_id: role.id.clone(),
        arn: role.arn(),
        create_date: iso_seconds(role.created),
        assume_role_policy_document: Some(documents::shown(&principals::shown(state, role))),
        description: role.description.clone(),
        max_session_duration: Some(role.max_session),
        permissions_boundary: None,
        tags: None,
        role_last_used: None,
    }
}

/// The whole role.
pub(super) fn described(state: &State, role: &Role) -> wire::Role {
    wire::Role {
        permissions_boundary: boundaries::shown(role.boundary.as_ref()),
        tags: (!role.tags.is_empty()).then(|| checks::shown(&role.tags)),
        ..shown(state, role)
    }
}
