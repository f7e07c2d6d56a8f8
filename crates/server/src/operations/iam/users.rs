//! Users.

use api::refusal::Refusal;
use api::table;
use api::wire::{iam as wire, mq};
use iam::identity::{KeyOwner, Rule, UniqueIdKind, User, unique_id};
use store::state::{Account, Record, State, UserEntry};
use store::{Change, Document};

use super::checks::{self, Checks};
use super::documents;
use super::paging::Paging;
use super::refusals;
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

/// A change that puts one record and answers nothing.
pub(super) fn put(record: Record) -> Decided<mq::Empty> {
    Decided {
        changes: vec![Change::put(record)],
        output: mq::Empty::default(),
    }
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
) -> Result<mq::Empty, Refusal> {
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
        let owner = KeyOwner::User(user.name.clone());
        if account.keys_of(&owner).next().is_some() {
            return Err(refusals::delete_conflict("delete access keys"));
        }
        Ok(Decided {
            changes: vec![Change::Delete(Record::User((**user).clone()).key())],
            output: mq::Empty::default(),
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
fn shown(user: &User) -> wire::User {
    wire::User {
        path: Some(user.path.clone()),
        user_name: Some(user.name.clone()),
        user_id: user.id.clone(),
        arn: user.arn(),
        create_date: iso_seconds(user.created),
        password_last_used: None,
        permissions_boundary: user
            .boundary
            .as_ref()
            .map(|arn| wire::AttachedPermissionsBoundary {
                permissions_boundary_type: "Policy".into(),
                permissions_boundary_arn: arn.clone(),
            }),
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
