//! What each operation is called with: enough for its handler to do it. `{…}` are things of the [`crate::world`].

use api::row::{Row, Service, Wire};

/// A call of one row.
pub(crate) enum Call {
    /// A form.
    Query(Vec<(String, String)>),
    /// A method, a target and a body.
    Rest(&'static str, String, String),
}

/// The call of the row, with the world's things filled in.
pub(crate) fn call(row: &Row, fill: &dyn Fn(&str) -> String) -> Call {
    match row.wire {
        Wire::Rest { method, path, .. } => {
            let target = match row.name {
                "DeleteBroker" => path.replace("{broker-id}", "{broker-to-delete}"),
                "RebootBroker" | "Promote" => path.replace("{broker-id}", "{broker-to-reboot}"),
                "DeleteConfiguration" => {
                    path.replace("{configuration-id}", "{configuration-to-delete}")
                }
                "DeleteTags" => format!("{path}?tagKeys=env"),
                _ => path.to_owned(),
            };
            Call::Rest(method, fill(&target), fill(body(row.name)))
        }
        Wire::Query => {
            let text = format!("{} {}", subject(row), members(row));
            let members = text.split_whitespace().map(|member| {
                let (name, value) = member.split_once('=').unwrap_or((member, ""));
                (name.to_owned(), fill(value))
            });
            Call::Query(members.collect())
        }
    }
}

fn body(name: &str) -> &'static str {
    match name {
        "CreateBroker" => "{new-broker}",
        "CreateConfiguration" => {
            r#"{"name":"fresh","engineType":"ACTIVEMQ","engineVersion":"5.18"}"#
        }
        "UpdateConfiguration" => r#"{"data":"{configuration-data}"}"#,
        "CreateUser" | "UpdateUser" => r#"{"password":"correct-horse-battery"}"#,
        "CreateTags" => r#"{"tags":{"env":"test"}}"#,
        "Promote" => r#"{"mode":"FAILOVER"}"#,
        "UpdateBroker" => r#"{"autoMinorVersionUpgrade":true}"#,
        _ => "",
    }
}

/// The member that names what the operation is about.
fn subject(row: &Row) -> &'static str {
    use api::row::Resource as R;
    match row.resource {
        R::User(_) if row.name == "DeleteUser" => "UserName=user-to-delete",
        R::User(_) if row.name == "DeleteAccessKey" => "UserName=keyed",
        R::User(_) => "UserName=target",
        R::NewUser => "UserName=fresh",
        R::KeyOwner(_) => "AccessKeyId={key}",
        R::Group(_) if row.name == "DeleteGroup" => "GroupName=group-to-delete",
        R::Group(_) => "GroupName=target",
        R::NewGroup => "GroupName=fresh",
        R::Role(_) if row.name == "DeleteRole" => "RoleName=role-to-delete",
        R::Role(_) if row.name == "DeleteServiceLinkedRole" => "RoleName=AWSServiceRoleForAmazonMQ",
        R::Role(_) => "RoleName=target",
        R::NewRole => "RoleName=fresh",
        R::InstanceProfile(_) if row.name == "DeleteInstanceProfile" => {
            "InstanceProfileName=profile-to-delete"
        }
        R::InstanceProfile(_) => "InstanceProfileName=target",
        R::NewInstanceProfile => "InstanceProfileName=fresh",
        R::OidcProvider(_) if row.name == "DeleteOpenIDConnectProvider" => {
            "OpenIDConnectProviderArn={oidc-to-delete}"
        }
        R::OidcProvider(_) => "OpenIDConnectProviderArn={oidc}",
        R::SamlProvider(_) if row.name == "DeleteSAMLProvider" => {
            "SAMLProviderArn={saml-to-delete}"
        }
        R::SamlProvider(_) => "SAMLProviderArn={saml}",
        R::Policy(_) if row.name == "DeletePolicy" => "PolicyArn={policy-to-delete}",
        R::Policy(_) => "PolicyArn={policy}",
        R::NewPolicy => "PolicyName=fresh",
        R::RoleArn(_) => "RoleArn={role} RoleSessionName=session",
        R::Federated(_) => "Name=partner",
        R::NewServiceLinkedRole(_) => "AWSServiceName=mq.amazonaws.com",
        R::NewOidcProvider(_) => "Url=https://fresh.example.com",
        R::NewSamlProvider(_) => "Name=fresh",
        R::Any
        | R::Network(_)
        | R::Broker(_)
        | R::Configuration(_)
        | R::Tagged(_)
        | R::CallingUser
        | R::PolicySource(_) => "",
    }
}

