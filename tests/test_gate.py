"""Who may do what: the policy of AWS's page, and every way in which a policy can say no."""

import copy
import json
import re

import pytest
from botocore.exceptions import ClientError

from conftest import broker_request, running, wait_until

ACCOUNT = "111122223333"
ALLOW_IAM = "arn:aws:iam::aws:policy/"

# The policy of AWS's page "API Authentication and Authorization for Amazon MQ", with the page's link markup, as it is printed
# there.
PAGE = """
{
    "Version": "2012-10-17",
    "Statement": [{
        "Action": [
            "mq:*",
            "[ec2:CreateNetworkInterface](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html)",
            "[ec2:DeleteNetworkInterface](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkInterface.html)",
            "[ec2:DetachNetworkInterface](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachNetworkInterface.html)",
            "[ec2:DescribeInternetGateways](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInternetGateways.html)",
            "[ec2:DescribeNetworkInterfaces](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html)",
            "[ec2:DescribeRouteTables](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html)",
            "[ec2:DescribeSecurityGroups](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html)",
            "[ec2:DescribeSubnets](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html)",
            "[ec2:DescribeVpcs](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html)"
        ],
        "Effect": "Allow",
        "Resource": "*"
    },{
        "Action": [
            "[ec2:CreateNetworkInterfacePermission](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterfacePermission.html)",
            "[ec2:DeleteNetworkInterfacePermission](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkInterfacePermission.html)",
            "[ec2:DescribeNetworkInterfacePermission](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfacePermissions.html)"
        ],
        "Effect": "Allow",
        "Resource": "*",
        "Condition": {
            "StringEquals": {
                "[ec2:AuthorizedService](https://docs.aws.amazon.com/IAM/latest/UserGuide/list_amazonec2.html#amazonec2-ec2_AuthorizedService)": "mq.amazonaws.com"
            }
        }
    }]
}
"""


def page_policy(**changes):
    """The page's policy without its link markup; `changes` are replaced in its text."""
    text = re.sub(r"\[(\w+:\w+)\]\(http[^)]*\)", r"\1", PAGE)
    for old, new in changes.items():
        text = text.replace(old, new)
    return json.loads(text)


def without(action):
    """The page's policy with one action taken out."""
    policy = page_policy()
    for statement in policy["Statement"]:
        statement["Action"] = [allowed for allowed in statement["Action"] if allowed != action]
    return policy


def allow(actions, resource="*", **condition):
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    if condition:
        statement["Condition"] = condition["condition"]
    return {"Version": "2012-10-17", "Statement": [statement]}


def deny(actions, resource="*", **condition):
    policy = copy.deepcopy(allow(actions, resource, **condition))
    policy["Statement"][0]["Effect"] = "Deny"
    return policy


COUNT = iter(range(1, 10_000))


@pytest.fixture
def user(simulated):
    """Makes a user with these policies; returns its name and its mq client."""

    def make(*policies, managed=()):
        name = f"user{next(COUNT)}"
        return name, simulated.client("mq", simulated.user(name, *policies, managed=managed))

    return make


@pytest.fixture
def broker(simulated):
    """A broker of the root's."""
    mq = simulated.client("mq")
    made = mq.create_broker(**broker_request(f"gate-{next(COUNT)}", Tags={"team": "red"}))
    return running(mq, made["BrokerId"])


def refusal(call, **members):
    """The answer of a call that has to be refused."""
    with pytest.raises(ClientError) as caught:
        call(**members)
    return caught.value.response


def assert_denied(response, name, action, resource=None, because=None):
    """AWS's words for a denial ("Troubleshoot access denied error messages")."""
    error = response["Error"]
    assert error["Code"] == "AccessDeniedException", error
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 403
    start = f"User: arn:aws:iam::{ACCOUNT}:user/{name} is not authorized to perform: {action}"
    assert error["Message"].startswith(start), error["Message"]
    if resource:
        assert f" on resource: {resource} " in error["Message"], error["Message"]
    because = because or f"because no identity-based policy allows the {action} action"
    assert because in error["Message"], error["Message"]


def other_group(simulated):
    """A security group of the default VPC, made by the root."""
    ec2 = simulated.client("ec2")
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    name = f"group-{next(COUNT)}"
    return ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc["VpcId"])["GroupId"]


def calls_of(simulated, response):
    """The records of one request: itself, then what Amazon MQ did to carry it out."""
    request = response["ResponseMetadata"]["RequestId"]
    return [record for record in simulated.audit() if record["requestID"] == request]


def everything(simulated):
    """What a broker's creation makes: brokers, interfaces and configurations."""
    mq, ec2 = simulated.client("mq"), simulated.client("ec2")
    return (
        [broker["BrokerId"] for broker in mq.list_brokers(MaxResults=100)["BrokerSummaries"]
         if broker["BrokerState"] != "DELETION_IN_PROGRESS"],
        [part["NetworkInterfaceId"] for part in ec2.describe_network_interfaces()["NetworkInterfaces"]],
        [made["Id"] for made in mq.list_configurations(MaxResults=100)["Configurations"]],
    )


