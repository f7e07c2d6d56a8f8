//! What is valid: requests are read here, once, into types that cannot be wrong.
//!
//! The server passes a request's members as they came; what comes back is complete and consistent in itself. What depends on
//! other records (names, networks, configurations, quotas) is checked where those are known, with texts from the same enum.

mod invalid;

pub(crate) use invalid::shortened;
pub use invalid::{Invalid, InvalidKind};
