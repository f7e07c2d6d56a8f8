//! The shapes of Amazon EC2's network part, as its service model (2016-11-15) names them. Members of requests are all optional
//! here: what is required and well-formed is decided by the handlers. A member that is not here is refused as unknown, because
//! ignoring it would do something else than what was asked. Texts of answers that are empty are left out.

use serde::{Deserialize, Serialize};

/// The answer of operations that only say that it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Return {
    /// `return`.
    #[serde(rename = "return")]
    pub done: bool,
}

impl Return {
    /// It is done.
    pub const DONE: Return = Return { done: true };
}

/// `DescribeVpcsRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeVpcsRequest {
    /// `NextToken`.
    pub next_token: Option<String>,
    /// `MaxResults`.
    pub max_results: Option<i64>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `Filter`.
    #[serde(rename = "Filter")]
    pub filters: Vec<Filter>,
    /// `VpcId`.
    #[serde(rename = "VpcId")]
    pub vpc_ids: Vec<String>,
}

/// `DescribeSubnetsRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeSubnetsRequest {
    /// `NextToken`.
    pub next_token: Option<String>,
    /// `MaxResults`.
    pub max_results: Option<i64>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `Filter`.
    #[serde(rename = "Filter")]
    pub filters: Vec<Filter>,
    /// `SubnetId`.
    #[serde(rename = "SubnetId")]
    pub subnet_ids: Vec<String>,
}

/// `DescribeAvailabilityZonesRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeAvailabilityZonesRequest {
    /// `ZoneName`.
    #[serde(rename = "ZoneName")]
    pub zone_names: Vec<String>,
    /// `ZoneId`.
    #[serde(rename = "ZoneId")]
    pub zone_ids: Vec<String>,
    /// `AllAvailabilityZones`.
    pub all_availability_zones: Option<bool>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `Filter`.
    #[serde(rename = "Filter")]
    pub filters: Vec<Filter>,
}

/// `DescribeSecurityGroupsRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeSecurityGroupsRequest {
    /// `NextToken`.
    pub next_token: Option<String>,
    /// `MaxResults`.
    pub max_results: Option<i64>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `Filter`.
    #[serde(rename = "Filter")]
    pub filters: Vec<Filter>,
    /// `GroupId`.
    #[serde(rename = "GroupId")]
    pub group_ids: Vec<String>,
    /// `GroupName`.
    #[serde(rename = "GroupName")]
    pub group_names: Vec<String>,
}

/// `DescribeSecurityGroupRulesRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeSecurityGroupRulesRequest {
    /// `NextToken`.
    pub next_token: Option<String>,
    /// `MaxResults`.
    pub max_results: Option<i64>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `Filter`.
    #[serde(rename = "Filter")]
    pub filters: Vec<Filter>,
    /// `SecurityGroupRuleId`.
    #[serde(rename = "SecurityGroupRuleId")]
    pub security_group_rule_ids: Vec<String>,
}

/// `DescribeInternetGatewaysRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeInternetGatewaysRequest {
    /// `NextToken`.
    pub next_token: Option<String>,
    /// `MaxResults`.
    pub max_results: Option<i64>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `Filter`.
    #[serde(rename = "Filter")]
    pub filters: Vec<Filter>,
    /// `InternetGatewayId`.
    #[serde(rename = "InternetGatewayId")]
    pub internet_gateway_ids: Vec<String>,
}

/// `DescribeRouteTablesRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeRouteTablesRequest {
    /// `NextToken`.
    pub next_token: Option<String>,
    /// `MaxResults`.
    pub max_results: Option<i64>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `Filter`.
    #[serde(rename = "Filter")]
    pub filters: Vec<Filter>,
    /// `RouteTableId`.
    #[serde(rename = "RouteTableId")]
    pub route_table_ids: Vec<String>,
}

/// `DescribeNetworkAclsRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeNetworkAclsRequest {
    /// `NextToken`.
    pub next_token: Option<String>,
    /// `MaxResults`.
    pub max_results: Option<i64>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `Filter`.
    #[serde(rename = "Filter")]
    pub filters: Vec<Filter>,
    /// `NetworkAclId`.
    #[serde(rename = "NetworkAclId")]
    pub network_acl_ids: Vec<String>,
}

/// `DescribeNetworkInterfacesRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeNetworkInterfacesRequest {
    /// `NextToken`.
    pub next_token: Option<String>,
    /// `MaxResults`.
    pub max_results: Option<i64>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `Filter`.
    #[serde(rename = "Filter")]
    pub filters: Vec<Filter>,
    /// `NetworkInterfaceId`.
    #[serde(rename = "NetworkInterfaceId")]
    pub network_interface_ids: Vec<String>,
    /// `IncludeManagedResources`.
    pub include_managed_resources: Option<bool>,
}

/// `DescribeNetworkInterfacePermissionsRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeNetworkInterfacePermissionsRequest {
    /// `NextToken`.
    pub next_token: Option<String>,
    /// `MaxResults`.
    pub max_results: Option<i64>,
    /// `Filter`.
    #[serde(rename = "Filter")]
    pub filters: Vec<Filter>,
    /// `NetworkInterfacePermissionId`.
    #[serde(rename = "NetworkInterfacePermissionId")]
    pub network_interface_permission_ids: Vec<String>,
}

/// `DescribeVpcEndpointsRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeVpcEndpointsRequest {
    /// `NextToken`.
    pub next_token: Option<String>,
    /// `MaxResults`.
    pub max_results: Option<i64>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `Filter`.
    #[serde(rename = "Filter")]
    pub filters: Vec<Filter>,
    /// `VpcEndpointId`.
    #[serde(rename = "VpcEndpointId")]
    pub vpc_endpoint_ids: Vec<String>,
}

