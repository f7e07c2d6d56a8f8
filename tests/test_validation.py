"""What is refused, in AWS's words where they are known, and what waits for a reboot."""

import base64
import json

import pytest
from botocore.exceptions import ClientError

from conftest import Postern, broker_request, running, state, wait_until
from signed import request, send, sign

COUNT = iter(range(1, 100_000))
NOBODY = "b-00000000-0000-4000-8000-000000000000"
NOTHING = "c-00000000-0000-4000-8000-000000000000"
RABBIT = {
    "EngineType": "RABBITMQ", "EngineVersion": "4.2", "HostInstanceType": "mq.m7g.large",
    "Users": [{"Username": "admin", "Password": "correct-horse-battery"}],
}


@pytest.fixture(scope="module")
def mq(simulated):
    """boto3 that sends what it is given: the server has to check it, not the client."""
    return simulated.client("mq", parameter_validation=False)


@pytest.fixture(scope="module")
def active(mq):
    return running(mq, mq.create_broker(**named())["BrokerId"])


@pytest.fixture(scope="module")
def rabbit(mq):
    return running(mq, mq.create_broker(**named(**RABBIT))["BrokerId"])


def named(**members):
    return broker_request(f"v-{next(COUNT)}", **members)


def user(name="admin", password="correct-horse-battery", **members):
    return {"Username": name, "Password": password, **members}


def refused(call, **members):
    with pytest.raises(ClientError) as caught:
        call(**members)
    return caught.value.response


def assert_refused(response, message, attribute=None, code="BadRequestException"):
    status = {"BadRequestException": 400, "NotFoundException": 404, "ConflictException": 409}[code]
    error = response["Error"]
    assert (error["Code"], error["Message"]) == (code, message)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status
    if attribute:
        assert response["ErrorAttribute"] == attribute


# The texts that AWS is known to send.

NEW_BROKER = {
    "rabbitmq has one user": (
        {**RABBIT, "Users": [user(), user("second")]}, "Specify exactly one user for engine type [RABBITMQ].", "users",
    ),
    "rabbitmq has no audit log, not even one that is off": (
        {**RABBIT, "Logs": {"Audit": False, "General": True}},
        "Audit logging is not supported for RabbitMQ brokers.", "logs.audit",
    ),
    "a version that is not offered": (
        {"EngineVersion": "5.14"},
        "Broker engine version [5.14] is invalid for broker engine type [ACTIVEMQ]. Valid values: [5.19, 5.18].",
        "engineVersion",
    ),
    "activemq that is not patched by itself": (
        {"AutoMinorVersionUpgrade": False},
        "Brokers on [ActiveMQ] version [5.18] must have [autoMinorVersionUpgrade] set to [true].",
        "autoMinorVersionUpgrade",
    ),
    "a replication user in the console": (
        {"Users": [user(ReplicationUser=True, ConsoleAccess=False)]},
        "Replication user couldn't have console access. [replicationUser] and [consoleAccess] are mutually exclusive "
        "parameters.", None,
    ),
    "a comma in a password": (
        {"Users": [user(password="with,a-comma-in-it")]},
        "Make sure your password doesn't contain invalid characters [, :=].", "password",
    ),
    "an engine that does not exist": (
        {"EngineType": "KAFKA"},
        "Broker engine type [KAFKA] is invalid. Valid values are: [ACTIVEMQ, RABBITMQ]", "engineType",
    ),
}


@pytest.mark.parametrize("case", NEW_BROKER)
def test_a_wrong_broker_is_refused_in_awss_words(mq, case):
    members, message, attribute = NEW_BROKER[case]
    assert_refused(refused(mq.create_broker, **named(**members)), message, attribute)


