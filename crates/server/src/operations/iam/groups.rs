//! Groups, and who is in them.

use api::refusal::Refusal;
use api::table;
use api::wire::iam as wire;
use iam::identity::{Group, Rule, UniqueIdKind, unique_id};
use store::Change;
use store::state::{Account, GroupEntry, Record};

use super::changes::{self, put};
use super::checks::Checks;
use super::paging::Paging;
use super::{refusals, users};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::settings::Quota;
use crate::time::iso_seconds;

/// The most groups a user is in (AWS: 10).
pub(super) const MAX_GROUPS_OF_USER: usize = 10;

/// The group of this name.
///
/// # Errors
/// NoSuchEntity.
pub(super) fn find<'a>(account: &'a Account, name: &str) -> Result<&'a GroupEntry, Refusal> {
    account.group(name).ok_or_else(|| refusals::no_group(name))
}

/// Creates a group.
pub async fn create_group(
    call: Call,
    permit: Permit<table::CreateGroup>,
    input: wire::CreateGroupRequest,
) -> Result<wire::CreateGroupResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("groupName", input.group_name, Rule::NAME);
    checks.optional("path", input.path.as_deref(), Rule::PATH);
    checks.done()?;
    let group = Group {
        account: call.account_id().to_owned(),
        path: input.path.unwrap_or_else(|| "/".into()),
        name,
        id: unique_id(UniqueIdKind::Group, call.random()?),
        created: call.now(),
        inline: Default::default(),
        attached: Vec::new(),
    };
    let limit = call.services().settings.quota(Quota::IamGroups);
    call.commit(permit, move |state| {
        let account = account_of(state, &group.account)?;
        if account.group(&group.name).is_some() {
            return Err(refusals::group_exists(&group.name));
        }
        if account.group_count() >= limit as usize {
            return Err(refusals::quota_reached("GroupsPerAccount", limit));
        }
        Ok(Decided {
            changes: vec![Change::put(Record::Group(group.clone()))],
            output: wire::CreateGroupResponse {
                group: shown(&group),
            },
        })
    })
    .await
}

/// Describes a group and lists its users.
pub async fn get_group(
    call: Call,
    _permit: Permit<table::GetGroup>,
    input: wire::GetGroupRequest,
) -> Result<wire::GetGroupResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("groupName", input.group_name, Rule::NAME);
    let scope = name.to_lowercase();
    let paging = Paging::new(&mut checks, scope, input.marker, input.max_items);
    checks.done()?;
    let account = call.account()?;
    let group = &find(account, &name)?.group;
    let members = account
        .members(&group.id)
        .map(|entry| (entry.user.name.to_lowercase(), users::shown(&entry.user)));
    let page = paging.cut(&call, members)?;
    Ok(wire::GetGroupResponse {
        group: shown(group),
        is_truncated: page.is_truncated(),
        users: page.items,
        marker: page.marker,
    })
}

/// Lists the account's groups.
pub async fn list_groups(
    call: Call,
    _permit: Permit<table::ListGroups>,
    input: wire::ListGroupsRequest,
) -> Result<wire::ListGroupsResponse, Refusal> {
    let mut checks = Checks::default();
    let prefix = input.path_prefix.unwrap_or_else(|| "/".into());
    checks.optional("pathPrefix", Some(&prefix), Rule::PATH_PREFIX);
    let paging = Paging::new(&mut checks, prefix.clone(), input.marker, input.max_items);
    checks.done()?;
    let groups = call
        .account()?
        .groups()
        .filter(|entry| entry.group.path.starts_with(&prefix))
        .map(|entry| (entry.group.name.to_lowercase(), shown(&entry.group)));
    let page = paging.cut(&call, groups)?;
    Ok(wire::ListGroupsResponse {
        is_truncated: page.is_truncated(),
        groups: page.items,
        marker: page.marker,
    })
}

