//! Why a request was not authenticated, in AWS's codes, statuses and texts.
//!
//! Texts and order follow the flow chart "AWS Auth Error Ordering" and the AWS
//! page "Troubleshooting AWS API request signing errors".

use std::fmt;

use crate::request::Family;
use crate::time::Timestamp;

/// One way in which a request fails authentication, in the order of the checks.
///
/// `Debug` and `Display` name the failure and print nothing of the request, so
/// they may be logged. What the client is to read comes from
/// [`code`](Self::code), [`status`](Self::status) and [`message`](Self::message);
/// those echo the client's own input, as AWS does, and are for the client alone.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// Row 1. The path is not absolute, has a broken escape or climbs above the root.
    #[error("malformed path")]
    Path,
    /// Row 4. The query ends in the middle of an escape.
    #[error("incomplete escape in the query")]
    QueryEscapeIncomplete,
    /// Row 4. The query has an escape that is not hexadecimal; holds the escape.
    #[error("illegal escape in the query")]
    QueryEscape(String),
    /// A header that decides who is asking came twice; holds its lower-case name.
    #[error("repeated authentication header")]
    RepeatedHeader(String),
    /// An `X-Amz-*` query parameter, or a part of the `Authorization` header, came
    /// twice or in two cases; holds its name.
    #[error("repeated authentication parameter")]
    RepeatedParameter(String),
    /// Row 5. Neither an `Authorization` header nor query authentication.
    #[error("no authentication")]
    Missing,
    /// Row 5. Both an `Authorization` header and query authentication.
    #[error("both header and query authentication")]
    Both,
    /// Row 6a. The `Authorization` header names another algorithm; holds its name.
    #[error("unsupported algorithm")]
    Algorithm(String),
    /// Row 6b. A piece of the `Authorization` header has no equal sign.
    #[error("malformed authorization header")]
    NotKeyValue {
        /// The piece.
        piece: String,
        /// The whole header.
        header: String,
    },
    /// Row 6d. Parts of header authentication are missing.
    #[error("incomplete authorization header")]
    HeaderParts {
        /// No `Credential`.
        credential: bool,
        /// No `Signature`.
        signature: bool,
        /// No `SignedHeaders`.
        signed_headers: bool,
        /// Neither an `X-Amz-Date` nor a `Date` header.
        date: bool,
    },
    /// Row 7d. Parts of query authentication are missing.
    #[error("incomplete query authentication")]
    QueryParts {
        /// No `X-Amz-Credential`.
        credential: bool,
        /// No `X-Amz-Signature`.
        signature: bool,
        /// No `X-Amz-SignedHeaders`.
        signed_headers: bool,
        /// No `X-Amz-Date`.
        date: bool,
    },
    /// `X-Amz-Expires` of a presigned request is not a number of seconds up to a week.
    #[error("invalid expiry of a presigned request")]
    Expires(ExpiresFault),
    /// Row 8. The host is not signed.
    #[error("host not signed")]
    HostNotSigned,
    /// Row 8. A header that must be signed is not; holds its lower-case name.
    #[error("header not signed")]
    HeaderNotSigned(String),
    /// Row 9. The date is not in basic format; holds it.
    #[error("malformed date")]
    Date(String),
    /// Row 10. Signed too long ago.
    #[error("signature expired")]
    Expired {
        /// When it was signed, unix seconds.
        signed: i64,
        /// The server's time, unix seconds.
        now: i64,
        /// How long the signature was good for, in seconds.
        window: u32,
    },
    /// Row 11. Signed in the future.
    #[error("signature not yet current")]
    NotYetCurrent {
        /// When it was signed, unix seconds.
        signed: i64,
        /// The server's time, unix seconds.
        now: i64,
        /// How far ahead a signer's clock may be, in seconds.
        window: u32,
    },
    /// Row 12. The credential does not have five parts; holds it.
    #[error("malformed credential")]
    Credential(String),
    /// Row 13. The credential is scoped to another region, service, terminator or
    /// day; holds AWS's sentences for all that are wrong.
    #[error("wrong credential scope")]
    Scope(String),
    /// Row 14b. The session token is not one of ours, or belongs to another key, or
    /// is missing for a temporary key. Raised by the server.
    #[error("invalid session token")]
    TokenInvalid,
    /// Row 14c. The session token has expired. Raised by the server.
    #[error("expired session token")]
    TokenExpired,
    /// Row 15. The access key is unknown or inactive. Raised by the server, through
    /// [`Claim::verify_unknown`](crate::Claim::verify_unknown).
    #[error("unknown or inactive access key")]
    UnknownKey,
    /// Row 16. The signature is not the one the secret makes.
    #[error("signature does not match")]
    Signature,
}

/// What is wrong with an `X-Amz-Expires`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiresFault {
    /// Not a decimal number.
    NotANumber,
    /// Below zero.
    Negative,
    /// Above 604800 seconds, a week.
    TooLong,
}