def test_rabbitmq_takes_no_audit_log_and_no_other_security_groups_later(mq, rabbit):
    assert_refused(
        refused(mq.update_broker, BrokerId=rabbit["BrokerId"], Logs={"Audit": False, "General": False}),
        "Audit logs are not supported for RabbitMQ brokers.", "logs.audit",
    )
    assert_refused(
        refused(mq.update_broker, BrokerId=rabbit["BrokerId"], SecurityGroups=["sg-00000000000000000"]),
        "Changing security groups is not supported for RabbitMQ brokers.", "securityGroups",
    )


def test_what_is_not_there_is_not_found_in_awss_words(mq, active):
    assert_refused(
        refused(mq.describe_broker, BrokerId=NOBODY),
        f"Can't find requested broker [{NOBODY}]. Make sure your broker exists.", "broker-id", "NotFoundException",
    )
    assert_refused(
        refused(mq.describe_configuration, ConfigurationId=NOTHING),
        f"Can't find requested configuration [{NOTHING}]. Make sure your configuration exists.", "configuration_id",
        "NotFoundException",
    )
    assert_refused(
        refused(mq.describe_user, BrokerId=active["BrokerId"], Username="nobody"),
        "Can't find requested user [nobody]. Make sure your user exists.", "username", "NotFoundException",
    )


def test_rabbitmqs_users_are_managed_elsewhere(mq, rabbit):
    message = "To manage broker users, please use the RabbitMQ web console, or the management API"
    broker = rabbit["BrokerId"]
    for call, members in (
        (mq.create_user, {"Username": "second", "Password": "another-long-password"}),
        (mq.update_user, {"Username": "admin", "Password": "another-long-password"}),
        (mq.delete_user, {"Username": "admin"}),
        (mq.describe_user, {"Username": "admin"}),
    ):
        error = refused(call, BrokerId=broker, **members)["Error"]
        assert error["Code"] == "BadRequestException"
        assert error["Message"].startswith(message)
    assert mq.describe_broker(BrokerId=broker)["Users"] == []


def test_a_configuration_in_use_is_not_deleted(mq, active):
    used = active["Configurations"]["Current"]["Id"]
    assert_refused(
        refused(mq.delete_configuration, ConfigurationId=used),
        "Configuration ID is already in use. Remove the configuration from all brokers and retry the request",
        code="ConflictException",
    )


def test_rabbitmqs_limits_are_checked_when_a_configuration_is_associated(mq, rabbit):
    made = mq.create_configuration(Name="limits", EngineType="RABBITMQ", EngineVersion="4.2")
    data = base64.b64encode(b"cluster_queue_limit = 100000000\n").decode()
    revision = mq.update_configuration(ConfigurationId=made["Id"], Data=data)["LatestRevision"]["Revision"]
    error = refused(
        mq.update_broker, BrokerId=rabbit["BrokerId"], Configuration={"Id": made["Id"], "Revision": revision}
    )["Error"]
    assert error["Code"] == "BadRequestException"
    assert error["Message"].startswith(
        f"Configuration Revision {revision} for configuration:cluster_queue_limit has limit: of value: 100000000 larger than "
        "maximum allowed limit:"
    )


# The rules of members.