/// `DescribeAddressesRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeAddressesRequest {
    /// `PublicIp`.
    #[serde(rename = "PublicIp")]
    pub public_ips: Vec<String>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `Filter`.
    #[serde(rename = "Filter")]
    pub filters: Vec<Filter>,
    /// `AllocationId`.
    #[serde(rename = "AllocationId")]
    pub allocation_ids: Vec<String>,
}

/// `DescribeVpcAttributeRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeVpcAttributeRequest {
    /// `Attribute`.
    pub attribute: Option<String>,
    /// `VpcId`.
    pub vpc_id: Option<String>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
}

/// `DescribeAccountAttributesRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeAccountAttributesRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `AttributeName`.
    #[serde(rename = "AttributeName")]
    pub attribute_names: Vec<String>,
}

/// `DescribeTagsRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeTagsRequest {
    /// `NextToken`.
    pub next_token: Option<String>,
    /// `MaxResults`.
    pub max_results: Option<i64>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `Filter`.
    #[serde(rename = "Filter")]
    pub filters: Vec<Filter>,
}

/// `DescribeRegionsRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DescribeRegionsRequest {
    /// `RegionName`.
    #[serde(rename = "RegionName")]
    pub region_names: Vec<String>,
    /// `AllRegions`.
    pub all_regions: Option<bool>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `Filter`.
    #[serde(rename = "Filter")]
    pub filters: Vec<Filter>,
}

/// `CreateVpcRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct CreateVpcRequest {
    /// `CidrBlock`.
    pub cidr_block: Option<String>,
    /// `TagSpecification`.
    #[serde(rename = "TagSpecification")]
    pub tag_specifications: Vec<TagSpecification>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `InstanceTenancy`.
    pub instance_tenancy: Option<String>,
    /// `AmazonProvidedIpv6CidrBlock`.
    pub amazon_provided_ipv6_cidr_block: Option<bool>,
}

/// `DeleteVpcRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DeleteVpcRequest {
    /// `VpcId`.
    pub vpc_id: Option<String>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
}

/// `ModifyVpcAttributeRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct ModifyVpcAttributeRequest {
    /// `EnableDnsHostnames`.
    pub enable_dns_hostnames: Option<RequestedAttributeBooleanValue>,
    /// `EnableDnsSupport`.
    pub enable_dns_support: Option<RequestedAttributeBooleanValue>,
    /// `VpcId`.
    pub vpc_id: Option<String>,
    /// `EnableNetworkAddressUsageMetrics`.
    pub enable_network_address_usage_metrics: Option<RequestedAttributeBooleanValue>,
}

/// `CreateSubnetRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct CreateSubnetRequest {
    /// `TagSpecification`.
    #[serde(rename = "TagSpecification")]
    pub tag_specifications: Vec<TagSpecification>,
    /// `AvailabilityZone`.
    pub availability_zone: Option<String>,
    /// `AvailabilityZoneId`.
    pub availability_zone_id: Option<String>,
    /// `CidrBlock`.
    pub cidr_block: Option<String>,
    /// `VpcId`.
    pub vpc_id: Option<String>,
    /// `Ipv6Native`.
    pub ipv6_native: Option<bool>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
}

/// `DeleteSubnetRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DeleteSubnetRequest {
    /// `SubnetId`.
    pub subnet_id: Option<String>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
}

/// `ModifySubnetAttributeRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct ModifySubnetAttributeRequest {
    /// `MapPublicIpOnLaunch`.
    pub map_public_ip_on_launch: Option<RequestedAttributeBooleanValue>,
    /// `SubnetId`.
    pub subnet_id: Option<String>,
}

/// `CreateInternetGatewayRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct CreateInternetGatewayRequest {
    /// `TagSpecification`.
    #[serde(rename = "TagSpecification")]
    pub tag_specifications: Vec<TagSpecification>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
}

/// `DeleteInternetGatewayRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DeleteInternetGatewayRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `InternetGatewayId`.
    pub internet_gateway_id: Option<String>,
}

/// `AttachInternetGatewayRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct AttachInternetGatewayRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `InternetGatewayId`.
    pub internet_gateway_id: Option<String>,
    /// `VpcId`.
    pub vpc_id: Option<String>,
}

/// `DetachInternetGatewayRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DetachInternetGatewayRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `InternetGatewayId`.
    pub internet_gateway_id: Option<String>,
    /// `VpcId`.
    pub vpc_id: Option<String>,
}

/// `CreateRouteTableRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct CreateRouteTableRequest {
    /// `TagSpecification`.
    #[serde(rename = "TagSpecification")]
    pub tag_specifications: Vec<TagSpecification>,
    /// `ClientToken`.
    pub client_token: Option<String>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `VpcId`.
    pub vpc_id: Option<String>,
}

/// `DeleteRouteTableRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DeleteRouteTableRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `RouteTableId`.
    pub route_table_id: Option<String>,
}

/// `CreateRouteRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct CreateRouteRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `RouteTableId`.
    pub route_table_id: Option<String>,
    /// `DestinationCidrBlock`.
    pub destination_cidr_block: Option<String>,
    /// `GatewayId`.
    pub gateway_id: Option<String>,
    /// `DestinationIpv6CidrBlock`.
    pub destination_ipv6_cidr_block: Option<String>,
    /// `NetworkInterfaceId`.
    pub network_interface_id: Option<String>,
}

/// `DeleteRouteRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DeleteRouteRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `RouteTableId`.
    pub route_table_id: Option<String>,
    /// `DestinationCidrBlock`.
    pub destination_cidr_block: Option<String>,
    /// `DestinationIpv6CidrBlock`.
    pub destination_ipv6_cidr_block: Option<String>,
}

