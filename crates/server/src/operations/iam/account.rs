//! The account as a whole: its name, its rules for passwords, its summary.

use api::refusal::{Code, Refusal};
use api::table;
use api::wire::iam as wire;
use iam::identity::{AccountSettings, Constraint, KeyOwner, PasswordPolicy, Rule};
use iam::policy::InlineOwner;
use store::state::{Account, Record};

use super::changes::put;
use super::checks::Checks;
use super::paging::Paging;
use super::{groups, instance_profiles};
use crate::authorise::Permit;
use crate::call::{Call, account_of};
use crate::settings::Quota;

/// A copy of the account's settings, to be changed.
pub(super) fn settings(account: &Account, id: &str) -> AccountSettings {
    account
        .settings()
        .cloned()
        .unwrap_or_else(|| AccountSettings {
            account: id.to_owned(),
            ..AccountSettings::default()
        })
}

/// Gives the account a name, in place of the one it had.
pub async fn create_account_alias(
    call: Call,
    permit: Permit<table::CreateAccountAlias>,
    input: wire::CreateAccountAliasRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let alias = checks.required("accountAlias", input.account_alias, Rule::ALIAS);
    checks.done()?;
    let id = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let taken = state.accounts().any(|(other, account)| {
            let settings = account.settings();
            *other != id && settings.and_then(|settings| settings.alias.as_ref()) == Some(&alias)
        });
        if taken {
            return Err(Refusal::new(
                Code::EntityAlreadyExists,
                format!("The account alias {alias} already exists."),
            ));
        }
        let mut settings = settings(account_of(state, &id)?, &id);
        settings.alias = Some(alias.clone());
        Ok(put(Record::AccountSettings(settings)))
    })
    .await
}

/// Lists the account's name.
pub async fn list_account_aliases(
    call: Call,
    _permit: Permit<table::ListAccountAliases>,
    input: wire::ListAccountAliasesRequest,
) -> Result<wire::ListAccountAliasesResponse, Refusal> {
    let mut checks = Checks::default();
    let paging = Paging::new(&mut checks, String::new(), input.marker, input.max_items);
    checks.done()?;
    let alias = call
        .account()?
        .settings()
        .and_then(|settings| settings.alias.clone());
    let page = paging.cut(&call, alias.into_iter().map(|alias| (alias.clone(), alias)))?;
    Ok(wire::ListAccountAliasesResponse {
        is_truncated: page.is_truncated(),
        account_aliases: page.items,
        marker: page.marker,
    })
}

/// Takes the account's name away.
pub async fn delete_account_alias(
    call: Call,
    permit: Permit<table::DeleteAccountAlias>,
    input: wire::DeleteAccountAliasRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let alias = checks.required("accountAlias", input.account_alias, Rule::ALIAS);
    checks.done()?;
    let id = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut settings = settings(account_of(state, &id)?, &id);
        if settings.alias.as_ref() != Some(&alias) {
            return Err(Refusal::new(
                Code::NoSuchEntity,
                format!("The account alias with name {alias} cannot be found."),
            ));
        }
        settings.alias = None;
        Ok(put(Record::AccountSettings(settings)))
    })
    .await
}

/// Returns the rules for users' passwords.
pub async fn get_account_password_policy(
    call: Call,
    _permit: Permit<table::GetAccountPasswordPolicy>,
    _input: wire::GetAccountPasswordPolicyRequest,
) -> Result<wire::GetAccountPasswordPolicyResponse, Refusal> {
    let policy = call
        .account()?
        .settings()
        .and_then(|settings| settings.password_policy.as_ref())
        .ok_or_else(|| no_password_policy(call.account_id()))?;
    Ok(wire::GetAccountPasswordPolicyResponse {
        password_policy: wire::PasswordPolicy {
            minimum_password_length: policy.minimum_length,
            require_symbols: policy.symbols,
            require_numbers: policy.numbers,
            require_uppercase_characters: policy.uppercase,
            require_lowercase_characters: policy.lowercase,
            allow_users_to_change_password: policy.users_may_change,
            expire_passwords: policy.max_age.is_some(),
            max_password_age: policy.max_age,
            password_reuse_prevention: policy.reuse_prevention,
            hard_expiry: policy.hard_expiry,
        },
    })
}

