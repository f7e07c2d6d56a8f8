//! Temporary credentials: session tokens, and what is special about calls with them.
//!
//! A token is all there is of a session: it is sealed with the master key, holds the secret of its access key and everything
//! the gate has to know, and is bound to the key's id by the seal. Nothing is written to make one, nothing is looked up but
//! the user or role that it names, and it survives restarts. A session ends by its own time, with its user or role, or by a
//! policy that denies what was issued before a moment (`aws:TokenIssueTime`); not with the access key that asked for it.

mod cache;
mod issue;
mod key_source;
mod keys;
mod limits;
mod message;
mod packed;
#[cfg(test)]
mod tests;
mod token;
pub(crate) mod trust;
pub(crate) mod web_identity;

pub use cache::Sessions;
pub(crate) use issue::{MAX_TOKEN, NewSession, issue};
pub use key_source::{CaError, KeySource, KeyUrl, ProviderKeys};
pub(crate) use keys::{add_principal, add_request};
pub(crate) use limits::{may_call_iam, refusal_of_sts};
pub(crate) use message::{decode as decode_message, encode as encode_message};
pub(crate) use packed::packed_size;
pub use token::LiveSession;
pub(crate) use token::open;