WRONG_MEMBERS = {
    "no name": {"BrokerName": None},
    "an empty name": {"BrokerName": ""},
    "a name of 51 letters": {"BrokerName": "x" * 51},
    "a name with a dot": {"BrokerName": "a.b"},
    "no deployment mode": {"DeploymentMode": None},
    "an unknown deployment mode": {"DeploymentMode": "DOUBLE"},
    "a cluster of ActiveMQ": {"DeploymentMode": "CLUSTER_MULTI_AZ"},
    "a standby of RabbitMQ": {**RABBIT, "DeploymentMode": "ACTIVE_STANDBY_MULTI_AZ"},
    "RabbitMQ on EFS": {**RABBIT, "StorageType": "EFS"},
    "ActiveMQ on m7g": {"HostInstanceType": "mq.m7g.large"},
    "a standby on EBS": {
        "DeploymentMode": "ACTIVE_STANDBY_MULTI_AZ", "HostInstanceType": "mq.m5.large", "StorageType": "EBS"
    },
    "a type that can no longer be had": {"HostInstanceType": "mq.t2.micro"},
    "no user": {"Users": []},
    "a username of one letter": {"Users": [user("a")]},
    "a username with a space": {"Users": [user("a b")]},
    "a short password": {"Users": [user(password="short-pass1")]},
    "a password of 251 letters": {"Users": [user(password="abcd" * 62 + "abc")]},
    "a password of three different letters": {"Users": [user(password="abcabcabcabc")]},
    "a password beyond ASCII": {"Users": [user(password="correct-horse-bättery")]},
    "21 groups": {"Users": [user(Groups=[f"group{n}" for n in range(21)])]},
    "a group of one letter": {"Users": [user(Groups=["a"])]},
    "251 users": {"Users": [user(f"user{n}") for n in range(251)]},
    "two users of one name": {"Users": [user(), user()]},
    "guest in RabbitMQ": {**RABBIT, "Users": [user("guest")]},
    "a tilde in RabbitMQ": {**RABBIT, "Users": [user("a~b")]},
    "a window without a day": {"MaintenanceWindowStartTime": {"TimeOfDay": "02:00"}},
    "a window at 25:00": {"MaintenanceWindowStartTime": {"DayOfWeek": "MONDAY", "TimeOfDay": "25:00"}},
    "a window nowhere": {
        "MaintenanceWindowStartTime": {"DayOfWeek": "MONDAY", "TimeOfDay": "02:00", "TimeZone": "Moon/Base"}
    },
    "51 tags": {"Tags": {f"k{n}": "v" for n in range(51)}},
    "a reserved tag": {"Tags": {"aws:owner": "me"}},
    "a tag's key of 129 letters": {"Tags": {"k" * 129: "v"}},
    "a tag's value of 257 letters": {"Tags": {"k": "v" * 257}},
    "6 security groups": {"SecurityGroups": [f"sg-{n:017x}" for n in range(6)]},
    "a security group that is not there": {"SecurityGroups": ["sg-00000000000000000"]},
    "a subnet that is not there": {"SubnetIds": ["subnet-00000000000000000"]},
    "a configuration that is not there": {"Configuration": {"Id": NOTHING, "Revision": 1}},
    "a directory without LDAP": {"LdapServerMetadata": {"Hosts": ["a.example"]}},
    "LDAP without a directory": {"AuthenticationStrategy": "LDAP"},
    "a strategy of RabbitMQ's": {"AuthenticationStrategy": "CONFIG_MANAGED"},
    "storage where none can be set": {"StorageSize": 100},
    "a key and the owned key": {"EncryptionOptions": {"UseAwsOwnedKey": True, "KmsKeyId": "alias/mine"}},
    "a replica without a primary": {"DataReplicationMode": "CRDR"},
}


@pytest.mark.parametrize("case", WRONG_MEMBERS)
def test_a_wrong_member_is_refused_and_nothing_is_made(mq, case):
    before = mq.list_brokers(MaxResults=100)["BrokerSummaries"]
    response = refused(mq.create_broker, **named(**WRONG_MEMBERS[case]))
    assert response["Error"]["Code"] == "BadRequestException", response["Error"]
    # Always something to go by, and never a password.
    assert response["Error"]["Message"]
    assert "correct-horse" not in response["Error"]["Message"]
    assert mq.list_brokers(MaxResults=100)["BrokerSummaries"] == before


def test_every_casing_of_the_enumerations_is_taken_and_awss_is_returned(mq):
    made = mq.create_broker(**named(
        EngineType="ActiveMQ", DeploymentMode="single_instance", AuthenticationStrategy="simple", StorageType="efs",
        MaintenanceWindowStartTime={"DayOfWeek": "Sunday", "TimeOfDay": "02:00"},
    ))
    described = running(mq, made["BrokerId"])
    assert (described["EngineType"], described["DeploymentMode"]) == ("ActiveMQ", "SINGLE_INSTANCE")
    assert (described["AuthenticationStrategy"], described["StorageType"]) == ("simple", "efs")
    assert described["MaintenanceWindowStartTime"] == {"DayOfWeek": "SUNDAY", "TimeOfDay": "02:00", "TimeZone": "UTC"}


