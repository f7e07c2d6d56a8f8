//! From a request to a claim of identity, and from a claim to the proof of it.

use std::borrow::Cow;
use std::hint::black_box;

use crate::auth::{self, ALGORITHM, Material, Place};
use crate::bytes::{ct_eq, text, trim};
use crate::cache::{KeyCache, Name};
use crate::canonical::{self, Canonical};
use crate::error::AuthError;
use crate::headers::{self, AuthHeaders};
use crate::key::{SecretKey, SigningKey};
use crate::path;
use crate::query::{Omit, Query};
use crate::request::{PathRule, Request, Service};
use crate::time::Timestamp;

/// Checks all that can be checked without a key: rows 1 to 13 of AWS's order,
/// from a malformed path to a credential scoped elsewhere.
///
/// `now` is the server's time in unix seconds. The claim that comes back says
/// which key the request *says* it is signed with; only [`Claim::verify`] makes
/// that true.
///
/// # Errors
/// The first check that fails, as AWS orders them.
pub fn examine<'r>(
    request: &Request<'r>,
    service: &Service<'_>,
    now: i64,
) -> Result<Claim<'r>, AuthError> {
    examine_with(request, service, now, PathRule::Normalize)
}

/// As [`examine`], with a rule for the path: for services that do not normalise it.
///
/// # Errors
/// The first check that fails, as AWS orders them.
pub fn examine_with<'r>(
    request: &Request<'r>,
    service: &Service<'_>,
    now: i64,
    rule: PathRule,
) -> Result<Claim<'r>, AuthError> {
    let (path, raw_query) = request.split_target();
    path::check(path, rule)?;
    let query = Query::parse(raw_query)?;
    let auth = AuthHeaders::find(request.headers)?;
    query.refuse_repeats()?;

    let material = match (auth.authorization, query.find("X-Amz-Algorithm")) {
        (Some(_), Some(_)) => return Err(AuthError::Both),
        (Some(value), None) => auth::from_header(value, &auth)?,
        (None, Some(algorithm)) if service.presigned && algorithm == ALGORITHM.as_bytes() => {
            auth::from_query(&query)?
        }
        (None, _) => return Err(AuthError::Missing),
    };

    if !headers::names_host(&material.signed_headers) {
        return Err(AuthError::HostNotSigned);
    }
    headers::refuse_unsigned(request.headers, &material.signed_headers)?;
    let signed_at = read_date(&material)?;
    check_time(&material, signed_at.unix(), now, service.window)?;
    let Some(scope) = split_credential(&material.credential) else {
        return Err(AuthError::Credential(material.credential.into_owned()));
    };
    check_scope(&scope, &signed_at, service)?;

    let [access_key_id, date, region, service, _terminator] = scope;
    let token = match material.token {
        None => None,
        Some(Cow::Borrowed(bytes)) => Some(Cow::Borrowed(
            str::from_utf8(bytes).map_err(|_| AuthError::TokenInvalid)?,
        )),
        Some(Cow::Owned(bytes)) => Some(Cow::Owned(
            String::from_utf8(bytes).map_err(|_| AuthError::TokenInvalid)?,
        )),
    };
    let signature = <[u8; 64]>::try_from(material.signature.as_ref());
    let is_well_formed = signature.is_ok()
        && headers::is_canonical_list(&material.signed_headers)
        && !request.method.is_empty()
        && request.method.bytes().all(headers::is_token_byte);
    Ok(Claim {
        request: *request,
        path,
        rule,
        declared_payload: auth.payload,
        query,
        place: material.place,
        access_key_id,
        date,
        region,
        service,
        signed_headers: material.signed_headers,
        signature: signature.unwrap_or([0; 64]),
        signed_at,
        token,
        is_well_formed,
    })
}

/// What a request says about who signed it. Nothing in it is true yet.
///
/// It has no `Debug`: it holds a signature and perhaps a session token.
pub struct Claim<'r> {
    request: Request<'r>,
    path: &'r [u8],
    rule: PathRule,
    query: Query,
    place: Place,
    access_key_id: Cow<'r, str>,
    date: Cow<'r, str>,
    region: Cow<'r, str>,
    service: Cow<'r, str>,
    signed_headers: Cow<'r, str>,
    signature: [u8; 64],
    signed_at: Timestamp,
    token: Option<Cow<'r, str>>,
    /// The value of `x-amz-content-sha256`.
    declared_payload: Option<&'r [u8]>,
    /// False when no honest signer writes such a request. It is only acted upon in
    /// [`Claim::verify`], so that the answer does not come before a key is looked up.
    is_well_formed: bool,
}

