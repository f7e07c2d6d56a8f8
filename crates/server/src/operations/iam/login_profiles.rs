//! Login profiles: whether users have a password.

use std::sync::Arc;

use api::refusal::{Code, Refusal};
use api::secret::Secret;
use api::table;
use api::wire::iam as wire;
use iam::identity::{Constraint, LoginProfile, PasswordPolicy, Rule, User};
use store::Change;
use store::state::{Account, Record};

use super::changes::put;
use super::checks::Checks;
use super::{passwords, refusals, users};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::caller::Principal;
use crate::time::iso_seconds;

/// Gives a user a password. Differs: nothing here is signed in to by it, so that its sealed hash serves [`change_password`] only.
pub async fn create_login_profile(
    call: Call,
    permit: Permit<table::CreateLoginProfile>,
    input: wire::CreateLoginProfileRequest,
) -> Result<wire::CreateLoginProfileResponse, Refusal> {
    let mut checks = Checks::default();
    let name = named(&call, &mut checks, input.user_name);
    check_password(&mut checks, input.password.as_ref());
    if input.password.is_none() {
        checks.note("password", None, Constraint::NotNull);
    }
    checks.done()?;
    let password = input.password.unwrap_or_default();
    let id = users::find(call.account()?, &name)?.user.id.clone();
    let profile = LoginProfile {
        created: call.now(),
        reset_required: input.password_reset_required.unwrap_or(false),
        changed: None,
        sealed_hash: Some(passwords::sealed_hash(&call, &id, &password).await?),
        previous: Vec::new(),
    };
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut user = users::copy(state, &account, &name)?;
        if user.id != id {
            return Err(refusals::no_user(&name));
        }
        if user.login.is_some() {
            return Err(Refusal::new(
                Code::EntityAlreadyExists,
                format!("Login Profile for user {} already exists.", user.name),
            ));
        }
        accept(account_of(state, &account)?, &password)?;
        user.login = Some(profile.clone());
        let output = wire::CreateLoginProfileResponse {
            login_profile: shown(&user, &profile),
        };
        Ok(Decided {
            changes: vec![Change::put(Record::User(user))],
            output,
        })
    })
    .await
}

/// Tells whether a user has a password.
pub async fn get_login_profile(
    call: Call,
    _permit: Permit<table::GetLoginProfile>,
    input: wire::GetLoginProfileRequest,
) -> Result<wire::GetLoginProfileResponse, Refusal> {
    let mut checks = Checks::default();
    let name = named(&call, &mut checks, input.user_name);
    checks.done()?;
    let user = &users::find(call.account()?, &name)?.user;
    let profile = user
        .login
        .as_ref()
        .ok_or_else(|| refusals::no_login_profile(&user.name))?;
    Ok(wire::GetLoginProfileResponse {
        login_profile: shown(user, profile),
    })
}

/// Changes a user's password, or whether it has to be changed.
pub async fn update_login_profile(
    call: Call,
    permit: Permit<table::UpdateLoginProfile>,
    input: wire::UpdateLoginProfileRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("userName", input.user_name, Rule::USER);
    check_password(&mut checks, input.password.as_ref());
    checks.done()?;
    let (password, reset) = (input.password, input.password_reset_required);
    let (account, now) = (call.account_id().to_owned(), call.now());
    let id = users::find(call.account()?, &name)?.user.id.clone();
    let sealed = match &password {
        Some(password) => Some(passwords::sealed_hash(&call, &id, password).await?),
        None => None,
    };
    call.commit(permit, move |state| {
        let mut user = users::copy(state, &account, &name)?;
        if user.id != id {
            return Err(refusals::no_user(&name));
        }
        let Some(profile) = &mut user.login else {
            return Err(refusals::no_login_profile(&user.name));
        };
        if let Some(password) = &password {
            accept(account_of(state, &account)?, password)?;
        }
        if let Some(sealed) = &sealed {
            profile.set(sealed.clone(), now);
        }
        profile.reset_required = reset.unwrap_or(profile.reset_required);
        Ok(put(Record::User(user)))
    })
    .await
}