def test_members_that_the_model_does_not_know_are_ignored(simulated):
    members = {name[0].lower() + name[1:]: value for name, value in named().items() if name != "Users"}
    members["users"] = [{"username": "admin", "password": "correct-horse-battery", "favouriteColour": "blue"}]
    members["storageConfiguration"] = {"efs": {"throughputMode": "ELASTIC"}}
    answer = send(sign(request(simulated, "POST", "/v1/brokers", json.dumps(members))))
    assert answer.status == 200, answer.text


@pytest.mark.parametrize("body", ["{", "[]", '"text"', "null", '{"brokerName": 5}', '{"users": {}}', "{}"])
def test_a_body_that_is_no_request_is_refused(simulated, body):
    answer = send(sign(request(simulated, "POST", "/v1/brokers", body)))
    assert (answer.status, answer.code) == (400, "BadRequestException")
    assert answer.message


# Names, tokens and idempotency.


def test_a_brokers_name_is_its_own(mq, active):
    response = refused(mq.create_broker, **broker_request(active["BrokerName"]))
    assert response["Error"]["Code"] == "ConflictException"
    assert active["BrokerName"] in response["Error"]["Message"]
    assert response["ErrorAttribute"] == "brokerName"


def test_the_same_request_again_gives_the_same_broker(mq):
    members = named(CreatorRequestId=f"token-{next(COUNT)}", Tags={"a": "b"})
    first = mq.create_broker(**members)
    again = mq.create_broker(**members)
    assert (first["BrokerId"], first["BrokerArn"]) == (again["BrokerId"], again["BrokerArn"])


def test_a_token_is_not_good_for_another_request(mq):
    token = f"token-{next(COUNT)}"
    mq.create_broker(**named(CreatorRequestId=token))
    response = refused(mq.create_broker, **named(CreatorRequestId=token))
    assert response["Error"]["Code"] == "ConflictException"
    assert response["ErrorAttribute"] == "creatorRequestId"


def test_a_user_that_exists_is_not_made_again(mq, active):
    response = refused(mq.create_user, BrokerId=active["BrokerId"], Username="admin", Password="another-long-password")
    assert response["Error"]["Code"] == "ConflictException"
    assert "[admin]" in response["Error"]["Message"]


# Pages.


@pytest.fixture(scope="module")
def many():
    """A service with eleven of everything that is listed."""
    postern = Postern("--driver", "simulate", "--simulate-start-ms", "0", "--api-rate", "100000", "--api-burst", "100000")
    mq = postern.client("mq")
    for number in range(11):
        mq.create_broker(**broker_request(f"page-{number:02d}"))
        mq.create_configuration(Name=f"page-{number:02d}", EngineType="ACTIVEMQ", EngineVersion="5.18")
    postern.broker = mq.list_brokers()["BrokerSummaries"][0]["BrokerId"]
    postern.configuration = mq.list_configurations()["Configurations"][0]["Id"]
    data = base64.b64encode(b'<broker xmlns="http://activemq.apache.org/schema/core"/>').decode()
    for number in range(10):
        mq.create_user(BrokerId=postern.broker, Username=f"page-{number:02d}", Password="another-long-password")
        mq.update_configuration(ConfigurationId=postern.configuration, Data=data, Description=str(number))
    yield postern
    postern.close()


