//! Callers that a registered OpenID Connect provider vouches for. They have no key and sign nothing: their token is verified
//! here, with the provider's keys, before anything else of the request is believed.
//!
//! The keys are where the operator says (`--oidc-keys`). Differs: AWS asks the issuer where they are; here nothing that a caller
//! registers leads to a request.

use std::sync::Arc;

use api::refusal::{Code, Refusal};
use iam::identity::{OidcProvider, Rule};
use iam::session::{Jwt, JwtError, PublicKey};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde_json::Value;
use store::state::State;

use super::trust::RoleName;
use crate::caller::{Caller, Principal, TokenKeys};
use crate::operations::iam::checks::Checks;
use crate::services::Services;

/// A token's length.
const TOKEN: Rule = Rule {
    min: 4,
    max: 20_000,
    pattern: None,
};

/// The caller that the token of the request stands for.
///
/// # Errors
/// AWS's refusals of tokens.
pub(crate) async fn verify(
    services: &Services,
    state: &State,
    members: &Value,
    now: i64,
) -> Result<Caller, Refusal> {
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut checks = Checks::default();
    let role_arn = checks.required("roleArn", text("roleArn"), Rule::ARN);
    if text("webIdentityToken").is_none_or(|token| !TOKEN.broken_by(&token).is_empty()) {
        // The token is not shown.
        let constraint = iam::identity::Constraint::NotNull;
        checks.note("webIdentityToken", None, constraint);
    }
    checks.done()?;
    let token = text("webIdentityToken").unwrap_or_default();
    let role = RoleName::parse(&role_arn)
        .ok_or_else(|| Refusal::new(Code::ValidationError, format!("{role_arn} is invalid")))?;
    let jwt = Jwt::parse(&token).map_err(refuse)?;
    let issuer = jwt.issuer().map_err(refuse)?;
    let arn = OidcProvider::arn_of(role.account(), issuer);
    let provider = state
        .account(role.account())
        .and_then(|account| account.oidc_providers.get(&arn))
        .ok_or_else(|| {
            Refusal::new(
                Code::InvalidIdentityToken,
                format!("No OpenIDConnect provider found in your account for https://{issuer}"),
            )
        })?;
    let unverifiable = |cause: String| {
        Refusal::new(
            Code::InvalidIdentityToken,
            "Couldn't retrieve verification key from your identity provider,  please reference \
             AssumeRoleWithWebIdentity documentation for requirements",
        )
        .because(cause)
    };
    let (algorithm, key_id) = (jwt.algorithm, jwt.key_id.as_deref());
    let keys = services
        .provider_keys
        .of(issuer, now, |keys| {
            keys.candidates(algorithm, key_id).next().is_some()
        })
        .await
        .map_err(|error| unverifiable(error.to_string()))?;
    let mut candidates = keys.candidates(algorithm, key_id).peekable();
    if candidates.peek().is_none() {
        return Err(unverifiable("the provider has no such key".into()));
    }
    if !candidates.any(|key| is_signed(key, &jwt)) {
        return Err(Refusal::new(
            Code::InvalidIdentityToken,
            "Provided Token's signature is invalid",
        ));
    }
    let seconds = now.div_euclid(1000);
    let identity = jwt
        .identity(&provider.client_ids, seconds)
        .map_err(refuse)?;
    Ok(Caller {
        account: role.account().to_owned(),
        access_key_id: String::new(),
        principal: Principal::WebIdentity {
            id: format!("{arn}:{}:{}", identity.audience, identity.subject),
            provider: arn,
            keys: TokenKeys::of(issuer),
            issuer: issuer.to_owned(),
            identity: Arc::new(identity),
        },
        session: None,
    })
}

fn refuse(error: JwtError) -> Refusal {
    let code = match error {
        JwtError::Malformed | JwtError::Claim(_) | JwtError::Audience | JwtError::NotYet => {
            Code::InvalidIdentityToken
        }
        JwtError::Expired { .. } => Code::ExpiredTokenException,
    };
    Refusal::new(code, error.to_string())
}

/// Whether the key made the token's signature. RSA keys have 2,048 to 8,192 bits.
fn is_signed(key: &PublicKey, jwt: &Jwt<'_>) -> bool {
    match key {
        PublicKey::Rsa { modulus, exponent } => RsaPublicKeyComponents {
            n: modulus,
            e: exponent,
        }
        .verify(&RSA_PKCS1_2048_8192_SHA256, jwt.signed, &jwt.signature),
        PublicKey::P256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(jwt.signed, &jwt.signature),
    }
    .is_ok()
}
