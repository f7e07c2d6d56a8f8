//! OpenID Connect providers.

use std::sync::Arc;

use api::refusal::{Code, Refusal};
use api::table;
use api::wire::iam as wire;
use iam::identity::{Constraint, OidcProvider, Rule};
use store::Change;
use store::state::{Account, Record};

use super::changes::{self, put};
use super::checks::{self, Checks};
use super::refusals;
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::time::iso_seconds;

/// The most OpenID Connect providers of an account (AWS: 100).
const MAX_PROVIDERS: usize = 100;
/// The most client ids of a provider.
const MAX_CLIENT_IDS: usize = 100;
/// The most thumbprints of a provider.
const MAX_THUMBPRINTS: usize = 5;

/// The provider with this ARN.
///
/// # Errors
/// NoSuchEntity.
pub(super) fn find<'a>(account: &'a Account, arn: &str) -> Result<&'a Arc<OidcProvider>, Refusal> {
    account.oidc_providers.get(arn).ok_or_else(|| {
        Refusal::new(
            Code::NoSuchEntity,
            format!("OpenIDConnect Provider not found for arn {arn}"),
        )
    })
}

/// Creates an OpenID Connect provider. Differs: the issuer is not asked for its certificates, so no thumbprint is added.
pub async fn create_openid_connect_provider(
    call: Call,
    permit: Permit<table::CreateOpenIDConnectProvider>,
    input: wire::CreateOpenIDConnectProviderRequest,
) -> Result<wire::CreateOpenIDConnectProviderResponse, Refusal> {
    let mut checks = Checks::default();
    let url = checks.required("url", input.url, Rule::URL);
    let client_ids = input.client_id_list.unwrap_or_default();
    for (index, id) in client_ids.iter().enumerate() {
        let member = format!("clientIDList.{}.member", index + 1);
        checks.optional(&member, Some(id), Rule::CLIENT_ID);
    }
    let thumbprints = input.thumbprint_list.unwrap_or_default();
    check_thumbprints(&mut checks, &thumbprints);
    let tags = checks.tags(input.tags);
    checks.done()?;
    checks::distinct(&tags)?;
    accept_thumbprints(&thumbprints)?;
    if client_ids.len() > MAX_CLIENT_IDS {
        return Err(too_many_client_ids());
    }
    let issuer = url.strip_prefix("https://").filter(|rest| {
        let host = rest.split('/').next().unwrap_or_default();
        !host.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic()) && !rest.contains(['?', '#'])
    });
    let Some(issuer) = issuer else {
        return Err(Refusal::new(
            Code::InvalidInput,
            "Invalid Open ID Connect Provider URL",
        ));
    };
    let provider = OidcProvider {
        account: call.account_id().to_owned(),
        url: issuer.to_owned(),
        created: call.now(),
        client_ids,
        thumbprints,
        tags,
    };
    call.commit(permit, move |state| {
        let account = account_of(state, &provider.account)?;
        if find(account, &provider.arn()).is_ok() {
            return Err(Refusal::new(
                Code::EntityAlreadyExists,
                format!("Provider with url https://{} already exists.", provider.url),
            ));
        }
        if account.oidc_providers.len() >= MAX_PROVIDERS {
            return Err(refusals::quota_reached(
                "OpenIdConnectProvidersPerAccount",
                MAX_PROVIDERS,
            ));
        }
        let output = wire::CreateOpenIDConnectProviderResponse {
            openid_connect_provider_arn: provider.arn(),
            tags: (!provider.tags.is_empty()).then(|| checks::shown(&provider.tags)),
        };
        Ok(Decided {
            changes: vec![Change::put(Record::OidcProvider(provider.clone()))],
            output,
        })
    })
    .await
}

/// Describes an OpenID Connect provider.
pub async fn get_openid_connect_provider(
    call: Call,
    _permit: Permit<table::GetOpenIDConnectProvider>,
    input: wire::GetOpenIDConnectProviderRequest,
) -> Result<wire::GetOpenIDConnectProviderResponse, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required(MEMBER, input.openid_connect_provider_arn, Rule::ARN);
    checks.done()?;
    let provider = find(call.account()?, &arn)?;
    Ok(wire::GetOpenIDConnectProviderResponse {
        url: provider.url.clone(),
        client_id_list: provider.client_ids.clone(),
        thumbprint_list: provider.thumbprints.clone(),
        create_date: iso_seconds(provider.created),
        tags: Some(checks::shown(&provider.tags)),
    })
}