/// The kinds of answer that share code and status.
enum Kind {
    BadPath,
    MalformedQuery,
    Missing,
    Incomplete,
    BadExpires,
    Mismatch,
    Time,
    Token,
    Expired,
}

impl AuthError {
    /// AWS's error code. Empty for [`AuthError::Path`], which AWS answers with a
    /// bare 400 without a body.
    pub fn code(&self, family: Family) -> &'static str {
        use Family::{Ec2, Query, RestJson};
        match (self.kind(), family) {
            (Kind::BadPath, RestJson | Query | Ec2) => "",
            (Kind::MalformedQuery, RestJson) => "MalformedQueryStringException",
            (Kind::MalformedQuery, Query | Ec2) => "MalformedQueryString",
            (Kind::Missing, RestJson) => "MissingAuthenticationTokenException",
            (Kind::Missing, Query | Ec2) => "MissingAuthenticationToken",
            (Kind::Incomplete | Kind::BadExpires, RestJson) => "IncompleteSignatureException",
            (Kind::Incomplete | Kind::BadExpires, Query | Ec2) => "IncompleteSignature",
            (Kind::Mismatch | Kind::Time, RestJson) => "InvalidSignatureException",
            (Kind::Mismatch | Kind::Time, Query) => "SignatureDoesNotMatch",
            (Kind::Time | Kind::Expired, Ec2) => "RequestExpired",
            (Kind::Mismatch | Kind::Token, Ec2) => "AuthFailure",
            (Kind::Token, RestJson) => "UnrecognizedClientException",
            (Kind::Token, Query) => "InvalidClientTokenId",
            (Kind::Expired, RestJson) => "ExpiredTokenException",
            (Kind::Expired, Query) => "ExpiredToken",
        }
    }

    /// The HTTP status.
    pub fn status(&self, family: Family) -> u16 {
        use Family::{Ec2, Query, RestJson};
        match (self.kind(), family) {
            (Kind::BadPath | Kind::BadExpires, RestJson | Query | Ec2) => 400,
            (Kind::MalformedQuery, RestJson) => 400,
            (Kind::MalformedQuery, Query | Ec2) => 404,
            (Kind::Missing, RestJson | Query | Ec2) => 403,
            (Kind::Incomplete, RestJson) => 403,
            (Kind::Incomplete, Query | Ec2) => 400,
            (Kind::Mismatch | Kind::Time | Kind::Token | Kind::Expired, RestJson | Query) => 403,
            (Kind::Time | Kind::Expired, Ec2) => 400,
            (Kind::Mismatch | Kind::Token, Ec2) => 401,
        }
    }

    /// The text for the client, to the letter. It may echo parts of the request.
    pub fn message(&self, family: Family) -> String {
        if family == Family::Ec2 {
            match self.kind() {
                Kind::Mismatch | Kind::Token => return EC2_AUTH_FAILURE.to_owned(),
                Kind::Time | Kind::Expired => return EC2_EXPIRED.to_owned(),
                Kind::BadPath
                | Kind::MalformedQuery
                | Kind::Missing
                | Kind::Incomplete
                | Kind::BadExpires => {}
            }
        }
        match self {
            AuthError::Path | AuthError::Both => String::new(),
            AuthError::QueryEscapeIncomplete => "Incomplete trailing escape % sequence".to_owned(),
            AuthError::QueryEscape(escape) => {
                format!("Illegal hex character in escape % pattern: {escape}")
            }
            AuthError::RepeatedHeader(name) => {
                // Differs: AWS takes the first or the last; a repeat is refused here.
                format!("Header '{name}' must not be repeated.")
            }
            AuthError::RepeatedParameter(name) => {
                format!("Authentication parameter '{name}' must not be repeated.")
            }
            AuthError::Missing => match family {
                Family::RestJson => "Missing Authentication Token".to_owned(),
                Family::Query | Family::Ec2 => "Request is missing Authentication Token".to_owned(),
            },
            AuthError::Algorithm(name) => format!("Unsupported AWS 'algorithm': '{name}'."),
            AuthError::NotKeyValue { piece, header } => format!(
                "'{piece}' not a valid key=value pair (missing equal-sign) in Authorization \
                 header: '{header}'"
            ),
            AuthError::HeaderParts {
                credential,
                signature,
                signed_headers,
                date,
            } => {
                let mut text = String::new();
                for (missing, what) in [
                    (*credential, "'Credential' parameter. "),
                    (*signature, "'Signature' parameter. "),
                    (*signed_headers, "'SignedHeaders' parameter. "),
                    (
                        *date,
                        "existence of either a 'X-Amz-Date' or a 'Date' header. ",
                    ),
                ] {
                    if missing {
                        text.push_str("Authorization header requires ");
                        text.push_str(what);
                    }
                }
                text.push_str("Authorization=AWS4-HMAC-SHA256");
                text
            }
            AuthError::QueryParts {
                credential,
                signature,
                signed_headers,
                date,
            } => {
                let mut text = String::new();
                for (missing, what) in [
                    (*credential, "X-Amz-Credential"),
                    (*signature, "X-Amz-Signature"),
                    (*signed_headers, "X-Amz-SignedHeaders"),
                    (*date, "X-Amz-Date"),
                ] {
                    if missing {
                        text.push_str("AWS query-string parameters must include '");
                        text.push_str(what);
                        text.push_str("'. ");
                    }
                }
                text.push_str("Re-examine the query-string parameters.");
                text
            }
            // AWS: S3's texts; no other service has published one.
            AuthError::Expires(ExpiresFault::NotANumber) => {
                "X-Amz-Expires should be a number".to_owned()
            }
            AuthError::Expires(ExpiresFault::Negative) => {
                "X-Amz-Expires must be non-negative".to_owned()
            }
            AuthError::Expires(ExpiresFault::TooLong) => {
                "X-Amz-Expires must be less than a week (in seconds); that is, the given \
                 X-Amz-Expires must be less than 604800 seconds"
                    .to_owned()
            }
            AuthError::HostNotSigned => {
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
                    .to_owned()
            }
            AuthError::HeaderNotSigned(name) => {
                format!("'{name}' must be a 'SignedHeader' in the AWS Authorization.")
            }
            AuthError::Date(got) => format!(
                "Date must be in ISO-8601 'basic format'. Got '{got}'. See \
                 http://en.wikipedia.org/wiki/ISO_8601"
            ),
            AuthError::Expired {
                signed,
                now,
                window,
            } => {
                let limit = now.saturating_sub(i64::from(*window));
                format!(
                    "Signature expired: {} is now earlier than {} ({} - {})",
                    Timestamp::from_unix(*signed).text(),
                    Timestamp::from_unix(limit).text(),
                    Timestamp::from_unix(*now).text(),
                    Span(*window)
                )
            }
            AuthError::NotYetCurrent {
                signed,
                now,
                window,
            } => {
                let limit = now.saturating_add(i64::from(*window));
                format!(
                    "Signature not yet current: {} is still later than {} ({} + {})",
                    Timestamp::from_unix(*signed).text(),
                    Timestamp::from_unix(limit).text(),
                    Timestamp::from_unix(*now).text(),
                    Span(*window)
                )
            }
            AuthError::Credential(got) => format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. \
                 keyid/date/region/service/term, got '{got}'"
            ),
            AuthError::Scope(sentences) => sentences.clone(),
            // AWS: no full stop here, and one in the text for an unknown key.
            AuthError::TokenInvalid => {
                "The security token included in the request is invalid".to_owned()
            }
            AuthError::TokenExpired => {
                "The security token included in the request is expired".to_owned()
            }
            AuthError::UnknownKey => {
                "The security token included in the request is invalid.".to_owned()
            }
            AuthError::Signature => "The request signature we calculated does not match the \
                 signature you provided. Check your AWS Secret Access Key and signing method. \
                 Consult the service documentation for details."
                .to_owned(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            AuthError::Path => Kind::BadPath,
            AuthError::QueryEscapeIncomplete | AuthError::QueryEscape(_) => Kind::MalformedQuery,
            AuthError::Missing => Kind::Missing,
            AuthError::RepeatedHeader(_)
            | AuthError::RepeatedParameter(_)
            | AuthError::Algorithm(_)
            | AuthError::NotKeyValue { .. }
            | AuthError::HeaderParts { .. }
            | AuthError::QueryParts { .. }
            | AuthError::Date(_)
            | AuthError::Credential(_) => Kind::Incomplete,
            AuthError::Expires(_) => Kind::BadExpires,
            AuthError::Both
            | AuthError::HostNotSigned
            | AuthError::HeaderNotSigned(_)
            | AuthError::Scope(_)
            | AuthError::Signature => Kind::Mismatch,
            AuthError::Expired { .. } | AuthError::NotYetCurrent { .. } => Kind::Time,
            AuthError::TokenInvalid | AuthError::UnknownKey => Kind::Token,
            AuthError::TokenExpired => Kind::Expired,
        }
    }
}

/// Names the failure only: derived output would print what the client sent.
impl fmt::Debug for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthError({self})")
    }
}

/// A span of time as AWS prints it: minutes, or seconds when they are not whole.
struct Span(u32);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(60) {
            write!(f, "{} min.", self.0 / 60)
        } else {
            write!(f, "{} sec.", self.0)
        }
    }
}

const EC2_AUTH_FAILURE: &str = "AWS was not able to validate the provided access credentials";
const EC2_EXPIRED: &str = "Request has expired.";
