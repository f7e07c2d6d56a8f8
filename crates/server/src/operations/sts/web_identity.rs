//! AssumeRoleWithWebIdentity.

use api::refusal::{Code, Refusal};
use api::table;
use api::wire::sts as wire;
use iam::identity::Rule;
use iam::session::{SessionPrincipal, role_lifetime, session_tags};

use super::assume_role::{LONGEST, SHORTEST};
use super::wanted::{Policies, check_duration, check_token_size, refuse_tags};
use crate::authorise::Permit;
use crate::call::{Call, account_of};
use crate::caller::Principal;
use crate::operations::iam::checks::Checks;
use crate::sessions::trust::RoleName;
use crate::sessions::{NewSession, issue, packed_size};

/// Makes temporary credentials of a role that trusts the provider that vouches for the caller. The token was verified to
/// know the caller, and the gate has asked the role's trust policy.
pub async fn assume_role_with_web_identity(
    call: Call,
    _permit: Permit<table::AssumeRoleWithWebIdentity>,
    input: wire::AssumeRoleWithWebIdentityRequest,
) -> Result<wire::AssumeRoleWithWebIdentityResponse, Refusal> {
    let Principal::WebIdentity {
        provider,
        issuer,
        identity,
        ..
    } = &call.caller().principal
    else {
        return Err(Refusal::internal("the caller has no web identity"));
    };
    let mut checks = Checks::default();
    let role_arn = checks.required("roleArn", input.role_arn, Rule::ARN);
    let session_name = checks.required(
        "roleSessionName",
        input.role_session_name,
        Rule::ROLE_SESSION_NAME,
    );
    let policies = Policies::read(&mut checks, input.policy, input.policy_arns);
    check_duration(&mut checks, input.duration_seconds, SHORTEST, LONGEST);
    check_token_size(&mut checks, input.minimum_session_token_size);
    checks.optional(
        "sourceIdentity",
        identity.source_identity.as_deref(),
        Rule::SOURCE_IDENTITY,
    );
    for (index, tag) in identity.tags.iter().enumerate() {
        let at = |part: &str| format!("tags.{}.member.{part}", index + 1);
        checks.optional(&at("key"), Some(&tag.key), Rule::TAG_KEY);
        checks.optional(&at("value"), Some(&tag.value), Rule::TAG_VALUE);
    }
    checks.done()?;
    let invalid = || Refusal::new(Code::ValidationError, format!("{role_arn} is invalid"));
    let named = RoleName::parse(&role_arn).ok_or_else(invalid)?;
    let role = &named
        .find(call.state())
        .ok_or_else(|| Refusal::internal("the role that trusts the caller is gone"))?
        .role;
    policies.accept(account_of(call.state(), &role.account)?)?;
    let lifetime = role_lifetime(input.duration_seconds, role.max_session, false)
        .map_err(|error| Refusal::new(Code::ValidationError, error.to_string()))?;
    let (tags, transitive) = (identity.tags.clone(), identity.transitive.clone());
    let tags = session_tags(tags, transitive, Vec::new()).map_err(refuse_tags)?;
    let packed = packed_size(policies.inline.as_deref(), &policies.arns, &tags.tags)?;
    let assumed_role_user = wire::AssumedRoleUser {
        assumed_role_id: format!("{}:{session_name}", role.id),
        arn: format!(
            "arn:aws:sts::{}:assumed-role/{}/{session_name}",
            role.account, role.name
        ),
    };
    let issued = issue(
        &call,
        NewSession {
            account: role.account.clone(),
            principal: SessionPrincipal::Role {
                id: role.id.clone(),
                name: role.name.clone(),
                session: session_name,
                provider: Some(provider.clone()),
            },
            lifetime,
            policy: policies.inline,
            policy_arns: policies.arns,
            tags,
            source_identity: identity.source_identity.clone(),
            min_token: input.minimum_session_token_size,
        },
    )?;
    Ok(wire::AssumeRoleWithWebIdentityResponse {
        credentials: issued.credentials,
        subject_from_web_identity_token: identity.subject.clone(),
        assumed_role_user,
        packed_policy_size: packed,
        provider: format!("https://{issuer}"),
        audience: identity.audience.clone(),
        source_identity: identity.source_identity.clone(),
        session_token_utilization: issued.utilization,
        session_token_size: issued.size,
    })
}
