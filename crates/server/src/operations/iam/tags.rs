//! Tags of users, roles, customer managed policies, instance profiles and identity providers.

use api::refusal::{Code, Refusal};
use api::row::Operation;
use api::table;
use api::wire::iam as wire;
use iam::identity::{
    Constraint, InstanceProfile, ManagedPolicy, OidcProvider, Role, Rule, SamlProvider, Tag, User,
};
use store::state::{Account, Record, aws_managed};

use super::changes::put;
use super::checks::{self, Checks, MAX_TAGS};
use super::paging::{Page, Paging};
use super::{
    documents, instance_profiles, managed_policies, oidc_providers, roles, saml_providers, users,
};
use crate::authorise::Permit;
use crate::call::{Call, account_of};

/// What can be tagged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    User,
    Role,
    Policy,
    InstanceProfile,
    OidcProvider,
    SamlProvider,
}

impl Kind {
    /// The member that names it, and what it may be.
    fn member(self) -> (&'static str, Rule) {
        match self {
            Kind::User => ("userName", Rule::USER),
            Kind::Role => ("roleName", Rule::ROLE),
            Kind::Policy => ("policyArn", Rule::ARN),
            Kind::InstanceProfile => ("instanceProfileName", Rule::NAME),
            Kind::OidcProvider => ("openIDConnectProviderArn", Rule::ARN),
            Kind::SamlProvider => ("samlProviderArn", Rule::ARN),
        }
    }
}

/// A copy of what is tagged.
enum Tagged {
    User(User),
    Role(Role),
    Policy(ManagedPolicy),
    InstanceProfile(InstanceProfile),
    OidcProvider(OidcProvider),
    SamlProvider(SamlProvider),
}

impl Tagged {
    fn find(account: &Account, kind: Kind, name: &str) -> Result<Tagged, Refusal> {
        Ok(match kind {
            Kind::User => Tagged::User((*users::find(account, name)?.user).clone()),
            Kind::Role => Tagged::Role((*roles::find(account, name)?.role).clone()),
            Kind::InstanceProfile => {
                Tagged::InstanceProfile((**instance_profiles::find(account, name)?).clone())
            }
            Kind::OidcProvider => {
                Tagged::OidcProvider((**oidc_providers::find(account, name)?).clone())
            }
            Kind::SamlProvider => {
                Tagged::SamlProvider((**saml_providers::find(account, name)?).clone())
            }
            Kind::Policy => {
                documents::check_policy_arn(name)?;
                Tagged::Policy(managed_policies::to_change(account, name)?)
            }
        })
    }

    fn tags(&mut self) -> &mut Vec<Tag> {
        match self {
            Tagged::User(user) => &mut user.tags,
            Tagged::Role(role) => &mut role.tags,
            Tagged::Policy(policy) => &mut policy.tags,
            Tagged::InstanceProfile(profile) => &mut profile.tags,
            Tagged::OidcProvider(provider) => &mut provider.tags,
            Tagged::SamlProvider(provider) => &mut provider.tags,
        }
    }

    fn into_record(self) -> Record {
        match self {
            Tagged::User(user) => Record::User(user),
            Tagged::Role(role) => Record::Role(role),
            Tagged::Policy(policy) => Record::Policy(policy),
            Tagged::InstanceProfile(profile) => Record::InstanceProfile(profile),
            Tagged::OidcProvider(provider) => Record::OidcProvider(provider),
            Tagged::SamlProvider(provider) => Record::SamlProvider(provider),
        }
    }
}

/// Adds tags to a user, or changes them.
pub async fn tag_user(
    call: Call,
    permit: Permit<table::TagUser>,
    input: wire::TagUserRequest,
) -> Result<wire::Nothing, Refusal> {
    add(call, permit, Kind::User, input.user_name, input.tags).await
}

/// Removes tags from a user.
pub async fn untag_user(
    call: Call,
    permit: Permit<table::UntagUser>,
    input: wire::UntagUserRequest,
) -> Result<wire::Nothing, Refusal> {
    remove(call, permit, Kind::User, input.user_name, input.tag_keys).await
}

/// Lists the tags of a user.
pub async fn list_user_tags(
    call: Call,
    _permit: Permit<table::ListUserTags>,
    input: wire::ListUserTagsRequest,
) -> Result<wire::ListUserTagsResponse, Refusal> {
    let page = list(
        &call,
        Kind::User,
        input.user_name,
        input.marker,
        input.max_items,
    )?;
    Ok(wire::ListUserTagsResponse {
        is_truncated: page.is_truncated(),
        tags: page.items,
        marker: page.marker,
    })
}