/// Lists the account's OpenID Connect providers.
pub async fn list_openid_connect_providers(
    call: Call,
    _permit: Permit<table::ListOpenIDConnectProviders>,
    _input: wire::ListOpenIDConnectProvidersRequest,
) -> Result<wire::ListOpenIDConnectProvidersResponse, Refusal> {
    let providers = call.account()?.oidc_providers.keys();
    Ok(wire::ListOpenIDConnectProvidersResponse {
        openid_connect_provider_list: providers
            .map(|arn| wire::OpenIDConnectProviderListEntry { arn: arn.clone() })
            .collect(),
    })
}

/// Deletes an OpenID Connect provider. Deleting it again changes nothing.
pub async fn delete_openid_connect_provider(
    call: Call,
    permit: Permit<table::DeleteOpenIDConnectProvider>,
    input: wire::DeleteOpenIDConnectProviderRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required(MEMBER, input.openid_connect_provider_arn, Rule::ARN);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        // AWS: the action succeeds for a provider that is gone already.
        Ok(match find(account_of(state, &account)?, &arn) {
            Ok(provider) => changes::delete(&Record::OidcProvider((**provider).clone())),
            Err(_) => Decided {
                changes: Vec::new(),
                output: wire::Nothing,
            },
        })
    })
    .await
}

/// Changes the thumbprints of an OpenID Connect provider.
pub async fn update_openid_connect_provider_thumbprint(
    call: Call,
    permit: Permit<table::UpdateOpenIDConnectProviderThumbprint>,
    input: wire::UpdateOpenIDConnectProviderThumbprintRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required(MEMBER, input.openid_connect_provider_arn, Rule::ARN);
    if input.thumbprint_list.is_none() {
        checks.note("thumbprintList", None, Constraint::NotNull);
    }
    let thumbprints = input.thumbprint_list.unwrap_or_default();
    check_thumbprints(&mut checks, &thumbprints);
    checks.done()?;
    accept_thumbprints(&thumbprints)?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut provider = (**find(account_of(state, &account)?, &arn)?).clone();
        provider.thumbprints.clone_from(&thumbprints);
        Ok(put(Record::OidcProvider(provider)))
    })
    .await
}

/// Adds a client id. Adding it again changes nothing.
pub async fn add_client_id_to_openid_connect_provider(
    call: Call,
    permit: Permit<table::AddClientIDToOpenIDConnectProvider>,
    input: wire::AddClientIDToOpenIDConnectProviderRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required(MEMBER, input.openid_connect_provider_arn, Rule::ARN);
    let client = checks.required("clientID", input.client_id, Rule::CLIENT_ID);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut provider = (**find(account_of(state, &account)?, &arn)?).clone();
        if !provider.client_ids.contains(&client) {
            if provider.client_ids.len() >= MAX_CLIENT_IDS {
                return Err(too_many_client_ids());
            }
            provider.client_ids.push(client.clone());
        }
        Ok(put(Record::OidcProvider(provider)))
    })
    .await
}

/// Removes a client id. Removing it again changes nothing.
pub async fn remove_client_id_from_openid_connect_provider(
    call: Call,
    permit: Permit<table::RemoveClientIDFromOpenIDConnectProvider>,
    input: wire::RemoveClientIDFromOpenIDConnectProviderRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required(MEMBER, input.openid_connect_provider_arn, Rule::ARN);
    let client = checks.required("clientID", input.client_id, Rule::CLIENT_ID);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut provider = (**find(account_of(state, &account)?, &arn)?).clone();
        provider.client_ids.retain(|id| *id != client);
        Ok(put(Record::OidcProvider(provider)))
    })
    .await
}

const MEMBER: &str = "openIDConnectProviderArn";

fn check_thumbprints(checks: &mut Checks, thumbprints: &[String]) {
    for (index, thumbprint) in thumbprints.iter().enumerate() {
        let member = format!("thumbprintList.{}.member", index + 1);
        checks.optional(&member, Some(thumbprint), Rule::THUMBPRINT);
    }
}

fn accept_thumbprints(thumbprints: &[String]) -> Result<(), Refusal> {
    if thumbprints.len() > MAX_THUMBPRINTS {
        return Err(Refusal::new(
            Code::InvalidInput,
            "Thumbprint list must contain fewer than 5 entries.",
        ));
    }
    let is_hex = |text: &String| text.bytes().all(|b| b.is_ascii_hexdigit());
    if thumbprints.iter().all(is_hex) {
        Ok(())
    } else {
        Err(Refusal::new(Code::InvalidInput, "Invalid thumbprint"))
    }
}

fn too_many_client_ids() -> Refusal {
    refusals::quota_reached("ClientIdsPerOpenIdConnectProvider", MAX_CLIENT_IDS)
}
