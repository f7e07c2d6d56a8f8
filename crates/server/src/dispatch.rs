//! From rows to handlers: one exhaustive match, so that a row without a handler does not compile.

use api::refusal::Refusal;
use api::table::OperationId as Id;

use crate::authorise::Grant;
use crate::call::Call;
use crate::operations::{ec2, iam, mq, sts};
use crate::pipeline::{Output, call, call_written};
use crate::route::Members;

/// Carries out the operation of the call.
///
/// # Errors
/// The handler's refusal.
pub(crate) async fn dispatch(cx: &Call, grant: Grant, members: Members) -> Result<Output, Refusal> {
    let (g, m) = (grant, members);
    match cx.facts().row.id {
        Id::CreateBroker => call(cx, g, m, mq::create_broker).await,
        Id::ListBrokers => call_written(cx, g, m, mq::list_brokers).await,
        Id::DescribeBroker => call_written(cx, g, m, mq::describe_broker).await,
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
        Id::CreateRole => call(cx, g, m, iam::create_role).await,
        Id::GetRole => call(cx, g, m, iam::get_role).await,
        Id::ListRoles => call(cx, g, m, iam::list_roles).await,
        Id::UpdateRole => call(cx, g, m, iam::update_role).await,
        Id::UpdateRoleDescription => call(cx, g, m, iam::update_role_description).await,
        Id::DeleteRole => call(cx, g, m, iam::delete_role).await,
        Id::UpdateAssumeRolePolicy => call(cx, g, m, iam::update_assume_role_policy).await,
        Id::PutRolePolicy => call(cx, g, m, iam::put_role_policy).await,
        Id::GetRolePolicy => call(cx, g, m, iam::get_role_policy).await,
        Id::DeleteRolePolicy => call(cx, g, m, iam::delete_role_policy).await,
        Id::ListRolePolicies => call(cx, g, m, iam::list_role_policies).await,
        Id::AttachRolePolicy => call(cx, g, m, iam::attach_role_policy).await,
        Id::DetachRolePolicy => call(cx, g, m, iam::detach_role_policy).await,
        Id::ListAttachedRolePolicies => call(cx, g, m, iam::list_attached_role_policies).await,
        Id::PutRolePermissionsBoundary => call(cx, g, m, iam::put_role_permissions_boundary).await,
        Id::DeleteRolePermissionsBoundary => {
            call(cx, g, m, iam::delete_role_permissions_boundary).await
        }
        Id::TagRole => call(cx, g, m, iam::tag_role).await,
        Id::UntagRole => call(cx, g, m, iam::untag_role).await,
        Id::ListRoleTags => call(cx, g, m, iam::list_role_tags).await,
        Id::CreateServiceLinkedRole => call(cx, g, m, iam::create_service_linked_role).await,
        Id::DeleteServiceLinkedRole => call(cx, g, m, iam::delete_service_linked_role).await,
        Id::GetServiceLinkedRoleDeletionStatus => {
            call(cx, g, m, iam::get_service_linked_role_deletion_status).await
        }
        Id::ListInstanceProfilesForRole => {
            call(cx, g, m, iam::list_instance_profiles_for_role).await
        }
        Id::CreateInstanceProfile => call(cx, g, m, iam::create_instance_profile).await,
        Id::GetInstanceProfile => call(cx, g, m, iam::get_instance_profile).await,
        Id::ListInstanceProfiles => call(cx, g, m, iam::list_instance_profiles).await,
        Id::DeleteInstanceProfile => call(cx, g, m, iam::delete_instance_profile).await,
        Id::AddRoleToInstanceProfile => call(cx, g, m, iam::add_role_to_instance_profile).await,
        Id::RemoveRoleFromInstanceProfile => {
            call(cx, g, m, iam::remove_role_from_instance_profile).await
        }
        Id::TagInstanceProfile => call(cx, g, m, iam::tag_instance_profile).await,
        Id::UntagInstanceProfile => call(cx, g, m, iam::untag_instance_profile).await,
        Id::ListInstanceProfileTags => call(cx, g, m, iam::list_instance_profile_tags).await,
        Id::CreateAccountAlias => call(cx, g, m, iam::create_account_alias).await,
        Id::ListAccountAliases => call(cx, g, m, iam::list_account_aliases).await,
        Id::DeleteAccountAlias => call(cx, g, m, iam::delete_account_alias).await,
        Id::GetAccountSummary => call(cx, g, m, iam::get_account_summary).await,
        Id::GetAccountPasswordPolicy => call(cx, g, m, iam::get_account_password_policy).await,
        Id::UpdateAccountPasswordPolicy => {
            call(cx, g, m, iam::update_account_password_policy).await
        }
        Id::DeleteAccountPasswordPolicy => {
            call(cx, g, m, iam::delete_account_password_policy).await
        }
        Id::GetAccountAuthorizationDetails => {
            call(cx, g, m, iam::get_account_authorization_details).await
        }
        Id::SimulateCustomPolicy => call(cx, g, m, iam::simulate_custom_policy).await,
        Id::SimulatePrincipalPolicy => call(cx, g, m, iam::simulate_principal_policy).await,
        Id::GetContextKeysForCustomPolicy => {
            call(cx, g, m, iam::get_context_keys_for_custom_policy).await
        }
        Id::GetContextKeysForPrincipalPolicy => {
            call(cx, g, m, iam::get_context_keys_for_principal_policy).await
        }
        Id::CreateLoginProfile => call(cx, g, m, iam::create_login_profile).await,
        Id::GetLoginProfile => call(cx, g, m, iam::get_login_profile).await,
        Id::UpdateLoginProfile => call(cx, g, m, iam::update_login_profile).await,
        Id::ChangePassword => call(cx, g, m, iam::change_password).await,
        Id::GenerateCredentialReport => call(cx, g, m, iam::generate_credential_report).await,
        Id::GetCredentialReport => call(cx, g, m, iam::get_credential_report).await,
        Id::DeleteLoginProfile => call(cx, g, m, iam::delete_login_profile).await,
        Id::ListSSHPublicKeys => call(cx, g, m, iam::list_ssh_public_keys).await,
        Id::ListMFADevices => call(cx, g, m, iam::list_mfa_devices).await,
        Id::ListVirtualMFADevices => call(cx, g, m, iam::list_virtual_mfa_devices).await,
        Id::ListSigningCertificates => call(cx, g, m, iam::list_signing_certificates).await,
        Id::ListServiceSpecificCredentials => {
            call(cx, g, m, iam::list_service_specific_credentials).await
        }
        Id::ListServerCertificates => call(cx, g, m, iam::list_server_certificates).await,
        Id::CreateOpenIDConnectProvider => {
            call(cx, g, m, iam::create_openid_connect_provider).await
        }
        Id::GetOpenIDConnectProvider => call(cx, g, m, iam::get_openid_connect_provider).await,
        Id::ListOpenIDConnectProviders => call(cx, g, m, iam::list_openid_connect_providers).await,
        Id::DeleteOpenIDConnectProvider => {
            call(cx, g, m, iam::delete_openid_connect_provider).await
        }
        Id::UpdateOpenIDConnectProviderThumbprint => {
            call(cx, g, m, iam::update_openid_connect_provider_thumbprint).await
        }
        Id::AddClientIDToOpenIDConnectProvider => {
            call(cx, g, m, iam::add_client_id_to_openid_connect_provider).await
        }
        Id::RemoveClientIDFromOpenIDConnectProvider => {
            call(cx, g, m, iam::remove_client_id_from_openid_connect_provider).await
        }
        Id::TagOpenIDConnectProvider => call(cx, g, m, iam::tag_openid_connect_provider).await,
        Id::UntagOpenIDConnectProvider => call(cx, g, m, iam::untag_openid_connect_provider).await,
        Id::ListOpenIDConnectProviderTags => {
            call(cx, g, m, iam::list_openid_connect_provider_tags).await
        }
        Id::CreateSAMLProvider => call(cx, g, m, iam::create_saml_provider).await,
        Id::GetSAMLProvider => call(cx, g, m, iam::get_saml_provider).await,
        Id::ListSAMLProviders => call(cx, g, m, iam::list_saml_providers).await,
        Id::UpdateSAMLProvider => call(cx, g, m, iam::update_saml_provider).await,
        Id::DeleteSAMLProvider => call(cx, g, m, iam::delete_saml_provider).await,
        Id::TagSAMLProvider => call(cx, g, m, iam::tag_saml_provider).await,
        Id::UntagSAMLProvider => call(cx, g, m, iam::untag_saml_provider).await,
        Id::ListSAMLProviderTags => call(cx, g, m, iam::list_saml_provider_tags).await,
        Id::GetCallerIdentity => call(cx, g, m, sts::get_caller_identity).await,
        Id::AssumeRole => call(cx, g, m, sts::assume_role).await,
        Id::AssumeRoleWithWebIdentity => call(cx, g, m, sts::assume_role_with_web_identity).await,
        Id::GetSessionToken => call(cx, g, m, sts::get_session_token).await,
        Id::GetFederationToken => call(cx, g, m, sts::get_federation_token).await,
        Id::GetAccessKeyInfo => call(cx, g, m, sts::get_access_key_info).await,
        Id::DecodeAuthorizationMessage => call(cx, g, m, sts::decode_authorization_message).await,
        Id::DescribeVpcs => call(cx, g, m, ec2::describe_vpcs).await,
        Id::DescribeSubnets => call(cx, g, m, ec2::describe_subnets).await,
        Id::DescribeAvailabilityZones => call(cx, g, m, ec2::describe_availability_zones).await,
        Id::DescribeRegions => call(cx, g, m, ec2::describe_regions).await,
        Id::DescribeSecurityGroups => call(cx, g, m, ec2::describe_security_groups).await,
        Id::DescribeSecurityGroupRules => call(cx, g, m, ec2::describe_security_group_rules).await,
        Id::DescribeInternetGateways => call(cx, g, m, ec2::describe_internet_gateways).await,
        Id::DescribeRouteTables => call(cx, g, m, ec2::describe_route_tables).await,
        Id::DescribeNetworkAcls => call(cx, g, m, ec2::describe_network_acls).await,
        Id::DescribeNetworkInterfaces => call(cx, g, m, ec2::describe_network_interfaces).await,
        Id::DescribeNetworkInterfacePermissions => {
            call(cx, g, m, ec2::describe_network_interface_permissions).await
        }
        Id::DescribeVpcEndpoints => call(cx, g, m, ec2::describe_vpc_endpoints).await,
        Id::DescribeAddresses => call(cx, g, m, ec2::describe_addresses).await,
        Id::DescribeVpcAttribute => call(cx, g, m, ec2::describe_vpc_attribute).await,
        Id::DescribeAccountAttributes => call(cx, g, m, ec2::describe_account_attributes).await,
        Id::DescribeTags => call(cx, g, m, ec2::describe_tags).await,
        Id::CreateVpc => call(cx, g, m, ec2::create_vpc).await,
        Id::DeleteVpc => call(cx, g, m, ec2::delete_vpc).await,
        Id::ModifyVpcAttribute => call(cx, g, m, ec2::modify_vpc_attribute).await,
        Id::CreateSubnet => call(cx, g, m, ec2::create_subnet).await,
        Id::DeleteSubnet => call(cx, g, m, ec2::delete_subnet).await,
        Id::ModifySubnetAttribute => call(cx, g, m, ec2::modify_subnet_attribute).await,
        Id::CreateInternetGateway => call(cx, g, m, ec2::create_internet_gateway).await,
        Id::DeleteInternetGateway => call(cx, g, m, ec2::delete_internet_gateway).await,
        Id::AttachInternetGateway => call(cx, g, m, ec2::attach_internet_gateway).await,
        Id::DetachInternetGateway => call(cx, g, m, ec2::detach_internet_gateway).await,
        Id::CreateRouteTable => call(cx, g, m, ec2::create_route_table).await,
        Id::DeleteRouteTable => call(cx, g, m, ec2::delete_route_table).await,
        Id::CreateRoute => call(cx, g, m, ec2::create_route).await,
        Id::DeleteRoute => call(cx, g, m, ec2::delete_route).await,
        Id::ReplaceRoute => call(cx, g, m, ec2::replace_route).await,
        Id::AssociateRouteTable => call(cx, g, m, ec2::associate_route_table).await,
        Id::DisassociateRouteTable => call(cx, g, m, ec2::disassociate_route_table).await,
        Id::ReplaceRouteTableAssociation => {
            call(cx, g, m, ec2::replace_route_table_association).await
        }
        Id::CreateSecurityGroup => call(cx, g, m, ec2::create_security_group).await,
        Id::DeleteSecurityGroup => call(cx, g, m, ec2::delete_security_group).await,
        Id::AuthorizeSecurityGroupIngress => {
            call(cx, g, m, ec2::authorize_security_group_ingress).await
        }
        Id::AuthorizeSecurityGroupEgress => {
            call(cx, g, m, ec2::authorize_security_group_egress).await
        }
        Id::RevokeSecurityGroupIngress => call(cx, g, m, ec2::revoke_security_group_ingress).await,
        Id::RevokeSecurityGroupEgress => call(cx, g, m, ec2::revoke_security_group_egress).await,
        Id::ModifySecurityGroupRules => call(cx, g, m, ec2::modify_security_group_rules).await,
        Id::CreateNetworkInterface => call(cx, g, m, ec2::create_network_interface).await,
        Id::DeleteNetworkInterface => call(cx, g, m, ec2::delete_network_interface).await,
        Id::ModifyNetworkInterfaceAttribute => {
            call(cx, g, m, ec2::modify_network_interface_attribute).await
        }
        Id::DetachNetworkInterface => call(cx, g, m, ec2::detach_network_interface).await,
        Id::CreateNetworkInterfacePermission => {
            call(cx, g, m, ec2::create_network_interface_permission).await
        }
        Id::DeleteNetworkInterfacePermission => {
            call(cx, g, m, ec2::delete_network_interface_permission).await
        }
        Id::Ec2CreateTags => call(cx, g, m, ec2::create_tags).await,
        Id::Ec2DeleteTags => call(cx, g, m, ec2::delete_tags).await,
    }
}
