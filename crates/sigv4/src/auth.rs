//! Where a request says who signed it: the `Authorization` header or the query.

use std::borrow::Cow;

use crate::bytes::{split, text, trim};
use crate::error::{AuthError, ExpiresFault};
use crate::headers::AuthHeaders;
use crate::query::Query;

pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The longest life a presigned request may ask for: a week, in seconds.
pub(crate) const MAX_EXPIRES: u32 = 604_800;

/// Everything a signature comes with, all from one place.
pub(crate) struct Material<'r> {
    pub(crate) place: Place,
    pub(crate) credential: Cow<'r, str>,
    pub(crate) signed_headers: Cow<'r, str>,
    pub(crate) signature: Cow<'r, [u8]>,
    pub(crate) date: Cow<'r, [u8]>,
    pub(crate) token: Option<Cow<'r, [u8]>>,
}

/// Where the signature was found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Header,
    /// A presigned request, with its `X-Amz-Expires` where it has one.
    Query {
        expires: Option<u32>,
    },
}

/// Reads the `Authorization` header: rows 6a to 6d.
pub(crate) fn from_header<'r>(
    value: &'r [u8],
    headers: &AuthHeaders<'r>,
) -> Result<Material<'r>, AuthError> {
    let value = trim(value);
    let end = value
        .iter()
        .position(u8::is_ascii_whitespace)
        .unwrap_or(value.len());
    let (algorithm, rest) = value.split_at_checked(end).unwrap_or_default();
    if algorithm != ALGORITHM.as_bytes() {
        return Err(AuthError::Algorithm(lossy(algorithm)));
    }
    let rest = trim(rest);
    let (mut credential, mut signed_headers, mut signature) = (None, None, None);
    for piece in split(rest, b',').map(trim).filter(|_| !rest.is_empty()) {
        let Some(mark) = memchr::memchr(b'=', piece) else {
            return Err(AuthError::NotKeyValue {
                piece: lossy(piece),
                header: lossy(value),
            });
        };
        let (key, value) = piece.split_at_checked(mark).unwrap_or_default();
        let place = match key {
            b"Credential" => &mut credential,
            b"SignedHeaders" => &mut signed_headers,
            b"Signature" => &mut signature,
            // AWS: parts it does not know are passed over.
            _ => continue,
        };
        if place.replace(value.get(1..).unwrap_or_default()).is_some() {
            return Err(AuthError::RepeatedParameter(lossy(key)));
        }
    }
    let date = headers.amz_date.or(headers.date);
    let (Some(credential), Some(signed_headers), Some(signature), Some(date)) =
        (filled(credential), signed_headers, filled(signature), date)
    else {
        return Err(AuthError::HeaderParts {
            credential: filled(credential).is_none(),
            signature: filled(signature).is_none(),
            signed_headers: signed_headers.is_none(),
            date: date.is_none(),
        });
    };
    Ok(Material {
        place: Place::Header,
        credential: text(credential),
        signed_headers: text(signed_headers),
        signature: Cow::Borrowed(signature),
        date: Cow::Borrowed(trim(date)),
        token: headers.token.map(|token| Cow::Borrowed(trim(token))),
    })
}

/// Reads query authentication: row 7d and the expiry.
pub(crate) fn from_query<'r>(query: &Query) -> Result<Material<'r>, AuthError> {
    let filled = |name| query.find_decoded(name).filter(|value| !value.is_empty());
    let parts = (
        filled("X-Amz-Credential"),
        query.find_decoded("X-Amz-SignedHeaders"),
        filled("X-Amz-Signature"),
        query.find_decoded("X-Amz-Date"),
    );
    let (Some(credential), Some(signed_headers), Some(signature), Some(date)) = parts else {
        let (credential, signed_headers, signature, date) = parts;
        return Err(AuthError::QueryParts {
            credential: credential.is_none(),
            signature: signature.is_none(),
            signed_headers: signed_headers.is_none(),
            date: date.is_none(),
        });
    };
    // Not asked for by row 7d: STS ignores it, so a request without it is good for the window.
    let expires = query.find("X-Amz-Expires").map(read_expires).transpose()?;
    Ok(Material {
        place: Place::Query { expires },
        credential: Cow::Owned(lossy(&credential)),
        signed_headers: Cow::Owned(lossy(&signed_headers)),
        signature: Cow::Owned(signature),
        date: Cow::Owned(date),
        token: query.find_decoded("X-Amz-Security-Token").map(Cow::Owned),
    })
}

fn read_expires(value: &[u8]) -> Result<u32, AuthError> {
    let (digits, is_negative) = match value.strip_prefix(b"-") {
        Some(digits) => (digits, true),
        None => (value, false),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(AuthError::Expires(ExpiresFault::NotANumber));
    }
    if is_negative {
        return Err(AuthError::Expires(ExpiresFault::Negative));
    }
    let mut seconds = 0_u32;
    for digit in digits {
        seconds = seconds
            .saturating_mul(10)
            .saturating_add(u32::from(digit - b'0'));
    }
    if seconds > MAX_EXPIRES {
        return Err(AuthError::Expires(ExpiresFault::TooLong));
    }
    Ok(seconds)
}

fn filled(part: Option<&[u8]>) -> Option<&[u8]> {
    part.filter(|value| !value.is_empty())
}

fn lossy(bytes: &[u8]) -> String {
    text(bytes).into_owned()
}