# The page's policy.


def test_the_policy_of_the_page_creates_uses_and_deletes_a_broker(simulated, user):
    _, mq = user(page_policy())
    made = mq.create_broker(**broker_request(f"page-{next(COUNT)}", Tags={"team": "red"}))
    broker, arn = made["BrokerId"], made["BrokerArn"]
    running(mq, broker)
    assert broker in [one["BrokerId"] for one in mq.list_brokers(MaxResults=100)["BrokerSummaries"]]
    # Users.
    mq.create_user(BrokerId=broker, Username="second", Password="another-long-password")
    mq.update_user(BrokerId=broker, Username="second", Groups=["operators"])
    assert mq.describe_user(BrokerId=broker, Username="second")["Pending"]["Groups"] == ["operators"]
    mq.create_user(BrokerId=broker, Username="third", Password="another-long-password")
    mq.delete_user(BrokerId=broker, Username="third")
    # A configuration.
    configuration = mq.create_configuration(Name="page", EngineType="ACTIVEMQ", EngineVersion="5.18")["Id"]
    data = mq.describe_configuration_revision(ConfigurationId=configuration, ConfigurationRevision="1")["Data"]
    revision = mq.update_configuration(ConfigurationId=configuration, Data=data)["LatestRevision"]["Revision"]
    assert mq.describe_configuration(ConfigurationId=configuration)["LatestRevision"]["Revision"] == revision == 2
    assert len(mq.list_configuration_revisions(ConfigurationId=configuration)["Revisions"]) == 2
    assert configuration in [one["Id"] for one in mq.list_configurations(MaxResults=100)["Configurations"]]
    # Changes.
    mq.update_broker(BrokerId=broker, Logs={"General": True}, Configuration={"Id": configuration, "Revision": 2})
    group = other_group(simulated)
    mq.update_broker(BrokerId=broker, SecurityGroups=[group])
    assert mq.describe_broker(BrokerId=broker)["SecurityGroups"] == [group]
    mq.create_tags(ResourceArn=arn, Tags={"stage": "test"})
    mq.delete_tags(ResourceArn=arn, TagKeys=["team"])
    assert mq.list_tags(ResourceArn=arn)["Tags"] == {"stage": "test"}
    mq.describe_broker_engine_types()
    mq.describe_broker_instance_options()
    mq.reboot_broker(BrokerId=broker)
    described = running(mq, broker)
    assert described["Users"] == [{"Username": "admin"}, {"Username": "second"}]
    assert described["Configurations"]["Current"] == {"Id": configuration, "Revision": 2}
    assert mq.list_users(BrokerId=broker)["Users"] == described["Users"]
    mq.delete_broker(BrokerId=broker)
    wait_until("it is gone", lambda: broker not in json.dumps(mq.list_brokers(MaxResults=100), default=str))
    mq.delete_configuration(ConfigurationId=configuration)


def test_the_later_spelling_of_the_pages_typing_mistake_is_as_good(user):
    policy = page_policy(**{'DescribeNetworkInterfacePermission"': 'DescribeNetworkInterfacePermissions"'})
    assert "ec2:DescribeNetworkInterfacePermissions" in policy["Statement"][1]["Action"]
    _, mq = user(policy)
    running(mq, mq.create_broker(**broker_request(f"page-{next(COUNT)}"))["BrokerId"])


def test_the_policy_with_its_link_markup_is_no_policy(simulated):
    iam = simulated.client("iam")
    iam.create_user(UserName="markup")
    response = refusal(iam.put_user_policy, UserName="markup", PolicyName="p", PolicyDocument=PAGE)
    assert response["Error"]["Code"] == "MalformedPolicyDocument"


NEEDED_TO_CREATE = [
    "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "ec2:DescribeInternetGateways",
    "ec2:DescribeRouteTables", "ec2:CreateNetworkInterface", "ec2:CreateNetworkInterfacePermission",
    "ec2:DescribeNetworkInterfaces",
]


@pytest.fixture(scope="module")
def subnet(simulated):
    """A subnet that nothing else is in, with the group of its VPC."""
    ec2 = simulated.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]
    (group,) = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"]
    yield {"SubnetIds": [made], "SecurityGroups": [group["GroupId"]]}
    ec2.delete_subnet(SubnetId=made)
    ec2.delete_vpc(VpcId=vpc)


def free_addresses(simulated, subnet):
    (described,) = simulated.client("ec2").describe_subnets(SubnetIds=subnet["SubnetIds"])["Subnets"]
    return described["AvailableIpAddressCount"]


