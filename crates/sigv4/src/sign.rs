//! Signing: the client's half.

use crate::auth::{ALGORITHM, MAX_EXPIRES};
use crate::canonical::{Canonical, hex, payload_hash};
use crate::claim::string_to_sign;
use crate::headers::is_token_byte;
use crate::key::SecretKey;
use crate::path;
use crate::query::{Omit, Query, encode_into};
use crate::request::{Header, PathRule, Request};
use crate::time::Timestamp;

/// With what, and for which service, to sign.
#[derive(Clone, Copy)]
pub struct Signing<'a> {
    /// The public half of the access key.
    pub access_key_id: &'a str,
    /// The secret half.
    pub secret: &'a SecretKey,
    /// The session token that came with a temporary access key.
    pub session_token: Option<&'a str>,
    /// The region to scope the credential to.
    pub region: &'a str,
    /// The service to scope the credential to, such as `mq`.
    pub service: &'a str,
    /// Whether the token is signed.
    pub token: TokenPlacement,
    /// Whether [`sign_headers`] also sends the body's hash.
    pub payload_header: PayloadHeader,
    /// How the canonical path is made.
    pub paths: PathRule,
}

impl<'a> Signing<'a> {
    /// The usual way to sign with a long-term access key; set
    /// [`session_token`](Self::session_token) for a temporary one.
    pub fn new(
        access_key_id: &'a str,
        secret: &'a SecretKey,
        region: &'a str,
        service: &'a str,
    ) -> Self {
        Signing {
            access_key_id,
            secret,
            session_token: None,
            region,
            service,
            token: TokenPlacement::Signed,
            payload_header: PayloadHeader::Omitted,
            paths: PathRule::Normalize,
        }
    }
}

/// Whether a session token is covered by the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPlacement {
    /// Covered, as nearly every service wants it.
    Signed,
    /// Added after signing, as a few services want it.
    AfterSigning,
}

/// Whether `x-amz-content-sha256` is sent. The body is signed either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadHeader {
    /// Not sent.
    Omitted,
    /// Sent and signed.
    Sent,
}

/// Why a request cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The path is not absolute, has a broken escape or climbs above the root.
    #[error("the path cannot be signed")]
    Path,
    /// The query has a broken escape.
    #[error("the query cannot be signed")]
    Query,
    /// The method or a header's name is not a token of HTTP.
    #[error("a method or header name is malformed")]
    Name,
    /// There is no `host` header, or more than one; no signature is valid then.
    #[error("the request does not have one host header")]
    NoHost,
    /// The request already carries authentication.
    #[error("the request carries authentication already")]
    AlreadySigned,
    /// A presigned request may live for 1 to 604800 seconds.
    #[error("the expiry is not between 1 second and 604800")]
    Expires,
}

/// Signs a request at `now` (unix seconds) and returns the headers to add to it:
/// `x-amz-date`, perhaps `x-amz-security-token` and `x-amz-content-sha256`, and
/// `authorization`.
///
/// All headers of the request are signed but those that proxies change
/// (`connection`, `user-agent` and their like, the list of botocore).
///
/// # Errors
/// When no server could accept the signed request.
pub fn sign_headers(
    request: &Request<'_>,
    signing: &Signing<'_>,
    now: i64,
) -> Result<Vec<(&'static str, String)>, SignError> {
    let (path, raw_query) = request.split_target();
    let query = Query::parse(raw_query).map_err(|_| SignError::Query)?;
    let mut names = check(request, signing, &query)?;
    let time = Timestamp::from_unix(now);
    let payload = payload_hash(request.body);

    let mut added = vec![("x-amz-date", time.text().to_owned())];
    if signing.payload_header == PayloadHeader::Sent {
        added.push(("x-amz-content-sha256", text(&payload)));
    }
    let mut unsigned = None;
    if let Some(token) = signing.session_token {
        let header = ("x-amz-security-token", token.to_owned());
        match signing.token {
            TokenPlacement::Signed => added.push(header),
            TokenPlacement::AfterSigning => unsigned = Some(header),
        }
    }
    let headers: Vec<Header<'_>> = request
        .headers
        .iter()
        .copied()
        .chain(added.iter().map(|(name, value)| (*name, value.as_bytes())))
        .collect();
    names.extend(added.iter().map(|(name, _)| (*name).to_owned()));
    let signed = join(names);
    let canonical = Canonical {
        method: request.method,
        path,
        rule: signing.paths,
        query: &query,
        omit: Omit::Nothing,
        headers: &headers,
        signed: &signed,
        payload: &payload,
    };
    let signature = signature(&canonical, signing, &time);
    let credential = credential(signing, &time);
    added.extend(unsigned);
    added.push((
        "authorization",
        format!(
            "{ALGORITHM} Credential={credential}, SignedHeaders={signed}, Signature={signature}"
        ),
    ));
    Ok(added)
}

