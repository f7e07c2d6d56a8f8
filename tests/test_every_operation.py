"""boto3 does every operation of the table once, and is refused every one of them once.

The list of operations is `docs/api-coverage.md`, which is generated from the table: an operation that is in it and has no call
in `CALLS`, and a call of something that is not in it, fail.
"""

import base64
import hashlib
import json
import pathlib
import re
import time

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from conftest import Postern, broker_request, running

ACCOUNT = "111122223333"
ISSUER = "issuer.example.com"
TABLE = pathlib.Path(__file__).parent.parent / "docs" / "api-coverage.md"
SERVICES = {"Amazon MQ": "mq", "IAM": "iam", "STS": "sts", "EC2": "ec2"}
METADATA = (
    '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x">'
    + "<!-- filler -->" * 80 + "</EntityDescriptor>"
)
# What a user without a policy is told.
DENIED = {"mq": "AccessDeniedException", "iam": "AccessDenied", "sts": "AccessDenied", "ec2": "UnauthorizedOperation"}
# What cannot be done here, and what the right answer is.
NOT_DONE = {
    ("mq", "Promote"): "BadRequestException",  # there are no replicas
    ("ec2", "DetachNetworkInterface"): "OperationNotPermitted",  # what is attached is Amazon MQ's
}


def document(action, **extra):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*", **extra}]})


def trust(principal, action="sts:AssumeRole"):
    return json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Principal": principal}]})


def table():
    """The operations, in the table's order: the service and the name of each."""
    rows, service = [], None
    for line in TABLE.read_text().splitlines():
        if heading := re.match(r"## (.+) \((\d+) operations\)", line):
            service = SERVICES[heading[1]]
        elif service and (row := re.match(r"\| (\w+) \| `", line)):
            rows.append((service, row[1]))
    return rows


# --- An issuer's key, made of two primes: signing with it is one power. ---

PRIMES = (2**521 - 1, 2**2203 - 1)


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token():
    """A token of the issuer, RS256 (RFC 8017, 8.2.1)."""
    n, e = PRIMES[0] * PRIMES[1], 65537
    size = (n.bit_length() + 7) // 8
    d = pow(e, -1, (PRIMES[0] - 1) * (PRIMES[1] - 1))
    now = int(time.time())
    claims = {"iss": f"https://{ISSUER}", "aud": "app", "sub": "someone", "iat": now - 5, "exp": now + 600}
    signed = ".".join(b64(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "one"}, claims))
    digest = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(signed.encode()).digest()
    padded = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
    return f"{signed}.{b64(pow(int.from_bytes(padded, 'big'), d, n).to_bytes(size, 'big'))}"