OTHER_SERVICE = {'"mq.amazonaws.com"': '"elasticache.amazonaws.com"'}


@pytest.mark.parametrize(
    ("policy", "action"),
    [pytest.param(without(action), action, id=f"without {action}") for action in NEEDED_TO_CREATE]
    + [pytest.param(page_policy(**OTHER_SERVICE), "ec2:CreateNetworkInterfacePermission", id="for another service")],
)
def test_without_one_of_the_pages_actions_no_broker_is_created_and_nothing_is_left(simulated, user, subnet, policy, action):
    name, mq = user(policy)
    request = broker_request(f"never-{next(COUNT)}", **subnet)
    before = everything(simulated)
    response = refusal(mq.create_broker, **request)
    assert_denied(response, name, action)
    _, interfaces, configurations = everything(simulated)
    listed = simulated.client("mq").list_brokers(MaxResults=100)["BrokerSummaries"]
    assert request["BrokerName"] not in [broker["BrokerName"] for broker in listed]
    # Brokers of other tests may still be going.
    assert set(interfaces) <= set(before[1])
    assert configurations == before[2]
    # No address either: /24 without the five that EC2 keeps.
    assert free_addresses(simulated, subnet) == 251
    (record,) = calls_of(simulated, response)
    assert action in record["errorMessage"]


def test_what_is_taken_for_a_broker_is_given_back_with_it(simulated, user, subnet):
    _, mq = user(page_policy())
    made = mq.create_broker(**broker_request(f"page-{next(COUNT)}", **subnet))["BrokerId"]
    assert free_addresses(simulated, subnet) == 250
    running(mq, made)
    mq.delete_broker(BrokerId=made)
    wait_until("it is gone", lambda: made not in json.dumps(mq.list_brokers(MaxResults=100), default=str))
    assert free_addresses(simulated, subnet) == 251


# The page's table: each operation, and the permission that it needs.
OPERATIONS = {
    "mq:CreateBroker": lambda mq, made: mq.create_broker(**broker_request("never")),
    "mq:CreateConfiguration": lambda mq, made: mq.create_configuration(
        Name="c", EngineType="ACTIVEMQ", EngineVersion="5.18"),
    "mq:CreateUser": lambda mq, made: mq.create_user(BrokerId=made.broker, Username="other", Password="another-long-password"),
    "mq:DeleteBroker": lambda mq, made: mq.delete_broker(BrokerId=made.broker),
    "mq:DeleteUser": lambda mq, made: mq.delete_user(BrokerId=made.broker, Username="second"),
    "mq:DescribeBroker": lambda mq, made: mq.describe_broker(BrokerId=made.broker),
    "mq:DescribeConfiguration": lambda mq, made: mq.describe_configuration(ConfigurationId=made.configuration),
    "mq:DescribeConfigurationRevision": lambda mq, made: mq.describe_configuration_revision(
        ConfigurationId=made.configuration, ConfigurationRevision="1"),
    "mq:DescribeUser": lambda mq, made: mq.describe_user(BrokerId=made.broker, Username="admin"),
    "mq:ListBrokers": lambda mq, made: mq.list_brokers(),
    "mq:ListConfigurationRevisions": lambda mq, made: mq.list_configuration_revisions(ConfigurationId=made.configuration),
    "mq:ListConfigurations": lambda mq, made: mq.list_configurations(),
    "mq:ListUsers": lambda mq, made: mq.list_users(BrokerId=made.broker),
    "mq:RebootBroker": lambda mq, made: mq.reboot_broker(BrokerId=made.broker),
    "mq:UpdateBroker": lambda mq, made: mq.update_broker(BrokerId=made.broker, AutoMinorVersionUpgrade=True),
    "mq:UpdateConfiguration": lambda mq, made: mq.update_configuration(ConfigurationId=made.configuration, Data=made.data),
    "mq:UpdateUser": lambda mq, made: mq.update_user(BrokerId=made.broker, Username="admin", ConsoleAccess=True),
}


class Used:
    """A running broker with a second user, and a configuration."""

    def __init__(self, mq):
        self.broker = mq.create_broker(**broker_request(f"used-{next(COUNT)}"))["BrokerId"]
        running(mq, self.broker)
        mq.create_user(BrokerId=self.broker, Username="second", Password="another-long-password")
        self.configuration = mq.create_configuration(Name="used", EngineType="ACTIVEMQ", EngineVersion="5.18")["Id"]
        self.data = mq.describe_configuration_revision(ConfigurationId=self.configuration, ConfigurationRevision="1")["Data"]


@pytest.fixture(scope="module")
def used(simulated):
    return Used(simulated.client("mq"))


def with_mq(actions):
    """The page's policy with these actions in the place of `mq:*`."""
    policy = without("mq:*")
    policy["Statement"][0]["Action"] += actions
    return policy