/// `ReplaceRouteRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct ReplaceRouteRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `RouteTableId`.
    pub route_table_id: Option<String>,
    /// `DestinationCidrBlock`.
    pub destination_cidr_block: Option<String>,
    /// `GatewayId`.
    pub gateway_id: Option<String>,
    /// `DestinationIpv6CidrBlock`.
    pub destination_ipv6_cidr_block: Option<String>,
    /// `NetworkInterfaceId`.
    pub network_interface_id: Option<String>,
}

/// `AssociateRouteTableRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct AssociateRouteTableRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `SubnetId`.
    pub subnet_id: Option<String>,
    /// `RouteTableId`.
    pub route_table_id: Option<String>,
}

/// `DisassociateRouteTableRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DisassociateRouteTableRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `AssociationId`.
    pub association_id: Option<String>,
}

/// `ReplaceRouteTableAssociationRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct ReplaceRouteTableAssociationRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `AssociationId`.
    pub association_id: Option<String>,
    /// `RouteTableId`.
    pub route_table_id: Option<String>,
}

/// `CreateSecurityGroupRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct CreateSecurityGroupRequest {
    /// `GroupDescription`.
    #[serde(rename = "GroupDescription")]
    pub description: Option<String>,
    /// `GroupName`.
    pub group_name: Option<String>,
    /// `VpcId`.
    pub vpc_id: Option<String>,
    /// `TagSpecification`.
    #[serde(rename = "TagSpecification")]
    pub tag_specifications: Vec<TagSpecification>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
}

/// `DeleteSecurityGroupRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DeleteSecurityGroupRequest {
    /// `GroupId`.
    pub group_id: Option<String>,
    /// `GroupName`.
    pub group_name: Option<String>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
}

/// `AuthorizeSecurityGroupIngressRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct AuthorizeSecurityGroupIngressRequest {
    /// `CidrIp`.
    pub cidr_ip: Option<String>,
    /// `FromPort`.
    pub from_port: Option<i64>,
    /// `GroupId`.
    pub group_id: Option<String>,
    /// `GroupName`.
    pub group_name: Option<String>,
    /// `IpPermissions`.
    pub ip_permissions: Vec<RequestedIpPermission>,
    /// `IpProtocol`.
    pub ip_protocol: Option<String>,
    /// `ToPort`.
    pub to_port: Option<i64>,
    /// `TagSpecification`.
    #[serde(rename = "TagSpecification")]
    pub tag_specifications: Vec<TagSpecification>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
}

/// `AuthorizeSecurityGroupEgressRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct AuthorizeSecurityGroupEgressRequest {
    /// `TagSpecification`.
    #[serde(rename = "TagSpecification")]
    pub tag_specifications: Vec<TagSpecification>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `GroupId`.
    pub group_id: Option<String>,
    /// `IpPermissions`.
    pub ip_permissions: Vec<RequestedIpPermission>,
}

/// `RevokeSecurityGroupIngressRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct RevokeSecurityGroupIngressRequest {
    /// `CidrIp`.
    pub cidr_ip: Option<String>,
    /// `FromPort`.
    pub from_port: Option<i64>,
    /// `GroupId`.
    pub group_id: Option<String>,
    /// `GroupName`.
    pub group_name: Option<String>,
    /// `IpPermissions`.
    pub ip_permissions: Vec<RequestedIpPermission>,
    /// `IpProtocol`.
    pub ip_protocol: Option<String>,
    /// `ToPort`.
    pub to_port: Option<i64>,
    /// `SecurityGroupRuleId`.
    #[serde(rename = "SecurityGroupRuleId")]
    pub security_group_rule_ids: Vec<String>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
}

/// `RevokeSecurityGroupEgressRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct RevokeSecurityGroupEgressRequest {
    /// `SecurityGroupRuleId`.
    #[serde(rename = "SecurityGroupRuleId")]
    pub security_group_rule_ids: Vec<String>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `GroupId`.
    pub group_id: Option<String>,
    /// `IpPermissions`.
    pub ip_permissions: Vec<RequestedIpPermission>,
}

/// `ModifySecurityGroupRulesRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct ModifySecurityGroupRulesRequest {
    /// `GroupId`.
    pub group_id: Option<String>,
    /// `SecurityGroupRule`.
    #[serde(rename = "SecurityGroupRule")]
    pub security_group_rules: Vec<SecurityGroupRuleUpdate>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
}

/// `CreateNetworkInterfaceRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct CreateNetworkInterfaceRequest {
    /// `InterfaceType`.
    pub interface_type: Option<String>,
    /// `TagSpecification`.
    #[serde(rename = "TagSpecification")]
    pub tag_specifications: Vec<TagSpecification>,
    /// `ClientToken`.
    pub client_token: Option<String>,
    /// `SubnetId`.
    pub subnet_id: Option<String>,
    /// `Description`.
    pub description: Option<String>,
    /// `PrivateIpAddress`.
    pub private_ip_address: Option<String>,
    /// `SecurityGroupId`.
    #[serde(rename = "SecurityGroupId")]
    pub groups: Vec<String>,
    /// `PrivateIpAddresses`.
    pub private_ip_addresses: Vec<PrivateIpAddressSpecification>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
}

/// `DeleteNetworkInterfaceRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DeleteNetworkInterfaceRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `NetworkInterfaceId`.
    pub network_interface_id: Option<String>,
}

/// `ModifyNetworkInterfaceAttributeRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct ModifyNetworkInterfaceAttributeRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `NetworkInterfaceId`.
    pub network_interface_id: Option<String>,
    /// `Description`.
    pub description: Option<AttributeValue>,
    /// `SourceDestCheck`.
    pub source_dest_check: Option<RequestedAttributeBooleanValue>,
    /// `SecurityGroupId`.
    #[serde(rename = "SecurityGroupId")]
    pub groups: Vec<String>,
}

/// `DetachNetworkInterfaceRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DetachNetworkInterfaceRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `AttachmentId`.
    pub attachment_id: Option<String>,
    /// `Force`.
    pub force: Option<bool>,
}

/// `CreateNetworkInterfacePermissionRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct CreateNetworkInterfacePermissionRequest {
    /// `NetworkInterfaceId`.
    pub network_interface_id: Option<String>,
    /// `AwsAccountId`.
    pub aws_account_id: Option<String>,
    /// `AwsService`.
    pub aws_service: Option<String>,
    /// `Permission`.
    pub permission: Option<String>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
}

/// `DeleteNetworkInterfacePermissionRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DeleteNetworkInterfacePermissionRequest {
    /// `NetworkInterfacePermissionId`.
    pub network_interface_permission_id: Option<String>,
    /// `Force`.
    pub force: Option<bool>,
    /// `DryRun`.
    pub dry_run: Option<bool>,
}

/// `CreateTagsRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct CreateTagsRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `ResourceId`.
    #[serde(rename = "ResourceId")]
    pub resources: Vec<String>,
    /// `Tag`.
    #[serde(rename = "Tag")]
    pub tags: Vec<RequestedTag>,
}

/// `DeleteTagsRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct DeleteTagsRequest {
    /// `DryRun`.
    pub dry_run: Option<bool>,
    /// `ResourceId`.
    #[serde(rename = "ResourceId")]
    pub resources: Vec<String>,
    /// `Tag`.
    #[serde(rename = "Tag")]
    pub tags: Vec<RequestedTag>,
}

/// `DescribeVpcsResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeVpcsResponse {
    /// `nextToken`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_token: String,
    /// `vpcSet`.
    #[serde(rename = "vpcSet")]
    pub vpcs: Vec<Vpc>,
}

/// `DescribeSubnetsResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeSubnetsResponse {
    /// `nextToken`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_token: String,
    /// `subnetSet`.
    #[serde(rename = "subnetSet")]
    pub subnets: Vec<Subnet>,
}

/// `DescribeAvailabilityZonesResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeAvailabilityZonesResponse {
    /// `availabilityZoneInfo`.
    #[serde(rename = "availabilityZoneInfo")]
    pub availability_zones: Vec<AvailabilityZone>,
}

/// `DescribeSecurityGroupsResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeSecurityGroupsResponse {
    /// `nextToken`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_token: String,
    /// `securityGroupInfo`.
    #[serde(rename = "securityGroupInfo")]
    pub security_groups: Vec<SecurityGroup>,
}

/// `DescribeSecurityGroupRulesResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeSecurityGroupRulesResponse {
    /// `securityGroupRuleSet`.
    #[serde(rename = "securityGroupRuleSet")]
    pub security_group_rules: Vec<SecurityGroupRule>,
    /// `nextToken`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_token: String,
}

/// `DescribeInternetGatewaysResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeInternetGatewaysResponse {
    /// `internetGatewaySet`.
    #[serde(rename = "internetGatewaySet")]
    pub internet_gateways: Vec<InternetGateway>,
    /// `nextToken`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_token: String,
}

/// `DescribeRouteTablesResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeRouteTablesResponse {
    /// `routeTableSet`.
    #[serde(rename = "routeTableSet")]
    pub route_tables: Vec<RouteTable>,
    /// `nextToken`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_token: String,
}

/// `DescribeNetworkAclsResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeNetworkAclsResponse {
    /// `networkAclSet`.
    #[serde(rename = "networkAclSet")]
    pub network_acls: Vec<NetworkAcl>,
    /// `nextToken`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_token: String,
}

/// `DescribeNetworkInterfacesResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeNetworkInterfacesResponse {
    /// `networkInterfaceSet`.
    #[serde(rename = "networkInterfaceSet")]
    pub network_interfaces: Vec<NetworkInterface>,
    /// `nextToken`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_token: String,
}

/// `DescribeNetworkInterfacePermissionsResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeNetworkInterfacePermissionsResponse {
    /// `networkInterfacePermissions`.
    pub network_interface_permissions: Vec<NetworkInterfacePermission>,
    /// `nextToken`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_token: String,
}

/// `DescribeVpcEndpointsResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeVpcEndpointsResponse {
    /// `vpcEndpointSet`.
    #[serde(rename = "vpcEndpointSet")]
    pub vpc_endpoints: Vec<VpcEndpoint>,
    /// `nextToken`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_token: String,
}

/// `DescribeAddressesResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeAddressesResponse {
    /// `addressesSet`.
    #[serde(rename = "addressesSet")]
    pub addresses: Vec<Address>,
}

/// `DescribeVpcAttributeResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeVpcAttributeResponse {
    /// `enableDnsHostnames`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_dns_hostnames: Option<AttributeBooleanValue>,
    /// `enableDnsSupport`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_dns_support: Option<AttributeBooleanValue>,
    /// `enableNetworkAddressUsageMetrics`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_network_address_usage_metrics: Option<AttributeBooleanValue>,
    /// `vpcId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub vpc_id: String,
}

/// `DescribeAccountAttributesResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeAccountAttributesResponse {
    /// `accountAttributeSet`.
    #[serde(rename = "accountAttributeSet")]
    pub account_attributes: Vec<AccountAttribute>,
}

/// `DescribeTagsResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeTagsResponse {
    /// `nextToken`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_token: String,
    /// `tagSet`.
    #[serde(rename = "tagSet")]
    pub tags: Vec<TagDescription>,
}

/// `DescribeRegionsResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeRegionsResponse {
    /// `regionInfo`.
    #[serde(rename = "regionInfo")]
    pub regions: Vec<Region>,
}

/// `CreateVpcResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateVpcResponse {
    /// `vpc`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpc: Option<Vpc>,
}

