//! Instance profiles. Postern runs no machines of customers, so they are records that clients can keep.

use std::sync::Arc;

use api::refusal::Refusal;
use api::table;
use api::wire::iam as wire;
use iam::identity::{InstanceProfile, Rule, UniqueIdKind, unique_id};
use store::Change;
use store::state::{Account, Record, State};

use super::changes::{self, put};
use super::checks::{self, Checks};
use super::paging::Paging;
use super::{refusals, roles};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::time::iso_seconds;

/// The most instance profiles of an account (AWS: 1,000).
pub(super) const MAX_PROFILES: usize = 1000;

/// The instance profile of this name.
///
/// # Errors
/// NoSuchEntity.
pub(super) fn find<'a>(
    account: &'a Account,
    name: &str,
) -> Result<&'a Arc<InstanceProfile>, Refusal> {
    account
        .instance_profiles
        .get(&name.to_lowercase())
        .ok_or_else(|| refusals::no_instance_profile(name))
}

/// Creates an instance profile.
pub async fn create_instance_profile(
    call: Call,
    permit: Permit<table::CreateInstanceProfile>,
    input: wire::CreateInstanceProfileRequest,
) -> Result<wire::CreateInstanceProfileResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required(
        "instanceProfileName",
        input.instance_profile_name,
        Rule::NAME,
    );
    checks.optional("path", input.path.as_deref(), Rule::PATH);
    let tags = checks.tags(input.tags);
    checks.done()?;
    checks::distinct(&tags)?;
    let profile = InstanceProfile {
        account: call.account_id().to_owned(),
        path: input.path.unwrap_or_else(|| "/".into()),
        name,
        id: unique_id(UniqueIdKind::InstanceProfile, call.random()?),
        created: call.now(),
        role: None,
        tags,
    };
    call.commit(permit, move |state| {
        let account = account_of(state, &profile.account)?;
        if find(account, &profile.name).is_ok() {
            return Err(refusals::instance_profile_exists(&profile.name));
        }
        if account.instance_profiles.len() >= MAX_PROFILES {
            return Err(refusals::quota_reached(
                "InstanceProfilesPerAccount",
                MAX_PROFILES,
            ));
        }
        Ok(Decided {
            changes: vec![Change::put(Record::InstanceProfile(profile.clone()))],
            output: wire::CreateInstanceProfileResponse {
                instance_profile: described(state, account, &profile),
            },
        })
    })
    .await
}

/// Describes an instance profile.
pub async fn get_instance_profile(
    call: Call,
    _permit: Permit<table::GetInstanceProfile>,
    input: wire::GetInstanceProfileRequest,
) -> Result<wire::GetInstanceProfileResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required(
        "instanceProfileName",
        input.instance_profile_name,
        Rule::NAME,
    );
    checks.done()?;
    let account = call.account()?;
    Ok(wire::GetInstanceProfileResponse {
        instance_profile: described(call.state(), account, find(account, &name)?),
    })
}

/// Lists the account's instance profiles.
pub async fn list_instance_profiles(
    call: Call,
    _permit: Permit<table::ListInstanceProfiles>,
    input: wire::ListInstanceProfilesRequest,
) -> Result<wire::ListInstanceProfilesResponse, Refusal> {
    let mut checks = Checks::default();
    let prefix = input.path_prefix.unwrap_or_else(|| "/".into());
    checks.optional("pathPrefix", Some(&prefix), Rule::PATH_PREFIX);
    let paging = Paging::new(&mut checks, prefix.clone(), input.marker, input.max_items);
    checks.done()?;
    let account = call.account()?;
    let profiles = account
        .instance_profiles
        .iter()
        .filter(|(_, profile)| profile.path.starts_with(&prefix))
        .map(|(name, profile)| (name.clone(), shown(call.state(), account, profile)));
    let page = paging.cut(&call, profiles)?;
    Ok(wire::ListInstanceProfilesResponse {
        is_truncated: page.is_truncated(),
        instance_profiles: page.items,
        marker: page.marker,
    })
}