/// Sets the rules for users' passwords. What is not given has its default, whatever it was before.
pub async fn update_account_password_policy(
    call: Call,
    permit: Permit<table::UpdateAccountPasswordPolicy>,
    input: wire::UpdateAccountPasswordPolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    for (member, value, min, max) in [
        (
            "minimumPasswordLength",
            input.minimum_password_length,
            6,
            128,
        ),
        ("maxPasswordAge", input.max_password_age, 1, 1095),
        (
            "passwordReusePrevention",
            input.password_reuse_prevention,
            1,
            24,
        ),
    ] {
        let Some(value) = value else { continue };
        let shown = value.to_string();
        if value > max {
            checks.note(member, Some(&shown), Constraint::MaxValue(max));
        }
        if value < min {
            checks.note(member, Some(&shown), Constraint::MinValue(min));
        }
    }
    checks.done()?;
    let policy = PasswordPolicy {
        minimum_length: input.minimum_password_length.unwrap_or(6),
        symbols: input.require_symbols.unwrap_or(false),
        numbers: input.require_numbers.unwrap_or(false),
        uppercase: input.require_uppercase_characters.unwrap_or(false),
        lowercase: input.require_lowercase_characters.unwrap_or(false),
        users_may_change: input.allow_users_to_change_password.unwrap_or(false),
        max_age: input.max_password_age,
        reuse_prevention: input.password_reuse_prevention,
        hard_expiry: input.hard_expiry,
    };
    let id = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut settings = settings(account_of(state, &id)?, &id);
        settings.password_policy = Some(policy.clone());
        Ok(put(Record::AccountSettings(settings)))
    })
    .await
}

/// Removes the rules for users' passwords.
pub async fn delete_account_password_policy(
    call: Call,
    permit: Permit<table::DeleteAccountPasswordPolicy>,
    _input: wire::DeleteAccountPasswordPolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    let id = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut settings = settings(account_of(state, &id)?, &id);
        if settings.password_policy.take().is_none() {
            return Err(no_password_policy(&id));
        }
        Ok(put(Record::AccountSettings(settings)))
    })
    .await
}

fn no_password_policy(account: &str) -> Refusal {
    Refusal::new(
        Code::NoSuchEntity,
        format!("The Password Policy with domain name {account} cannot be found."),
    )
}

/// Counts the account's entities and tells its quotas.
pub async fn get_account_summary(
    call: Call,
    _permit: Permit<table::GetAccountSummary>,
    _input: wire::GetAccountSummaryRequest,
) -> Result<wire::GetAccountSummaryResponse, Refusal> {
    let account = call.account()?;
    let quota = |quota: Quota| i64::from(call.services().settings.quota(quota));
    let inline = |owner: InlineOwner| size(owner.maximum());
    let policies = account.policies().count();
    let versions: usize = account
        .policies()
        .map(|entry| entry.policy.versions.len())
        .sum();
    let attached = quota(Quota::AttachedPoliciesPerUser);
    let entries = [
        ("Users", size(account.user_count())),
        ("UsersQuota", quota(Quota::IamUsers)),
        ("Groups", size(account.group_count())),
        ("GroupsQuota", quota(Quota::IamGroups)),
        ("GroupsPerUserQuota", size(groups::MAX_GROUPS_OF_USER)),
        ("Roles", size(account.role_count())),
        ("RolesQuota", quota(Quota::IamRoles)),
        ("InstanceProfiles", size(account.instance_profiles.len())),
        (
            "InstanceProfilesQuota",
            size(instance_profiles::MAX_PROFILES),
        ),
        ("Policies", size(policies)),
        ("PoliciesQuota", quota(Quota::IamPolicies)),
        ("PolicySizeQuota", 6144),
        ("PolicyVersionsInUse", size(versions)),
        ("PolicyVersionsInUseQuota", 10_000),
        ("VersionsPerPolicyQuota", 5),
        ("AttachedPoliciesPerUserQuota", attached),
        ("AttachedPoliciesPerGroupQuota", attached),
        ("AttachedPoliciesPerRoleQuota", attached),
        ("UserPolicySizeQuota", inline(InlineOwner::User)),
        ("GroupPolicySizeQuota", inline(InlineOwner::Group)),
        ("RolePolicySizeQuota", inline(InlineOwner::Role)),
        ("AssumeRolePolicySizeQuota", 2048),
        ("AccessKeysPerUserQuota", quota(Quota::AccessKeysPerUser)),
        (
            "AccountAccessKeysPresent",
            i64::from(account.keys_of(&KeyOwner::Root).next().is_some()),
        ),
        ("AccountMFAEnabled", 0),
        ("AccountPasswordPresent", 0),
        ("AccountSigningCertificatesPresent", 0),
        ("MFADevices", 0),
        ("MFADevicesInUse", 0),
        (
            "Providers",
            size(account.oidc_providers.len() + account.saml_providers.len()),
        ),
        ("ServerCertificates", 0),
        ("ServerCertificatesQuota", 0),
        ("SigningCertificatesPerUserQuota", 0),
        ("GlobalEndpointTokenVersion", 1),
    ];
    let entry = entries
        .into_iter()
        .map(|(key, value)| wire::SummaryEntry {
            key: key.into(),
            value,
        })
        .collect();
    Ok(wire::GetAccountSummaryResponse {
        summary_map: Some(wire::SummaryMap { entry }),
    })
}

fn size(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
