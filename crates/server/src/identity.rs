//! From a request to its caller: the signature is verified here and nowhere else.

use api::row::Service;
use sigv4::{AuthError, Family};
use store::state::State;

use crate::caller::Caller;
use crate::incoming::Incoming;
use crate::opened::with_secret;
use crate::services::Services;
use crate::sessions;
use iam::session::is_temporary_key_id;

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
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
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
    let key_id = claim.access_key_id();
    match (is_temporary_key_id(key_id), claim.session_token()) {
        (true, Some(token)) => return verify_session(services, state, &claim, token, service, now),
        (true, None) | (false, Some(_)) => return Err(AuthError::TokenInvalid),
        (false, None) => {}
    }
    let found = Caller::of_key(state, key_id).zip(state.access_key(key_id));
    let Some((caller, key)) = found else {
        return Err(claim.verify_unknown(&services.signing_keys));
    };
    let verified = with_secret(services, key, |secret| {
        claim.verify(secret, &services.signing_keys)
    });
    match verified {
        Ok(verified) => verified?,
        Err(error) => {
            tracing::error!(access_key = key_id, error = %error, "an access key's secret does not open");
            return Err(claim.verify_unknown(&services.signing_keys));
        }
    };
    Ok(Verified {
        caller,
        region: claim.region().to_owned(),
    })
}

/// Verifies a request that is signed with temporary credentials. The token holds the secret, and it is only read because it
/// opens: it is sealed for this very key.
fn verify_session(
    services: &Services,
    state: &State,
    claim: &sigv4::Claim<'_>,
    token: &str,
    service: Service,
    now: i64,
) -> Result<Verified, AuthError> {
    // Order: AWS judges the token, then its time, before the key and the signature.
    let live =
        sessions::open(services, claim.access_key_id(), token).ok_or(AuthError::TokenInvalid)?;
    if live.session.is_expired(now.div_euclid(1000)) {
        return Err(AuthError::TokenExpired);
    }
    let caller = Caller::of_session(state, &live).ok_or(AuthError::TokenInvalid)?;
    claim.verify(&live.secret, &services.signing_keys)?;
    match service {
        // AWS: IAM does not know sessions of users without MFA, nor federated users.
        Service::Iam if !sessions::may_call_iam(&live.session) => {
            return Err(AuthError::TokenInvalid);
        }
        Service::Iam | Service::Mq | Service::Sts | Service::Ec2 => {}
    }
    Ok(Verified {
        caller,
        region: claim.region().to_owned(),
    })
}