/// `CreateSubnetResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateSubnetResponse {
    /// `subnet`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subnet: Option<Subnet>,
}

/// `CreateInternetGatewayResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateInternetGatewayResponse {
    /// `internetGateway`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub internet_gateway: Option<InternetGateway>,
}

/// `CreateRouteTableResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateRouteTableResponse {
    /// `routeTable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route_table: Option<RouteTable>,
    /// `clientToken`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub client_token: String,
}

/// `AssociateRouteTableResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AssociateRouteTableResponse {
    /// `associationId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub association_id: String,
    /// `associationState`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub association_state: Option<RouteTableAssociationState>,
}

/// `ReplaceRouteTableAssociationResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplaceRouteTableAssociationResponse {
    /// `newAssociationId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub new_association_id: String,
    /// `associationState`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub association_state: Option<RouteTableAssociationState>,
}

/// `CreateSecurityGroupResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateSecurityGroupResponse {
    /// `groupId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group_id: String,
    /// `tagSet`.
    #[serde(rename = "tagSet")]
    pub tags: Vec<Tag>,
    /// `securityGroupArn`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub security_group_arn: String,
}

/// `DeleteSecurityGroupResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteSecurityGroupResponse {
    /// `return`.
    pub r#return: bool,
    /// `groupId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group_id: String,
}

/// `AuthorizeSecurityGroupIngressResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizeSecurityGroupIngressResponse {
    /// `return`.
    pub r#return: bool,
    /// `securityGroupRuleSet`.
    #[serde(rename = "securityGroupRuleSet")]
    pub security_group_rules: Vec<SecurityGroupRule>,
}

/// `AuthorizeSecurityGroupEgressResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizeSecurityGroupEgressResponse {
    /// `return`.
    pub r#return: bool,
    /// `securityGroupRuleSet`.
    #[serde(rename = "securityGroupRuleSet")]
    pub security_group_rules: Vec<SecurityGroupRule>,
}

/// `RevokeSecurityGroupIngressResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevokeSecurityGroupIngressResponse {
    /// `return`.
    pub r#return: bool,
    /// `revokedSecurityGroupRuleSet`.
    #[serde(rename = "revokedSecurityGroupRuleSet")]
    pub revoked_security_group_rules: Vec<RevokedSecurityGroupRule>,
}

/// `RevokeSecurityGroupEgressResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevokeSecurityGroupEgressResponse {
    /// `return`.
    pub r#return: bool,
    /// `revokedSecurityGroupRuleSet`.
    #[serde(rename = "revokedSecurityGroupRuleSet")]
    pub revoked_security_group_rules: Vec<RevokedSecurityGroupRule>,
}

/// `CreateNetworkInterfaceResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateNetworkInterfaceResponse {
    /// `networkInterface`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_interface: Option<NetworkInterface>,
    /// `clientToken`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub client_token: String,
}

/// `CreateNetworkInterfacePermissionResult` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateNetworkInterfacePermissionResponse {
    /// `interfacePermission`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interface_permission: Option<NetworkInterfacePermission>,
}

/// `Filter` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct Filter {
    /// `Name`.
    pub name: Option<String>,
    /// `Value`.
    #[serde(rename = "Value")]
    pub values: Vec<String>,
}

/// `TagSpecification` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct TagSpecification {
    /// `ResourceType`.
    pub resource_type: Option<String>,
    /// `Tag`.
    #[serde(rename = "Tag")]
    pub tags: Vec<RequestedTag>,
}

/// `AttributeBooleanValue` of the service model in requests.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct RequestedAttributeBooleanValue {
    /// `Value`.
    pub value: Option<bool>,
}

/// `IpPermission` of the service model in requests.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct RequestedIpPermission {
    /// `IpProtocol`.
    pub ip_protocol: Option<String>,
    /// `FromPort`.
    pub from_port: Option<i64>,
    /// `ToPort`.
    pub to_port: Option<i64>,
    /// `Groups`.
    #[serde(rename = "Groups")]
    pub user_id_group_pairs: Vec<RequestedUserIdGroupPair>,
    /// `IpRanges`.
    pub ip_ranges: Vec<RequestedIpRange>,
    /// `Ipv6Ranges`.
    pub ipv6_ranges: Vec<RequestedIpv6Range>,
    /// `PrefixListIds`.
    pub prefix_list_ids: Vec<RequestedPrefixListId>,
}

/// `SecurityGroupRuleUpdate` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct SecurityGroupRuleUpdate {
    /// `SecurityGroupRuleId`.
    pub security_group_rule_id: Option<String>,
    /// `SecurityGroupRule`.
    pub security_group_rule: Option<SecurityGroupRuleRequest>,
}

/// `PrivateIpAddressSpecification` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct PrivateIpAddressSpecification {
    /// `Primary`.
    pub primary: Option<bool>,
    /// `PrivateIpAddress`.
    pub private_ip_address: Option<String>,
}

/// `AttributeValue` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct AttributeValue {
    /// `Value`.
    pub value: Option<String>,
}

/// `Tag` of the service model in requests.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct RequestedTag {
    /// `Key`.
    pub key: Option<String>,
    /// `Value`.
    pub value: Option<String>,
}

/// `UserIdGroupPair` of the service model in requests.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct RequestedUserIdGroupPair {
    /// `Description`.
    pub description: Option<String>,
    /// `UserId`.
    pub user_id: Option<String>,
    /// `GroupName`.
    pub group_name: Option<String>,
    /// `GroupId`.
    pub group_id: Option<String>,
    /// `VpcId`.
    pub vpc_id: Option<String>,
}

/// `IpRange` of the service model in requests.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct RequestedIpRange {
    /// `Description`.
    pub description: Option<String>,
    /// `CidrIp`.
    pub cidr_ip: Option<String>,
}