LISTS = {
    "list_brokers": ("BrokerSummaries", lambda many: {}, "BrokerId"),
    "list_configurations": ("Configurations", lambda many: {}, "Id"),
    "list_users": ("Users", lambda many: {"BrokerId": many.broker}, "Username"),
    "list_configuration_revisions": (
        "Revisions", lambda many: {"ConfigurationId": many.configuration}, "Revision",
    ),
    "describe_broker_instance_options": ("BrokerInstanceOptions", lambda many: {}, None),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_comes_in_pages_that_miss_and_repeat_nothing(many, name):
    member, of, identity = LISTS[name]
    call, members = getattr(many.client("mq"), name), of(many)
    whole = call(**members, MaxResults=100)
    assert "NextToken" not in whole
    assert len(whole[member]) >= 11
    pages, token = [], None
    while True:
        page = call(**members, MaxResults=5, **({"NextToken": token} if token else {}))
        pages.append(page[member])
        token = page.get("NextToken")
        if not token:
            break
        assert len(page[member]) == 5
    assert sum(pages, []) == whole[member]
    if identity:
        assert len({element[identity] for element in whole[member]}) == len(whole[member])


def test_boto3s_paginator_walks_the_brokers(many):
    pages = many.client("mq").get_paginator("list_brokers").paginate(PaginationConfig={"PageSize": 5})
    names = [broker["BrokerName"] for page in pages for broker in page["BrokerSummaries"]]
    assert sorted(names) == [f"page-{number:02d}" for number in range(11)]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("kind", ["forged", "another list's", "changed"])
def test_a_token_that_was_not_made_for_the_list_is_refused(many, name, kind):
    mq = many.client("mq")
    _, of, _ = LISTS[name]
    members = of(many)
    if kind == "forged":
        token = base64.b64encode(b'{"after":0}').decode()
    elif kind == "another list's":
        other = "list_brokers" if name != "list_brokers" else "list_configurations"
        token = getattr(mq, other)(MaxResults=5)["NextToken"]
    else:
        token = getattr(mq, name)(**members, MaxResults=5)["NextToken"]
        middle = len(token) // 2
        token = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1:]
    response = refused(getattr(mq, name), **members, NextToken=token)
    assert response["Error"]["Code"] == "BadRequestException"
    assert response["ErrorAttribute"] == "nextToken"


@pytest.mark.parametrize("size", [0, -1, 101, 2**40])
def test_a_page_has_a_size_from_1_to_100(mq, size):
    response = refused(mq.list_brokers, MaxResults=size)
    assert response["Error"]["Code"] == "BadRequestException"
    assert response["ErrorAttribute"] == "maxResults"


# What waits for a reboot, and what does not.


def test_settings_wait_for_the_reboot_and_the_given_value_takes_them_back(mq):
    broker = running(mq, mq.create_broker(**named(HostInstanceType="mq.m5.large"))["BrokerId"])["BrokerId"]
    configuration = mq.create_configuration(Name="waits", EngineType="ACTIVEMQ", EngineVersion="5.18")["Id"]
    before = mq.describe_broker(BrokerId=broker)
    mq.update_broker(
        BrokerId=broker, EngineVersion="5.19", HostInstanceType="mq.m5.xlarge", Logs={"Audit": True, "General": True},
        Configuration={"Id": configuration, "Revision": 1},
    )
    waiting = mq.describe_broker(BrokerId=broker)
    assert waiting["EngineVersion"] == before["EngineVersion"]
    assert waiting["PendingEngineVersion"].startswith("5.19")
    assert waiting["PendingHostInstanceType"] == "mq.m5.xlarge"
    assert waiting["Configurations"] == {
        "Current": before["Configurations"]["Current"], "History": [], "Pending": {"Id": configuration, "Revision": 1}
    }
    assert (waiting["Logs"]["General"], waiting["Logs"]["Pending"]["General"]) == (False, True)
    mq.update_broker(BrokerId=broker, HostInstanceType="mq.m5.large")
    assert "PendingHostInstanceType" not in mq.describe_broker(BrokerId=broker)
    mq.reboot_broker(BrokerId=broker)
    after = running(mq, broker)
    assert after["EngineVersion"].startswith("5.19")
    assert after["HostInstanceType"] == "mq.m5.large"
    assert after["Configurations"] == {
        "Current": {"Id": configuration, "Revision": 1}, "History": [before["Configurations"]["Current"]]
    }
    assert after["Logs"]["General"] is True
    assert "Pending" not in after["Logs"]
    assert not [name for name in after if name.startswith("Pending")]


