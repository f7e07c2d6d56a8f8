//! AWS IAM: who there is, with which keys, and what they may do.
//!
//! Every handler checks its members first ([`checks`]), then reads [`Call::state`](crate::call::Call::state) or changes it in one
//! commit. Refusals have AWS's texts ([`refusals`]); lists are paged by sealed markers ([`paging`]).

mod access_keys;
mod attachments;
mod checks;
mod documents;
mod inline_policies;
mod managed_policies;
mod paging;
mod refusals;
mod users;

pub use access_keys::{create_access_key, delete_access_key, list_access_keys, update_access_key};
pub use attachments::{attach_user_policy, detach_user_policy, list_attached_user_policies};
pub use inline_policies::{
    delete_user_policy, get_user_policy, list_user_policies, put_user_policy,
};
pub use managed_policies::{create_policy, get_policy};
pub use users::{create_user, delete_user, get_user, list_users};