/// Lists the instance profiles with a role.
pub async fn list_instance_profiles_for_role(
    call: Call,
    _permit: Permit<table::ListInstanceProfilesForRole>,
    input: wire::ListInstanceProfilesForRoleRequest,
) -> Result<wire::ListInstanceProfilesForRoleResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("roleName", input.role_name, Rule::ROLE);
    let scope = name.to_lowercase();
    let paging = Paging::new(&mut checks, scope, input.marker, input.max_items);
    checks.done()?;
    let account = call.account()?;
    let role = &roles::find(account, &name)?.role;
    let profiles = account
        .instance_profiles
        .iter()
        .filter(|(_, profile)| profile.role.as_ref() == Some(&role.name))
        .map(|(name, profile)| (name.clone(), shown(call.state(), account, profile)));
    let page = paging.cut(&call, profiles)?;
    Ok(wire::ListInstanceProfilesForRoleResponse {
        is_truncated: page.is_truncated(),
        instance_profiles: page.items,
        marker: page.marker,
    })
}

/// Deletes an instance profile without a role.
pub async fn delete_instance_profile(
    call: Call,
    permit: Permit<table::DeleteInstanceProfile>,
    input: wire::DeleteInstanceProfileRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required(
        "instanceProfileName",
        input.instance_profile_name,
        Rule::NAME,
    );
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let profile = find(account_of(state, &account)?, &name)?;
        if profile.role.is_some() {
            return Err(refusals::delete_conflict(
                "remove roles from instance profile",
            ));
        }
        Ok(changes::delete(&Record::InstanceProfile(
            (**profile).clone(),
        )))
    })
    .await
}

/// Puts a role into an instance profile, which has room for one.
pub async fn add_role_to_instance_profile(
    call: Call,
    permit: Permit<table::AddRoleToInstanceProfile>,
    input: wire::AddRoleToInstanceProfileRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required(
        "instanceProfileName",
        input.instance_profile_name,
        Rule::NAME,
    );
    let role = checks.required("roleName", input.role_name, Rule::ROLE);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let account = account_of(state, &account)?;
        let mut profile = (**find(account, &name)?).clone();
        let role = roles::to_change(account, &role)?;
        if profile.role.is_some() {
            return Err(refusals::quota_reached(
                "InstanceSessionsPerInstanceProfile",
                1,
            ));
        }
        profile.role = Some(role.name);
        Ok(put(Record::InstanceProfile(profile)))
    })
    .await
}

/// Takes the role out of an instance profile.
pub async fn remove_role_from_instance_profile(
    call: Call,
    permit: Permit<table::RemoveRoleFromInstanceProfile>,
    input: wire::RemoveRoleFromInstanceProfileRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required(
        "instanceProfileName",
        input.instance_profile_name,
        Rule::NAME,
    );
    let role = checks.required("roleName", input.role_name, Rule::ROLE);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let account = account_of(state, &account)?;
        let mut profile = (**find(account, &name)?).clone();
        let found = &roles::find(account, &role)?.role;
        if profile.role.as_ref() != Some(&found.name) {
            return Err(refusals::no_role(&role));
        }
        profile.role = None;
        Ok(put(Record::InstanceProfile(profile)))
    })
    .await
}

/// The instance profile as lists show it: without tags.
pub(super) fn shown(
    state: &State,
    account: &Account,
    profile: &InstanceProfile,
) -> wire::InstanceProfile {
    let role = profile.role.as_deref().and_then(|name| account.role(name));
    wire::InstanceProfile {
        path: profile.path.clone(),
        instance_profile_name: profile.name.clone(),
        instance_profile_id: profile.id.clone(),
        arn: profile.arn(),
        create_date: iso_seconds(profile.created),
        roles: role
            .map(|entry| roles::shown(state, &entry.role))
            .into_iter()
            .collect(),
        tags: None,
    }
}

fn described(state: &State, account: &Account, profile: &InstanceProfile) -> wire::InstanceProfile {
    wire::InstanceProfile {
        tags: Some(checks::shown(&profile.tags)),
        ..shown(state, account, profile)
    }
}