@pytest.mark.parametrize("action", OPERATIONS)
def test_each_operation_of_the_pages_table_needs_the_permission_beside_it(simulated, user, used, action):
    name, mq = user(with_mq([other for other in OPERATIONS if other != action]))
    before = simulated.client("mq").describe_broker(BrokerId=used.broker)
    response = refusal(OPERATIONS[action], mq=mq, made=used)
    assert_denied(response, name, action)
    after = simulated.client("mq").describe_broker(BrokerId=used.broker)
    assert {**before, "ResponseMetadata": None} == {**after, "ResponseMetadata": None}


def test_the_permissions_of_the_pages_table_suffice_for_its_operations(user, used):
    assert len(OPERATIONS) == 17
    _, mq = user(with_mq(list(OPERATIONS)))
    made = Used(mq)
    last = ("mq:RebootBroker", "mq:DeleteBroker")
    for action in [one for one in OPERATIONS if one not in last]:
        OPERATIONS[action](mq, made)
    for broker in mq.list_brokers(MaxResults=100)["BrokerSummaries"]:
        if broker["BrokerName"] == "never":
            running(mq, broker["BrokerId"])
            mq.delete_broker(BrokerId=broker["BrokerId"])
    OPERATIONS["mq:RebootBroker"](mq, made)
    running(mq, made.broker)
    OPERATIONS["mq:DeleteBroker"](mq, made)


@pytest.mark.parametrize(
    "action", ["ec2:DeleteNetworkInterface", "ec2:DetachNetworkInterface", "ec2:DeleteNetworkInterfacePermission"]
)
def test_without_one_of_the_pages_actions_no_broker_is_deleted(simulated, user, broker, action):
    name, mq = user(without(action))
    assert_denied(refusal(mq.delete_broker, BrokerId=broker["BrokerId"]), name, action)
    assert simulated.client("mq").describe_broker(BrokerId=broker["BrokerId"])["BrokerState"] == "RUNNING"


@pytest.mark.parametrize("action", ["ec2:DescribeSecurityGroups", "ec2:DescribeNetworkInterfaces"])
def test_without_one_of_the_pages_actions_a_broker_keeps_its_security_groups(simulated, user, broker, action):
    name, mq = user(without(action))
    made, group = broker["BrokerId"], other_group(simulated)
    assert_denied(refusal(mq.update_broker, BrokerId=made, SecurityGroups=[group]), name, action)
    # Nor is anything said about a group that does not exist.
    unknown = ["sg-00000000000000000"]
    assert_denied(refusal(mq.update_broker, BrokerId=made, SecurityGroups=unknown), name, action)
    now = simulated.client("mq").describe_broker(BrokerId=made)
    assert now["SecurityGroups"] == broker["SecurityGroups"]
    # Every other change, and the same groups again, touch no network.
    mq.update_broker(BrokerId=made, AutoMinorVersionUpgrade=True)
    mq.update_broker(BrokerId=made, SecurityGroups=broker["SecurityGroups"])


def test_what_amazon_mq_does_to_change_security_groups_is_recorded(simulated, user, broker):
    name, mq = user(page_policy())
    group = other_group(simulated)
    answer = mq.update_broker(BrokerId=broker["BrokerId"], SecurityGroups=[group])
    update, groups, interfaces, change = calls_of(simulated, answer)
    assert update["eventName"] == "UpdateBroker"
    for record, event in ((groups, "DescribeSecurityGroups"), (interfaces, "DescribeNetworkInterfaces")):
        assert (record["eventName"], record["userIdentity"]["userName"]) == (event, name)
        assert record["userIdentity"]["invokedBy"] == "mq.amazonaws.com"
        assert record["additionalEventData"]["onBehalfOf"] == "mq:UpdateBroker"
    # The page's policy has no action for it: the interface is Amazon MQ's.
    assert change["eventName"] == "ModifyNetworkInterfaceAttribute"
    assert change["userIdentity"] == {"type": "AWSService", "invokedBy": "mq.amazonaws.com"}
    ec2 = simulated.client("ec2")
    (interface,) = ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [group]}])["NetworkInterfaces"]
    assert change["resources"][0]["ARN"].endswith(interface["NetworkInterfaceId"])


def test_without_mq_nothing_of_mq_is_allowed(user, broker):
    name, mq = user(without("mq:*"))
    assert_denied(refusal(mq.create_broker, **broker_request("never")), name, "mq:CreateBroker")
    assert_denied(refusal(mq.list_brokers), name, "mq:ListBrokers")
    assert_denied(
        refusal(mq.describe_broker, BrokerId=broker["BrokerId"]), name, "mq:DescribeBroker", broker["BrokerArn"]
    )


