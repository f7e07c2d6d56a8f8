//! AWS Signature Version 4: parse, canonicalise, verify and sign, without IO

#![forbid(unsafe_code)]

mod auth;
mod bytes;
mod cache;
mod canonical;
mod claim;
mod error;
mod headers;
mod key;
mod path;
mod query;
mod request;
mod sign;
mod time;

pub use cache::KeyCache;
pub use claim::{Claim, Verified, examine, examine_with};
pub use error::{AuthError, ExpiresFault};
pub use key::SecretKey;
pub use request::{Family, Header, PathRule, Request, Service};
pub use sign::{PayloadHeader, SignError, Signing, TokenPlacement, presign, sign_headers};
