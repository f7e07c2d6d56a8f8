//! From rows to handlers: one exhaustive match, so that a row without a handler does not compile.

use api::refusal::Refusal;
use api::table::OperationId as Id;
use serde_json::Value;

use crate::authorise::Grant;
use crate::call::Call;
use crate::operations::{iam, mq, sts};
use crate::pipeline::call;
use crate::route::Members;

/// Carries out the operation of the call.
///
/// # Errors
/// The handler's refusal.
pub(crate) async fn dispatch(cx: &Call, grant: Grant, members: Members) -> Result<Value, Refusal> {
    let (g, m) = (grant, members);
    match cx.facts().row.id {
        Id::CreateBroker => call(cx, g, m, mq::create_broker).await,
        Id::ListBrokers => call(cx, g, m, mq::list_brokers).await,
        Id::DescribeBroker => call(cx, g, m, mq::describe_broker).await,
        Id::UpdateBroker => call(cx, g, m, mq::update_broker).await,
        Id::DeleteBroker => call(cx, g, m, mq::delete_broker).await,
        Id::RebootBroker => call(cx, g, m, mq::reboot_broker).await,
        Id::Promote => call(cx, g, m, mq::promote).await,
        Id::DescribeSharedResources => call(cx, g, m, mq::describe_shared_resources).await,
        Id::CreateUser => call(cx, g, m, mq::create_user).await,
        Id::ListUsers => call(cx, g, m, mq::list_users).await,
        Id::DescribeUser => call(cx, g, m, mq::describe_user).await,
        Id::UpdateUser => call(cx, g, m, mq::update_user).await,
        Id::DeleteUser => call(cx, g, m, mq::delete_user).await,
        Id::CreateConfiguration => call(cx, g, m, mq::create_configuration).await,
        Id::ListConfigurations => call(cx, g, m, mq::list_configurations).await,
        Id::DescribeConfiguration => call(cx, g, m, mq::describe_configuration).await,
        Id::UpdateConfiguration => call(cx, g, m, mq::update_configuration).await,
        Id::DeleteConfiguration => call(cx, g, m, mq::delete_configuration).await,
        Id::ListConfigurationRevisions => call(cx, g, m, mq::list_configuration_revisions).await,
        Id::DescribeConfigurationRevision => {
            call(cx, g, m, mq::describe_configuration_revision).await
        }
        Id::CreateTags => call(cx, g, m, mq::create_tags).await,
        Id::ListTags => call(cx, g, m, mq::list_tags).await,
        Id::DeleteTags => call(cx, g, m, mq::delete_tags).await,
        Id::DescribeBrokerEngineTypes => call(cx, g, m, mq::describe_broker_engine_types).await,
        Id::DescribeBrokerInstanceOptions => {
            call(cx, g, m, mq::describe_broker_instance_options).await
        }
        Id::IamCreateUser => call(cx, g, m, iam::create_user).await,
        Id::GetUser => call(cx, g, m, iam::get_user).await,
        Id::IamDeleteUser => call(cx, g, m, iam::delete_user).await,
        Id::IamListUsers => call(cx, g, m, iam::list_users).await,
        Id::CreateAccessKey => call(cx, g, m, iam::create_access_key).await,
        Id::DeleteAccessKey => call(cx, g, m, iam::delete_access_key).await,
        Id::ListAccessKeys => call(cx, g, m, iam::list_access_keys).await,
        Id::UpdateAccessKey => call(cx, g, m, iam::update_access_key).await,
        Id::PutUserPolicy => call(cx, g, m, iam::put_user_policy).await,
        Id::GetUserPolicy => call(cx, g, m, iam::get_user_policy).await,
        Id::DeleteUserPolicy => call(cx, g, m, iam::delete_user_policy).await,
        Id::ListUserPolicies => call(cx, g, m, iam::list_user_policies).await,
        Id::CreatePolicy => call(cx, g, m, iam::create_policy).await,
        Id::GetPolicy => call(cx, g, m, iam::get_policy).await,
        Id::AttachUserPolicy => call(cx, g, m, iam::attach_user_policy).await,
        Id::DetachUserPolicy => call(cx, g, m, iam::detach_user_policy).await,
        Id::ListAttachedUserPolicies => call(cx, g, m, iam::list_attached_user_policies).await,
        Id::CreateGroup => call(cx, g, m, iam::create_group).await,
        Id::GetGroup => call(cx, g, m, iam::get_group).await,
        Id::ListGroups => call(cx, g, m, iam::list_groups).await,
        Id::UpdateGroup => call(cx, g, m, iam::update_group).await,
        Id::DeleteGroup => call(cx, g, m, iam::delete_group).await,
        Id::AddUserToGroup => call(cx, g, m, iam::add_user_to_group).await,
        Id::RemoveUserFromGroup => call(cx, g, m, iam::remove_user_from_group).await,
        Id::ListGroupsForUser => call(cx, g, m, iam::list_groups_for_user).await,
        Id::PutGroupPolicy => call(cx, g, m, iam::put_group_policy).await,
        Id::GetGroupPolicy => call(cx, g, m, iam::get_group_policy).await,
        Id::DeleteGroupPolicy => call(cx, g, m, iam::delete_group_policy).await,
        Id::ListGroupPolicies => call(cx, g, m, iam::list_group_policies).await,
        Id::AttachGroupPolicy => call(cx, g, m, iam::attach_group_policy).await,
        Id::DetachGroupPolicy => call(cx, g, m, iam::detach_group_policy).await,
        Id::ListAttachedGroupPolicies => call(cx, g, m, iam::list_attached_group_policies).await,
        Id::IamUpdateUser => call(cx, g, m, iam::update_user).await,
        Id::TagUser => call(cx, g, m, iam::tag_user).await,
        Id::UntagUser => call(cx, g, m, iam::untag_user).await,
        Id::ListUserTags => call(cx, g, m, iam::list_user_tags).await,
        Id::PutUserPermissionsBoundary => call(cx, g, m, iam::put_user_permissions_boundary).await,
        Id::DeleteUserPermissionsBoundary => {
            call(cx, g, m, iam::delete_user_permissions_boundary).await
        }
        Id::CreatePolicyVersion => call(cx, g, m, iam::create_policy_version).await,
        Id::GetPolicyVersion => call(cx, g, m, iam::get_policy_version).await,
        Id::ListPolicyVersions => call(cx, g, m, iam::list_policy_versions).await,
        Id::DeletePolicyVersion => call(cx, g, m, iam::delete_policy_version).await,
        Id::SetDefaultPolicyVersion => call(cx, g, m, iam::set_default_policy_version).await,
        Id::DeletePolicy => call(cx, g, m, iam::delete_policy).await,
        Id::ListPolicies => call(cx, g, m, iam::list_policies).await,
        Id::ListEntitiesForPolicy => call(cx, g, m, iam::list_entities_for_policy).await,
        Id::TagPolicy => call(cx, g, m, iam::tag_policy).await,
        Id::UntagPolicy => call(cx, g, m, iam::untag_policy).await,
        Id::ListPolicyTags => call(cx, g, m, iam::list_policy_tags).await,
        Id::GetAccessKeyLastUsed => call(cx, g, m, iam::get_access_key_last_used).await,
        Id::GetCallerIdentity => call(cx, g, m, sts::get_caller_identity).await,
    }
}
