//! Users.

use api::refusal::Refusal;
use api::table;
use api::wire::iam as wire;
use iam::identity::{AccessKey, KeyOwner, Rule, UniqueIdKind, User, unique_id};
use store::Change;
use store::state::{Account, Record, State, UserEntry};

use super::changes;
use super::checks::{self, Checks};
use super::paging::Paging;
use super::refusals;
use super::{boundaries, documents};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::caller::Principal;
use crate::settings::Quota;
use crate::time::iso_seconds;

/// The user of this name.
///
/// # Errors
/// NoSuchEntity.
pub(super) fn find<'a>(account: &'a Account, name: &str) -> Result<&'a UserEntry, Refusal> {
    account.user(name).ok_or_else(|| refusals::no_user(name))
}

/// A copy of the user of this name in the newest state, to be changed.
///
/// # Errors
/// NoSuchEntity.
pub(super) fn copy(state: &State, account: &str, name: &str) -> Result<User, Refusal> {
    Ok((*find(account_of(state, account)?, name)?.user).clone())
}

/// Creates a user.
pub async fn create_user(
    call: Call,
    permit: Permit<table::IamCreateUser>,
    input: wire::CreateUserRequest,
) -> Result<wire::CreateUserResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("userName", input.user_name, Rule::NEW_USER);
    checks.optional("path", input.path.as_deref(), Rule::PATH);
    checks.optional(
        "permissionsBoundary",
        input.permissions_boundary.as_deref(),
        Rule::ARN,
    );
    let tags = checks.tags(input.tags);
    checks.done()?;
    checks::distinct(&tags)?;
    if let Some(arn) = &input.permissions_boundary {
        documents::check_policy_arn(arn)?;
    }
    let user = User {
        account: call.account_id().to_owned(),
        path: input.path.unwrap_or_else(|| "/".into()),
        name,
        id: unique_id(UniqueIdKind::User, call.random()?),
        created: call.now(),
        tags,
        boundary: input.permissions_boundary,
        inline: Default::default(),
        attached: Vec::new(),
        groups: Vec::new(),
        login: None,
    };
    let limit = call.services().settings.quota(Quota::IamUsers);
    call.commit(permit, move |state| {
        let account = account_of(state, &user.account)?;
        if account.user(&user.name).is_some() {
            return Err(refusals::user_exists(&user.name));
        }
        if account.user_count() >= limit as usize {
            return Err(refusals::quota_reached("UsersPerAccount", limit));
        }
        if let Some(arn) = &user.boundary {
            documents::check_boundary(account, arn)?;
        }
        let mut output = shown(&user);
        output.tags = (!user.tags.is_empty()).then(|| checks::shown(&user.tags));
        Ok(Decided {
            changes: vec![Change::put(Record::User(user.clone()))],
            output: wire::CreateUserResponse { user: output },
        })
    })
    .await
}

/// Describes a user; without a name, the caller.
pub async fn get_user(
    call: Call,
    _permit: Permit<table::GetUser>,
    input: wire::GetUserRequest,
) -> Result<wire::GetUserResponse, Refusal> {
    let mut checks = Checks::default();
    checks.optional("userName", input.user_name.as_deref(), Rule::USER);
    checks.done()?;
    let account = call.account()?;
    let name = match (&input.user_name, &call.caller().principal) {
        (Some(name), _) | (None, Principal::User { name, .. }) => name,
        (
            None,
            Principal::AssumedRole { .. }
            | Principal::FederatedUser { .. }
            | Principal::WebIdentity { .. },
        ) => {
            return Err(refusals::name_needed());
        }
        (None, Principal::Root) => {
            return Ok(wire::GetUserResponse { user: root(&call)? });
        }
    };
    let entry = find(account, name)?;
    let mut user = shown(&entry.user);
    user.tags = (!entry.user.tags.is_empty()).then(|| checks::shown(&entry.user.tags));
    Ok(wire::GetUserResponse { user })
}