/// The other members.
fn members(row: &Row) -> &'static str {
    match (row.service, row.name) {
        (Service::Ec2, name) => network(name),
        (_, "DeleteAccessKey") => "AccessKeyId={key-to-delete}",
        (_, "UpdateAccessKey") => "AccessKeyId={key} Status=Active",
        (_, "PutUserPolicy" | "PutGroupPolicy" | "PutRolePolicy") => {
            "PolicyName=p PolicyDocument={document}"
        }
        (_, "GetUserPolicy" | "GetGroupPolicy" | "GetRolePolicy") => "PolicyName=p",
        (_, "DeleteUserPolicy" | "DeleteGroupPolicy" | "DeleteRolePolicy") => "PolicyName=p",
        (_, "CreatePolicy") => "PolicyDocument={document}",
        (_, "CreatePolicyVersion") => "PolicyDocument={document}",
        (_, "GetPolicyVersion" | "SetDefaultPolicyVersion") => "VersionId=v1",
        (_, "DeletePolicyVersion") => "VersionId=v2",
        (
            _,
            "AttachUserPolicy" | "AttachGroupPolicy" | "AttachRolePolicy" | "DetachUserPolicy"
            | "DetachGroupPolicy" | "DetachRolePolicy",
        ) => "PolicyArn={policy}",
        (Service::Iam, "UpdateUser" | "UpdateGroup") => "NewPath=/",
        (_, "AddUserToGroup" | "RemoveUserFromGroup") => "UserName=target",
        (_, "TagUser" | "TagRole" | "TagPolicy" | "TagInstanceProfile") => {
            "Tags.member.1.Key=env Tags.member.1.Value=test"
        }
        (_, "TagOpenIDConnectProvider" | "TagSAMLProvider") => {
            "Tags.member.1.Key=env Tags.member.1.Value=test"
        }
        (
            _,
            "UntagUser"
            | "UntagRole"
            | "UntagPolicy"
            | "UntagInstanceProfile"
            | "UntagOpenIDConnectProvider"
            | "UntagSAMLProvider",
        ) => "TagKeys.member.1=env",
        (_, "PutUserPermissionsBoundary" | "PutRolePermissionsBoundary") => {
            "PermissionsBoundary={policy}"
        }
        (_, "CreateRole") => "AssumeRolePolicyDocument={trust}",
        (_, "UpdateAssumeRolePolicy") => "PolicyDocument={trust}",
        (_, "UpdateRole") => "Description=d",
        (_, "UpdateRoleDescription") => "Description=d",
        (_, "GetServiceLinkedRoleDeletionStatus") => "DeletionTaskId={deletion-task}",
        (_, "AddRoleToInstanceProfile" | "RemoveRoleFromInstanceProfile") => "RoleName=target",
        (_, "CreateAccountAlias" | "DeleteAccountAlias") => "AccountAlias=fresh-alias",
        (_, "UpdateAccountPasswordPolicy") => "MinimumPasswordLength=12",
        (_, "CreateLoginProfile" | "UpdateLoginProfile") => "Password=Correct-horse-battery-1",
        (_, "CreateOpenIDConnectProvider") => "ClientIDList.member.1=app",
        (_, "UpdateOpenIDConnectProviderThumbprint") => {
            "ThumbprintList.member.1=0123456789012345678901234567890123456789"
        }
        (_, "AddClientIDToOpenIDConnectProvider" | "RemoveClientIDFromOpenIDConnectProvider") => {
            "ClientID=another"
        }
        (_, "CreateSAMLProvider" | "UpdateSAMLProvider") => "SAMLMetadataDocument={metadata}",
        (_, "AssumeRoleWithWebIdentity") => "WebIdentityToken={web-token}",
        (_, "GetAccessKeyInfo") => "AccessKeyId={key}",
        (_, "DecodeAuthorizationMessage") => "EncodedMessage={sealed-refusal}",
        (_, "ChangePassword") => "OldPassword=wrong-horse NewPassword=Correct-horse-battery-2",
        (_, "SimulateCustomPolicy") => {
            "PolicyInputList.member.1={document} ActionNames.member.1=mq:ListBrokers"
        }
        (_, "SimulatePrincipalPolicy") => {
            "PolicySourceArn={target} ActionNames.member.1=mq:ListBrokers"
        }
        (_, "GetContextKeysForCustomPolicy") => "PolicyInputList.member.1={document}",
        (_, "GetContextKeysForPrincipalPolicy") => "PolicySourceArn={target}",
        _ => "",
    }
}

