//! AssumeRole.

use api::refusal::{Code, Refusal};
use api::table;
use api::wire::sts as wire;
use iam::identity::Rule;
use iam::session::{SessionPrincipal, role_lifetime, session_tags};

use super::wanted::{Policies, check_duration, check_token_size, refuse_mfa, refuse_tags};
use crate::authorise::Permit;
use crate::call::{Call, account_of};
use crate::caller::Principal;
use crate::operations::iam::checks::Checks;
use crate::sessions::trust::RoleName;
use crate::sessions::{NewSession, issue, packed_size};

/// The shortest and longest sessions, in seconds.
pub(super) const SHORTEST: i64 = 900;
pub(super) const LONGEST: i64 = 43_200;
/// The most keys of transitive tags.
const MAX_KEYS: usize = 50;

/// Makes temporary credentials of a role. The gate has asked the role's trust policy.
pub async fn assume_role(
    call: Call,
    _permit: Permit<table::AssumeRole>,
    input: wire::AssumeRoleRequest,
) -> Result<wire::AssumeRoleResponse, Refusal> {
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
    let requested = checks.tags(input.tags);
    let transitive = input.transitive_tag_keys.unwrap_or_default();
    if transitive.len() > MAX_KEYS {
        checks.note(
            "transitiveTagKeys",
            None,
            iam::identity::Constraint::MaxLength(MAX_KEYS),
        );
    }
    checks.optional(
        "externalId",
        input.external_id.as_deref(),
        Rule::EXTERNAL_ID,
    );
    checks.optional(
        "sourceIdentity",
        input.source_identity.as_deref(),
        Rule::SOURCE_IDENTITY,
    );
    checks.done()?;
    refuse_mfa(input.serial_number.as_deref(), input.token_code.as_ref())?;

    let named = RoleName::parse(&role_arn)
        .ok_or_else(|| Refusal::new(Code::ValidationError, format!("{role_arn} is invalid")))?;
    let role = &named
        .find(call.state())
        .ok_or_else(|| Refusal::internal("the role that trusts the caller is gone"))?
        .role;
    policies.accept(account_of(call.state(), &role.account)?)?;
    let session = call.caller().session.as_ref().map(|live| &live.session);
    let is_chained = matches!(call.caller().principal, Principal::AssumedRole { .. });
    let lifetime = role_lifetime(input.duration_seconds, role.max_session, is_chained)
        .map_err(|error| Refusal::new(Code::ValidationError, error.to_string()))?;
    let inherited = session
        .map(|session| session.inherited_tags().cloned().collect())
        .unwrap_or_default();
    let tags = session_tags(requested, transitive, inherited).map_err(refuse_tags)?;
    let source_identity = source_identity(
        session.and_then(|session| session.source_identity.as_deref()),
        input.source_identity,
    )?;
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
                provider: None,
            },
            lifetime,
            policy: policies.inline,
            policy_arns: policies.arns,
            tags,
            source_identity: source_identity.clone(),
            min_token: input.minimum_session_token_size,
        },
    )?;
    Ok(wire::AssumeRoleResponse {
        credentials: issued.credentials,
        session_token_utilization: issued.utilization,
        session_token_size: issued.size,
        assumed_role_user,
        packed_policy_size: packed,
        source_identity,
    })
}

/// The source identity of the session: what the caller's session has cannot be changed.
fn source_identity(
    inherited: Option<&str>,
    requested: Option<String>,
) -> Result<Option<String>, Refusal> {
    match (inherited, requested) {
        (Some(inherited), Some(requested)) if inherited != requested => Err(Refusal::new(
            Code::AccessDenied,
            "Source identity cannot be changed after it has been set",
        )),
        (Some(inherited), _) => Ok(Some(inherited.to_owned())),
        (None, requested) => Ok(requested),
    }
}
