//! AWS IAM: who there is, with which keys, and what they may do.
//!
//! Every handler checks its members first ([`checks`]), then reads [`Call::state`](crate::call::Call::state) or changes it in one
//! commit ([`changes`]). Refusals have AWS's texts ([`refusals`]); lists are paged by sealed markers ([`paging`]). What is done to
//! policies on users, groups and roles is written once, for any [`holder`].

mod absent;
mod access_keys;
mod account;
mod attachments;
mod authorization_details;
mod boundaries;
mod changes;
pub(crate) mod checks;
mod credential_report;
mod documents;
mod groups;
mod holder;
mod inline_policies;
mod instance_profiles;
mod login_profiles;
mod managed_policies;
mod oidc_providers;
mod paging;
mod passwords;
mod policy_versions;
mod principals;
mod refusals;
mod roles;
mod saml_providers;
pub(crate) mod service_linked_roles;
mod simulation;
mod tags;
mod users;

pub use absent::{
    list_mfa_devices, list_server_certificates, list_service_specific_credentials,
    list_signing_certificates, list_ssh_public_keys, list_virtual_mfa_devices,
};
pub use access_keys::{
    create_access_key, delete_access_key, get_access_key_last_used, list_access_keys,
    update_access_key,
};
pub use account::{
    create_account_alias, delete_account_alias, delete_account_password_policy,
    get_account_password_policy, get_account_summary, list_account_aliases,
    update_account_password_policy,
};
pub use attachments::{
    attach_group_policy, attach_role_policy, attach_user_policy, detach_group_policy,
    detach_role_policy, detach_user_policy, list_attached_group_policies,
    list_attached_role_policies, list_attached_user_policies,
};
pub use authorization_details::get_account_authorization_details;
pub use boundaries::{
    delete_role_permissions_boundary, delete_user_permissions_boundary,
    put_role_permissions_boundary, put_user_permissions_boundary,
};
pub use credential_report::{generate_credential_report, get_credential_report};
pub use groups::{
    add_user_to_group, create_group, delete_group, get_group, list_groups, list_groups_for_user,
    remove_user_from_group, update_group,
};
pub use inline_policies::{
    delete_group_policy, delete_role_policy, delete_user_policy, get_group_policy, get_role_policy,
    get_user_policy, list_group_policies, list_role_policies, list_user_policies, put_group_policy,
    put_role_policy, put_user_policy,
};
pub use instance_profiles::{
    add_role_to_instance_profile, create_instance_profile, delete_instance_profile,
    get_instance_profile, list_instance_profiles, list_instance_profiles_for_role,
    remove_role_from_instance_profile,
};
pub use login_profiles::{
    change_password, create_login_profile, delete_login_profile, get_login_profile,
    update_login_profile,
};
pub use managed_policies::{
    create_policy, delete_policy, get_policy, list_entities_for_policy, list_policies,
};
pub use oidc_providers::{
    add_client_id_to_openid_connect_provider, create_openid_connect_provider,
    delete_openid_connect_provider, get_openid_connect_provider, list_openid_connect_providers,
    remove_client_id_from_openid_connect_provider, update_openid_connect_provider_thumbprint,
};
pub use policy_versions::{
    create_policy_version, delete_policy_version, get_policy_version, list_policy_versions,
    set_default_policy_version,
};
pub use roles::{
    create_role, delete_role, get_role, list_roles, update_assume_role_policy, update_role,
    update_role_description,
};
pub use saml_providers::{
    create_saml_provider, delete_saml_provider, get_saml_provider, list_saml_providers,
    update_saml_provider,
};
pub use service_linked_roles::{
    create_service_linked_role, delete_service_linked_role, get_service_linked_role_deletion_status,
};
pub use simulation::{
    get_context_keys_for_custom_policy, get_context_keys_for_principal_policy,
    simulate_custom_policy, simulate_principal_policy,
};
pub use tags::{
    list_instance_profile_tags, list_openid_connect_provider_tags, list_policy_tags,
    list_role_tags, list_saml_provider_tags, list_user_tags, tag_instance_profile,
    tag_openid_connect_provider, tag_policy, tag_role, tag_saml_provider, tag_user,
    untag_instance_profile, untag_openid_connect_provider, untag_policy, untag_role,
    untag_saml_provider, untag_user,
};
pub use users::{create_user, delete_user, get_user, list_users, update_user};