/// `Ipv6Range` of the service model in requests.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct RequestedIpv6Range {
    /// `Description`.
    pub description: Option<String>,
    /// `CidrIpv6`.
    pub cidr_ipv6: Option<String>,
}

/// `PrefixListId` of the service model in requests.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct RequestedPrefixListId {
    /// `Description`.
    pub description: Option<String>,
    /// `PrefixListId`.
    pub prefix_list_id: Option<String>,
}

/// `SecurityGroupRuleRequest` of the service model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct SecurityGroupRuleRequest {
    /// `IpProtocol`.
    pub ip_protocol: Option<String>,
    /// `FromPort`.
    pub from_port: Option<i64>,
    /// `ToPort`.
    pub to_port: Option<i64>,
    /// `CidrIpv4`.
    pub cidr_ipv4: Option<String>,
    /// `CidrIpv6`.
    pub cidr_ipv6: Option<String>,
    /// `PrefixListId`.
    pub prefix_list_id: Option<String>,
    /// `ReferencedGroupId`.
    pub referenced_group_id: Option<String>,
    /// `Description`.
    pub description: Option<String>,
}

/// `Vpc` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Vpc {
    /// `ownerId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub owner_id: String,
    /// `instanceTenancy`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub instance_tenancy: String,
    /// `cidrBlockAssociationSet`.
    pub cidr_block_association_set: Vec<VpcCidrBlockAssociation>,
    /// `isDefault`.
    pub is_default: bool,
    /// `tagSet`.
    #[serde(rename = "tagSet")]
    pub tags: Vec<Tag>,
    /// `vpcId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub vpc_id: String,
    /// `state`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// `cidrBlock`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cidr_block: String,
    /// `dhcpOptionsId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dhcp_options_id: String,
}

/// `Subnet` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Subnet {
    /// `availabilityZoneId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub availability_zone_id: String,
    /// `mapCustomerOwnedIpOnLaunch`.
    pub map_customer_owned_ip_on_launch: bool,
    /// `ownerId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub owner_id: String,
    /// `assignIpv6AddressOnCreation`.
    pub assign_ipv6_address_on_creation: bool,
    /// `tagSet`.
    #[serde(rename = "tagSet")]
    pub tags: Vec<Tag>,
    /// `subnetArn`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subnet_arn: String,
    /// `enableDns64`.
    pub enable_dns64: bool,
    /// `ipv6Native`.
    pub ipv6_native: bool,
    /// `privateDnsNameOptionsOnLaunch`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_dns_name_options_on_launch: Option<PrivateDnsNameOptionsOnLaunch>,
    /// `subnetId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subnet_id: String,
    /// `state`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// `vpcId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub vpc_id: String,
    /// `cidrBlock`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cidr_block: String,
    /// `availableIpAddressCount`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_ip_address_count: Option<i64>,
    /// `availabilityZone`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub availability_zone: String,
    /// `defaultForAz`.
    pub default_for_az: bool,
    /// `mapPublicIpOnLaunch`.
    pub map_public_ip_on_launch: bool,
}

/// `AvailabilityZone` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AvailabilityZone {
    /// `optInStatus`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub opt_in_status: String,
    /// `regionName`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub region_name: String,
    /// `zoneName`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub zone_name: String,
    /// `zoneId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub zone_id: String,
    /// `groupName`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group_name: String,
    /// `networkBorderGroup`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network_border_group: String,
    /// `zoneType`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub zone_type: String,
    /// `zoneState`.
    #[serde(rename = "zoneState", skip_serializing_if = "String::is_empty")]
    pub state: String,
}

/// `SecurityGroup` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecurityGroup {
    /// `groupId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group_id: String,
    /// `ipPermissionsEgress`.
    pub ip_permissions_egress: Vec<IpPermission>,
    /// `tagSet`.
    #[serde(rename = "tagSet")]
    pub tags: Vec<Tag>,
    /// `vpcId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub vpc_id: String,
    /// `securityGroupArn`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub security_group_arn: String,
    /// `ownerId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub owner_id: String,
    /// `groupName`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group_name: String,
    /// `groupDescription`.
    #[serde(rename = "groupDescription", skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `ipPermissions`.
    pub ip_permissions: Vec<IpPermission>,
}

/// `SecurityGroupRule` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecurityGroupRule {
    /// `securityGroupRuleId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub security_group_rule_id: String,
    /// `groupId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group_id: String,
    /// `groupOwnerId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group_owner_id: String,
    /// `isEgress`.
    pub is_egress: bool,
    /// `ipProtocol`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ip_protocol: String,
    /// `fromPort`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_port: Option<i64>,
    /// `toPort`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_port: Option<i64>,
    /// `cidrIpv4`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cidr_ipv4: String,
    /// `cidrIpv6`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cidr_ipv6: String,
    /// `referencedGroupInfo`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referenced_group_info: Option<ReferencedSecurityGroup>,
    /// `description`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `tagSet`.
    #[serde(rename = "tagSet")]
    pub tags: Vec<Tag>,
    /// `securityGroupRuleArn`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub security_group_rule_arn: String,
}

/// `InternetGateway` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InternetGateway {
    /// `attachmentSet`.
    #[serde(rename = "attachmentSet")]
    pub attachments: Vec<InternetGatewayAttachment>,
    /// `internetGatewayId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub internet_gateway_id: String,
    /// `ownerId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub owner_id: String,
    /// `tagSet`.
    #[serde(rename = "tagSet")]
    pub tags: Vec<Tag>,
}