def test_the_window_and_tags_do_not_wait(mq, active):
    window = {"DayOfWeek": "FRIDAY", "TimeOfDay": "23:30", "TimeZone": "Europe/Vienna"}
    mq.update_broker(BrokerId=active["BrokerId"], MaintenanceWindowStartTime=window)
    mq.create_tags(ResourceArn=active["BrokerArn"], Tags={"at": "once"})
    described = mq.describe_broker(BrokerId=active["BrokerId"])
    assert described["MaintenanceWindowStartTime"] == window
    assert described["Tags"] == {"at": "once"}
    mq.delete_tags(ResourceArn=active["BrokerArn"], TagKeys=["at"])


def test_users_wait_for_the_reboot(mq):
    broker = running(mq, mq.create_broker(**named(Users=[user(), user("leaver")]))["BrokerId"])["BrokerId"]
    mq.create_user(BrokerId=broker, Username="joiner", Password="another-long-password", Groups=["new"])
    mq.update_user(BrokerId=broker, Username="admin", ConsoleAccess=True, Groups=["old"])
    mq.delete_user(BrokerId=broker, Username="leaver")
    assert mq.list_users(BrokerId=broker)["Users"] == [
        {"Username": "admin", "PendingChange": "UPDATE"}, {"Username": "joiner", "PendingChange": "CREATE"},
        {"Username": "leaver", "PendingChange": "DELETE"},
    ]
    joiner = mq.describe_user(BrokerId=broker, Username="joiner")
    assert joiner["Pending"] == {"PendingChange": "CREATE", "ConsoleAccess": False, "Groups": ["new"]}
    mq.reboot_broker(BrokerId=broker)
    assert running(mq, broker)["Users"] == [{"Username": "admin"}, {"Username": "joiner"}]
    admin = mq.describe_user(BrokerId=broker, Username="admin")
    assert (admin["ConsoleAccess"], admin["Groups"]) == (True, ["old"])
    assert "Pending" not in admin


def test_a_new_revision_touches_no_broker(mq, active):
    used = active["Configurations"]["Current"]["Id"]
    mq.update_configuration(ConfigurationId=used, Data=encoded(EMPTY))
    assert mq.describe_broker(BrokerId=active["BrokerId"])["Configurations"]["Current"] == {"Id": used, "Revision": 1}


# States.


@pytest.fixture(scope="module")
def slow():
    """A service whose brokers never finish being created."""
    postern = Postern("--driver", "simulate", "--simulate-start-ms", "3600000", "--quota", "brokers=2")
    yield postern
    postern.close()


def test_a_broker_that_is_being_created_is_neither_deleted_nor_rebooted(slow):
    mq = slow.client("mq")
    broker = mq.create_broker(**broker_request("slow"))["BrokerId"]
    described = mq.describe_broker(BrokerId=broker)
    assert described["BrokerState"] == "CREATION_IN_PROGRESS"
    assert described["BrokerInstances"] == []
    assert "Current" not in described["Configurations"]
    assert described["Configurations"]["Pending"]["Revision"] == 1
    for call in (mq.delete_broker, mq.reboot_broker):
        response = refused(call, BrokerId=broker)
        assert response["Error"]["Code"] == "BadRequestException"
        assert "in state [CREATION_IN_PROGRESS]" in response["Error"]["Message"]