/// Deletes a user that nothing hangs on.
pub async fn delete_user(
    call: Call,
    permit: Permit<table::IamDeleteUser>,
    input: wire::DeleteUserRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("userName", input.user_name, Rule::USER);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let account = account_of(state, &account)?;
        let user = &find(account, &name)?.user;
        if !user.attached.is_empty() {
            return Err(refusals::delete_conflict("detach all policies"));
        }
        if !user.inline.is_empty() {
            return Err(refusals::delete_conflict("delete policies"));
        }
        if !user.groups.is_empty() {
            return Err(refusals::delete_conflict("remove users from group"));
        }
        if user.login.is_some() {
            return Err(refusals::delete_conflict("delete login profile"));
        }
        let owner = KeyOwner::User(user.name.clone());
        if account.keys_of(&owner).next().is_some() {
            return Err(refusals::delete_conflict("delete access keys"));
        }
        Ok(changes::delete(&Record::User((**user).clone())))
    })
    .await
}

/// Renames a user or moves it to another path. Its keys, groups and policies stay with it.
pub async fn update_user(
    call: Call,
    permit: Permit<table::IamUpdateUser>,
    input: wire::UpdateUserRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("userName", input.user_name, Rule::USER);
    checks.optional("newPath", input.new_path.as_deref(), Rule::PATH);
    let new_name = input.new_user_name;
    checks.optional("newUserName", new_name.as_deref(), Rule::NEW_USER);
    checks.done()?;
    let new_path = input.new_path;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let account = account_of(state, &account)?;
        let before = &find(account, &name)?.user;
        let mut after = (**before).clone();
        let mut keys = Vec::new();
        if let Some(new_name) = &new_name {
            if account
                .user(new_name)
                .is_some_and(|other| other.user.id != before.id)
            {
                return Err(refusals::user_exists(new_name));
            }
            after.name.clone_from(new_name);
            let owner = KeyOwner::User(before.name.clone());
            keys.extend(account.keys_of(&owner).map(|key| AccessKey {
                owner: KeyOwner::User(new_name.clone()),
                ..(**key).clone()
            }));
        }
        if let Some(new_path) = &new_path {
            after.path.clone_from(new_path);
        }
        let before = Record::User((**before).clone());
        let mut changes = changes::replace(&before, Record::User(after));
        changes.extend(keys.into_iter().map(Record::AccessKey).map(Change::put));
        Ok(Decided {
            changes,
            output: wire::Nothing,
        })
    })
    .await
}

/// Lists the account's users.
pub async fn list_users(
    call: Call,
    _permit: Permit<table::IamListUsers>,
    input: wire::ListUsersRequest,
) -> Result<wire::ListUsersResponse, Refusal> {
    let mut checks = Checks::default();
    let prefix = input.path_prefix.unwrap_or_else(|| "/".into());
    checks.optional("pathPrefix", Some(&prefix), Rule::PATH_PREFIX);
    let paging = Paging::new(&mut checks, prefix.clone(), input.marker, input.max_items);
    checks.done()?;
    let users = call
        .account()?
        .users()
        .filter(|entry| entry.user.path.starts_with(&prefix))
        .map(|entry| (entry.user.name.to_lowercase(), shown(&entry.user)));
    let page = paging.cut(&call, users)?;
    Ok(wire::ListUsersResponse {
        is_truncated: page.is_truncated(),
        users: page.items,
        marker: page.marker,
    })
}

/// The user as lists show it: without tags.
pub(super) fn shown(user: &User) -> wire::User {
    wire::User {
        path: Some(user.path.clone()),
        user_name: Some(user.name.clone()),
        user_id: user.id.clone(),
        arn: user.arn(),
        create_date: iso_seconds(user.created),
        password_last_used: None,
        permissions_boundary: boundaries::shown(user.boundary.as_ref()),
        tags: None,
    }
}

/// The account's root as a user: it has neither name nor path.
fn root(call: &Call) -> Result<wire::User, Refusal> {
    let created = call.account()?.record().map_or(0, |record| record.created);
    Ok(wire::User {
        user_id: call.account_id().to_owned(),
        arn: call.caller().arn(),
        create_date: iso_seconds(created),
        ..wire::User::default()
    })
}