impl Claim<'_> {
    /// The access key the request says it is signed with.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The session token, from the place the signature was found in: a token in
    /// the query of a request with an `Authorization` header is none, and a token
    /// in a header of a presigned request is none.
    ///
    /// It need not be covered by the signature. Whoever issues tokens must make
    /// them authenticate themselves and name their access key, and refuse a token
    /// that names another key than [`access_key_id`](Self::access_key_id).
    pub fn session_token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The day of the credential scope, `YYYYMMDD`.
    pub fn date(&self) -> &str {
        &self.date
    }

    /// The region of the credential scope: one of the service's.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The service of the credential scope: the service's name.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// When the request says it was signed, in unix seconds.
    pub fn signed_at(&self) -> i64 {
        self.signed_at.unix()
    }

    /// Whether the signature is in the query.
    pub fn is_presigned(&self) -> bool {
        matches!(self.place, Place::Query { .. })
    }

    /// Checks the signature: row 16. The comparison takes the same time wherever
    /// the signatures differ.
    ///
    /// The caller has found `secret` by [`access_key_id`](Self::access_key_id), and
    /// has made sure that the key is active and the session token valid.
    ///
    /// # Errors
    /// [`AuthError::Signature`], whatever is wrong.
    pub fn verify(&self, secret: &SecretKey, keys: &KeyCache) -> Result<Verified, AuthError> {
        let signature = self
            .look(&self.access_key_id, secret, keys, Keep::IfRight)
            .filter(|_| !secret.is_empty())
            .ok_or(AuthError::Signature)?;
        Ok(Verified {
            access_key_id: self.access_key_id.as_ref().to_owned(),
            signed_at: self.signed_at.unix(),
            is_presigned: self.is_presigned(),
            has_session_token: self.token.is_some(),
            signature,
        })
    }

    /// Takes the time that [`verify`](Self::verify) takes, for an access key that
    /// does not exist or is inactive, and returns row 15's error.
    pub fn verify_unknown(&self, keys: &KeyCache) -> AuthError {
        black_box(self.look("", keys.nobody(), keys, Keep::Always));
        AuthError::UnknownKey
    }

    /// The canonical request as this library builds it. For debugging a signer:
    /// it contains the session token and all signed headers, so do not log it.
    pub fn canonical_request(&self) -> Vec<u8> {
        let payload = canonical::payload_hash(self.request.body);
        let mut out = Vec::new();
        self.canonical(self.omit(), &payload).write(&mut out);
        out
    }

    /// The string to sign as this library builds it. For debugging a signer.
    pub fn string_to_sign(&self) -> String {
        let payload = canonical::payload_hash(self.request.body);
        let (hash, _) = self.canonical(self.omit(), &payload).hash();
        let pieces = self.to_sign(&hash);
        text(&pieces.concat()).into_owned()
    }

    /// Finds the signing key and compares the signature. One function for known and
    /// unknown keys, so that both run the same code.
    #[inline(never)]
    fn look(
        &self,
        access_key_id: &str,
        secret: &SecretKey,
        keys: &KeyCache,
        keep: Keep,
    ) -> Option<[u8; 32]> {
        let name = Name {
            access_key_id,
            date: &self.date,
            region: &self.region,
            service: &self.service,
        };
        let found = keys.find(name, secret);
        let signature = self.matching_signature(&found.key);
        if found.is_new && (signature.is_some() || keep == Keep::Always) {
            keys.keep(name, secret, found.key);
        }
        signature
    }

    fn omit(&self) -> Omit {
        match self.place {
            Place::Header => Omit::Nothing,
            Place::Query { .. } => Omit::Signature,
        }
    }

    fn canonical<'a>(&'a self, omit: Omit, payload: &'a [u8; 64]) -> Canonical<'a> {
        Canonical {
            method: self.request.method,
            path: self.path,
            rule: self.rule,
            query: &self.query,
            omit,
            headers: self.request.headers,
            signed: &self.signed_headers,
            payload,
        }
    }

    fn to_sign<'a>(&'a self, hash: &'a [u8; 64]) -> [&'a [u8]; 11] {
        let scope = [
            self.date.as_bytes(),
            self.region.as_bytes(),
            self.service.as_bytes(),
        ];
        string_to_sign(self.signed_at.text(), scope, hash)
    }

    /// The signature the key makes, when it is the one the request has.
    fn matching_signature(&self, key: &SigningKey) -> Option<[u8; 32]> {
        let payload = canonical::payload_hash(self.request.body);
        // Otherwise a hash of something else, or `UNSIGNED-PAYLOAD`, or `STREAMING-…`.
        let is_hash = |declared: &[u8]| trim(declared) == payload;
        let is_honest = self.declared_payload.is_none_or(is_hash)
            && self.query.find("X-Amz-Content-Sha256").is_none_or(is_hash);
        let may_pass = self.is_well_formed && is_honest;
        let attempt = |omit| {
            let (hash, is_whole) = self.canonical(omit, &payload).hash();
            let signature = key.sign(&self.to_sign(&hash));
            let is_equal = bool::from(ct_eq(&canonical::hex(&signature), &self.signature));
            (is_equal && is_whole && may_pass).then_some(signature)
        };
        let signature = attempt(self.omit());
        // AWS: some signers append the token after signing (`post-sts-header-after`).
        if signature.is_none() && self.is_presigned() && self.token.is_some() {
            return attempt(Omit::SignatureAndToken);
        }
        signature
    }
}