/// Changes the password of the user that calls, who has to know the one it has.
pub async fn change_password(
    call: Call,
    permit: Permit<table::ChangePassword>,
    input: wire::ChangePasswordRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    for (member, password) in [
        ("oldPassword", &input.old_password),
        ("newPassword", &input.new_password),
    ] {
        match password {
            Some(password) => note_password(&mut checks, member, password),
            None => checks.note(member, None, Constraint::NotNull),
        }
    }
    checks.done()?;
    let Principal::User { name, .. } = &call.caller().principal else {
        return Err(Refusal::new(
            Code::InvalidUserType,
            "Only IAM Users can change their own password",
        ));
    };
    let name = name.clone();
    let old = input.old_password.unwrap_or_default();
    let new = input.new_password.unwrap_or_default();
    let user = Arc::clone(&users::find(call.account()?, &name)?.user);
    let profile = user
        .login
        .as_ref()
        .ok_or_else(|| refusals::no_login_profile(&user.name))?;
    let known = profile.sealed_hash.clone();
    if !passwords::is_one_of(&call, &user.id, known.as_slice(), &old).await? {
        return Err(wrong_password());
    }
    accept(call.account()?, &new)?;
    let forbidden = forbidden(call.account()?, profile);
    if passwords::is_one_of(&call, &user.id, &forbidden, &new).await? {
        return Err(violation());
    }
    let sealed = passwords::sealed_hash(&call, &user.id, &new).await?;
    let (account, now, id) = (call.account_id().to_owned(), call.now(), user.id.clone());
    call.commit(permit, move |state| {
        let mut user = users::copy(state, &account, &name)?;
        accept(account_of(state, &account)?, &new)?;
        let profile = user.login.as_mut().filter(|_| user.id == id);
        match profile.filter(|profile| profile.sealed_hash == known) {
            Some(profile) => {
                profile.set(sealed.clone(), now);
                profile.reset_required = false;
            }
            // It was changed or taken away meanwhile: what was the right password is none any more.
            None => return Err(wrong_password()),
        }
        Ok(put(Record::User(user)))
    })
    .await
}

/// The hashes of passwords that may not be used again, the present one among them.
fn forbidden(account: &Account, profile: &LoginProfile) -> Vec<String> {
    let policy = account
        .settings()
        .and_then(|settings| settings.password_policy.as_ref());
    let count = policy.and_then(|policy| policy.reuse_prevention);
    let all = profile.sealed_hash.iter().chain(&profile.previous);
    all.take(usize::try_from(count.unwrap_or(0)).unwrap_or(0))
        .cloned()
        .collect()
}

fn wrong_password() -> Refusal {
    Refusal::new(Code::AccessDenied, "The old password was incorrect.")
}

/// Takes a user's password away.
pub async fn delete_login_profile(
    call: Call,
    permit: Permit<table::DeleteLoginProfile>,
    input: wire::DeleteLoginProfileRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let name = named(&call, &mut checks, input.user_name);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut user = users::copy(state, &account, &name)?;
        if user.login.take().is_none() {
            return Err(refusals::no_login_profile(&user.name));
        }
        Ok(put(Record::User(user)))
    })
    .await
}

/// Whose password it is: the named user's; without a name, the caller's.
fn named(call: &Call, checks: &mut Checks, name: Option<String>) -> String {
    let own = call.caller().user_name().map(str::to_owned);
    checks.required("userName", name.or(own), Rule::USER)
}

/// Checks the password as a member. It is not shown in the refusal.
fn check_password(checks: &mut Checks, password: Option<&Secret>) {
    if let Some(password) = password {
        note_password(checks, "password", password);
    }
}

fn note_password(checks: &mut Checks, member: &str, password: &Secret) {
    for constraint in Rule::PASSWORD.broken_by(password.expose()) {
        checks.note(member, None, constraint);
    }
}

fn accept(account: &Account, password: &Secret) -> Result<(), Refusal> {
    let policy = account
        .settings()
        .and_then(|settings| settings.password_policy.as_ref());
    let accepted = match policy {
        Some(policy) => policy.accepts(password.expose()),
        None => PasswordPolicy::default_accepts(password.expose()),
    };
    if accepted { Ok(()) } else { Err(violation()) }
}

fn violation() -> Refusal {
    Refusal::new(
        Code::PasswordPolicyViolation,
        "Password does not conform to the account password policy.",
    )
}

fn shown(user: &User, profile: &LoginProfile) -> wire::LoginProfile {
    wire::LoginProfile {
        user_name: user.name.clone(),
        create_date: iso_seconds(profile.created),
        password_reset_required: Some(profile.reset_required),
    }
}
