//! Identities as they are stored: users, access keys, managed policies. Times are milliseconds since the Unix epoch.

mod access_key;
mod names;
mod policy;
mod user;

pub use access_key::{AccessKey, AccessKeyStatus, KeyOwner};
pub use names::{NameError, UniqueIdKind, path_is_valid, unique_id};
pub use policy::{AWS_MANAGED, AwsManagedPolicy, ManagedPolicy};
pub use user::{Tag, User};