def keys():
    n = PRIMES[0] * PRIMES[1]
    return {"keys": [{"kty": "RSA", "kid": "one", "e": "AQAB", "n": b64(n.to_bytes((n.bit_length() + 7) // 8, "big"))}]}


class World:
    """A service with one of everything, and more of what is deleted."""

    def __init__(self, folder):
        file = folder / "keys.json"
        file.write_text(json.dumps(keys()))
        folder.chmod(0o755)
        self.postern = Postern(
            "--driver", "simulate", "--simulate-start-ms", "0", "--api-rate", "100000", "--api-burst", "100000",
            "--oidc-keys", f"https://{ISSUER}={file}")
        self.iam, self.mq, self.ec2 = (self.postern.client(name) for name in ("iam", "mq", "ec2"))
        self.identities()
        self.brokers()
        self.network()
        self.nobody = self.postern.user("nobody")
        self.admin = self.postern.user("admin", json.loads(document("*")))
        self.iam.create_login_profile(UserName="admin", **PASSWORD)
        self.gone = self.postern.user("gone", json.loads(document("*")))
        self.iam.delete_access_key(UserName="gone", AccessKeyId=self.gone[0])
        with pytest.raises(ClientError) as refused:
            self.postern.client("ec2", key=self.nobody).describe_vpcs()
        self.sealed = str(refused.value).split("failure message: ")[1]

    def identities(self):
        iam = self.iam
        for name in ("target", "spare"):
            iam.create_user(UserName=name)
            iam.create_group(GroupName=name)
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}))
            iam.create_instance_profile(InstanceProfileName=name)
        self.key = iam.create_access_key(UserName="target")["AccessKey"]["AccessKeyId"]
        iam.create_user(UserName="keyed")
        self.spare_key = iam.create_access_key(UserName="keyed")["AccessKey"]["AccessKeyId"]
        self.policy, self.spare_policy = (
            iam.create_policy(PolicyName=name, PolicyDocument=document("mq:List*"))["Policy"]["Arn"]
            for name in ("target", "spare"))
        self.oidc, self.spare_oidc = (
            iam.create_open_id_connect_provider(Url=f"https://{name}", ClientIDList=["app"])["OpenIDConnectProviderArn"]
            for name in (ISSUER, "spare.example.com"))
        self.saml, self.spare_saml = (
            iam.create_saml_provider(Name=name, SAMLMetadataDocument=METADATA)["SAMLProviderArn"]
            for name in ("target", "spare"))
        iam.create_role(
            RoleName="web", AssumeRolePolicyDocument=trust({"Federated": self.oidc}, "sts:AssumeRoleWithWebIdentity"))
        iam.create_service_linked_role(AWSServiceName="mq.amazonaws.com")
        self.task = iam.delete_service_linked_role(RoleName="AWSServiceRoleForAmazonMQ")["DeletionTaskId"]
        iam.update_account_password_policy(MinimumPasswordLength=10)

    def brokers(self):
        rabbit = {"EngineType": "RABBITMQ", "EngineVersion": "4.2", "HostInstanceType": "mq.m7g.large"}
        self.broker, self.spare_broker, self.rabbit = (
            self.mq.create_broker(**broker_request(name, **members))["BrokerId"]
            for name, members in (("one", {}), ("two", {}), ("three", {
                # Publicly accessible: a private one would make the service-linked role, which the test of IAM makes itself.
                **rabbit, "PubliclyAccessible": True, "Users": [{"Username": "admin", "Password": "correct-horse-battery"}]})))
        for broker in (self.broker, self.spare_broker, self.rabbit):
            running(self.mq, broker)
        one, two = (
            self.mq.create_configuration(Name=name, EngineType="ACTIVEMQ", EngineVersion="5.18") for name in ("one", "two"))
        self.configuration, self.arn, self.spare_configuration = one["Id"], one["Arn"], two["Id"]

    def network(self):
        ec2 = self.ec2
        self.vpc, self.spare_vpc, self.third_vpc = (
            ec2.create_vpc(CidrBlock=f"10.{n}.0.0/16")["Vpc"]["VpcId"] for n in (8, 7, 6))
        self.subnet, self.spare_subnet, third, fourth = (
            ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.8.{n}.0/24")["Subnet"]["SubnetId"] for n in range(1, 5))
        self.gateway, self.spare_gateway, self.third_gateway = (
            ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"] for _ in range(3))
        ec2.attach_internet_gateway(InternetGatewayId=self.gateway, VpcId=self.vpc)
        self.routes, self.spare_routes, routes = (
            ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"] for _ in range(3))
        ec2.create_route(RouteTableId=self.routes, DestinationCidrBlock="99.0.0.0/8", GatewayId=self.gateway)
        self.spare_association, self.association = (
            ec2.associate_route_table(RouteTableId=routes, SubnetId=subnet)["AssociationId"] for subnet in (third, fourth))
        self.group, self.spare_group = (
            ec2.create_security_group(VpcId=self.vpc, GroupName=name, Description="d")["GroupId"] for name in ("one", "two"))
        self.rule = ec2.authorize_security_group_ingress(
            GroupId=self.group, IpPermissions=[rule(5671)])["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        self.interface, self.spare_interface = (
            ec2.create_network_interface(SubnetId=self.subnet)["NetworkInterface"]["NetworkInterfaceId"] for _ in range(2))
        self.permission = ec2.create_network_interface_permission(
            NetworkInterfaceId=self.interface, AwsAccountId="432143214321", Permission="INSTANCE-ATTACH",
        )["InterfacePermission"]["NetworkInterfacePermissionId"]
        (self.attachment,) = (
            interface["Attachment"]["AttachmentId"]
            for interface in ec2.describe_network_interfaces()["NetworkInterfaces"]
            if interface.get("Attachment") and self.broker in interface["Description"])


def rule(port):
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "192.0.2.0/24"}]}


TAGS = [{"Key": "env", "Value": "test"}]
USER, GROUP, ROLE, PROFILE = {"UserName": "target"}, {"GroupName": "target"}, {"RoleName": "target"}, {"InstanceProfileName": "target"}
INLINE = {"PolicyName": "p"}
WRITTEN = {**INLINE, "PolicyDocument": document("mq:List*")}
PASSWORD = {"Password": "Correct-horse-battery-1"}
SAML = {"SAMLMetadataDocument": METADATA}

# The members of each operation's call. What is not a dictionary is made of the world when it is called.
CALLS = {
    "mq": {
        "CreateBroker": broker_request("fresh"),
        "ListBrokers": {},
        "DescribeBroker": lambda w: {"BrokerId": w.broker},
        "UpdateBroker": lambda w: {"BrokerId": w.broker, "AutoMinorVersionUpgrade": True},
        "DeleteBroker": lambda w: {"BrokerId": w.spare_broker},
        "RebootBroker": lambda w: {"BrokerId": w.rabbit},
        "Promote": lambda w: {"BrokerId": w.broker, "Mode": "FAILOVER"},
        "DescribeSharedResources": lambda w: {"BrokerId": w.rabbit},
        "CreateUser": lambda w: {"BrokerId": w.broker, "Username": "somebody", "Password": "correct-horse-battery"},
        "ListUsers": lambda w: {"BrokerId": w.broker},
        "DescribeUser": lambda w: {"BrokerId": w.broker, "Username": "somebody"},
        "UpdateUser": lambda w: {"BrokerId": w.broker, "Username": "somebody", "ConsoleAccess": True},
        "DeleteUser": lambda w: {"BrokerId": w.broker, "Username": "somebody"},
        "CreateConfiguration": {"Name": "fresh", "EngineType": "ACTIVEMQ", "EngineVersion": "5.18"},
        "ListConfigurations": {},
        "DescribeConfiguration": lambda w: {"ConfigurationId": w.configuration},
        "UpdateConfiguration": lambda w: {
            "ConfigurationId": w.configuration,
            "Data": base64.b64encode(b'<broker xmlns="http://activemq.apache.org/schema/core"/>').decode()},
        "DeleteConfiguration": lambda w: {"ConfigurationId": w.spare_configuration},
        "ListConfigurationRevisions": lambda w: {"ConfigurationId": w.configuration},
        "DescribeConfigurationRevision": lambda w: {"ConfigurationId": w.configuration, "ConfigurationRevision": "1"},
        "CreateTags": lambda w: {"ResourceArn": w.arn, "Tags": {"env": "test"}},
        "ListTags": lambda w: {"ResourceArn": w.arn},
        "DeleteTags": lambda w: {"ResourceArn": w.arn, "TagKeys": ["env"]},
        "DescribeBrokerEngineTypes": {},
        "DescribeBrokerInstanceOptions": {},
    },
    "iam": {
        "CreateUser": {"UserName": "fresh", "Tags": TAGS},
        "GetUser": USER,
        "DeleteUser": {"UserName": "spare"},
        "ListUsers": {},
        "CreateAccessKey": USER,
        "DeleteAccessKey": lambda w: {"UserName": "keyed", "AccessKeyId": w.spare_key},
        "ListAccessKeys": USER,
        "UpdateAccessKey": lambda w: {**USER, "AccessKeyId": w.key, "Status": "Inactive"},
        "PutUserPolicy": {**USER, **WRITTEN},
        "GetUserPolicy": {**USER, **INLINE},
        "DeleteUserPolicy": {**USER, **INLINE},
        "ListUserPolicies": USER,
        "CreatePolicy": {"PolicyName": "fresh", "PolicyDocument": document("mq:List*"), "Tags": TAGS},
        "GetPolicy": lambda w: {"PolicyArn": w.policy},
        "AttachUserPolicy": lambda w: {**USER, "PolicyArn": w.policy},
        "DetachUserPolicy": lambda w: {**USER, "PolicyArn": w.policy},
        "ListAttachedUserPolicies": USER,
        "CreateGroup": {"GroupName": "fresh"},
        "GetGroup": GROUP,
        "ListGroups": {},
        "UpdateGroup": {**GROUP, "NewPath": "/a/"},
        "DeleteGroup": {"GroupName": "spare"},
        "AddUserToGroup": {**GROUP, **USER},
        "RemoveUserFromGroup": {**GROUP, **USER},
        "ListGroupsForUser": USER,
        "PutGroupPolicy": {**GROUP, **WRITTEN},
        "GetGroupPolicy": {**GROUP, **INLINE},
        "DeleteGroupPolicy": {**GROUP, **INLINE},
        "ListGroupPolicies": GROUP,
        "AttachGroupPolicy": lambda w: {**GROUP, "PolicyArn": w.policy},
        "DetachGroupPolicy": lambda w: {**GROUP, "PolicyArn": w.policy},
        "ListAttachedGroupPolicies": GROUP,
        "UpdateUser": {**USER, "NewPath": "/a/"},
        "TagUser": {**USER, "Tags": TAGS},
        "UntagUser": {**USER, "TagKeys": ["env"]},
        "ListUserTags": USER,
        "PutUserPermissionsBoundary": lambda w: {**USER, "PermissionsBoundary": w.policy},
        "DeleteUserPermissionsBoundary": USER,
        "CreatePolicyVersion": lambda w: {"PolicyArn": w.policy, "PolicyDocument": document("mq:Describe*")},
        "GetPolicyVersion": lambda w: {"PolicyArn": w.policy, "VersionId": "v1"},
        "ListPolicyVersions": lambda w: {"PolicyArn": w.policy},
        "DeletePolicyVersion": lambda w: {"PolicyArn": w.policy, "VersionId": "v2"},
        "SetDefaultPolicyVersion": lambda w: {"PolicyArn": w.policy, "VersionId": "v1"},
        "DeletePolicy": lambda w: {"PolicyArn": w.spare_policy},
        "ListPolicies": {"Scope": "Local"},
        "ListEntitiesForPolicy": lambda w: {"PolicyArn": w.policy},
        "TagPolicy": lambda w: {"PolicyArn": w.policy, "Tags": TAGS},
        "UntagPolicy": lambda w: {"PolicyArn": w.policy, "TagKeys": ["env"]},
        "ListPolicyTags": lambda w: {"PolicyArn": w.policy},
        "GetAccessKeyLastUsed": lambda w: {"AccessKeyId": w.key},
        "CreateRole": {"RoleName": "fresh", "AssumeRolePolicyDocument": trust({"AWS": ACCOUNT}), "Tags": TAGS},
        "GetRole": ROLE,
        "ListRoles": {},
        "UpdateRole": {**ROLE, "MaxSessionDuration": 7200},
        "UpdateRoleDescription": {**ROLE, "Description": "d"},
        "DeleteRole": {"RoleName": "spare"},
        "UpdateAssumeRolePolicy": {**ROLE, "PolicyDocument": trust({"AWS": ACCOUNT})},
        "PutRolePolicy": {**ROLE, **WRITTEN},
        "GetRolePolicy": {**ROLE, **INLINE},
        "DeleteRolePolicy": {**ROLE, **INLINE},
        "ListRolePolicies": ROLE,
        "AttachRolePolicy": lambda w: {**ROLE, "PolicyArn": w.policy},
        "DetachRolePolicy": lambda w: {**ROLE, "PolicyArn": w.policy},
        "ListAttachedRolePolicies": ROLE,
        "PutRolePermissionsBoundary": lambda w: {**ROLE, "PermissionsBoundary": w.policy},
        "DeleteRolePermissionsBoundary": ROLE,
        "TagRole": {**ROLE, "Tags": TAGS},
        "UntagRole": {**ROLE, "TagKeys": ["env"]},
        "ListRoleTags": ROLE,
        "CreateServiceLinkedRole": {"AWSServiceName": "mq.amazonaws.com"},
        "DeleteServiceLinkedRole": {"RoleName": "AWSServiceRoleForAmazonMQ"},
        "GetServiceLinkedRoleDeletionStatus": lambda w: {"DeletionTaskId": w.task},
        "ListInstanceProfilesForRole": ROLE,
        "CreateInstanceProfile": {"InstanceProfileName": "fresh", "Tags": TAGS},
        "GetInstanceProfile": PROFILE,
        "ListInstanceProfiles": {},
        "DeleteInstanceProfile": {"InstanceProfileName": "spare"},
        "AddRoleToInstanceProfile": {**PROFILE, **ROLE},
        "RemoveRoleFromInstanceProfile": {**PROFILE, **ROLE},
        "TagInstanceProfile": {**PROFILE, "Tags": TAGS},
        "UntagInstanceProfile": {**PROFILE, "TagKeys": ["env"]},
        "ListInstanceProfileTags": PROFILE,
        "CreateAccountAlias": {"AccountAlias": "fresh-alias"},
        "ListAccountAliases": {},
        "DeleteAccountAlias": {"AccountAlias": "fresh-alias"},
        "GetAccountSummary": {},
        "GetAccountPasswordPolicy": {},
        "UpdateAccountPasswordPolicy": {"MinimumPasswordLength": 12},
        "DeleteAccountPasswordPolicy": {},
        "GetAccountAuthorizationDetails": {},
        "SimulateCustomPolicy": {"PolicyInputList": [document("mq:List*")], "ActionNames": ["mq:ListBrokers"]},
        "SimulatePrincipalPolicy": {
            "PolicySourceArn": f"arn:aws:iam::{ACCOUNT}:user/admin", "ActionNames": ["mq:ListBrokers"]},
        "GetContextKeysForCustomPolicy": {"PolicyInputList": [document("mq:List*")]},
        "GetContextKeysForPrincipalPolicy": {"PolicySourceArn": f"arn:aws:iam::{ACCOUNT}:user/admin"},
        "CreateLoginProfile": {**USER, **PASSWORD},
        "GetLoginProfile": USER,
        "UpdateLoginProfile": {**USER, **PASSWORD},
        "DeleteLoginProfile": USER,
        "ChangePassword": {"OldPassword": PASSWORD["Password"], "NewPassword": "another-Password-2"},
        "GenerateCredentialReport": {},
        "GetCredentialReport": {},
        "ListSSHPublicKeys": USER,
        "ListMFADevices": USER,
        "ListVirtualMFADevices": {},
        "ListSigningCertificates": USER,
        "ListServiceSpecificCredentials": USER,
        "ListServerCertificates": {},
        "CreateOpenIDConnectProvider": {"Url": "https://fresh.example.com", "ClientIDList": ["app"], "Tags": TAGS},
        "GetOpenIDConnectProvider": lambda w: {"OpenIDConnectProviderArn": w.oidc},
        "ListOpenIDConnectProviders": {},
        "DeleteOpenIDConnectProvider": lambda w: {"OpenIDConnectProviderArn": w.spare_oidc},
        "UpdateOpenIDConnectProviderThumbprint": lambda w: {"OpenIDConnectProviderArn": w.oidc, "ThumbprintList": ["0" * 40]},
        "AddClientIDToOpenIDConnectProvider": lambda w: {"OpenIDConnectProviderArn": w.oidc, "ClientID": "another"},
        "RemoveClientIDFromOpenIDConnectProvider": lambda w: {"OpenIDConnectProviderArn": w.oidc, "ClientID": "another"},
        "TagOpenIDConnectProvider": lambda w: {"OpenIDConnectProviderArn": w.oidc, "Tags": TAGS},
        "UntagOpenIDConnectProvider": lambda w: {"OpenIDConnectProviderArn": w.oidc, "TagKeys": ["env"]},
        "ListOpenIDConnectProviderTags": lambda w: {"OpenIDConnectProviderArn": w.oidc},
        "CreateSAMLProvider": {"Name": "fresh", "Tags": TAGS, **SAML},
        "GetSAMLProvider": lambda w: {"SAMLProviderArn": w.saml},
        "ListSAMLProviders": {},
        "UpdateSAMLProvider": lambda w: {"SAMLProviderArn": w.saml, **SAML},
        "DeleteSAMLProvider": lambda w: {"SAMLProviderArn": w.spare_saml},
        "TagSAMLProvider": lambda w: {"SAMLProviderArn": w.saml, "Tags": TAGS},
        "UntagSAMLProvider": lambda w: {"SAMLProviderArn": w.saml, "TagKeys": ["env"]},
        "ListSAMLProviderTags": lambda w: {"SAMLProviderArn": w.saml},
    },
    "sts": {
        "GetCallerIdentity": {},
        "AssumeRole": {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/target", "RoleSessionName": "session"},
        "AssumeRoleWithWebIdentity": lambda w: {
            "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/web", "RoleSessionName": "session", "WebIdentityToken": token()},
        "GetSessionToken": {},
        "GetFederationToken": {"Name": "partner"},
        "GetAccessKeyInfo": lambda w: {"AccessKeyId": w.key},
        "DecodeAuthorizationMessage": lambda w: {"EncodedMessage": w.sealed},
    },
    "ec2": {
        "DescribeVpcs": {},
        "DescribeSubnets": {},
        "DescribeAvailabilityZones": {},
        "DescribeRegions": {},
        "DescribeSecurityGroups": {},
        "DescribeSecurityGroupRules": {},
        "DescribeInternetGateways": {},
        "DescribeRouteTables": {},
        "DescribeNetworkAcls": {},
        "DescribeNetworkInterfaces": {},
        "DescribeNetworkInterfacePermissions": {},
        "DescribeVpcEndpoints": {},
        "DescribeAddresses": {},
        "DescribeVpcAttribute": lambda w: {"VpcId": w.vpc, "Attribute": "enableDnsSupport"},
        "DescribeAccountAttributes": {},
        "DescribeTags": {},
        "CreateVpc": {
            "CidrBlock": "10.9.0.0/16", "TagSpecifications": [{"ResourceType": "vpc", "Tags": TAGS}]},
        "DeleteVpc": lambda w: {"VpcId": w.spare_vpc},
        "ModifyVpcAttribute": lambda w: {"VpcId": w.vpc, "EnableDnsSupport": {"Value": True}},
        "CreateSubnet": lambda w: {"VpcId": w.vpc, "CidrBlock": "10.8.9.0/24"},
        "DeleteSubnet": lambda w: {"SubnetId": w.spare_subnet},
        "ModifySubnetAttribute": lambda w: {"SubnetId": w.subnet, "MapPublicIpOnLaunch": {"Value": True}},
        "CreateInternetGateway": {},
        "DeleteInternetGateway": lambda w: {"InternetGatewayId": w.spare_gateway},
        "AttachInternetGateway": lambda w: {"InternetGatewayId": w.third_gateway, "VpcId": w.third_vpc},
        "DetachInternetGateway": lambda w: {"InternetGatewayId": w.third_gateway, "VpcId": w.third_vpc},
        "CreateRouteTable": lambda w: {"VpcId": w.vpc},
        "DeleteRouteTable": lambda w: {"RouteTableId": w.spare_routes},
        "CreateRoute": lambda w: {
            "RouteTableId": w.routes, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": w.gateway},
        "DeleteRoute": lambda w: {"RouteTableId": w.routes, "DestinationCidrBlock": "99.0.0.0/8"},
        "ReplaceRoute": lambda w: {
            "RouteTableId": w.routes, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": w.gateway},
        "AssociateRouteTable": lambda w: {"RouteTableId": w.routes, "SubnetId": w.subnet},
        "DisassociateRouteTable": lambda w: {"AssociationId": w.spare_association},
        "ReplaceRouteTableAssociation": lambda w: {"AssociationId": w.association, "RouteTableId": w.routes},
        "CreateSecurityGroup": lambda w: {"VpcId": w.vpc, "GroupName": "fresh", "Description": "d"},
        "DeleteSecurityGroup": lambda w: {"GroupId": w.spare_group},
        "AuthorizeSecurityGroupIngress": lambda w: {"GroupId": w.group, "IpPermissions": [rule(61617)]},
        "AuthorizeSecurityGroupEgress": lambda w: {"GroupId": w.group, "IpPermissions": [rule(443)]},
        "RevokeSecurityGroupIngress": lambda w: {"GroupId": w.group, "IpPermissions": [rule(61617)]},
        "RevokeSecurityGroupEgress": lambda w: {"GroupId": w.group, "IpPermissions": [rule(443)]},
        "ModifySecurityGroupRules": lambda w: {"GroupId": w.group, "SecurityGroupRules": [{
            "SecurityGroupRuleId": w.rule, "SecurityGroupRule": {
                "IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "CidrIpv4": "192.0.2.0/24"}}]},
        "CreateNetworkInterface": lambda w: {"SubnetId": w.subnet},
        "DeleteNetworkInterface": lambda w: {"NetworkInterfaceId": w.spare_interface},
        "ModifyNetworkInterfaceAttribute": lambda w: {"NetworkInterfaceId": w.interface, "Description": {"Value": "d"}},
        "DetachNetworkInterface": lambda w: {"AttachmentId": w.attachment},
        "CreateNetworkInterfacePermission": lambda w: {
            "NetworkInterfaceId": w.interface, "AwsAccountId": "123412341234", "Permission": "INSTANCE-ATTACH"},
        "DeleteNetworkInterfacePermission": lambda w: {"NetworkInterfacePermissionId": w.permission},
        "CreateTags": lambda w: {"Resources": [w.vpc], "Tags": TAGS},
        "DeleteTags": lambda w: {"Resources": [w.vpc], "Tags": [{"Key": "env"}]},
    },
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("issuer"))
    yield made
    made.postern.close()


def call(world, service, name, key, **changes):
    members = CALLS[service][name]
    members = {**(members(world) if callable(members) else members), **changes}
    return getattr(world.postern.client(service, key=key), xform_name(name))(**members)


def test_every_operation_of_the_table_has_a_call():
    rows = table()
    assert len(rows) == sum(int(count) for count in re.findall(r"\((\d+) operations\)", TABLE.read_text())) > 190
    listed = {(service, name) for service, calls in CALLS.items() for name in calls}
    missing = [f"{service}:{name}" for service, name in rows if (service, name) not in listed]
    assert not missing, f"give them a call in CALLS of {pathlib.Path(__file__).name}: {missing}"
    assert not listed - set(rows), f"no operations of the table: {listed - set(rows)}"


# Nobody signs it, and no policy takes the others away: what they are refused for.
OPEN = {
    "GetCallerIdentity": "InvalidClientTokenId", "GetSessionToken": "InvalidClientTokenId",
    "AssumeRoleWithWebIdentity": "InvalidIdentityToken",
}


def answer_to(world, service, name, key, **changes):
    """The code of the refusal, or None."""
    try:
        call(world, service, name, key, **changes)
    except ClientError as refused:
        return refused.response["Error"]["Code"]
    return None


@pytest.mark.parametrize("service", CALLS)
def test_boto3_is_refused_each_operation_and_then_does_it(world, service):
    """In the table's order, because some calls need what others made. The refusal comes first, so that what is done then shows
    that nothing was done before."""
    wrong = []
    for _, name in (row for row in table() if row[0] == service and row[1] in CALLS[service]):
        if name == "AssumeRoleWithWebIdentity":
            refused = answer_to(world, service, name, world.nobody, WebIdentityToken=token()[:-8] + "AAAAAAAA")
        else:
            refused = answer_to(world, service, name, world.gone if name in OPEN else world.nobody)
        done = answer_to(world, service, name, world.admin)
        expected = (OPEN.get(name, DENIED[service]), NOT_DONE.get((service, name)))
        if (refused, done) != expected:
            wrong.append(f"{service}:{name}: {(refused, done)}, not {expected}")
    assert not wrong, "\n".join(wrong)