def test_the_pages_second_statement_is_for_the_named_service_in_each_of_its_three_actions(simulated):
    later = {'DescribeNetworkInterfacePermission"': 'DescribeNetworkInterfacePermissions"'}
    root = simulated.client("ec2")
    subnet = root.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"][0]["SubnetId"]
    interface = root.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    members = {"NetworkInterfaceId": interface, "Permission": "INSTANCE-ATTACH"}
    # For an account: nobody whom the condition means.
    given = root.create_network_interface_permission(AwsAccountId=ACCOUNT, **members)["InterfacePermission"]
    given = given["NetworkInterfacePermissionId"]
    named = simulated.client("ec2", simulated.user("named-service", page_policy(**later)))
    other = simulated.client("ec2", simulated.user("other-service", page_policy(**later, **OTHER_SERVICE)))
    verbatim = simulated.client("ec2", simulated.user("verbatim", page_policy()))

    def refused(call, **members):
        return refusal(call, **members)["Error"]["Code"] == "UnauthorizedOperation"

    named.describe_network_interface_permissions()
    # The page's typing mistake names an action that there is not.
    assert refused(verbatim.describe_network_interface_permissions)
    assert refused(other.describe_network_interface_permissions)
    for client in (named, other):
        assert refused(client.create_network_interface_permission, AwsAccountId=ACCOUNT, **members)
        assert refused(client.delete_network_interface_permission, NetworkInterfacePermissionId=given)
    for client, service in ((named, "elasticache.amazonaws.com"), (other, "mq.amazonaws.com")):
        assert refused(client.create_network_interface_permission, AwsService=service, **members)
    to_service = named.create_network_interface_permission(AwsService="mq.amazonaws.com", **members)["InterfacePermission"]
    to_service = to_service["NetworkInterfacePermissionId"]
    assert refused(other.delete_network_interface_permission, NetworkInterfacePermissionId=to_service)
    named.delete_network_interface_permission(NetworkInterfacePermissionId=to_service)
    root.delete_network_interface_permission(NetworkInterfacePermissionId=given)
    root.delete_network_interface(NetworkInterfaceId=interface)


def test_interface_permissions_are_taken_for_the_named_service_only(simulated, user, broker):
    name, mq = user(page_policy(**OTHER_SERVICE))
    response = refusal(mq.delete_broker, BrokerId=broker["BrokerId"])
    assert_denied(response, name, "ec2:DeleteNetworkInterfacePermission")
    assert simulated.client("mq").describe_broker(BrokerId=broker["BrokerId"])["BrokerState"] == "RUNNING"


@pytest.mark.parametrize("action", ["mq:UpdateBroker", "mq:DeleteBroker", "mq:RebootBroker"])
def test_a_broker_is_changed_and_deleted_by_whom_its_tag_and_name_allow(simulated, user, broker, action):
    call = {"mq:UpdateBroker": "update_broker", "mq:DeleteBroker": "delete_broker", "mq:RebootBroker": "reboot_broker"}[action]
    members = {"AutoMinorVersionUpgrade": True} if call == "update_broker" else {}
    network = page_policy()
    network["Statement"][0]["Action"].remove("mq:*")
    arn = broker["BrokerArn"]
    other = f"arn:aws:mq:us-east-1:{ACCOUNT}:broker:{broker['BrokerName']}x:*"
    for policy in (
        allow("mq:*", condition={"StringEquals": {"aws:ResourceTag/team": "blue"}}),
        allow("mq:*", other),
        allow(["mq:Describe*", "mq:List*", "mq:Create*"]),
    ):
        name, mq = user(policy, network)
        assert_denied(refusal(getattr(mq, call), BrokerId=broker["BrokerId"], **members), name, action, arn)
    assert simulated.client("mq").describe_broker(BrokerId=broker["BrokerId"])["BrokerState"] == "RUNNING"
    _, mq = user(allow(action, arn, condition={"StringEquals": {"aws:ResourceTag/team": "red"}}), network)
    getattr(mq, call)(BrokerId=broker["BrokerId"], **members)


def test_a_rabbitmq_broker_needs_no_network_interface_of_the_callers(user):
    _, mq = user(allow("mq:*"))
    made = mq.create_broker(**rabbit_request(PubliclyAccessible=True))
    running(mq, made["BrokerId"])


def rabbit_request(**members):
    return broker_request(
        f"rabbit-{next(COUNT)}", EngineType="RABBITMQ", EngineVersion="4.2", HostInstanceType="mq.m7g.large",
        Users=[{"Username": "admin", "Password": "correct-horse-battery"}], **members,
    )


