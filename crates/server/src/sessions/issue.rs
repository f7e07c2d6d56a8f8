//! Making sessions.

use api::refusal::{Code, Refusal};
use api::secret::Secret;
use api::wire::sts as wire;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use iam::AccountId;
use iam::session::{Session, SessionPrincipal, SessionTags, temporary_key_id};
use zeroize::Zeroizing;

use super::token;
use crate::call::Call;
use crate::time::iso_seconds;

/// The longest token, in bytes, as on AWS.
pub(crate) const MAX_TOKEN: i64 = 4_096;
/// The random bytes of a secret, as of long-term keys.
const SECRET_BYTES: usize = 30;

/// A session about to be made.
pub(crate) struct NewSession {
    /// The account that the session is in.
    pub account: String,
    /// Whose session it is.
    pub principal: SessionPrincipal,
    /// How long it lasts, in seconds.
    pub lifetime: i64,
    /// The inline session policy.
    pub policy: Option<String>,
    /// ARNs of managed session policies.
    pub policy_arns: Vec<String>,
    /// Its tags.
    pub tags: SessionTags,
    /// Its source identity.
    pub source_identity: Option<String>,
    /// How long its token has to be at least, in bytes, at most [`MAX_TOKEN`].
    pub min_token: Option<i64>,
}

/// Credentials that were made.
pub(crate) struct Issued {
    /// As they are answered, this once.
    pub credentials: wire::Credentials,
    /// The size of the token in bytes.
    pub size: i64,
    /// Its share of [`MAX_TOKEN`] in per cent.
    pub utilization: i64,
}

/// Makes the credentials of a session. Nothing is stored; where the call could not be recorded none are made.
///
/// # Errors
/// The audit journal cannot be written, or the machine has no randomness.
pub(crate) fn issue(call: &Call, new: NewSession) -> Result<Issued, Refusal> {
    if !call.services().store.journal().writable() {
        return Err(Refusal::new(
            Code::ServiceUnavailable,
            "Service is unable to handle request. Retrying your request might resolve the issue.",
        )
        .because("the audit journal cannot be written"));
    }
    let account = AccountId::parse(&new.account).map_err(Refusal::internal)?;
    let min_token = new.min_token.and_then(|size| usize::try_from(size).ok());
    let issued = call.now().div_euclid(1000);
    let session = Session {
        key_id: temporary_key_id(&account, call.random()?),
        account: new.account,
        principal: new.principal,
        issued,
        expires: issued.saturating_add(new.lifetime),
        policy: new.policy,
        policy_arns: new.policy_arns,
        tags: new.tags.tags,
        transitive: new.tags.transitive,
        source_identity: new.source_identity,
    };
    let random = Zeroizing::new(call.random::<SECRET_BYTES>()?);
    let secret = Zeroizing::new(STANDARD.encode(random.as_slice()));
    let token =
        token::seal(call.services(), &session, &secret, min_token).map_err(Refusal::internal)?;
    let size = i64::try_from(token.len()).map_err(Refusal::internal)?;
    Ok(Issued {
        credentials: wire::Credentials {
            access_key_id: session.key_id,
            secret_access_key: Secret::new(secret.as_str()),
            session_token: Secret::new(token),
            expiration: iso_seconds(session.expires.saturating_mul(1000)),
        },
        size,
        utilization: (size * 100 + MAX_TOKEN - 1) / MAX_TOKEN,
    })
}
