"""The network: EC2's part of Amazon MQ, called by boto3 and by Terraform."""

import concurrent.futures
import ipaddress
import json
import os
import random
import shutil
import subprocess
import threading

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from conftest import ENGINES, REGION, ROOT_ID, ROOT_SECRET, Postern, broker_request, running, wait_until
from terraform import PROVIDER, mirror

ACCOUNT = "111122223333"


def refusal(call, **members):
    with pytest.raises(ClientError) as caught:
        call(**members)
    error = caught.value.response
    return error["Error"]["Code"], error["Error"]["Message"], error["ResponseMetadata"]["HTTPStatusCode"]


@pytest.fixture
def ec2(simulated):
    return simulated.client("ec2")


def gone(mq):
    wait_until("all brokers are gone", lambda: not mq.list_brokers()["BrokerSummaries"])


@pytest.fixture
def network(ec2):
    """A VPC with a subnet and a group in it; all of it goes in the end."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(VpcId=vpc, GroupName="brokers", Description="of brokers")["GroupId"]
    yield {"vpc": vpc, "subnet": subnet, "group": group}
    for interface in ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkInterfaces"]:
        ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_security_group(GroupId=group)
    ec2.delete_vpc(VpcId=vpc)
    assert refusal(ec2.describe_vpcs, VpcIds=[vpc])[0] == "InvalidVpcID.NotFound"


def test_the_default_vpc_has_all_that_a_default_vpc_has(ec2):
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    of_it = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    zones = ec2.describe_availability_zones(Filters=[{"Name": "state", "Values": ["available"]}])["AvailabilityZones"]
    subnets = ec2.describe_subnets(Filters=of_it)["Subnets"]
    assert sorted(s["AvailabilityZone"] for s in subnets) == [z["ZoneName"] for z in zones]
    assert [z["ZoneId"] for z in zones] == ["use1-az1", "use1-az2", "use1-az3"]
    assert all(s["DefaultForAz"] and s["AvailableIpAddressCount"] <= 4091 for s in subnets)
    (gateway,) = ec2.describe_internet_gateways(
        Filters=[{"Name": "attachment.vpc-id", "Values": [vpc["VpcId"]]}])["InternetGateways"]
    (routes,) = ec2.describe_route_tables(Filters=[*of_it, {"Name": "association.main", "Values": ["true"]}])["RouteTables"]
    assert [(r["DestinationCidrBlock"], r["GatewayId"], r["State"]) for r in routes["Routes"]] == [
        (vpc["CidrBlock"], "local", "active"), ("0.0.0.0/0", gateway["InternetGatewayId"], "active")]
    (group,) = ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"]
    assert group["IpPermissions"][0]["UserIdGroupPairs"] == [{"UserId": ACCOUNT, "GroupId": group["GroupId"]}]
    assert group["IpPermissionsEgress"][0]["IpRanges"] == [{"CidrIp": "0.0.0.0/0"}]
    (acl,) = ec2.describe_network_acls(Filters=[*of_it, {"Name": "default", "Values": ["true"]}])["NetworkAcls"]
    assert len(acl["Associations"]) == len(subnets) and len(acl["Entries"]) == 4
    for attribute, value in [("enableDnsSupport", True), ("enableDnsHostnames", True)]:
        answer = ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute=attribute)
        assert answer[attribute[0].upper() + attribute[1:]] == {"Value": value}
    assert [r["RegionName"] for r in ec2.describe_regions()["Regions"]] == [REGION]
    assert ec2.describe_addresses()["Addresses"] == []
    attributes = ec2.describe_account_attributes(AttributeNames=["default-vpc"])["AccountAttributes"]
    assert attributes[0]["AttributeValues"] == [{"AttributeValue": vpc["VpcId"]}]


def test_a_broker_in_a_vpc_of_ones_own_has_an_interface_that_only_amazon_mq_changes(simulated, ec2, network):
    mq = simulated.client("mq")
    broker = mq.create_broker(**broker_request(
        "in-vpc", SubnetIds=[network["subnet"]], SecurityGroups=[network["group"]]))["BrokerId"]
    described = running(mq, broker)
    (interface,) = ec2.describe_network_interfaces(
        Filters=[{"Name": "group-id", "Values": [network["group"]]}])["NetworkInterfaces"]
    assert interface["RequesterManaged"] and interface["RequesterId"] == "amazon-mq"
    assert interface["Operator"] == {"Managed": True, "Principal": "mq.amazonaws.com"}
    assert interface["Description"] == f"Amazon MQ network interface for broker {broker}"
    assert interface["Status"] == "in-use" and interface["Attachment"]["InstanceOwnerId"] == "amazon-aws"
    # EC2 shows the address as the VPC's owner numbers it; Amazon MQ the one that works.
    assert ipaddress.ip_address(interface["PrivateIpAddress"]) in ipaddress.ip_network("10.0.1.0/24")
    assert ipaddress.ip_address(described["BrokerInstances"][0]["IpAddress"]) in ipaddress.ip_network("127.0.0.0/8")
    (permission,) = ec2.describe_network_interface_permissions(Filters=[{
        "Name": "network-interface-permission.network-interface-id", "Values": [interface["NetworkInterfaceId"]],
    }])["NetworkInterfacePermissions"]
    assert permission["AwsService"] == "mq.amazonaws.com"

    eni = interface["NetworkInterfaceId"]
    no_say = ("OperationNotPermitted", "You do not have permission to access the specified resource.", 400)
    assert refusal(ec2.delete_network_interface, NetworkInterfaceId=eni) == no_say
    assert refusal(ec2.modify_network_interface_attribute, NetworkInterfaceId=eni, Description={"Value": "x"}) == no_say
    assert refusal(ec2.delete_network_interface_permission,
                   NetworkInterfacePermissionId=permission["NetworkInterfacePermissionId"]) == no_say
    assert refusal(ec2.detach_network_interface, AttachmentId=interface["Attachment"]["AttachmentId"]) == (
        "OperationNotPermitted", "You are not allowed to manage 'ela-attach' attachments.", 400)
    assert refusal(ec2.delete_security_group, GroupId=network["group"])[:2] == (
        "DependencyViolation", f"resource {network['group']} has a dependent object")
    assert refusal(ec2.delete_subnet, SubnetId=network["subnet"])[0] == "DependencyViolation"
    assert refusal(ec2.delete_vpc, VpcId=network["vpc"])[0] == "DependencyViolation"

    mq.delete_broker(BrokerId=broker)
    gone(mq)
    # The fixture deletes group, subnet and VPC at once: nothing holds them any more.
    assert refusal(ec2.describe_network_interfaces, NetworkInterfaceIds=[eni])[0] == "InvalidNetworkInterfaceID.NotFound"


def test_the_interface_of_a_publicly_accessible_broker_has_a_public_address(simulated, ec2, network):
    mq = simulated.client("mq")
    public, private = (mq.create_broker(**broker_request(
        name, SubnetIds=[network["subnet"]], SecurityGroups=[network["group"]], PubliclyAccessible=accessible))["BrokerId"]
        for name, accessible in (("public", True), ("private", False)))
    address = running(mq, public)["BrokerInstances"][0]["IpAddress"]
    running(mq, private)
    of_group = {"Name": "group-id", "Values": [network["group"]]}
    shown = {one["Description"].rsplit(" ", 1)[1]: one
             for one in ec2.describe_network_interfaces(Filters=[of_group])["NetworkInterfaces"]}
    assert "Association" not in shown[private]
    assert shown[public]["Association"] == {"IpOwnerId": "amazon", "PublicIp": address}
    assert shown[public]["PrivateIpAddresses"][0]["Association"] == shown[public]["Association"]
    (found,) = ec2.describe_network_interfaces(
        Filters=[{"Name": "association.public-ip", "Values": [address]}])["NetworkInterfaces"]
    assert found["NetworkInterfaceId"] == shown[public]["NetworkInterfaceId"]
    # It is the service's, as on AWS, and no Elastic IP address of the account's.
    assert ec2.describe_addresses()["Addresses"] == []
    for broker in (public, private):
        mq.delete_broker(BrokerId=broker)
    gone(mq)


def test_a_subnet_that_is_full_refuses_brokers_and_interfaces(simulated, ec2, network):
    mq = simulated.client("mq")
    small = ec2.create_subnet(VpcId=network["vpc"], CidrBlock="10.0.2.0/28")["Subnet"]
    assert small["AvailableIpAddressCount"] == 11
    made = [ec2.create_network_interface(SubnetId=small["SubnetId"])["NetworkInterface"] for _ in range(11)]
    assert sorted(ipaddress.ip_address(i["PrivateIpAddress"]) for i in made) == [
        ipaddress.ip_address(f"10.0.2.{n}") for n in range(4, 15)]
    assert refusal(ec2.create_network_interface, SubnetId=small["SubnetId"])[0] == "InsufficientFreeAddressesInSubnet"
    with pytest.raises(ClientError) as caught:
        mq.create_broker(**broker_request("full", SubnetIds=[small["SubnetId"]], SecurityGroups=[network["group"]]))
    assert "has no free IP address" in caught.value.response["Error"]["Message"]
    assert refusal(ec2.create_network_interface, SubnetId=small["SubnetId"], PrivateIpAddress="10.0.2.5")[0] == \
        "InvalidIPAddress.InUse"
    ec2.delete_network_interface(NetworkInterfaceId=made[3]["NetworkInterfaceId"])
    again = ec2.create_network_interface(SubnetId=small["SubnetId"], PrivateIpAddress=made[3]["PrivateIpAddress"])
    assert again["NetworkInterface"]["PrivateIpAddress"] == made[3]["PrivateIpAddress"]
    for interface in [*made[:3], *made[4:], again["NetworkInterface"]]:
        ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    ec2.delete_subnet(SubnetId=small["SubnetId"])


def test_a_thousand_interfaces_at_once_have_a_thousand_addresses(simulated, ec2):
    subnet = ec2.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"][0]["SubnetId"]
    client = simulated.client("ec2", max_pool_connections=32)
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        made = list(pool.map(
            lambda _: client.create_network_interface(SubnetId=subnet)["NetworkInterface"], range(1000)))
        assert len({i["PrivateIpAddress"] for i in made}) == len({i["NetworkInterfaceId"] for i in made}) == 1000
        pages = client.get_paginator("describe_network_interfaces").paginate(
            Filters=[{"Name": "status", "Values": ["available"]}], PaginationConfig={"PageSize": 300})
        listed = [i["NetworkInterfaceId"] for page in pages for i in page["NetworkInterfaces"]]
        assert len(listed) == len(set(listed)) and set(listed) >= {i["NetworkInterfaceId"] for i in made}
        list(pool.map(lambda i: client.delete_network_interface(NetworkInterfaceId=i["NetworkInterfaceId"]), made))
    print("1000 interfaces, 1000 addresses")


def test_a_dry_run_tells_and_does_nothing(simulated, ec2, network):
    dry = ("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
    interface = ec2.create_network_interface(SubnetId=network["subnet"])["NetworkInterface"]["NetworkInterfaceId"]
    allowed = [
        (ec2.create_vpc, {"CidrBlock": "10.0.0.0/16"}),
        (ec2.create_subnet, {"VpcId": network["vpc"], "CidrBlock": "10.0.9.0/24"}),
        (ec2.create_security_group, {"VpcId": network["vpc"], "GroupName": "dry", "Description": "dry"}),
        (ec2.create_network_interface, {"SubnetId": network["subnet"]}),
        (ec2.delete_network_interface, {"NetworkInterfaceId": interface}),
        (ec2.modify_network_interface_attribute, {"NetworkInterfaceId": interface, "Groups": [network["group"]]}),
        (ec2.delete_security_group, {"GroupId": network["group"]}),
        (ec2.create_internet_gateway, {}),
        (ec2.create_route_table, {"VpcId": network["vpc"]}),
        (ec2.create_tags, {"Resources": [interface], "Tags": [{"Key": "dry", "Value": "run"}]}),
        (ec2.describe_vpcs, {"VpcIds": [network["vpc"]]}),
        (ec2.describe_network_interfaces, {}),
    ]
    # Who may is told of wrong values all the same.
    wrong = [
        (ec2.create_vpc, {"CidrBlock": "10.0.0.0/8"}, "InvalidVpc.Range"),
        (ec2.create_subnet, {"VpcId": network["vpc"], "CidrBlock": "10.0.1.0/24"}, "InvalidSubnet.Conflict"),
        (ec2.create_network_interface, {"SubnetId": "subnet-00000000000000000"}, "InvalidSubnetID.NotFound"),
        (ec2.create_network_interface, {"SubnetId": network["subnet"], "PrivateIpAddress": "10.0.1.3"}, "InvalidParameterValue"),
        (ec2.delete_network_interface, {"NetworkInterfaceId": "eni-00000000000000000"}, "InvalidNetworkInterfaceID.NotFound"),
        (ec2.delete_subnet, {"SubnetId": network["subnet"]}, "DependencyViolation"),
        (ec2.delete_vpc, {"VpcId": network["vpc"]}, "DependencyViolation"),
        (ec2.describe_vpcs, {"VpcIds": ["vpc-00000000000000000"]}, "InvalidVpcID.NotFound"),
        (ec2.describe_vpcs, {"Filters": [{"Name": "colour", "Values": ["red"]}]}, "InvalidParameterValue"),
    ]

    def everything():
        return [{**answer, "ResponseMetadata": None} for answer in (
            ec2.describe_vpcs(), ec2.describe_subnets(), ec2.describe_security_groups(), ec2.describe_network_interfaces(),
            ec2.describe_internet_gateways(), ec2.describe_route_tables(), ec2.describe_tags())]

    before = everything()
    for call, members in allowed:
        assert refusal(call, **members, DryRun=True) == dry, (call, members)
    for call, members, code in wrong:
        assert refusal(call, **members, DryRun=True)[0] == code, (call, members)
    # Who may not is told that, and nothing of the values.
    nobody = simulated.client("ec2", key=simulated.user("dry-nobody"))
    for call, members, *_ in [*allowed, *wrong]:
        code, message, status = refusal(getattr(nobody, call.__name__), **members, DryRun=True)
        assert (code, status) == ("UnauthorizedOperation", 403), (call, members)
    code, message, status = refusal(nobody.create_vpc, CidrBlock="10.0.0.0/16", DryRun=True)
    message, encoded = message.split(". Encoded authorization failure message: ")
    decoded = simulated.client("sts").decode_authorization_message(EncodedMessage=encoded)["DecodedMessage"]
    assert json.loads(decoded)["context"]["action"] == "ec2:CreateVpc"
    assert message == (
        "You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/dry-nobody is not authorized "
        "to perform: ec2:CreateVpc on resource: arn:aws:ec2:us-east-1:111122223333:vpc/* because no identity-based policy "
        "allows the ec2:CreateVpc action")
    assert everything() == before
    codes = [record.get("errorCode") for record in simulated.audit() if record["eventName"] == "CreateInternetGateway"]
    assert codes[-2:] == ["Client.DryRunOperation", "Client.UnauthorizedOperation"]


def test_quotas_are_those_of_aws_and_are_refused_by_its_codes():
    postern = Postern("--driver", "simulate", "--quota", "subnets=3", "--quota", "vpc-security-groups=8",
                      "--quota", "route-tables=3", "--quota", "network-interfaces=4")
    try:
        ec2, mq = postern.client("ec2"), postern.client("mq")

        def until_refused(call, **members):
            for count in range(1, 50):
                try:
                    call(**{name: value(count) if callable(value) else value for name, value in members.items()})
                except ClientError as caught:
                    error = caught.response
                    assert error["ResponseMetadata"]["HTTPStatusCode"] == 400
                    return count - 1, error["Error"]["Code"], error["Error"]["Message"]
            raise AssertionError("never refused")

        # The default VPC, its gateway, its group and its table are there from the start.
        assert until_refused(ec2.create_vpc, CidrBlock="10.0.0.0/16") == (
            4, "VpcLimitExceeded", "The maximum number of VPCs has been reached.")
        assert until_refused(ec2.create_internet_gateway) == (
            4, "InternetGatewayLimitExceeded", "The maximum number of internet gateways has been reached.")
        vpc = next(one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"] if not one["IsDefault"])
        assert until_refused(ec2.create_subnet, VpcId=vpc, CidrBlock=lambda n: f"10.0.{n}.0/24")[:2] == (3, "SubnetLimitExceeded")
        assert until_refused(ec2.create_route_table, VpcId=vpc)[:2] == (2, "RouteTableLimitExceeded")
        assert until_refused(ec2.create_security_group, VpcId=vpc, GroupName=lambda n: f"g{n}", Description="d")[:2] == (
            3, "SecurityGroupLimitExceeded")
        # Brokers' interfaces count.
        broker = mq.create_broker(**broker_request("counted"))["BrokerId"]
        subnet = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"][0]["SubnetId"]
        assert until_refused(ec2.create_network_interface, SubnetId=subnet)[:2] == (3, "NetworkInterfaceLimitExceeded")
        with pytest.raises(ClientError, match="maximum number of network interfaces"):
            mq.create_broker(**broker_request("too-many"))
        running(mq, broker)
        mq.delete_broker(BrokerId=broker)
        gone(mq)
        ec2.create_network_interface(SubnetId=subnet)
        for count, gateway in enumerate(one for one in ec2.describe_internet_gateways()["InternetGateways"]
                                        if not one["Attachments"]):
            ec2.delete_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"])
        assert until_refused(ec2.create_internet_gateway)[0] == count + 1
    finally:
        postern.close()


def test_a_deleted_subnet_or_group_is_told_by_amazon_mq_and_by_ec2(simulated, ec2, network):
    mq = simulated.client("mq")
    subnet = ec2.create_subnet(VpcId=network["vpc"], CidrBlock="10.0.2.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(VpcId=network["vpc"], GroupName="gone", Description="gone")["GroupId"]
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_security_group(GroupId=group)
    assert refusal(ec2.create_network_interface, SubnetId=subnet) == (
        "InvalidSubnetID.NotFound", f"The subnet ID '{subnet}' does not exist", 400)
    assert refusal(ec2.create_network_interface, SubnetId=network["subnet"], Groups=[group]) == (
        "InvalidGroup.NotFound", f"The security group '{group}' does not exist", 400)
    for members, gone_id, attribute in (
        ({"SubnetIds": [subnet], "SecurityGroups": [network["group"]]}, subnet, "subnetIds"),
        ({"SubnetIds": [network["subnet"]], "SecurityGroups": [group]}, group, "securityGroups"),
    ):
        with pytest.raises(ClientError) as caught:
            mq.create_broker(**broker_request("in-nothing", **members))
        answer = caught.value.response
        assert answer["Error"]["Code"] == "BadRequestException"
        assert gone_id in answer["Error"]["Message"]
        assert answer["ErrorAttribute"] == attribute
    # One that goes while a broker holds it cannot go.
    broker = mq.create_broker(**broker_request(
        "holds", SubnetIds=[network["subnet"]], SecurityGroups=[network["group"]]))["BrokerId"]
    assert refusal(ec2.delete_subnet, SubnetId=network["subnet"])[0] == "DependencyViolation"
    assert refusal(ec2.delete_security_group, GroupId=network["group"])[0] == "DependencyViolation"
    running(mq, broker)
    assert refusal(lambda **members: mq.update_broker(BrokerId=broker, **members), SecurityGroups=[group])[0] == \
        "BadRequestException"
    mq.delete_broker(BrokerId=broker)
    gone(mq)


def test_every_resource_of_a_call_is_asked_about(simulated, ec2, network):
    def allow(action, resource, **condition):
        return {"Effect": "Allow", "Action": action, "Resource": resource, **condition}

    def policy(*statements):
        return {"Version": "2012-10-17", "Statement": list(statements)}

    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:"
    eni = allow("ec2:CreateNetworkInterface", f"{arn}network-interface/*",
                Condition={"ArnEquals": {"ec2:Vpc": f"{arn}vpc/{network['vpc']}"}})
    subnet = allow("ec2:CreateNetworkInterface", f"{arn}subnet/{network['subnet']}",
                   Condition={"StringEquals": {"ec2:AvailabilityZone": "us-east-1a"}})
    group = allow("ec2:CreateNetworkInterface", f"{arn}security-group/*",
                  Condition={"StringEquals": {"ec2:ResourceTag/for": "brokers", "aws:ResourceTag/for": "brokers"}})
    members = {"SubnetId": network["subnet"], "Groups": [network["group"]]}

    def refused(name, *statements, **more):
        client = simulated.client("ec2", key=simulated.user(name, policy(*statements)))
        code, message, _ = refusal(client.create_network_interface, **members, **more)
        assert code == "UnauthorizedOperation"
        return message.split("on resource: ")[1].split(" ")[0]

    assert refused("parts-1", subnet, group) == f"{arn}network-interface/*"
    assert refused("parts-2", eni, group) == f"{arn}subnet/{network['subnet']}"
    assert refused("parts-3", eni, subnet, group) == f"{arn}security-group/{network['group']}"
    ec2.create_tags(Resources=[network["group"]], Tags=[{"Key": "for", "Value": "brokers"}])
    tags = [{"ResourceType": "network-interface", "Tags": [{"Key": "cost", "Value": "1"}]}]
    # Tags at birth need ec2:CreateTags as well, for this very action.
    assert refused("parts-4", eni, subnet, group, TagSpecifications=tags) == f"{arn}network-interface/*"
    tagging = allow("ec2:CreateTags", f"{arn}network-interface/*", Condition={"StringEquals": {
        "ec2:CreateAction": "CreateNetworkInterface", "aws:RequestTag/cost": "1"}})
    allowed = simulated.client("ec2", key=simulated.user("parts-5", policy(eni, subnet, group, tagging)))
    made = allowed.create_network_interface(**members, TagSpecifications=tags)["NetworkInterface"]
    assert made["TagSet"] == [{"Key": "cost", "Value": "1"}]
    # The key that allows tagging at birth allows no tagging later.
    assert refusal(allowed.create_tags, Resources=[made["NetworkInterfaceId"]], Tags=[{"Key": "cost", "Value": "1"}])[0] == \
        "UnauthorizedOperation"
    found = ec2.describe_tags(Filters=[{"Name": "key", "Values": ["c?st"]}])["Tags"]
    assert [(t["ResourceId"], t["ResourceType"], t["Value"]) for t in found] == [
        (made["NetworkInterfaceId"], "network-interface", "1")]


def test_rules_are_added_once_listed_changed_and_taken_back(ec2, network):
    group = network["group"]
    tls = {"IpProtocol": "tcp", "FromPort": 61617, "ToPort": 61617,
           "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "clients"}], "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}]}
    added = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[tls])["SecurityGroupRules"]
    assert len(added) == 2
    assert refusal(ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[tls])[:2] == (
        "InvalidPermission.Duplicate",
        'the specified rule "peer: 10.0.0.0/8, TCP, from port: 61617, to port: 61617, ALLOW" already exists')
    (shown,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    (permission,) = shown["IpPermissions"]
    assert permission["IpRanges"] == tls["IpRanges"] and permission["Ipv6Ranges"] == tls["Ipv6Ranges"]
    rule = added[0]["SecurityGroupRuleId"]
    ec2.modify_security_group_rules(GroupId=group, SecurityGroupRules=[{"SecurityGroupRuleId": rule, "SecurityGroupRule": {
        "IpProtocol": "tcp", "FromPort": 5671, "ToPort": 5671, "CidrIpv4": "10.1.0.0/16"}}])
    (changed,) = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule])["SecurityGroupRules"]
    assert (changed["FromPort"], changed["CidrIpv4"], changed["IsEgress"]) == (5671, "10.1.0.0/16", False)
    ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rule])
    assert refusal(ec2.revoke_security_group_ingress, GroupId=group, SecurityGroupRuleIds=[rule])[0] == \
        "InvalidSecurityGroupRuleId.NotFound"
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=everything)
    assert refusal(ec2.revoke_security_group_egress, GroupId=group, IpPermissions=everything)[:2] == (
        "InvalidPermission.NotFound", "The specified rule does not exist in this security group.")


def test_what_is_wrong_is_refused_in_ec2s_words(ec2, network):
    vpc, subnet = network["vpc"], network["subnet"]
    cases = [
        (ec2.describe_vpcs, {"VpcIds": ["x"]}, "InvalidVpcID.Malformed", 'Invalid id: "x" (expecting "vpc-...")'),
        (ec2.describe_vpcs, {"VpcIds": ["vpc-00000000"]}, "InvalidVpcID.NotFound", "The vpc ID 'vpc-00000000' does not exist"),
        (ec2.describe_subnets, {"SubnetIds": ["subnet-00000000"]}, "InvalidSubnetID.NotFound",
         "The subnet ID 'subnet-00000000' does not exist"),
        (ec2.describe_security_groups, {"GroupIds": ["sg-00000000"]}, "InvalidGroup.NotFound",
         "The security group 'sg-00000000' does not exist"),
        (ec2.describe_vpcs, {"Filters": [{"Name": "colour", "Values": ["x"]}]}, "InvalidParameterValue",
         "The filter 'colour' is invalid"),
        (ec2.describe_vpcs, {"NextToken": "made-up"}, "InvalidNextToken", None),
        (ec2.describe_vpcs, {"MaxResults": 5, "VpcIds": [vpc]}, "InvalidParameterCombination", None),
        (ec2.create_vpc, {"CidrBlock": "10.0.0.0/8"}, "InvalidVpc.Range", "The CIDR '10.0.0.0/8' is invalid."),
        (ec2.create_vpc, {"CidrBlock": "10.0.0.0/16", "Ipv4IpamPoolId": "ipam-pool-0"}, "UnknownParameter",
         "The parameter Ipv4IpamPoolId is not recognized"),
        (ec2.create_subnet, {"VpcId": vpc, "CidrBlock": "10.0.1.128/25"}, "InvalidSubnet.Conflict",
         "The CIDR '10.0.1.128/25' conflicts with another subnet"),
        (ec2.create_subnet, {"VpcId": vpc, "CidrBlock": "10.9.0.0/24"}, "InvalidSubnet.Range", None),
        (ec2.create_security_group, {"VpcId": vpc, "GroupName": "brokers", "Description": "d"}, "InvalidGroup.Duplicate", None),
        (ec2.create_network_interface, {"SubnetId": subnet, "PrivateIpAddress": "10.0.1.3"}, "InvalidParameterValue",
         "Address is in subnet's reserved address range"),
        (ec2.create_tags, {"Resources": [vpc], "Tags": [{"Key": "aws:x", "Value": ""}]}, "InvalidParameterValue",
         "Tag keys starting with 'aws:' are reserved for internal use"),
        (ec2.delete_security_group, {"GroupName": "default"}, "CannotDelete", None),
    ]
    for call, members, code, message in cases:
        found = refusal(call, **members)
        assert found[0] == code and (message is None or found[1] == message), (members, found)


def test_a_client_token_makes_one_interface(ec2, network):
    first = ec2.create_network_interface(SubnetId=network["subnet"], ClientToken="once")["NetworkInterface"]
    again = ec2.create_network_interface(SubnetId=network["subnet"], ClientToken="once")["NetworkInterface"]
    assert first["NetworkInterfaceId"] == again["NetworkInterfaceId"]
    assert refusal(ec2.create_network_interface, SubnetId=network["subnet"], ClientToken="once", Description="other")[0] == \
        "IdempotentParameterMismatch"


def test_no_address_is_shared_or_lost_when_the_service_is_killed():
    postern = Postern("--driver", "simulate", "--api-rate", "100000", "--api-burst", "100000")
    try:
        subnet = postern.client("ec2").create_subnet(
            VpcId=postern.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"], CidrBlock="10.0.0.0/22",
        )["Subnet"]["SubnetId"]
        acknowledged = {}
        for _ in range(4):
            client = postern.client("ec2", max_pool_connections=16)

            def make(number, client=client, service=postern.process):
                if number == 40:
                    service.kill()
                try:
                    return client.create_network_interface(SubnetId=subnet)["NetworkInterface"]
                except Exception:  # The connection broke: whether it was made is not known.
                    return None

            with concurrent.futures.ThreadPoolExecutor(16) as pool:
                made = [one for one in pool.map(make, range(80)) if one]
            acknowledged.update({one["NetworkInterfaceId"]: one["PrivateIpAddress"] for one in made})
            postern.kill()
            postern.start()
            ec2 = postern.client("ec2")
            there = {one["NetworkInterfaceId"]: one["PrivateIpAddress"]
                     for one in ec2.describe_network_interfaces()["NetworkInterfaces"]}
            assert acknowledged.items() <= there.items()
            assert len(set(there.values())) == len(there)
            (described,) = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"]
            assert described["AvailableIpAddressCount"] == 1024 - 5 - len(there)
        print(f"{len(acknowledged)} interfaces acknowledged, {len(there)} there after 4 kills")
        assert len(acknowledged) >= 100
    finally:
        postern.close()


class Killed(Exception):
    """The connection broke: whether the call was carried out is not known."""


class Sequence:
    """Calls in an order that chance gives, the same at every run, on a service that is killed again and again."""

    def __init__(self, postern, seed):
        self.postern, self.dice = postern, random.Random(seed)
        ec2 = postern.client("ec2")
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        (group,) = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [self.vpc]}])["SecurityGroups"]
        self.group = group["GroupId"]
        self.subnets, self.interfaces, self.brokers = set(), set(), set()
        self.calls = self.unknown = 0

    def call(self, call, **members):
        """The answer; `None` where it was refused."""
        self.calls += 1
        try:
            return call(**members)
        except ClientError:
            return None
        except BotoCoreError as error:
            self.unknown += 1
            raise Killed from error

    def pick(self, known):
        return self.dice.choice(sorted(known)) if known else None

    def step(self, ec2, mq):
        """One call. What is taken away is forgotten before, what is made is known after: each may be there or not once killed."""
        kind = self.dice.choices(["subnet", "no subnet", "interface", "no interface", "broker", "no broker"], [2, 1, 6, 4, 2, 2])[0]
        if kind == "subnet":
            made = self.call(ec2.create_subnet, VpcId=self.vpc, CidrBlock=f"10.0.{self.dice.randrange(4)}.0/28")
            self.subnets |= {made["Subnet"]["SubnetId"]} if made else set()
        elif kind == "no subnet" and self.subnets:
            subnet = self.pick(self.subnets)
            self.subnets.discard(subnet)
            if self.call(ec2.delete_subnet, SubnetId=subnet) is None:
                self.subnets.add(subnet)
        elif kind == "interface" and self.subnets:
            made = self.call(ec2.create_network_interface, SubnetId=self.pick(self.subnets))
            self.interfaces |= {made["NetworkInterface"]["NetworkInterfaceId"]} if made else set()
        elif kind == "no interface" and self.interfaces:
            interface = self.pick(self.interfaces)
            self.interfaces.discard(interface)
            assert self.call(ec2.delete_network_interface, NetworkInterfaceId=interface)
        elif kind == "broker" and self.subnets:
            made = self.call(mq.create_broker, **broker_request(
                f"b{self.calls}", SubnetIds=[self.pick(self.subnets)], SecurityGroups=[self.group]))
            self.brokers |= {made["BrokerId"]} if made else set()
        elif kind == "no broker" and self.brokers:
            broker = self.pick(self.brokers)
            self.brokers.discard(broker)
            # Refused while it is being made.
            if self.call(mq.delete_broker, BrokerId=broker) is None:
                self.brokers.add(broker)

    def check(self):
        """Every address has one owner, no owner is missing, and no address is taken by nobody."""
        ec2, mq = self.postern.client("ec2"), self.postern.client("mq")
        wait_until("deletions are done", lambda: not [
            one for one in mq.list_brokers(MaxResults=100)["BrokerSummaries"] if one["BrokerState"] == "DELETION_IN_PROGRESS"])
        there = {one["NetworkInterfaceId"]: one for one in ec2.describe_network_interfaces()["NetworkInterfaces"]}
        assert self.interfaces <= there.keys()
        assert len({one["PrivateIpAddress"] for one in there.values()}) == len(there)
        subnets = {one["SubnetId"]: one for one in ec2.describe_subnets(
            Filters=[{"Name": "vpc-id", "Values": [self.vpc]}])["Subnets"]}
        assert self.subnets <= subnets.keys()
        for subnet, described in subnets.items():
            inside = [one for one in there.values() if one["SubnetId"] == subnet]
            assert described["AvailableIpAddressCount"] == 11 - len(inside)
            assert all(ipaddress.ip_address(one["PrivateIpAddress"]) in ipaddress.ip_network(described["CidrBlock"])
                       for one in inside)
        # An interface of Amazon MQ's has a broker, and a broker its interface.
        managed = sorted(one["Description"].rsplit(" ", 1)[1] for one in there.values() if one["RequesterManaged"])
        brokers = sorted(one["BrokerId"] for one in mq.list_brokers(MaxResults=100)["BrokerSummaries"])
        assert managed == brokers and self.brokers <= set(brokers)
        # What a call made that nobody answered is known from now on.
        self.subnets = set(subnets)
        self.interfaces = {eni for eni, one in there.items() if not one["RequesterManaged"]}
        self.brokers = set(brokers)


def test_no_sequence_of_calls_and_kills_leaks_or_shares_an_address():
    kills, seed = int(os.environ.get("KILLS", "8")), int(os.environ.get("SEED", "20261126"))
    postern = Postern("--driver", "simulate", "--simulate-start-ms", "0", "--api-rate", "100000", "--api-burst", "100000")
    try:
        sequence = Sequence(postern, seed)
        for _ in range(kills):
            ec2, mq = postern.client("ec2"), postern.client("mq")
            for _ in range(sequence.dice.randrange(10, 40)):
                sequence.step(ec2, mq)
            # It is killed in the middle of a call, whichever that is.
            killer = threading.Timer(sequence.dice.uniform(0, 0.03), postern.process.kill)
            killer.start()
            try:
                while True:
                    sequence.step(ec2, mq)
            except Killed:
                pass
            killer.join()
            postern.kill()
            postern.start()
            sequence.check()
        # In the end everything can be taken away, and nothing holds it.
        ec2, mq = postern.client("ec2"), postern.client("mq")
        for interface in sequence.interfaces:
            ec2.delete_network_interface(NetworkInterfaceId=interface)
        for broker in sequence.brokers:
            running(mq, broker)
            mq.delete_broker(BrokerId=broker)
        gone(mq)
        for subnet in sequence.subnets:
            ec2.delete_subnet(SubnetId=subnet)
        ec2.delete_vpc(VpcId=sequence.vpc)
        assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []
        print(f"{sequence.calls} calls, {sequence.unknown} cut off by {kills} kills")
        assert sequence.calls >= 10 * kills
    finally:
        postern.close()


STACK = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "us-east-1"
}

data "aws_availability_zones" "these" {
  state = "available"
}

data "aws_vpc" "default" {
  default = true
}

resource "aws_vpc" "this" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
  tags                 = { Name = "brokers" }
}

resource "aws_subnet" "these" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 8, count.index)
  availability_zone = data.aws_availability_zones.these.names[count.index]
  tags              = { Name = "brokers-${count.index}" }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_route_table" "this" {
  vpc_id = aws_vpc.this.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}

resource "aws_route_table_association" "these" {
  count          = 2
  subnet_id      = aws_subnet.these[count.index].id
  route_table_id = aws_route_table.this.id
}

resource "aws_security_group" "this" {
  name   = "brokers"
  vpc_id = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id = aws_security_group.this.id
  cidr_ipv4         = aws_vpc.this.cidr_block
  from_port         = 61617
  to_port           = 61617
  ip_protocol       = "tcp"
  tags              = { Name = "openwire" }
}

resource "aws_mq_configuration" "this" {
  name           = "in-a-stack"
  engine_type    = "ActiveMQ"
  engine_version = "5.18"
  data           = <<-XML
    <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
    <broker xmlns="http://activemq.apache.org/schema/core" schedulePeriodForDestinationPurge="10000"/>
  XML
}

resource "aws_mq_broker" "this" {
  broker_name        = "in-a-stack"
  engine_type        = "ActiveMQ"
  engine_version     = "5.18"
  host_instance_type = "mq.t3.micro"
  subnet_ids         = [aws_subnet.these[0].id]
  security_groups    = [aws_security_group.this.id]
  auto_minor_version_upgrade = true

  configuration {
    id       = aws_mq_configuration.this.id
    revision = aws_mq_configuration.this.latest_revision
  }

  user {
    username = "admin"
    password = "correct-horse-battery"
  }
}

output "address" { value = aws_mq_broker.this.instances[0].ip_address }
output "broker" { value = aws_mq_broker.this.id }
output "configuration" { value = { Id = aws_mq_configuration.this.id, Revision = aws_mq_configuration.this.latest_revision } }
output "group" { value = aws_security_group.this.id }
output "subnet" { value = aws_subnet.these[0].id }
output "default" { value = data.aws_vpc.default.id }
output "vpc" { value = aws_vpc.this.id }
"""


