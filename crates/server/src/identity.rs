//! From a request to its caller: the signature is verified here and nowhere else.

use api::row::Service;
use sigv4::{AuthError, Family, SecretKey};
use store::state::State;

use crate::caller::Caller;
use crate::incoming::Incoming;
use crate::services::Services;
use iam::identity::AccessKey;

/// How the service spells authentication errors.
pub fn family(service: Service) -> Family {
    match service {
        Service::Mq => Family::RestJson,
        Service::Iam | Service::Sts => Family::Query,
        Service::Ec2 => Family::Ec2,
    }
}

/// A verified request: who sent it, and the region of its credential scope.
pub struct Verified {
    /// The caller.
    pub caller: Caller,
    /// The region.
    pub region: String,
}

/// Verifies a request for the service that will answer it.
///
/// # Errors
/// AWS's refusal, in AWS's order of checks.
pub fn verify(
    services: &Services,
    state: &State,
    incoming: &Incoming,
    service: Service,
    now: i64,
) -> Result<Verified, AuthError> {
    let headers: Vec<sigv4::Header<'_>> = incoming
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_slice()))
        .collect();
    let request = sigv4::Request {
        method: &incoming.method,
        target: incoming.target.as_bytes(),
        headers: &headers,
        body: &incoming.body,
    };
    let mut regions: Vec<&str> = services
        .settings
        .regions
        .iter()
        .map(|region| region.name.as_str())
        .collect();
    match service {
        // IAM and STS are global: SDKs sign for us-east-1, wherever the endpoint is.
        Service::Iam | Service::Sts => regions.push("us-east-1"),
        Service::Mq | Service::Ec2 => {}
    }
    let row = sigv4::Service {
        name: service.name(),
        family: family(service),
        window: services.settings.clock_window(service),
        regions: &regions,
        presigned: !services.settings.presigned_off.contains(&service),
    };
    let claim = sigv4::examine(&request, &row, now.div_euclid(1000))?;
    // Temporary credentials do not exist yet, so a token is never one of ours.
    if claim.session_token().is_some() {
        return Err(AuthError::TokenInvalid);
    }
    let key_id = claim.access_key_id();
    let found = Caller::of_key(state, key_id).zip(state.access_key(key_id));
    let Some((caller, key)) = found else {
        return Err(claim.verify_unknown(&services.signing_keys));
    };
    let identity = AccessKey::seal_identity(&key.account, &key.id);
    let secret = match services.open(&key.sealed_secret, &identity) {
        Ok(secret) => secret,
        Err(error) => {
            tracing::error!(access_key = key_id, error = %error, "an access key's secret does not open");
            return Err(claim.verify_unknown(&services.signing_keys));
        }
    };
    let Ok(secret) = std::str::from_utf8(&secret) else {
        return Err(claim.verify_unknown(&services.signing_keys));
    };
    let secret = SecretKey::new(secret);
    claim.verify(&secret, &services.signing_keys)?;
    Ok(Verified {
        caller,
        region: claim.region().to_owned(),
    })
}
