//! Callers that a registered OpenID Connect provider vouches for. They have no key and sign nothing: their token is verified
//! here, with the provider's keys, before anything else of the request is believed.
//!
//! The keys stand in a file that the operator names (`--oidc-keys`); it is read at each call, so a rotation needs no restart.
//! Differs: AWS fetches them from the issuer. The server fetches nothing by itself.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use api::refusal::{Code, Refusal};
use iam::identity::{OidcProvider, Rule};
use iam::session::{Jwt, JwtError, KeySet, PublicKey};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde_json::Value;
use store::state::State;

use super::trust::RoleName;
use crate::caller::{Caller, Principal, TokenKeys};
use crate::operations::iam::checks::Checks;
use crate::services::Services;

/// The largest file of keys, in bytes.
const MAX_KEYS: u64 = 1 << 20;
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
    let file = services
        .settings
        .oidc_keys
        .get(issuer)
        .ok_or_else(|| unverifiable(format!("no file of keys is given for {issuer}")))?
        .clone();
    let keys = tokio::task::spawn_blocking(move || read(&file))
        .await
        .map_err(Refusal::internal)?
        .map_err(unverifiable)?;
    let mut candidates = keys
        .candidates(jwt.algorithm, jwt.key_id.as_deref())
        .peekable();
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

fn read(file: &Path) -> Result<KeySet, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let open = std::fs::File::open(file).map_err(|error| failed(&error))?;
    let mut text = String::new();
    open.take(MAX_KEYS)
        .read_to_string(&mut text)
        .map_err(|error| failed(&error))?;
    KeySet::parse(&text).map_err(|error| failed(&error))
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
