//! What users may have on AWS and never have here: clients ask for these lists before they delete a user.

use api::refusal::Refusal;
use api::table;
use api::wire::iam as wire;
use iam::identity::Rule;

use super::checks::Checks;
use super::paging::Paging;
use super::users;
use crate::authorise::Permit;
use crate::call::Call;

/// Checks the members of a request for a list that is always empty.
fn check(
    call: &Call,
    user: Option<String>,
    marker: Option<String>,
    max_items: Option<i64>,
) -> Result<(), Refusal> {
    let mut checks = Checks::default();
    checks.optional("userName", user.as_deref(), Rule::USER);
    let list = user.clone().unwrap_or_default();
    let paging = Paging::new(&mut checks, list, marker, max_items);
    checks.done()?;
    if let Some(user) = &user {
        users::find(call.account()?, user)?;
    }
    // A marker was never given out, so any is wrong.
    paging
        .cut(call, std::iter::empty::<(String, ())>())
        .map(|_| ())
}

/// Lists a user's SSH public keys.
pub async fn list_ssh_public_keys(
    call: Call,
    _permit: Permit<table::ListSSHPublicKeys>,
    input: wire::ListSSHPublicKeysRequest,
) -> Result<wire::ListSSHPublicKeysResponse, Refusal> {
    check(&call, input.user_name, input.marker, input.max_items)?;
    Ok(Default::default())
}

/// Lists a user's MFA devices.
pub async fn list_mfa_devices(
    call: Call,
    _permit: Permit<table::ListMFADevices>,
    input: wire::ListMFADevicesRequest,
) -> Result<wire::ListMFADevicesResponse, Refusal> {
    check(&call, input.user_name, input.marker, input.max_items)?;
    Ok(Default::default())
}

/// Lists the account's virtual MFA devices.
pub async fn list_virtual_mfa_devices(
    call: Call,
    _permit: Permit<table::ListVirtualMFADevices>,
    input: wire::ListVirtualMFADevicesRequest,
) -> Result<wire::ListVirtualMFADevicesResponse, Refusal> {
    check(&call, None, input.marker, input.max_items)?;
    Ok(Default::default())
}

/// Lists a user's signing certificates.
pub async fn list_signing_certificates(
    call: Call,
    _permit: Permit<table::ListSigningCertificates>,
    input: wire::ListSigningCertificatesRequest,
) -> Result<wire::ListSigningCertificatesResponse, Refusal> {
    check(&call, input.user_name, input.marker, input.max_items)?;
    Ok(Default::default())
}

/// Lists a user's credentials for single services.
pub async fn list_service_specific_credentials(
    call: Call,
    _permit: Permit<table::ListServiceSpecificCredentials>,
    input: wire::ListServiceSpecificCredentialsRequest,
) -> Result<wire::ListServiceSpecificCredentialsResponse, Refusal> {
    check(&call, input.user_name, input.marker, input.max_items)?;
    Ok(Default::default())
}

/// Lists the account's server certificates.
pub async fn list_server_certificates(
    call: Call,
    _permit: Permit<table::ListServerCertificates>,
    input: wire::ListServerCertificatesRequest,
) -> Result<wire::ListServerCertificatesResponse, Refusal> {
    check(&call, None, input.marker, input.max_items)?;
    Ok(Default::default())
}