/// `RouteTable` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteTable {
    /// `associationSet`.
    #[serde(rename = "associationSet")]
    pub associations: Vec<RouteTableAssociation>,
    /// `propagatingVgwSet`.
    #[serde(rename = "propagatingVgwSet")]
    pub propagating_vgws: Vec<PropagatingVgw>,
    /// `routeTableId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub route_table_id: String,
    /// `routeSet`.
    #[serde(rename = "routeSet")]
    pub routes: Vec<Route>,
    /// `tagSet`.
    #[serde(rename = "tagSet")]
    pub tags: Vec<Tag>,
    /// `vpcId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub vpc_id: String,
    /// `ownerId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub owner_id: String,
}

/// `NetworkAcl` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkAcl {
    /// `associationSet`.
    #[serde(rename = "associationSet")]
    pub associations: Vec<NetworkAclAssociation>,
    /// `entrySet`.
    #[serde(rename = "entrySet")]
    pub entries: Vec<NetworkAclEntry>,
    /// `default`.
    #[serde(rename = "default")]
    pub is_default: bool,
    /// `networkAclId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network_acl_id: String,
    /// `tagSet`.
    #[serde(rename = "tagSet")]
    pub tags: Vec<Tag>,
    /// `vpcId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub vpc_id: String,
    /// `ownerId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub owner_id: String,
}

/// `NetworkInterfaceAssociation` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkInterfaceAssociation {
    /// `ipOwnerId`.
    pub ip_owner_id: String,
    /// `publicIp`.
    pub public_ip: String,
}

/// `NetworkInterface` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkInterface {
    /// `association`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub association: Option<NetworkInterfaceAssociation>,
    /// `attachment`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment: Option<NetworkInterfaceAttachment>,
    /// `availabilityZone`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub availability_zone: String,
    /// `description`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `groupSet`.
    #[serde(rename = "groupSet")]
    pub groups: Vec<GroupIdentifier>,
    /// `interfaceType`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub interface_type: String,
    /// `ipv6AddressesSet`.
    #[serde(rename = "ipv6AddressesSet")]
    pub ipv6_addresses: Vec<NetworkInterfaceIpv6Address>,
    /// `macAddress`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mac_address: String,
    /// `networkInterfaceId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network_interface_id: String,
    /// `ownerId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub owner_id: String,
    /// `privateDnsName`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub private_dns_name: String,
    /// `privateIpAddress`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub private_ip_address: String,
    /// `privateIpAddressesSet`.
    #[serde(rename = "privateIpAddressesSet")]
    pub private_ip_addresses: Vec<NetworkInterfacePrivateIpAddress>,
    /// `requesterId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub requester_id: String,
    /// `requesterManaged`.
    pub requester_managed: bool,
    /// `sourceDestCheck`.
    pub source_dest_check: bool,
    /// `status`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// `subnetId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subnet_id: String,
    /// `tagSet`.
    pub tag_set: Vec<Tag>,
    /// `vpcId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub vpc_id: String,
    /// `operator`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<OperatorResponse>,
    /// `availabilityZoneId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub availability_zone_id: String,
}

/// `NetworkInterfacePermission` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkInterfacePermission {
    /// `networkInterfacePermissionId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network_interface_permission_id: String,
    /// `networkInterfaceId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network_interface_id: String,
    /// `awsAccountId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub aws_account_id: String,
    /// `awsService`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub aws_service: String,
    /// `permission`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub permission: String,
    /// `permissionState`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission_state: Option<NetworkInterfacePermissionState>,
}

/// `VpcEndpoint` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VpcEndpoint {
    /// `vpcEndpointId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub vpc_endpoint_id: String,
    /// `vpcEndpointType`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub vpc_endpoint_type: String,
    /// `vpcId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub vpc_id: String,
    /// `serviceName`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub service_name: String,
    /// `state`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// `subnetIdSet`.
    #[serde(rename = "subnetIdSet")]
    pub subnet_ids: Vec<String>,
    /// `groupSet`.
    #[serde(rename = "groupSet")]
    pub groups: Vec<SecurityGroupIdentifier>,
    /// `privateDnsEnabled`.
    pub private_dns_enabled: bool,
    /// `requesterManaged`.
    pub requester_managed: bool,
    /// `networkInterfaceIdSet`.
    #[serde(rename = "networkInterfaceIdSet")]
    pub network_interface_ids: Vec<String>,
    /// `creationTimestamp`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub creation_timestamp: String,
    /// `tagSet`.
    #[serde(rename = "tagSet")]
    pub tags: Vec<Tag>,
    /// `ownerId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub owner_id: String,
}

/// `Address` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// `allocationId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub allocation_id: String,
    /// `domain`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub domain: String,
    /// `publicIp`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub public_ip: String,
}

/// `AttributeBooleanValue` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttributeBooleanValue {
    /// `value`.
    pub value: bool,
}

/// `AccountAttribute` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountAttribute {
    /// `attributeName`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub attribute_name: String,
    /// `attributeValueSet`.
    #[serde(rename = "attributeValueSet")]
    pub attribute_values: Vec<AccountAttributeValue>,
}

/// `TagDescription` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagDescription {
    /// `key`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// `resourceId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resource_id: String,
    /// `resourceType`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resource_type: String,
    /// `value`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
}

/// `Region` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// `optInStatus`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub opt_in_status: String,
    /// `regionName`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub region_name: String,
    /// `regionEndpoint`.
    #[serde(rename = "regionEndpoint", skip_serializing_if = "String::is_empty")]
    pub endpoint: String,
}

/// `RouteTableAssociationState` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteTableAssociationState {
    /// `state`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
}

/// `Tag` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tag {
    /// `key`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// `value`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
}

