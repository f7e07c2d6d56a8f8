//! Login profiles: whether users have a password.

use api::refusal::{Code, Refusal};
use api::secret::Secret;
use api::table;
use api::wire::iam as wire;
use iam::identity::{Constraint, LoginProfile, PasswordPolicy, Rule, User};
use store::Change;
use store::state::{Account, Record};

use super::changes::put;
use super::checks::Checks;
use super::{refusals, users};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::time::iso_seconds;

/// Gives a user a password. Differs: it is checked and forgotten, since nothing here asks for it.
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
    let profile = LoginProfile {
        created: call.now(),
        reset_required: input.password_reset_required.unwrap_or(false),
    };
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut user = users::copy(state, &account, &name)?;
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
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut user = users::copy(state, &account, &name)?;
        let Some(profile) = &mut user.login else {
            return Err(refusals::no_login_profile(&user.name));
        };
        if let Some(password) = &password {
            accept(account_of(state, &account)?, password)?;
        }
        profile.reset_required = reset.unwrap_or(profile.reset_required);
        Ok(put(Record::User(user)))
    })
    .await
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
        for constraint in Rule::PASSWORD.broken_by(password.expose()) {
            checks.note("password", None, constraint);
        }
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
    if accepted {
        Ok(())
    } else {
        Err(Refusal::new(
            Code::PasswordPolicyViolation,
            "Password does not conform to the account password policy.",
        ))
    }
}

fn shown(user: &User, profile: &LoginProfile) -> wire::LoginProfile {
    wire::LoginProfile {
        user_name: user.name.clone(),
        create_date: iso_seconds(profile.created),
        password_reset_required: Some(profile.reset_required),
    }
}