def test_more_brokers_than_the_quota_are_refused(slow):
    mq = slow.client("mq")
    for _ in range(2 - len(mq.list_brokers()["BrokerSummaries"])):
        mq.create_broker(**named())
    response = refused(mq.create_broker, **named())
    assert response["Error"]["Code"] == "BadRequestException"
    assert "[2]" in response["Error"]["Message"]


def test_a_deleted_broker_gives_its_name_free(mq):
    made = running(mq, mq.create_broker(**named())["BrokerId"])
    mq.delete_broker(BrokerId=made["BrokerId"])
    wait_until("it is gone", lambda: gone(mq, made["BrokerId"]))
    again = mq.create_broker(**broker_request(made["BrokerName"]))
    assert again["BrokerId"] != made["BrokerId"]


def gone(mq, broker):
    try:
        assert state(mq, broker) == "DELETION_IN_PROGRESS"
        return False
    except mq.exceptions.NotFoundException:
        return True


# Configurations.


EMPTY = '<broker xmlns="http://activemq.apache.org/schema/core"/>'


def encoded(text):
    return base64.b64encode(text.encode()).decode()


HOSTILE = """<?xml version="1.0"?>
<broker xmlns="http://activemq.apache.org/schema/core" schedulerSupport="true" dataDirectory="/etc" start="${HOME}">
  <!-- kept -->
  <destinationPolicy><policyMap><policyEntries>
    <policyEntry queue="&gt;" maxPageSize="many" memoryLimit="1 mb"/>
  </policyEntries></policyMap></destinationPolicy>
  <persistenceAdapter><jdbcPersistenceAdapter dataSource="#elsewhere"/></persistenceAdapter>
  <managementContext><managementContext createConnector="true"/></managementContext>
</broker>
"""


@pytest.fixture
def configuration(mq):
    return mq.create_configuration(Name="c", EngineType="ACTIVEMQ", EngineVersion="5.18")["Id"]


def test_forbidden_parts_of_a_configuration_are_removed_with_a_warning(mq, configuration):
    answer = mq.update_configuration(ConfigurationId=configuration, Data=encoded(HOSTILE))
    warnings = {
        (warning["Reason"], warning["ElementName"], warning.get("AttributeName")) for warning in answer["Warnings"]
    }
    assert ("DISALLOWED_ATTRIBUTE_REMOVED", "broker", "dataDirectory") in warnings
    assert ("DISALLOWED_ELEMENT_REMOVED", "managementContext", None) in warnings
    assert ("DISALLOWED_ELEMENT_REMOVED", "jdbcPersistenceAdapter", None) in warnings
    assert ("INVALID_ATTRIBUTE_VALUE_REMOVED", "policyEntry", "maxPageSize") in warnings
    kept = mq.describe_configuration_revision(ConfigurationId=configuration, ConfigurationRevision="2")
    text = base64.b64decode(kept["Data"]).decode()
    for part in ("/etc", "HOME", "jdbc", "managementContext", "elsewhere", "many"):
        assert part not in text
    for part in ('schedulerSupport="true"', 'memoryLimit="1 mb"', 'queue="&gt;"', "<!-- kept -->"):
        assert part in text


def test_at_most_twenty_warnings_are_reported(mq, configuration):
    text = '<broker xmlns="http://activemq.apache.org/schema/core">' + "<sslContext/>" * 30 + "</broker>"
    assert len(mq.update_configuration(ConfigurationId=configuration, Data=encoded(text))["Warnings"]) == 20


@pytest.mark.parametrize(
    "data",
    [
        "no base64!", encoded("no xml"), encoded("<broker>"), encoded("<beans/>"), "",
        encoded('<!DOCTYPE broker [<!ENTITY x SYSTEM "file:///etc/passwd">]><broker>&x;</broker>'), None,
    ],
    ids=["no base64", "no xml", "not closed", "another root", "nothing", "a document type", "absent"],
)
def test_data_that_is_no_configuration_is_refused_and_makes_no_revision(mq, configuration, data):
    members = {} if data is None else {"Data": data}
    response = refused(mq.update_configuration, ConfigurationId=configuration, **members)
    assert response["Error"]["Code"] == "BadRequestException"
    assert "passwd" not in response["Error"]["Message"]
    assert mq.describe_configuration(ConfigurationId=configuration)["LatestRevision"]["Revision"] == 1


