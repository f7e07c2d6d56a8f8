//! What is valid: requests are read here, once, into types that cannot be wrong.
//!
//! The server passes a request's members as they came; what comes back is complete and consistent in itself. What depends on
//! other records (names, networks, configurations, quotas) is checked where those are known, with texts from the same enum.

mod fields;
mod invalid;
mod ldap;
mod new_broker;
mod new_configuration;
mod update;
mod usable;
mod user;

pub use fields::{Limits, check_tags, maintenance_window, tag_key, tags};
pub(crate) use invalid::shortened;
pub use invalid::{Invalid, InvalidKind};
pub use ldap::{LdapRequest, NewLdap};
pub use new_broker::{
    BrokerRequest, EncryptionRequest, LogsRequest, NewBroker, WindowRequest, needs_patches,
};
pub use new_configuration::{ConfigurationRequest, NewConfiguration};
pub use update::{UpdateRequest, settled, updated};
pub use usable::{Configurations, MeantFor, Usable, access_settings};
pub use user::{NewUser, UserChange, UserRequest};

#[cfg(test)]
mod tests;