/// Adds tags to a role, or changes them.
pub async fn tag_role(
    call: Call,
    permit: Permit<table::TagRole>,
    input: wire::TagRoleRequest,
) -> Result<wire::Nothing, Refusal> {
    add(call, permit, Kind::Role, input.role_name, input.tags).await
}

/// Removes tags from a role.
pub async fn untag_role(
    call: Call,
    permit: Permit<table::UntagRole>,
    input: wire::UntagRoleRequest,
) -> Result<wire::Nothing, Refusal> {
    remove(call, permit, Kind::Role, input.role_name, input.tag_keys).await
}

/// Lists the tags of a role.
pub async fn list_role_tags(
    call: Call,
    _permit: Permit<table::ListRoleTags>,
    input: wire::ListRoleTagsRequest,
) -> Result<wire::ListRoleTagsResponse, Refusal> {
    let page = list(
        &call,
        Kind::Role,
        input.role_name,
        input.marker,
        input.max_items,
    )?;
    Ok(wire::ListRoleTagsResponse {
        is_truncated: page.is_truncated(),
        tags: page.items,
        marker: page.marker,
    })
}

/// Adds tags to an instance profile, or changes them.
pub async fn tag_instance_profile(
    call: Call,
    permit: Permit<table::TagInstanceProfile>,
    input: wire::TagInstanceProfileRequest,
) -> Result<wire::Nothing, Refusal> {
    add(
        call,
        permit,
        Kind::InstanceProfile,
        input.instance_profile_name,
        input.tags,
    )
    .await
}

/// Removes tags from an instance profile.
pub async fn untag_instance_profile(
    call: Call,
    permit: Permit<table::UntagInstanceProfile>,
    input: wire::UntagInstanceProfileRequest,
) -> Result<wire::Nothing, Refusal> {
    remove(
        call,
        permit,
        Kind::InstanceProfile,
        input.instance_profile_name,
        input.tag_keys,
    )
    .await
}

/// Lists the tags of an instance profile.
pub async fn list_instance_profile_tags(
    call: Call,
    _permit: Permit<table::ListInstanceProfileTags>,
    input: wire::ListInstanceProfileTagsRequest,
) -> Result<wire::ListInstanceProfileTagsResponse, Refusal> {
    let page = list(
        &call,
        Kind::InstanceProfile,
        input.instance_profile_name,
        input.marker,
        input.max_items,
    )?;
    Ok(wire::ListInstanceProfileTagsResponse {
        is_truncated: page.is_truncated(),
        tags: page.items,
        marker: page.marker,
    })
}

/// Adds tags to an OpenID Connect provider, or changes them.
pub async fn tag_openid_connect_provider(
    call: Call,
    permit: Permit<table::TagOpenIDConnectProvider>,
    input: wire::TagOpenIDConnectProviderRequest,
) -> Result<wire::Nothing, Refusal> {
    add(
        call,
        permit,
        Kind::OidcProvider,
        input.openid_connect_provider_arn,
        input.tags,
    )
    .await
}

/// Removes tags from an OpenID Connect provider.
pub async fn untag_openid_connect_provider(
    call: Call,
    permit: Permit<table::UntagOpenIDConnectProvider>,
    input: wire::UntagOpenIDConnectProviderRequest,
) -> Result<wire::Nothing, Refusal> {
    remove(
        call,
        permit,
        Kind::OidcProvider,
        input.openid_connect_provider_arn,
        input.tag_keys,
    )
    .await
}

/// Lists the tags of an OpenID Connect provider.
pub async fn list_openid_connect_provider_tags(
    call: Call,
    _permit: Permit<table::ListOpenIDConnectProviderTags>,
    input: wire::ListOpenIDConnectProviderTagsRequest,
) -> Result<wire::ListOpenIDConnectProviderTagsResponse, Refusal> {
    let page = list(
        &call,
        Kind::OidcProvider,
        input.openid_connect_provider_arn,
        input.marker,
        input.max_items,
    )?;
    Ok(wire::ListOpenIDConnectProviderTagsResponse {
        is_truncated: page.is_truncated(),
        tags: page.items,
        marker: page.marker,
    })
}

/// Adds tags to a SAML provider, or changes them.
pub async fn tag_saml_provider(
    call: Call,
    permit: Permit<table::TagSAMLProvider>,
    input: wire::TagSAMLProviderRequest,
) -> Result<wire::Nothing, Refusal> {
    add(
        call,
        permit,
        Kind::SamlProvider,
        input.saml_provider_arn,
        input.tags,
    )
    .await
}