/// Presigns a request at `now` (unix seconds) for `expires` seconds and returns
/// its new target: path and query with the signature in it.
///
/// The request must then be sent with the same method, body and headers, those
/// that proxies change excepted. To sign none but the host, pass none but the host.
///
/// # Errors
/// When no server could accept the presigned request.
pub fn presign(
    request: &Request<'_>,
    signing: &Signing<'_>,
    now: i64,
    expires: u32,
) -> Result<Vec<u8>, SignError> {
    if expires == 0 || expires > MAX_EXPIRES {
        return Err(SignError::Expires);
    }
    let (path, raw_query) = request.split_target();
    let query = Query::parse(raw_query).map_err(|_| SignError::Query)?;
    let signed = join(check(request, signing, &query)?);
    let time = Timestamp::from_unix(now);

    let mut target = request.target.to_vec();
    if target.is_empty() {
        target.push(b'/');
    }
    let mut separator = match (target.contains(&b'?'), raw_query.is_empty()) {
        (false, _) => Some(b'?'),
        (true, true) => None,
        (true, false) => Some(b'&'),
    };
    let mut push = |target: &mut Vec<u8>, name: &str, value: &str| {
        target.extend(separator);
        separator = Some(b'&');
        target.extend_from_slice(name.as_bytes());
        target.push(b'=');
        encode_into(value.as_bytes(), target);
    };
    push(&mut target, "X-Amz-Algorithm", ALGORITHM);
    push(&mut target, "X-Amz-Credential", &credential(signing, &time));
    push(&mut target, "X-Amz-Date", time.text());
    push(&mut target, "X-Amz-Expires", &expires.to_string());
    push(&mut target, "X-Amz-SignedHeaders", &signed);
    if let (Some(token), TokenPlacement::Signed) = (signing.session_token, signing.token) {
        push(&mut target, "X-Amz-Security-Token", token);
    }
    let (_, signed_query) = Request {
        target: &target,
        ..*request
    }
    .split_target();
    let query = Query::parse(signed_query).map_err(|_| SignError::Query)?;
    let canonical = Canonical {
        method: request.method,
        path,
        rule: signing.paths,
        query: &query,
        omit: Omit::Nothing,
        headers: request.headers,
        signed: &signed,
        payload: &payload_hash(request.body),
    };
    let signature = signature(&canonical, signing, &time);
    if let (Some(token), TokenPlacement::AfterSigning) = (signing.session_token, signing.token) {
        push(&mut target, "X-Amz-Security-Token", token);
    }
    push(&mut target, "X-Amz-Signature", &signature);
    Ok(target)
}

/// Checks that the request can be signed, and returns the lower-case names of
/// its headers that will be.
fn check(
    request: &Request<'_>,
    signing: &Signing<'_>,
    query: &Query,
) -> Result<Vec<String>, SignError> {
    let (path, _) = request.split_target();
    path::check(path, signing.paths).map_err(|_| SignError::Path)?;
    let is_token = |text: &str| !text.is_empty() && text.bytes().all(is_token_byte);
    if !is_token(request.method) {
        return Err(SignError::Name);
    }
    if query
        .pairs()
        .any(|(name, _)| QUERY_AUTH.iter().any(|own| own.eq_ignore_ascii_case(name)))
    {
        return Err(SignError::AlreadySigned);
    }
    let mut names = Vec::with_capacity(request.headers.len() + 3);
    for (name, _) in request.headers {
        let name = name.to_ascii_lowercase();
        if HEADER_AUTH.contains(&name.as_str()) {
            return Err(SignError::AlreadySigned);
        }
        if NEVER_SIGNED.contains(&name.as_str()) {
            continue;
        }
        if !is_token(&name) && name != ":authority" {
            return Err(SignError::Name);
        }
        names.push(if name == ":authority" {
            "host".to_owned()
        } else {
            name
        });
    }
    if names.iter().filter(|name| *name == "host").count() != 1 {
        return Err(SignError::NoHost);
    }
    Ok(names)
}

fn join(mut names: Vec<String>) -> String {
    names.sort_unstable();
    names.dedup();
    names.join(";")
}

fn credential(signing: &Signing<'_>, time: &Timestamp) -> String {
    let Signing {
        access_key_id,
        region,
        service,
        ..
    } = signing;
    format!(
        "{access_key_id}/{}/{region}/{service}/aws4_request",
        time.day()
    )
}

fn signature(canonical: &Canonical<'_>, signing: &Signing<'_>, time: &Timestamp) -> String {
    let (hash, _) = canonical.hash();
    let scope = [time.day(), signing.region, signing.service];
    let key = signing
        .secret
        .derive(time.day(), signing.region, signing.service);
    let pieces = string_to_sign(time.text(), scope.map(str::as_bytes), &hash);
    text(&hex(&key.sign(&pieces)))
}

fn text(hex: &[u8; 64]) -> String {
    String::from_utf8_lossy(hex).into_owned()
}

const HEADER_AUTH: [&str; 4] = [
    "authorization",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
];

const QUERY_AUTH: [&[u8]; 8] = [
    b"X-Amz-Algorithm",
    b"X-Amz-Content-Sha256",
    b"X-Amz-Credential",
    b"X-Amz-Date",
    b"X-Amz-Expires",
    b"X-Amz-Security-Token",
    b"X-Amz-Signature",
    b"X-Amz-SignedHeaders",
];

/// Headers that proxies and HTTP libraries add or change.
const NEVER_SIGNED: [&str; 12] = [
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];