def test_a_private_rabbitmq_broker_is_made_reachable_by_the_service_linked_role(simulated, user):
    _, mq = user(managed=[f"{ALLOW_IAM}AmazonMQFullAccess"])
    made = mq.create_broker(**rabbit_request())
    running(mq, made["BrokerId"])
    role = simulated.client("iam").get_role(RoleName="AWSServiceRoleForAmazonMQ")["Role"]
    assert role["Path"] == "/aws-service-role/mq.amazonaws.com/"
    by_role = [record for record in calls_of(simulated, made) if record["userIdentity"]["type"] == "AssumedRole"]
    assert [record["eventName"] for record in by_role] == ["DescribeVpcEndpoints", "CreateVpcEndpoint", "CreateTags"]
    # While the role is there, nobody needs the permission to make it.
    _, mq = user(allow("mq:*"))
    second = mq.create_broker(**rabbit_request())["BrokerId"]
    running(mq, second)
    _, removal = calls_of(simulated, mq.delete_broker(BrokerId=second))
    assert removal["eventName"] == "DeleteVpcEndpoints"
    assert removal["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"] == role["Arn"]
    task = simulated.client("iam").delete_service_linked_role(RoleName="AWSServiceRoleForAmazonMQ")["DeletionTaskId"]
    status = simulated.client("iam").get_service_linked_role_deletion_status(DeletionTaskId=task)
    assert status["Status"] == "FAILED", status


def test_who_may_not_look_is_not_told_that_a_subnet_does_not_exist(user):
    name, mq = user(without("ec2:DescribeSubnets"))
    request = broker_request("never", SubnetIds=["subnet-00000000000000000"])
    assert_denied(refusal(mq.create_broker, **request), name, "ec2:DescribeSubnets")


# AWS's own policies.


@pytest.mark.parametrize("policy", ["AmazonMQFullAccess", "AmazonMQApiFullAccess"])
def test_the_full_access_policies_create_brokers(user, policy):
    _, mq = user(managed=[f"{ALLOW_IAM}{policy}"])
    running(mq, mq.create_broker(**broker_request(f"full-{next(COUNT)}"))["BrokerId"])


@pytest.mark.parametrize("policy", ["AmazonMQReadOnlyAccess", "AmazonMQApiReadOnlyAccess"])
def test_the_read_only_policies_describe_and_create_nothing(user, broker, policy):
    name, mq = user(managed=[f"{ALLOW_IAM}{policy}"])
    assert mq.describe_broker(BrokerId=broker["BrokerId"])["BrokerName"] == broker["BrokerName"]
    assert mq.list_users(BrokerId=broker["BrokerId"])["Users"] == [{"Username": "admin"}]
    mq.describe_broker_engine_types()
    assert_denied(refusal(mq.create_broker, **broker_request("never")), name, "mq:CreateBroker")
    assert_denied(refusal(mq.reboot_broker, BrokerId=broker["BrokerId"]), name, "mq:RebootBroker", broker["BrokerArn"])
    assert_denied(
        refusal(mq.create_tags, ResourceArn=broker["BrokerArn"], Tags={"a": "b"}), name, "mq:CreateTags",
        broker["BrokerArn"],
    )


# Explicit denies.


def test_an_explicit_deny_wins_over_an_allow(user, broker):
    name, mq = user(allow("mq:*"), deny("mq:DeleteBroker"))
    mq.describe_broker(BrokerId=broker["BrokerId"])
    assert_denied(
        refusal(mq.delete_broker, BrokerId=broker["BrokerId"]), name, "mq:DeleteBroker", broker["BrokerArn"],
        because="with an explicit deny in an identity-based policy",
    )


def test_an_explicit_deny_wins_over_full_access_for_the_action_behind_the_call(user):
    name, mq = user(deny("ec2:CreateNetworkInterface"), managed=[f"{ALLOW_IAM}AmazonMQFullAccess"])
    assert_denied(
        refusal(mq.create_broker, **broker_request("never")), name, "ec2:CreateNetworkInterface",
        because="with an explicit deny in an identity-based policy",
    )


def test_a_deny_for_one_broker_leaves_the_others(user, simulated, broker):
    root = simulated.client("mq")
    other = root.create_broker(**broker_request(f"gate-{next(COUNT)}"))
    name, mq = user(allow("mq:*"), deny("mq:*", broker["BrokerArn"]))
    assert_denied(
        refusal(mq.describe_broker, BrokerId=broker["BrokerId"]), name, "mq:DescribeBroker", broker["BrokerArn"],
        because="with an explicit deny in an identity-based policy",
    )
    mq.describe_broker(BrokerId=other["BrokerId"])


def test_a_resource_is_matched_by_its_whole_arn(user, broker):
    name, mq = user(allow("mq:Describe*", f"arn:aws:mq:us-east-1:{ACCOUNT}:broker:{broker['BrokerName']}:*"))
    mq.describe_broker(BrokerId=broker["BrokerId"])
    assert_denied(
        refusal(mq.describe_broker, BrokerId="b-00000000-0000-4000-8000-000000000000"), name, "mq:DescribeBroker"
    )
    # Lists and catalogues have no resource: a policy has to name `*`.
    assert_denied(refusal(mq.describe_broker_engine_types), name, "mq:DescribeBrokerEngineTypes")