/// `RevokedSecurityGroupRule` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevokedSecurityGroupRule {
    /// `securityGroupRuleId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub security_group_rule_id: String,
    /// `groupId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group_id: String,
    /// `isEgress`.
    pub is_egress: bool,
    /// `ipProtocol`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ip_protocol: String,
    /// `fromPort`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_port: Option<i64>,
    /// `toPort`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_port: Option<i64>,
    /// `cidrIpv4`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cidr_ipv4: String,
    /// `cidrIpv6`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cidr_ipv6: String,
    /// `referencedGroupId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub referenced_group_id: String,
    /// `description`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// `VpcCidrBlockAssociation` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VpcCidrBlockAssociation {
    /// `associationId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub association_id: String,
    /// `cidrBlock`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cidr_block: String,
    /// `cidrBlockState`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cidr_block_state: Option<VpcCidrBlockState>,
}

/// `PrivateDnsNameOptionsOnLaunch` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrivateDnsNameOptionsOnLaunch {
    /// `hostnameType`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hostname_type: String,
    /// `enableResourceNameDnsARecord`.
    #[serde(rename = "enableResourceNameDnsARecord")]
    pub enable_resource_name_dns_record_a: bool,
    /// `enableResourceNameDnsAAAARecord`.
    #[serde(rename = "enableResourceNameDnsAAAARecord")]
    pub enable_resource_name_dns_aaaa_record: bool,
}

/// `IpPermission` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IpPermission {
    /// `ipProtocol`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ip_protocol: String,
    /// `fromPort`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_port: Option<i64>,
    /// `toPort`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_port: Option<i64>,
    /// `groups`.
    #[serde(rename = "groups")]
    pub user_id_group_pairs: Vec<UserIdGroupPair>,
    /// `ipRanges`.
    pub ip_ranges: Vec<IpRange>,
    /// `ipv6Ranges`.
    pub ipv6_ranges: Vec<Ipv6Range>,
    /// `prefixListIds`.
    pub prefix_list_ids: Vec<PrefixListId>,
}

/// `ReferencedSecurityGroup` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReferencedSecurityGroup {
    /// `groupId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group_id: String,
    /// `userId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user_id: String,
}

/// `InternetGatewayAttachment` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InternetGatewayAttachment {
    /// `state`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// `vpcId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub vpc_id: String,
}

/// `RouteTableAssociation` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteTableAssociation {
    /// `main`.
    pub main: bool,
    /// `routeTableAssociationId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub route_table_association_id: String,
    /// `routeTableId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub route_table_id: String,
    /// `subnetId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subnet_id: String,
    /// `associationState`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub association_state: Option<RouteTableAssociationState>,
}

/// `PropagatingVgw` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PropagatingVgw {
    /// `gatewayId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub gateway_id: String,
}

/// `Route` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Route {
    /// `destinationCidrBlock`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub destination_cidr_block: String,
    /// `destinationIpv6CidrBlock`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub destination_ipv6_cidr_block: String,
    /// `gatewayId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub gateway_id: String,
    /// `networkInterfaceId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network_interface_id: String,
    /// `origin`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub origin: String,
    /// `state`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
}

/// `NetworkAclAssociation` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkAclAssociation {
    /// `networkAclAssociationId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network_acl_association_id: String,
    /// `networkAclId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network_acl_id: String,
    /// `subnetId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subnet_id: String,
}

/// `NetworkAclEntry` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkAclEntry {
    /// `cidrBlock`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cidr_block: String,
    /// `egress`.
    pub egress: bool,
    /// `protocol`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub protocol: String,
    /// `ruleAction`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rule_action: String,
    /// `ruleNumber`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_number: Option<i64>,
}

/// `NetworkInterfaceAttachment` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkInterfaceAttachment {
    /// `attachTime`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub attach_time: String,
    /// `attachmentId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub attachment_id: String,
    /// `deleteOnTermination`.
    pub delete_on_termination: bool,
    /// `deviceIndex`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_index: Option<i64>,
    /// `networkCardIndex`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_card_index: Option<i64>,
    /// `instanceOwnerId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub instance_owner_id: String,
    /// `status`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub status: String,
}

/// `GroupIdentifier` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupIdentifier {
    /// `groupId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group_id: String,
    /// `groupName`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group_name: String,
}

/// `NetworkInterfaceIpv6Address` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkInterfaceIpv6Address {
    /// `ipv6Address`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ipv6_address: String,
}

/// `NetworkInterfacePrivateIpAddress` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkInterfacePrivateIpAddress {
    /// `association`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub association: Option<NetworkInterfaceAssociation>,
    /// `primary`.
    pub primary: bool,
    /// `privateDnsName`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub private_dns_name: String,
    /// `privateIpAddress`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub private_ip_address: String,
}

/// `OperatorResponse` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperatorResponse {
    /// `managed`.
    pub managed: bool,
    /// `principal`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub principal: String,
}

/// `NetworkInterfacePermissionState` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkInterfacePermissionState {
    /// `state`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
}

/// `SecurityGroupIdentifier` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecurityGroupIdentifier {
    /// `groupId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group_id: String,
    /// `groupName`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group_name: String,
}

/// `AccountAttributeValue` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountAttributeValue {
    /// `attributeValue`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub attribute_value: String,
}

/// `VpcCidrBlockState` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VpcCidrBlockState {
    /// `state`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
}

/// `UserIdGroupPair` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserIdGroupPair {
    /// `description`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `userId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user_id: String,
    /// `groupId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group_id: String,
}

/// `IpRange` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IpRange {
    /// `description`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `cidrIp`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cidr_ip: String,
}

/// `Ipv6Range` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ipv6Range {
    /// `description`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `cidrIpv6`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cidr_ipv6: String,
}

/// `PrefixListId` of the service model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrefixListId {
    /// `description`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `prefixListId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prefix_list_id: String,
}