def test_an_unknown_key_of_rabbitmq_is_refused(mq):
    made = mq.create_configuration(Name="r", EngineType="RABBITMQ", EngineVersion="4.2")["Id"]
    response = refused(mq.update_configuration, ConfigurationId=made, Data=encoded("listeners.tcp.default = 5672\n"))
    assert response["Error"]["Code"] == "BadRequestException"
    assert "listeners.tcp.default" in response["Error"]["Message"]


def test_every_update_is_a_revision_even_an_equal_one(mq, configuration):
    same = encoded(EMPTY)
    for revision in (2, 3):
        answer = mq.update_configuration(ConfigurationId=configuration, Data=same, Description=f"r{revision}")
        assert answer["LatestRevision"]["Revision"] == revision
    listed = mq.list_configuration_revisions(ConfigurationId=configuration)["Revisions"]
    assert [(one["Revision"], one.get("Description")) for one in listed][:2] == [(3, "r3"), (2, "r2")]
    assert mq.describe_configuration(ConfigurationId=configuration)["Description"] == "r3"


@pytest.mark.parametrize("revision", ["0", "2", "-1", "x", "1.0", "99999999999999999999"])
def test_a_revision_that_is_not_there_is_refused(mq, configuration, revision):
    response = refused(
        mq.describe_configuration_revision, ConfigurationId=configuration, ConfigurationRevision=revision
    )
    assert response["Error"]["Code"] in ("NotFoundException", "BadRequestException")


def test_a_configuration_is_for_one_engine(mq, configuration, rabbit):
    response = refused(
        mq.update_broker, BrokerId=rabbit["BrokerId"], Configuration={"Id": configuration, "Revision": 1}
    )
    assert response["Error"]["Code"] == "BadRequestException"
    assert "[ACTIVEMQ]" in response["Error"]["Message"]


@pytest.mark.parametrize("name", ["", "x" * 151, "a b", "a/b"])
def test_a_configurations_name_has_its_rule(mq, name):
    response = refused(mq.create_configuration, Name=name, EngineType="ACTIVEMQ", EngineVersion="5.18")
    assert response["Error"]["Code"] == "BadRequestException"


# Tags.


def test_tags_of_what_is_not_there_are_not_found(mq):
    arn = f"arn:aws:mq:us-east-1:111122223333:broker:none:{NOBODY}"
    for call, members in (
        (mq.list_tags, {}), (mq.create_tags, {"Tags": {"a": "b"}}), (mq.delete_tags, {"TagKeys": ["a"]}),
    ):
        assert refused(call, ResourceArn=arn, **members)["Error"]["Code"] == "NotFoundException"


def test_another_accounts_arn_is_nobodys(mq, active):
    arn = active["BrokerArn"].replace("111122223333", "444455556666")
    assert refused(mq.list_tags, ResourceArn=arn)["Error"]["Code"] == "NotFoundException"


def test_a_resource_has_fifty_tags_at_most_however_they_come(mq, active):
    arn = active["BrokerArn"]
    mq.create_tags(ResourceArn=arn, Tags={f"k{n}": "" for n in range(50)})
    assert refused(mq.create_tags, ResourceArn=arn, Tags={"one more": ""})["Error"]["Code"] == "BadRequestException"
    mq.create_tags(ResourceArn=arn, Tags={"k0": "changed"})
    tags = mq.list_tags(ResourceArn=arn)["Tags"]
    assert (len(tags), tags["k0"]) == (50, "changed")
    mq.delete_tags(ResourceArn=arn, TagKeys=[f"k{n}" for n in range(50)])