def test_who_may_describe_any_broker_is_told_that_one_does_not_exist(user):
    _, mq = user(allow("mq:DescribeBroker"))
    response = refusal(mq.describe_broker, BrokerId="b-00000000-0000-4000-8000-000000000000")
    assert response["Error"]["Code"] == "NotFoundException"


def test_a_refused_call_is_refused_before_its_request_is_looked_at(user):
    name, mq = user(allow("mq:List*"))
    request = broker_request("no such name!", HostInstanceType="mq.none", EngineType="KAFKA")
    assert_denied(refusal(mq.create_broker, **request), name, "mq:CreateBroker")


# Conditions.


def test_the_brokers_tag_decides(user, simulated, broker):
    name, mq = user(allow("mq:*", condition={"StringEquals": {"aws:ResourceTag/team": "red"}}))
    mq.describe_broker(BrokerId=broker["BrokerId"])
    mq.list_users(BrokerId=broker["BrokerId"])
    # Tags change at once, and so does what they allow.
    simulated.client("mq").create_tags(ResourceArn=broker["BrokerArn"], Tags={"team": "blue"})
    assert_denied(
        refusal(mq.describe_broker, BrokerId=broker["BrokerId"]), name, "mq:DescribeBroker", broker["BrokerArn"]
    )


def test_the_configurations_tag_decides(user, simulated):
    root = simulated.client("mq")
    red, blue = (
        root.create_configuration(Name="tagged", EngineType="ACTIVEMQ", EngineVersion="5.18", Tags={"team": team})
        for team in ("red", "blue")
    )
    name, mq = user(allow("mq:*", condition={"StringEquals": {"aws:ResourceTag/team": "red"}}))
    mq.describe_configuration_revision(ConfigurationId=red["Id"], ConfigurationRevision="1")
    assert_denied(
        refusal(mq.describe_configuration, ConfigurationId=blue["Id"]), name, "mq:DescribeConfiguration", blue["Arn"]
    )
    assert_denied(refusal(mq.delete_configuration, ConfigurationId=blue["Id"]), name, "mq:DeleteConfiguration", blue["Arn"])


def test_the_requests_tags_decide_on_creation(user):
    condition = {"StringEquals": {"aws:RequestTag/team": "red"}}
    policy = page_policy()
    policy["Statement"][0]["Action"].remove("mq:*")
    policy["Statement"] += allow(["mq:CreateBroker", "mq:CreateTags"], condition=condition)["Statement"]
    policy["Statement"] += allow("mq:DescribeBroker")["Statement"]
    name, mq = user(policy)
    running(mq, mq.create_broker(**broker_request(f"red-{next(COUNT)}", Tags={"team": "red"}))["BrokerId"])
    for tags in (None, {"team": "blue"}, {"TEAM2": "red"}):
        assert_denied(refusal(mq.create_broker, **broker_request("never", Tags=tags)), name, "mq:CreateBroker")


def test_tags_at_creation_need_the_permission_to_tag(user):
    name, mq = user(page_policy(), deny("mq:CreateTags"))
    running(mq, mq.create_broker(**broker_request(f"bare-{next(COUNT)}"))["BrokerId"])
    assert_denied(
        refusal(mq.create_broker, **broker_request("never", Tags={"a": "b"})), name, "mq:CreateTags",
        because="with an explicit deny in an identity-based policy",
    )
    mq.create_configuration(Name="bare", EngineType="ACTIVEMQ", EngineVersion="5.18")
    response = refusal(
        mq.create_configuration, Name="never", EngineType="ACTIVEMQ", EngineVersion="5.18", Tags={"a": "b"}
    )
    assert_denied(response, name, "mq:CreateTags", because="with an explicit deny in an identity-based policy")


