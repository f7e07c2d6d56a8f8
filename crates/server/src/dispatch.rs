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
        Id::GetCallerIdentity => call(cx, g, m, sts::get_caller_identity).await,
    }
}
