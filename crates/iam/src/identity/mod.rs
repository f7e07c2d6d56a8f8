//! Identities as they are stored: users, groups, roles, access keys, managed policies. Times are milliseconds since the Unix epoch.

mod access_key;
mod account;
mod group;
mod policy;
mod provider;
mod role;
mod rule;
mod unique_id;
mod user;

pub use access_key::{AccessKey, AccessKeyStatus, KeyOwner};
pub use account::{AccountSettings, LoginProfile, PasswordPolicy};
pub use group::Group;
pub use policy::{AWS_MANAGED, AwsManagedPolicy, ManagedPolicy, PolicyVersion};
pub use provider::{OidcProvider, SamlProvider};
pub use role::{DeletionTask, InstanceProfile, Role};
pub use rule::{Constraint, Pattern, Rule};
pub use unique_id::{UniqueIdKind, unique_id};
pub use user::{Tag, User};