def test_the_keys_of_tags_decide(user, simulated, broker):
    condition = {"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "stage"]}}
    name, mq = user(allow(["mq:CreateTags", "mq:DeleteTags"], condition=condition))
    arn = broker["BrokerArn"]
    mq.create_tags(ResourceArn=arn, Tags={"team": "red", "stage": "test"})
    assert_denied(refusal(mq.create_tags, ResourceArn=arn, Tags={"team": "red", "owner": "me"}), name, "mq:CreateTags", arn)
    mq.delete_tags(ResourceArn=arn, TagKeys=["stage"])
    assert_denied(refusal(mq.delete_tags, ResourceArn=arn, TagKeys=["team", "owner"]), name, "mq:DeleteTags", arn)
    assert simulated.client("mq").list_tags(ResourceArn=arn)["Tags"] == {"team": "red"}


def test_the_callers_address_decides(user, broker):
    name, near = user(allow("mq:*", condition={"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}))
    near.describe_broker(BrokerId=broker["BrokerId"])
    name, far = user(allow("mq:*", condition={"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "2001:db8::/32"]}}))
    assert_denied(
        refusal(far.describe_broker, BrokerId=broker["BrokerId"]), name, "mq:DescribeBroker", broker["BrokerArn"]
    )


def test_what_is_done_on_the_callers_behalf_comes_from_no_address(user):
    policy = page_policy()
    policy["Statement"][0]["Condition"] = {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}
    name, mq = user(policy)
    mq.list_brokers()
    assert_denied(refusal(mq.create_broker, **broker_request("never")), name, "ec2:DescribeVpcs")
    policy["Statement"][0]["Condition"] = {
        "Bool": {"aws:ViaAWSService": "true"}, "ForAnyValue:StringEquals": {"aws:CalledVia": "mq.amazonaws.com"}}
    _, mq = user(policy, allow("mq:*", condition={"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}))
    running(mq, mq.create_broker(**broker_request(f"via-{next(COUNT)}"))["BrokerId"])


def test_a_variable_stands_for_the_caller(simulated, user, broker):
    name, mq = user(allow("mq:Describe*", condition={"StringEquals": {"aws:ResourceTag/team": "${aws:username}"}}))
    simulated.client("mq").create_tags(ResourceArn=broker["BrokerArn"], Tags={"team": name})
    mq.describe_broker(BrokerId=broker["BrokerId"])
    simulated.client("mq").create_tags(ResourceArn=broker["BrokerArn"], Tags={"team": "somebody-else"})
    assert_denied(refusal(mq.describe_broker, BrokerId=broker["BrokerId"]), name, "mq:DescribeBroker")


# Changes of rights.


def test_a_revoked_key_is_refused_at_the_next_request(simulated):
    name = f"user{next(COUNT)}"
    key = simulated.user(name, allow("mq:*"))
    mq, iam = simulated.client("mq", key), simulated.client("iam")
    mq.list_brokers()
    iam.update_access_key(UserName=name, AccessKeyId=key[0], Status="Inactive")
    assert refusal(mq.list_brokers)["Error"] == {
        "Code": "UnrecognizedClientException", "Message": "The security token included in the request is invalid."
    }
    iam.update_access_key(UserName=name, AccessKeyId=key[0], Status="Active")
    mq.list_brokers()
    iam.delete_access_key(UserName=name, AccessKeyId=key[0])
    assert refusal(mq.list_brokers)["Error"]["Code"] == "UnrecognizedClientException"


def test_a_changed_policy_counts_at_the_next_request(simulated, user):
    name, mq = user(allow("mq:ListBrokers"))
    iam = simulated.client("iam")
    mq.list_brokers()
    iam.put_user_policy(UserName=name, PolicyName="p0", PolicyDocument=json.dumps(allow("mq:ListConfigurations")))
    assert_denied(refusal(mq.list_brokers), name, "mq:ListBrokers")
    mq.list_configurations()
    iam.delete_user_policy(UserName=name, PolicyName="p0")
    assert_denied(refusal(mq.list_configurations), name, "mq:ListConfigurations")
    iam.attach_user_policy(UserName=name, PolicyArn=f"{ALLOW_IAM}AmazonMQReadOnlyAccess")
    mq.list_configurations()
    iam.detach_user_policy(UserName=name, PolicyArn=f"{ALLOW_IAM}AmazonMQReadOnlyAccess")
    assert_denied(refusal(mq.list_configurations), name, "mq:ListConfigurations")


def test_a_user_without_policies_may_only_say_who_it_is(simulated):
    name = f"user{next(COUNT)}"
    key = simulated.user(name)
    assert simulated.client("sts", key).get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/{name}"
    assert_denied(refusal(simulated.client("mq", key).list_brokers), name, "mq:ListBrokers")
    response = refusal(simulated.client("iam", key).list_users)
    assert response["Error"]["Code"] == "AccessDenied"


def test_the_audit_says_who_was_refused_what_and_why(simulated, user, broker):
    name, mq = user(allow("mq:*"), deny("mq:RebootBroker"))
    request = refusal(mq.reboot_broker, BrokerId=broker["BrokerId"])["ResponseMetadata"]["RequestId"]
    (record,) = [record for record in simulated.audit() if record["requestID"] == request]
    assert record["eventSource"] == "amazonmq.amazonaws.com"
    assert record["eventName"] == "RebootBroker"
    assert record["userIdentity"]["userName"] == name
    assert record["errorCode"] == "AccessDeniedException"
    assert record["sourceIPAddress"] == "127.0.0.1"
    assert record["requestParameters"] == {"broker-id": broker["BrokerId"]}
    assert record["additionalEventData"]["decision"].startswith("denied by inline policy p1, statement ")