fn network(name: &str) -> &'static str {
    match name {
        "DescribeVpcAttribute" => "VpcId={vpc} Attribute=enableDnsSupport",
        "CreateVpc" => "CidrBlock=10.9.0.0/16",
        "DeleteVpc" => "VpcId={vpc-to-delete}",
        "ModifyVpcAttribute" => "VpcId={vpc} EnableDnsSupport.Value=true",
        "CreateSubnet" => "VpcId={vpc} CidrBlock=10.8.9.0/24",
        "DeleteSubnet" => "SubnetId={subnet-to-delete}",
        "ModifySubnetAttribute" => "SubnetId={subnet} MapPublicIpOnLaunch.Value=true",
        "DeleteInternetGateway" => "InternetGatewayId={gateway-to-delete}",
        "AttachInternetGateway" | "DetachInternetGateway" => {
            "InternetGatewayId={gateway-to-attach} VpcId={vpc-to-attach}"
        }
        "CreateRouteTable" => "VpcId={vpc}",
        "DeleteRouteTable" => "RouteTableId={table-to-delete}",
        "CreateRoute" | "ReplaceRoute" => {
            "RouteTableId={table} DestinationCidrBlock=0.0.0.0/0 GatewayId={gateway}"
        }
        "DeleteRoute" => "RouteTableId={table} DestinationCidrBlock=99.0.0.0/8",
        "AssociateRouteTable" => "RouteTableId={table} SubnetId={subnet}",
        "DisassociateRouteTable" => "AssociationId={association-to-delete}",
        "ReplaceRouteTableAssociation" => {
            "AssociationId={association-to-replace} RouteTableId={table}"
        }
        "CreateSecurityGroup" => "GroupName=fresh GroupDescription=d VpcId={vpc}",
        "DeleteSecurityGroup" => "GroupId={group-to-delete}",
        "AuthorizeSecurityGroupIngress" | "RevokeSecurityGroupIngress" => {
            "GroupId={group} IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=61617 IpPermissions.1.ToPort=61617 \
             IpPermissions.1.IpRanges.1.CidrIp=192.0.2.0/24"
        }
        "AuthorizeSecurityGroupEgress" | "RevokeSecurityGroupEgress" => {
            "GroupId={group} IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=443 IpPermissions.1.ToPort=443 \
             IpPermissions.1.IpRanges.1.CidrIp=192.0.2.0/24"
        }
        "ModifySecurityGroupRules" => {
            "GroupId={group} SecurityGroupRule.1.SecurityGroupRuleId={rule} \
             SecurityGroupRule.1.SecurityGroupRule.IpProtocol=tcp SecurityGroupRule.1.SecurityGroupRule.FromPort=1 \
             SecurityGroupRule.1.SecurityGroupRule.ToPort=2 SecurityGroupRule.1.SecurityGroupRule.CidrIpv4=192.0.2.0/24"
        }
        "CreateNetworkInterface" => "SubnetId={subnet}",
        "DeleteNetworkInterface" => "NetworkInterfaceId={interface-to-delete}",
        "ModifyNetworkInterfaceAttribute" => "NetworkInterfaceId={interface} Description.Value=d",
        "DetachNetworkInterface" => "AttachmentId=eni-attach-0123456789abcdef0",
        "CreateNetworkInterfacePermission" => {
            "NetworkInterfaceId={interface} AwsAccountId=123412341234 Permission=INSTANCE-ATTACH"
        }
        "DeleteNetworkInterfacePermission" => "NetworkInterfacePermissionId={permission}",
        "CreateTags" => "ResourceId.1={vpc} Tag.1.Key=env Tag.1.Value=test",
        "DeleteTags" => "ResourceId.1={vpc} Tag.1.Key=env",
        _ => "",
    }
}
