//! AWS IAM: who there is, with which keys, and what they may do.
//!
//! Every handler checks its members first ([`checks`]), then reads [`Call::state`](crate::call::Call::state) or changes it in one
//! commit ([`changes`]). Refusals have AWS's texts ([`refusals`]); lists are paged by sealed markers ([`paging`]). What is done to
//! policies on users and on groups is written once, for any [`holder`].

mod access_keys;
mod attachments;
mod boundaries;
mod changes;
mod checks;
mod documents;
mod groups;
mod holder;
mod inline_policies;
mod managed_policies;
mod paging;
mod policy_versions;
mod refusals;
mod tags;
mod users;

pub use access_keys::{
    create_access_key, delete_access_key, get_access_key_last_used, list_access_keys,
    update_access_key,
};
pub use attachments::{
    attach_group_policy, attach_user_policy, detach_group_policy, detach_user_policy,
    list_attached_group_policies, list_attached_user_policies,
};
pub use boundaries::{delete_user_permissions_boundary, put_user_permissions_boundary};
pub use groups::{
    add_user_to_group, create_group, delete_group, get_group, list_groups, list_groups_for_user,
    remove_user_from_group, update_group,
};
pub use inline_policies::{
    delete_group_policy, delete_user_policy, get_group_policy, get_user_policy,
    list_group_policies, list_user_policies, put_group_policy, put_user_policy,
};
pub use managed_policies::{
    create_policy, delete_policy, get_policy, list_entities_for_policy, list_policies,
};
pub use policy_versions::{
    create_policy_version, delete_policy_version, get_policy_version, list_policy_versions,
    set_default_policy_version,
};
pub use tags::{list_policy_tags, list_user_tags, tag_policy, tag_user, untag_policy, untag_user};
pub use users::{create_user, delete_user, get_user, list_users, update_user};
