//! SAML 2.0 providers.

use std::sync::Arc;

use api::refusal::{Code, Refusal};
use api::table;
use api::wire::iam as wire;
use iam::identity::{Rule, SamlProvider};
use store::Change;
use store::state::{Account, Record};

use super::changes;
use super::checks::{self, Checks};
use super::refusals;
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::time::iso_seconds;

/// The most SAML providers of an account (AWS: 100).
const MAX_PROVIDERS: usize = 100;
const MEMBER: &str = "samlProviderArn";

/// The provider with this ARN.
///
/// # Errors
/// NoSuchEntity.
pub(super) fn find<'a>(account: &'a Account, arn: &str) -> Result<&'a Arc<SamlProvider>, Refusal> {
    account.saml_providers.get(arn).ok_or_else(|| {
        Refusal::new(
            Code::NoSuchEntity,
            format!("Manifest not found for arn {arn}"),
        )
    })
}

/// Creates a SAML provider.
pub async fn create_saml_provider(
    call: Call,
    permit: Permit<table::CreateSAMLProvider>,
    input: wire::CreateSAMLProviderRequest,
) -> Result<wire::CreateSAMLProviderResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("name", input.name, Rule::SAML_NAME);
    let metadata = metadata(&mut checks, input.saml_metadata_document, true);
    let tags = checks.tags(input.tags);
    checks.done()?;
    checks::distinct(&tags)?;
    let metadata = metadata.unwrap_or_default();
    accept(&metadata)?;
    let provider = SamlProvider {
        account: call.account_id().to_owned(),
        name,
        id: brokers::ids::uuid_v4(call.random()?),
        created: call.now(),
        metadata,
        tags,
    };
    call.commit(permit, move |state| {
        let account = account_of(state, &provider.account)?;
        if find(account, &provider.arn()).is_ok() {
            return Err(Refusal::new(
                Code::EntityAlreadyExists,
                format!("SAMLProvider with name {} already exists.", provider.name),
            ));
        }
        if account.saml_providers.len() >= MAX_PROVIDERS {
            return Err(refusals::quota_reached(
                "SAMLProvidersPerAccount",
                MAX_PROVIDERS,
            ));
        }
        let output = wire::CreateSAMLProviderResponse {
            saml_provider_arn: provider.arn(),
            tags: (!provider.tags.is_empty()).then(|| checks::shown(&provider.tags)),
        };
        Ok(Decided {
            changes: vec![Change::put(Record::SamlProvider(provider.clone()))],
            output,
        })
    })
    .await
}

/// Describes a SAML provider.
pub async fn get_saml_provider(
    call: Call,
    _permit: Permit<table::GetSAMLProvider>,
    input: wire::GetSAMLProviderRequest,
) -> Result<wire::GetSAMLProviderResponse, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required(MEMBER, input.saml_provider_arn, Rule::ARN);
    checks.done()?;
    let provider = find(call.account()?, &arn)?;
    Ok(wire::GetSAMLProviderResponse {
        saml_provider_uuid: provider.id.clone(),
        saml_metadata_document: provider.metadata.clone(),
        create_date: iso_seconds(provider.created),
        valid_until: None,
        tags: Some(checks::shown(&provider.tags)),
    })
}

/// Lists the account's SAML providers.
pub async fn list_saml_providers(
    call: Call,
    _permit: Permit<table::ListSAMLProviders>,
    _input: wire::ListSAMLProvidersRequest,
) -> Result<wire::ListSAMLProvidersResponse, Refusal> {
    let providers = call.account()?.saml_providers.values();
    Ok(wire::ListSAMLProvidersResponse {
        saml_provider_list: providers
            .map(|provider| wire::SAMLProviderListEntry {
                arn: provider.arn(),
                valid_until: None,
                create_date: iso_seconds(provider.created),
            })
            .collect(),
    })
}

/// Changes the metadata of a SAML provider.
pub async fn update_saml_provider(
    call: Call,
    permit: Permit<table::UpdateSAMLProvider>,
    input: wire::UpdateSAMLProviderRequest,
) -> Result<wire::UpdateSAMLProviderResponse, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required(MEMBER, input.saml_provider_arn, Rule::ARN);
    let metadata = metadata(&mut checks, input.saml_metadata_document, false);
    checks.done()?;
    if let Some(metadata) = &metadata {
        accept(metadata)?;
    }
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut provider = (**find(account_of(state, &account)?, &arn)?).clone();
        if let Some(metadata) = &metadata {
            provider.metadata.clone_from(metadata);
        }
        Ok(Decided {
            changes: vec![Change::put(Record::SamlProvider(provider))],
            output: wire::UpdateSAMLProviderResponse {
                saml_provider_arn: arn.clone(),
            },
        })
    })
    .await
}

/// Deletes a SAML provider.
pub async fn delete_saml_provider(
    call: Call,
    permit: Permit<table::DeleteSAMLProvider>,
    input: wire::DeleteSAMLProviderRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required(MEMBER, input.saml_provider_arn, Rule::ARN);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let provider = find(account_of(state, &account)?, &arn)?;
        Ok(changes::delete(&Record::SamlProvider((**provider).clone())))
    })
    .await
}

/// Checks the length of the metadata, which is not shown in the refusal.
fn metadata(checks: &mut Checks, document: Option<String>, required: bool) -> Option<String> {
    if document.is_some() || required {
        checks.long(
            "samlMetadataDocument",
            document.as_deref(),
            Rule::SAML_METADATA,
        );
    }
    document
}

/// Refuses what is not a metadata document: XML without a DTD, whose root describes an entity.
fn accept(metadata: &str) -> Result<(), Refusal> {
    let is_descriptor = roxmltree::Document::parse(metadata)
        .is_ok_and(|document| document.root_element().tag_name().name() == "EntityDescriptor");
    if is_descriptor {
        Ok(())
    } else {
        Err(Refusal::new(Code::InvalidInput, "Could not parse metadata"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_the_description_of_an_entity() {
        for (metadata, valid) in [
            (
                "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"/>",
                true,
            ),
            ("<EntityDescriptor", false),
            ("<other/>", false),
            ("<!DOCTYPE a [<!ENTITY b \"c\">]><EntityDescriptor/>", false),
        ] {
            assert_eq!(accept(metadata).is_ok(), valid, "{metadata}");
        }
    }
}
