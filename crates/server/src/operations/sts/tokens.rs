//! Temporary credentials of users, and of whom they vouch for.

use api::refusal::{Code, Refusal};
use api::table;
use api::wire::sts as wire;
use iam::identity::Rule;
use iam::session::{Issuer, SessionPrincipal, SessionTags, session_tags, user_lifetime};

use super::wanted::{Policies, check_duration, check_token_size, refuse_mfa, refuse_tags};
use crate::authorise::Permit;
use crate::call::Call;
use crate::caller::Principal;
use crate::operations::iam::checks::Checks;
use crate::sessions::{NewSession, issue, packed_size};

/// The shortest and longest sessions, in seconds.
const SHORTEST: i64 = 900;
const LONGEST: i64 = 129_600;

/// Makes temporary credentials of the caller: a user, or root for an hour at most. They do what the caller may do, but
/// neither IAM nor most of STS takes them.
pub async fn get_session_token(
    call: Call,
    _permit: Permit<table::GetSessionToken>,
    input: wire::GetSessionTokenRequest,
) -> Result<wire::GetSessionTokenResponse, Refusal> {
    let principal = match vouching(&call)? {
        Issuer::Root => SessionPrincipal::Root,
        Issuer::User { id, name } => SessionPrincipal::User { id, name },
    };
    let mut checks = Checks::default();
    check_duration(&mut checks, input.duration_seconds, SHORTEST, LONGEST);
    check_token_size(&mut checks, input.minimum_session_token_size);
    checks.done()?;
    refuse_mfa(input.serial_number.as_deref(), input.token_code.as_ref())?;
    let is_root = principal == SessionPrincipal::Root;
    let issued = issue(
        &call,
        NewSession {
            account: call.account_id().to_owned(),
            principal,
            lifetime: user_lifetime(input.duration_seconds, is_root),
            policy: None,
            policy_arns: Vec::new(),
            tags: SessionTags::default(),
            source_identity: None,
            min_token: input.minimum_session_token_size,
        },
    )?;
    Ok(wire::GetSessionTokenResponse {
        credentials: issued.credentials,
        session_token_utilization: issued.utilization,
        session_token_size: issued.size,
    })
}

/// Makes temporary credentials of a user outside IAM. They do what both the caller and the session policies allow: without
/// session policies, nothing.
pub async fn get_federation_token(
    call: Call,
    _permit: Permit<table::GetFederationToken>,
    input: wire::GetFederationTokenRequest,
) -> Result<wire::GetFederationTokenResponse, Refusal> {
    let by = vouching(&call)?;
    let mut checks = Checks::default();
    let name = checks.required("name", input.name, Rule::FEDERATED_USER);
    let policies = Policies::read(&mut checks, input.policy, input.policy_arns);
    check_duration(&mut checks, input.duration_seconds, SHORTEST, LONGEST);
    check_token_size(&mut checks, input.minimum_session_token_size);
    let requested = checks.tags(input.tags);
    checks.done()?;
    policies.accept(call.account()?)?;
    let tags = session_tags(requested, Vec::new(), Vec::new()).map_err(refuse_tags)?;
    let packed = packed_size(policies.inline.as_deref(), &policies.arns, &tags.tags)?;
    let account = call.account_id().to_owned();
    let is_root = by == Issuer::Root;
    let federated_user = wire::FederatedUser {
        federated_user_id: format!("{account}:{name}"),
        arn: format!("arn:aws:sts::{account}:federated-user/{name}"),
    };
    let issued = issue(
        &call,
        NewSession {
            account,
            principal: SessionPrincipal::Federated { name, by },
            lifetime: user_lifetime(input.duration_seconds, is_root),
            policy: policies.inline,
            policy_arns: policies.arns,
            tags,
            source_identity: None,
            min_token: input.minimum_session_token_size,
        },
    )?;
    Ok(wire::GetFederationTokenResponse {
        credentials: issued.credentials,
        session_token_utilization: issued.utilization,
        session_token_size: issued.size,
        federated_user,
        packed_policy_size: packed,
    })
}

/// The caller as one who asks for credentials of its own. The gate has refused sessions before.
fn vouching(call: &Call) -> Result<Issuer, Refusal> {
    let caller = call.caller();
    match &caller.principal {
        Principal::Root if caller.session.is_none() => Ok(Issuer::Root),
        Principal::User { name, id, .. } if caller.session.is_none() => Ok(Issuer::User {
            id: id.clone(),
            name: name.clone(),
        }),
        Principal::Root
        | Principal::User { .. }
        | Principal::AssumedRole { .. }
        | Principal::FederatedUser { .. }
        | Principal::WebIdentity { .. } => Err(Refusal::new(
            Code::AccessDenied,
            format!(
                "Cannot call {} with session credentials",
                call.facts().row.name
            ),
        )),
    }
}