/// Renames a group or moves it to another path. Who is in it stays.
pub async fn update_group(
    call: Call,
    permit: Permit<table::UpdateGroup>,
    input: wire::UpdateGroupRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("groupName", input.group_name, Rule::NAME);
    checks.optional("newPath", input.new_path.as_deref(), Rule::PATH);
    checks.optional("newGroupName", input.new_group_name.as_deref(), Rule::NAME);
    checks.done()?;
    let (new_name, new_path) = (input.new_group_name, input.new_path);
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let account = account_of(state, &account)?;
        let before = &find(account, &name)?.group;
        let mut after = (**before).clone();
        if let Some(new_name) = &new_name {
            if account
                .group(new_name)
                .is_some_and(|other| other.group.id != before.id)
            {
                return Err(refusals::group_exists(new_name));
            }
            after.name.clone_from(new_name);
        }
        if let Some(new_path) = &new_path {
            after.path.clone_from(new_path);
        }
        let before = Record::Group((**before).clone());
        Ok(Decided {
            changes: changes::replace(&before, Record::Group(after)),
            output: wire::Nothing,
        })
    })
    .await
}

/// Deletes a group that nothing hangs on.
pub async fn delete_group(
    call: Call,
    permit: Permit<table::DeleteGroup>,
    input: wire::DeleteGroupRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("groupName", input.group_name, Rule::NAME);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let account = account_of(state, &account)?;
        let group = &find(account, &name)?.group;
        if account.members(&group.id).next().is_some() {
            return Err(refusals::delete_conflict("remove users from group"));
        }
        if !group.attached.is_empty() {
            return Err(refusals::delete_conflict("detach all policies"));
        }
        if !group.inline.is_empty() {
            return Err(refusals::delete_conflict("delete policies"));
        }
        Ok(changes::delete(&Record::Group((**group).clone())))
    })
    .await
}

/// Puts a user into a group. Doing it again changes nothing.
pub async fn add_user_to_group(
    call: Call,
    permit: Permit<table::AddUserToGroup>,
    input: wire::AddUserToGroupRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let group = checks.required("groupName", input.group_name, Rule::NAME);
    let user = checks.required("userName", input.user_name, Rule::USER);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let group = &find(account_of(state, &account)?, &group)?.group;
        let mut user = users::copy(state, &account, &user)?;
        if !user.groups.contains(&group.id) {
            if user.groups.len() >= MAX_GROUPS_OF_USER {
                return Err(refusals::quota_reached("GroupsPerUser", MAX_GROUPS_OF_USER));
            }
            user.groups.push(group.id.clone());
        }
        Ok(put(Record::User(user)))
    })
    .await
}

/// Takes a user out of a group.
pub async fn remove_user_from_group(
    call: Call,
    permit: Permit<table::RemoveUserFromGroup>,
    input: wire::RemoveUserFromGroupRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let group = checks.required("groupName", input.group_name, Rule::NAME);
    let user = checks.required("userName", input.user_name, Rule::USER);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let group = &find(account_of(state, &account)?, &group)?.group;
        let mut user = users::copy(state, &account, &user)?;
        let before = user.groups.len();
        user.groups.retain(|id| *id != group.id);
        if user.groups.len() == before {
            return Err(refusals::not_in_group(&user.name, &group.name));
        }
        Ok(put(Record::User(user)))
    })
    .await
}

/// Lists the groups of a user.
pub async fn list_groups_for_user(
    call: Call,
    _permit: Permit<table::ListGroupsForUser>,
    input: wire::ListGroupsForUserRequest,
) -> Result<wire::ListGroupsForUserResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("userName", input.user_name, Rule::USER);
    let scope = name.to_lowercase();
    let paging = Paging::new(&mut checks, scope, input.marker, input.max_items);
    checks.done()?;
    let account = call.account()?;
    let user = &users::find(account, &name)?.user;
    let mut groups: Vec<(String, wire::Group)> = user
        .groups
        .iter()
        .filter_map(|id| account.group_of_id(id))
        .map(|entry| (entry.group.name.to_lowercase(), shown(&entry.group)))
        .collect();
    groups.sort_by(|(one, _), (other, _)| one.cmp(other));
    let page = paging.cut(&call, groups.into_iter())?;
    Ok(wire::ListGroupsForUserResponse {
        is_truncated: page.is_truncated(),
        groups: page.items,
        marker: page.marker,
    })
}

/// The group as it is answered.
pub(super) fn shown(group: &Group) -> wire::Group {
    wire::Group {
        path: group.path.clone(),
        group_name: group.name.clone(),
        group_id: group.id.clone(),
        arn: group.arn(),
        create_date: iso_seconds(group.created),
    }
}