/// When a newly derived key goes into the cache.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// When it made the right signature: strangers must not fill the cache.
    IfRight,
    /// In any case: the one key that stands for all unknown ones.
    Always,
}

/// Proof that a request was signed with the secret of an access key, within the
/// service's window, and that nothing that was signed has changed since.
///
/// Only [`Claim::verify`] makes one. Take identity from nowhere else.
#[derive(Clone)]
pub struct Verified {
    access_key_id: String,
    signed_at: i64,
    is_presigned: bool,
    has_session_token: bool,
    signature: [u8; 32],
}

impl Verified {
    /// The access key whose secret signed the request.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// When it was signed, in unix seconds.
    pub fn signed_at(&self) -> i64 {
        self.signed_at
    }

    /// Whether the signature was in the query.
    pub fn is_presigned(&self) -> bool {
        self.is_presigned
    }

    /// Whether a session token came with the signature.
    pub fn has_session_token(&self) -> bool {
        self.has_session_token
    }

    /// The signature, for a set of requests seen before. A request can be replayed
    /// until the service's window has passed, so keep it for twice that window.
    pub fn signature(&self) -> &[u8; 32] {
        &self.signature
    }
}

/// The string to sign in pieces.
pub(crate) fn string_to_sign<'a>(
    time: &'a str,
    [date, region, service]: [&'a [u8]; 3],
    hash: &'a [u8; 64],
) -> [&'a [u8]; 11] {
    [
        ALGORITHM.as_bytes(),
        b"\n",
        time.as_bytes(),
        b"\n",
        date,
        b"/",
        region,
        b"/",
        service,
        b"/aws4_request\n",
        hash,
    ]
}

fn read_date(material: &Material<'_>) -> Result<Timestamp, AuthError> {
    let date = match material.place {
        Place::Header => Timestamp::parse_header(&material.date),
        Place::Query { .. } => Timestamp::parse_basic(&material.date),
    };
    date.ok_or_else(|| AuthError::Date(text(&material.date).into_owned()))
}

/// Rows 10 and 11: signed at most a window before and a window after `now`. A
/// presigned request is good for its own expiry, and no longer than the window.
fn check_time(
    material: &Material<'_>,
    signed: i64,
    now: i64,
    window: u32,
) -> Result<(), AuthError> {
    let life = match material.place {
        Place::Header | Place::Query { expires: None } => window,
        Place::Query {
            expires: Some(expires),
        } => expires.min(window),
    };
    if signed < now.saturating_sub(i64::from(life)) {
        return Err(AuthError::Expired {
            signed,
            now,
            window: life,
        });
    }
    if signed > now.saturating_add(i64::from(window)) {
        return Err(AuthError::NotYetCurrent {
            signed,
            now,
            window,
        });
    }
    Ok(())
}

/// Row 12: key id, day, region, service, terminator.
fn split_credential<'r>(credential: &Cow<'r, str>) -> Option<[Cow<'r, str>; 5]> {
    fn five(text: &str) -> Option<[&str; 5]> {
        let mut parts = text.split('/');
        let five = [
            parts.next()?,
            parts.next()?,
            parts.next()?,
            parts.next()?,
            parts.next()?,
        ];
        parts.next().is_none().then_some(five)
    }
    match credential {
        Cow::Borrowed(text) => Some(five(text)?.map(Cow::Borrowed)),
        Cow::Owned(text) => Some(five(text)?.map(|part| Cow::Owned(part.to_owned()))),
    }
}

/// Row 13: all that is wrong with the scope, in one text.
fn check_scope(
    [_, date, region, name, terminator]: &[Cow<'_, str>; 5],
    signed_at: &Timestamp,
    service: &Service<'_>,
) -> Result<(), AuthError> {
    let mut faults = Vec::new();
    if !service.regions.contains(&region.as_ref()) {
        faults.push(format!(
            "Credential should be scoped to a valid region, not '{region}'."
        ));
    }
    if name != service.name {
        faults.push(format!(
            "Credential should be scoped to correct service: '{}'.",
            service.name
        ));
    }
    if terminator != "aws4_request" {
        faults.push(format!(
            "Credential should be scoped with a valid terminator: 'aws4_request', not \
             '{terminator}'."
        ));
    }
    if date != signed_at.day() {
        faults.push(format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date \
             from HTTP: '{date}' != '{}', from '{}'.",
            signed_at.day(),
            signed_at.text()
        ));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(AuthError::Scope(faults.join(" ")))
    }
}