@pytest.mark.parametrize("driver", ["simulate", "process"])
def test_terraform_plans_and_applies_a_vpc_with_a_broker_finds_nothing_to_do_and_destroys_it(driver, tmp_path):
    if not shutil.which("terraform"):
        pytest.skip("skipped: terraform is not installed")
    if not mirror():
        pytest.skip(f"skipped: no mirror with {PROVIDER} (TF_PLUGIN_MIRROR says where one is)")
    if driver == "process" and not ENGINES:
        pytest.skip("skipped: POSTERN_TEST_ENGINES not set (script/test sets it)")
    postern = Postern("--driver", driver)
    try:
        (tmp_path / "main.tf").write_text(STACK)
        (tmp_path / "terraform.rc").write_text(
            f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror()}"\n  }}\n}}\ndisable_checkpoint = true\n'
        )
        environment = {
            **os.environ, "TF_CLI_CONFIG_FILE": str(tmp_path / "terraform.rc"), "TF_IN_AUTOMATION": "1",
            "AWS_ENDPOINT_URL": postern.endpoint, "AWS_ACCESS_KEY_ID": ROOT_ID, "AWS_SECRET_ACCESS_KEY": ROOT_SECRET,
            "AWS_REGION": REGION,
        }

        def terraform(*words):
            done = subprocess.run(["terraform", *words, "-no-color"], cwd=tmp_path, env=environment, capture_output=True,
                                  text=True, timeout=300, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        terraform("init", "-input=false")
        terraform("plan", "-input=false", "-out=plan")
        terraform("apply", "-input=false", "plan")
        made = {name: output["value"] for name, output in json.loads(terraform("output", "-json")).items()}
        assert made["address"].startswith("127.")
        described = postern.client("mq").describe_broker(BrokerId=made["broker"])
        assert described["BrokerState"] == "RUNNING"
        assert (described["SubnetIds"], described["SecurityGroups"]) == ([made["subnet"]], [made["group"]])
        assert described["Configurations"]["Current"] == made["configuration"]
        # 0: the plan is empty; 2: it is not.
        terraform("plan", "-input=false", "-detailed-exitcode")
        terraform("destroy", "-input=false", "-auto-approve")
        ec2 = postern.client("ec2")
        assert [vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]] == [made["default"]]
        assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []
        calls = {r["eventName"] for r in postern.audit() if r["eventSource"] == "ec2.amazonaws.com"}
        print(f"{len(calls)} EC2 actions called by terraform")
        assert len(calls) >= 28, sorted(calls)
    finally:
        postern.close()
