//! Handlers of mq.

use api::refusal::Refusal;
use api::table;
use api::wire::mq;

use crate::authorise::Permit;
use crate::call::Call;

/// CreateBroker.
pub async fn create_broker(
    _call: Call,
    _permit: Permit<table::CreateBroker>,
    _input: mq::CreateBrokerRequest,
) -> Result<mq::CreateBrokerResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// ListBrokers.
pub async fn list_brokers(
    _call: Call,
    _permit: Permit<table::ListBrokers>,
    _input: mq::ListBrokersRequest,
) -> Result<mq::ListBrokersResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// DescribeBroker.
pub async fn describe_broker(
    _call: Call,
    _permit: Permit<table::DescribeBroker>,
    _input: mq::DescribeBrokerRequest,
) -> Result<mq::DescribeBrokerResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// UpdateBroker.
pub async fn update_broker(
    _call: Call,
    _permit: Permit<table::UpdateBroker>,
    _input: mq::UpdateBrokerRequest,
) -> Result<mq::UpdateBrokerResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// DeleteBroker.
pub async fn delete_broker(
    _call: Call,
    _permit: Permit<table::DeleteBroker>,
    _input: mq::DeleteBrokerRequest,
) -> Result<mq::DeleteBrokerResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// RebootBroker.
pub async fn reboot_broker(
    _call: Call,
    _permit: Permit<table::RebootBroker>,
    _input: mq::RebootBrokerRequest,
) -> Result<mq::Empty, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// Promote.
pub async fn promote(
    _call: Call,
    _permit: Permit<table::Promote>,
    _input: mq::PromoteRequest,
) -> Result<mq::PromoteResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// DescribeSharedResources.
pub async fn describe_shared_resources(
    _call: Call,
    _permit: Permit<table::DescribeSharedResources>,
    _input: mq::DescribeSharedResourcesRequest,
) -> Result<mq::DescribeSharedResourcesResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// CreateUser.
pub async fn create_user(
    _call: Call,
    _permit: Permit<table::CreateUser>,
    _input: mq::CreateUserRequest,
) -> Result<mq::Empty, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// ListUsers.
pub async fn list_users(
    _call: Call,
    _permit: Permit<table::ListUsers>,
    _input: mq::ListUsersRequest,
) -> Result<mq::ListUsersResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// DescribeUser.
pub async fn describe_user(
    _call: Call,
    _permit: Permit<table::DescribeUser>,
    _input: mq::DescribeUserRequest,
) -> Result<mq::DescribeUserResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// UpdateUser.
pub async fn update_user(
    _call: Call,
    _permit: Permit<table::UpdateUser>,
    _input: mq::UpdateUserRequest,
) -> Result<mq::Empty, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// DeleteUser.
pub async fn delete_user(
    _call: Call,
    _permit: Permit<table::DeleteUser>,
    _input: mq::DeleteUserRequest,
) -> Result<mq::Empty, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// CreateConfiguration.
pub async fn create_configuration(
    _call: Call,
    _permit: Permit<table::CreateConfiguration>,
    _input: mq::CreateConfigurationRequest,
) -> Result<mq::CreateConfigurationResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// ListConfigurations.
pub async fn list_configurations(
    _call: Call,
    _permit: Permit<table::ListConfigurations>,
    _input: mq::ListConfigurationsRequest,
) -> Result<mq::ListConfigurationsResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// DescribeConfiguration.
pub async fn describe_configuration(
    _call: Call,
    _permit: Permit<table::DescribeConfiguration>,
    _input: mq::DescribeConfigurationRequest,
) -> Result<mq::DescribeConfigurationResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// UpdateConfiguration.
pub async fn update_configuration(
    _call: Call,
    _permit: Permit<table::UpdateConfiguration>,
    _input: mq::UpdateConfigurationRequest,
) -> Result<mq::UpdateConfigurationResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// DeleteConfiguration.
pub async fn delete_configuration(
    _call: Call,
    _permit: Permit<table::DeleteConfiguration>,
    _input: mq::DeleteConfigurationRequest,
) -> Result<mq::DeleteConfigurationResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// ListConfigurationRevisions.
pub async fn list_configuration_revisions(
    _call: Call,
    _permit: Permit<table::ListConfigurationRevisions>,
    _input: mq::ListConfigurationRevisionsRequest,
) -> Result<mq::ListConfigurationRevisionsResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// DescribeConfigurationRevision.
pub async fn describe_configuration_revision(
    _call: Call,
    _permit: Permit<table::DescribeConfigurationRevision>,
    _input: mq::DescribeConfigurationRevisionRequest,
) -> Result<mq::DescribeConfigurationRevisionResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// CreateTags.
pub async fn create_tags(
    _call: Call,
    _permit: Permit<table::CreateTags>,
    _input: mq::CreateTagsRequest,
) -> Result<mq::Empty, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// ListTags.
pub async fn list_tags(
    _call: Call,
    _permit: Permit<table::ListTags>,
    _input: mq::ListTagsRequest,
) -> Result<mq::ListTagsResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// DeleteTags.
pub async fn delete_tags(
    _call: Call,
    _permit: Permit<table::DeleteTags>,
    _input: mq::DeleteTagsRequest,
) -> Result<mq::Empty, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// DescribeBrokerEngineTypes.
pub async fn describe_broker_engine_types(
    _call: Call,
    _permit: Permit<table::DescribeBrokerEngineTypes>,
    _input: mq::DescribeBrokerEngineTypesRequest,
) -> Result<mq::DescribeBrokerEngineTypesResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// DescribeBrokerInstanceOptions.
pub async fn describe_broker_instance_options(
    _call: Call,
    _permit: Permit<table::DescribeBrokerInstanceOptions>,
    _input: mq::DescribeBrokerInstanceOptionsRequest,
) -> Result<mq::DescribeBrokerInstanceOptionsResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}