/// Removes tags from a SAML provider.
pub async fn untag_saml_provider(
    call: Call,
    permit: Permit<table::UntagSAMLProvider>,
    input: wire::UntagSAMLProviderRequest,
) -> Result<wire::Nothing, Refusal> {
    remove(
        call,
        permit,
        Kind::SamlProvider,
        input.saml_provider_arn,
        input.tag_keys,
    )
    .await
}

/// Lists the tags of a SAML provider.
pub async fn list_saml_provider_tags(
    call: Call,
    _permit: Permit<table::ListSAMLProviderTags>,
    input: wire::ListSAMLProviderTagsRequest,
) -> Result<wire::ListSAMLProviderTagsResponse, Refusal> {
    let page = list(
        &call,
        Kind::SamlProvider,
        input.saml_provider_arn,
        input.marker,
        input.max_items,
    )?;
    Ok(wire::ListSAMLProviderTagsResponse {
        is_truncated: page.is_truncated(),
        tags: page.items,
        marker: page.marker,
    })
}

/// Adds tags to a customer managed policy, or changes them.
pub async fn tag_policy(
    call: Call,
    permit: Permit<table::TagPolicy>,
    input: wire::TagPolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    add(call, permit, Kind::Policy, input.policy_arn, input.tags).await
}

/// Removes tags from a customer managed policy.
pub async fn untag_policy(
    call: Call,
    permit: Permit<table::UntagPolicy>,
    input: wire::UntagPolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    remove(call, permit, Kind::Policy, input.policy_arn, input.tag_keys).await
}

/// Lists the tags of a managed policy. AWS's have none.
pub async fn list_policy_tags(
    call: Call,
    _permit: Permit<table::ListPolicyTags>,
    input: wire::ListPolicyTagsRequest,
) -> Result<wire::ListPolicyTagsResponse, Refusal> {
    if input
        .policy_arn
        .as_deref()
        .is_some_and(|arn| aws_managed(arn).is_some())
    {
        return Ok(wire::ListPolicyTagsResponse::default());
    }
    let page = list(
        &call,
        Kind::Policy,
        input.policy_arn,
        input.marker,
        input.max_items,
    )?;
    Ok(wire::ListPolicyTagsResponse {
        is_truncated: page.is_truncated(),
        tags: page.items,
        marker: page.marker,
    })
}

async fn add<Op: Operation<Output = wire::Nothing>>(
    call: Call,
    permit: Permit<Op>,
    kind: Kind,
    name: Option<String>,
    tags: Option<Vec<wire::Tag>>,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let (member, rule) = kind.member();
    let name = checks.required(member, name, rule);
    if tags.is_none() {
        checks.note("tags", None, Constraint::NotNull);
    }
    let tags = checks.tags(tags);
    checks.done()?;
    checks::distinct(&tags)?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut found = Tagged::find(account_of(state, &account)?, kind, &name)?;
        let all = found.tags();
        for tag in &tags {
            all.retain(|before| before.key.to_lowercase() != tag.key.to_lowercase());
            all.push(tag.clone());
        }
        if all.len() > MAX_TAGS {
            return Err(Refusal::new(
                Code::LimitExceeded,
                "The number of tags has reached the maximum limit.",
            ));
        }
        Ok(put(found.into_record()))
    })
    .await
}

async fn remove<Op: Operation<Output = wire::Nothing>>(
    call: Call,
    permit: Permit<Op>,
    kind: Kind,
    name: Option<String>,
    keys: Option<Vec<String>>,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let (member, rule) = kind.member();
    let name = checks.required(member, name, rule);
    let keys = checks.tag_keys(keys);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut found = Tagged::find(account_of(state, &account)?, kind, &name)?;
        found.tags().retain(|tag| {
            let key = tag.key.to_lowercase();
            !keys.iter().any(|gone| gone.to_lowercase() == key)
        });
        Ok(put(found.into_record()))
    })
    .await
}

fn list(
    call: &Call,
    kind: Kind,
    name: Option<String>,
    marker: Option<String>,
    max_items: Option<i64>,
) -> Result<Page<wire::Tag>, Refusal> {
    let mut checks = Checks::default();
    let (member, rule) = kind.member();
    let name = checks.required(member, name, rule);
    let paging = Paging::new(&mut checks, name.to_lowercase(), marker, max_items);
    checks.done()?;
    let mut found = Tagged::find(call.account()?, kind, &name)?;
    let tags = found.tags();
    tags.sort_by_key(|tag| tag.key.to_lowercase());
    let shown = checks::shown(tags);
    let keys = tags.iter().map(|tag| tag.key.to_lowercase());
    paging.cut(call, keys.zip(shown))
}
