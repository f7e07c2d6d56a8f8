//! Sessions of temporary credentials: what a session token says, and the rules by which it is made ("Requesting temporary
//! security credentials"). Sealing and sending it is the server's.

mod claims;
mod jwks;
mod jwt;
mod key_id;
mod lifetime;
mod tags;

pub use claims::{Issuer, Session, SessionPrincipal};
pub use jwks::{Algorithm, KeySet, KeySetError, PublicKey};
pub use jwt::{Jwt, JwtError, WebIdentity};
pub use key_id::{account_of_key_id, is_temporary_key_id, temporary_key_id};
pub use lifetime::{LifetimeError, role_lifetime, user_lifetime};
pub use tags::{SessionTags, TagError, session_tags};
