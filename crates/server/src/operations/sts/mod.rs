//! AWS STS: who calls, and temporary credentials ([`crate::sessions`]).

mod assume_role;
mod identity;
mod message;
mod tokens;
mod wanted;
mod web_identity;

pub use assume_role::assume_role;
pub use identity::{get_access_key_info, get_caller_identity};
pub use message::decode_authorization_message;
pub use tokens::{get_federation_token, get_session_token};
pub use web_identity::assume_role_with_web_identity;
