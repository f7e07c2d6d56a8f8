"""Every operation of Amazon MQ's service model, through boto3 and through AWS CLI, against the running program.

Each operation is a generator: it yields the members of its call, is handed the answer or the refusal, and looks at it. The list
of operations comes from botocore's model, so one that is forgotten here fails.
"""

import base64
import json
import re

import pytest
from botocore.exceptions import ClientError

from conftest import broker_request, running, state, wait_until
from model import MODEL, OPERATIONS, command, method, mistakes

CALLS = {}
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
RABBIT = {
    "EngineType": "RABBITMQ", "EngineVersion": "4.2", "HostInstanceType": "mq.m7g.large",
    "Users": [{"Username": "admin", "Password": "correct-horse-battery"}],
}


def operation(function):
    """Enlists the story of one operation."""
    CALLS[function.__name__] = function
    return function


class Refused(Exception):
    """What a client makes of a refusal."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class World:
    """One way of calling, and things to call it on."""

    def __init__(self, postern, way):
        self.postern = postern
        self.way = way
        self.mq = postern.client("mq")
        self.count = 0
        self.active = self.broker()
        self.rabbit = self.broker(**RABBIT)
        self.configuration = self.mq.create_configuration(
            Name=f"{way}-configuration", EngineType="ACTIVEMQ", EngineVersion="5.18", Tags={"made-by": way}
        )

    def name(self):
        self.count += 1
        return f"{self.way}-{self.count}"

    def broker(self, **members):
        answer = self.mq.create_broker(**broker_request(self.name(), **members))
        return running(self.mq, answer["BrokerId"])

    def call(self, name, members):
        return self.boto3(name, members) if self.way == "boto3" else self.cli(name, members)

    def boto3(self, name, members):
        client = self.postern.client("mq")
        bodies = []
        client.meta.events.register(
            f"before-parse.mq.{name}", lambda response_dict, **_: bodies.append(response_dict)
        )
        try:
            answer = getattr(client, method(name))(**members)
        except ClientError as error:
            raise Refused(error.response["Error"]["Code"], error.response["Error"]["Message"]) from None
        status = MODEL.operation_model(name).http["responseCode"]
        (raw,) = bodies
        assert raw["status_code"] == status
        assert re.fullmatch(UUID, raw["headers"]["x-amzn-RequestId"])
        if status == 204:
            assert raw["body"] == b""
        else:
            assert raw["headers"]["Content-Type"] == "application/json"
            assert mistakes(name, json.loads(raw["body"])) == []
        answer.pop("ResponseMetadata")
        return answer

    def cli(self, name, members):
        done = self.postern.aws("mq", command(name), "--cli-input-json", json.dumps(members), check=False)
        if done.returncode:
            refusal = re.search(r"An error occurred \((\w+)\) when calling the \w+ operation: (.*)", done.stderr)
            assert refusal, done.stderr
            raise Refused(*refusal.groups())
        return json.loads(done.stdout) if done.stdout.strip() else {}


@pytest.fixture(scope="module", params=["boto3", "cli"])
def world(request, simulated):
    return World(simulated, request.param)


def test_every_operation_of_the_model_has_a_story():
    assert sorted(CALLS) == OPERATIONS
    assert len(OPERATIONS) == 25


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_operation_answers_as_the_model_says(world, name):
    story = CALLS[name](world)
    members = next(story)
    try:
        answer = world.call(name, members)
    except Refused as refused:
        answer = refused
    with pytest.raises(StopIteration):
        story.send(answer)


def done(answer):
    """The answer, which is no refusal."""
    assert not isinstance(answer, Refused), answer
    return answer


@operation
def CreateBroker(world):
    request = broker_request(world.name(), Tags={"team": "red"}, CreatorRequestId=world.name())
    answer = done((yield request))
    assert re.fullmatch(f"b-{UUID}", answer["BrokerId"])
    assert answer["BrokerArn"] == (
        f"arn:aws:mq:us-east-1:111122223333:broker:{request['BrokerName']}:{answer['BrokerId']}"
    )
    assert running(world.mq, answer["BrokerId"])["Tags"] == {"team": "red"}


@operation
def ListBrokers(world):
    answer = done((yield {"MaxResults": 100}))
    mine = {broker["BrokerId"]: broker for broker in answer["BrokerSummaries"]}[world.active["BrokerId"]]
    assert {name: mine[name] for name in mine if name != "Created"} == {
        name: world.active[name] for name in (
            "BrokerArn", "BrokerId", "BrokerName", "BrokerState", "DeploymentMode", "EngineType", "HostInstanceType"
        )
    }
    assert "MaxResults" not in answer


@operation
def DescribeBroker(world):
    answer = done((yield {"BrokerId": world.active["BrokerId"]}))
    # AWS's own spelling: mixed, lower and upper case, each in its place.
    assert answer["EngineType"] == "ActiveMQ"
    assert answer["AuthenticationStrategy"] == "simple"
    assert answer["StorageType"] == "efs"
    assert answer["DeploymentMode"] == "SINGLE_INSTANCE"
    assert answer["BrokerState"] == "RUNNING"
    assert answer["EngineVersion"].startswith("5.18")
    assert answer["AutoMinorVersionUpgrade"] is True
    assert answer["PubliclyAccessible"] is False
    assert answer["EncryptionOptions"] == {"UseAwsOwnedKey": True}
    assert answer["MaintenanceWindowStartTime"]["TimeZone"] == "UTC"
    assert answer["Users"] == [{"Username": "admin"}]
    assert answer["Tags"] == {}
    assert len(answer["SubnetIds"]) == 1
    assert len(answer["SecurityGroups"]) == 1
    groups = f"/aws/amazonmq/broker/{answer['BrokerId']}"
    assert answer["Logs"] == {
        "Audit": False, "General": False, "AuditLogGroup": f"{groups}/audit", "GeneralLogGroup": f"{groups}/general"
    }
    assert re.fullmatch(f"c-{UUID}", answer["Configurations"]["Current"]["Id"])
    assert answer["Configurations"]["Current"]["Revision"] == 1
    assert answer["Configurations"]["History"] == []
    assert not [name for name in answer if name.startswith("Pending")]
    (instance,) = answer["BrokerInstances"]
    assert [re.sub("//.*:", "//:", endpoint) for endpoint in instance["Endpoints"]] == [
        "ssl://:61617", "amqp+ssl://:5671", "stomp+ssl://:61614", "mqtt+ssl://:8883", "wss://:61619"
    ]
    assert instance["ConsoleURL"].startswith("https://")
    assert instance["ConsoleURL"].endswith(":8162")
    assert re.fullmatch(r"127\.\d+\.\d+\.\d+", instance["IpAddress"])


@operation
def UpdateBroker(world):
    broker = world.broker()["BrokerId"]
    answer = done((yield {
        "BrokerId": broker, "HostInstanceType": "mq.m5.large", "Logs": {"Audit": True, "General": True},
        "MaintenanceWindowStartTime": {"DayOfWeek": "TUESDAY", "TimeOfDay": "02:00", "TimeZone": "CET"},
    }))
    # Only what was given, as it will be.
    assert answer == {
        "BrokerId": broker, "HostInstanceType": "mq.m5.large", "Logs": {"Audit": True, "General": True},
        "MaintenanceWindowStartTime": {"DayOfWeek": "TUESDAY", "TimeOfDay": "02:00", "TimeZone": "CET"},
    }
    described = world.mq.describe_broker(BrokerId=broker)
    assert described["HostInstanceType"] == "mq.t3.micro"
    assert described["PendingHostInstanceType"] == "mq.m5.large"
    assert described["Logs"]["Pending"] == {"Audit": True, "General": True}
    assert described["MaintenanceWindowStartTime"] == answer["MaintenanceWindowStartTime"]


@operation
def DeleteBroker(world):
    broker = world.broker()["BrokerId"]
    assert done((yield {"BrokerId": broker})) == {"BrokerId": broker}

    def gone():
        try:
            assert state(world.mq, broker) == "DELETION_IN_PROGRESS"
            return False
        except world.mq.exceptions.NotFoundException:
            return True

    wait_until(f"{broker} is gone", gone)
    assert broker not in [summary["BrokerId"] for summary in world.mq.list_brokers(MaxResults=100)["BrokerSummaries"]]


@operation
def RebootBroker(world):
    broker = world.broker()["BrokerId"]
    world.mq.update_broker(BrokerId=broker, HostInstanceType="mq.m5.large")
    assert done((yield {"BrokerId": broker})) == {}
    described = running(world.mq, broker)
    assert described["HostInstanceType"] == "mq.m5.large"
    assert "PendingHostInstanceType" not in described


@operation
def Promote(world):
    answer = yield {"BrokerId": world.active["BrokerId"], "Mode": "SWITCHOVER"}
    # No broker is a replica here, so the right answer is AWS's for one that is none.
    assert isinstance(answer, Refused)
    assert answer.code == "BadRequestException"
    assert "replica" in answer.message


@operation
def DescribeSharedResources(world):
    assert done((yield {"BrokerId": world.rabbit["BrokerId"]})) == {"SharedResources": []}


@operation
def CreateUser(world):
    broker = world.broker()["BrokerId"]
    members = {
        "BrokerId": broker, "Username": world.name(), "Password": "another-long-password", "ConsoleAccess": True,
        "Groups": ["readers", "writers"],
    }
    assert done((yield members)) == {}
    assert {"Username": members["Username"], "PendingChange": "CREATE"} in world.mq.list_users(BrokerId=broker)["Users"]


@operation
def ListUsers(world):
    broker = world.active["BrokerId"]
    answer = done((yield {"BrokerId": broker, "MaxResults": 50}))
    assert answer["BrokerId"] == broker
    assert answer["MaxResults"] == 50
    assert {"Username": "admin"} in answer["Users"]


@operation
def DescribeUser(world):
    broker = world.active["BrokerId"]
    assert done((yield {"BrokerId": broker, "Username": "admin"})) == {
        "BrokerId": broker, "Username": "admin", "ConsoleAccess": True, "Groups": [], "ReplicationUser": False
    }


@operation
def UpdateUser(world):
    broker = world.broker()["BrokerId"]
    assert done((yield {"BrokerId": broker, "Username": "admin", "Groups": ["operators"], "ConsoleAccess": False})) == {}
    described = world.mq.describe_user(BrokerId=broker, Username="admin")
    assert described["Pending"] == {"PendingChange": "UPDATE", "ConsoleAccess": False, "Groups": ["operators"]}
    assert described["Groups"] == []


@operation
def DeleteUser(world):
    broker = world.broker()["BrokerId"]
    assert done((yield {"BrokerId": broker, "Username": "admin"})) == {}
    assert world.mq.describe_broker(BrokerId=broker)["Users"] == [{"Username": "admin", "PendingChange": "DELETE"}]


@operation
def CreateConfiguration(world):
    name = world.name()
    answer = done((yield {"Name": name, "EngineType": "ACTIVEMQ", "EngineVersion": "5.18", "Tags": {"a": "b"}}))
    assert re.fullmatch(f"c-{UUID}", answer["Id"])
    assert answer["Arn"] == f"arn:aws:mq:us-east-1:111122223333:configuration:{answer['Id']}"
    assert answer["Name"] == name
    assert answer["AuthenticationStrategy"] == "simple"
    assert answer["LatestRevision"]["Revision"] == 1
    assert answer["LatestRevision"]["Description"].startswith(f"Auto-generated default for {name} on ActiveMQ 5.18")


@operation
def ListConfigurations(world):
    answer = done((yield {"MaxResults": 100}))
    assert answer["MaxResults"] == 100
    mine = {one["Id"]: one for one in answer["Configurations"]}[world.configuration["Id"]]
    assert mine["Tags"] == {"made-by": world.way}
    assert mine["LatestRevision"]["Revision"] == 1


@operation
def DescribeConfiguration(world):
    answer = done((yield {"ConfigurationId": world.configuration["Id"]}))
    assert answer["Name"] == world.configuration["Name"]
    assert answer["Arn"] == world.configuration["Arn"]
    assert answer["EngineType"] == "ActiveMQ"
    assert answer["EngineVersion"].startswith("5.18")
    assert answer["Description"] == world.configuration["LatestRevision"]["Description"]


XML = '<broker schedulerSupport="true" xmlns="http://activemq.apache.org/schema/core"/>'


@operation
def UpdateConfiguration(world):
    made = world.mq.create_configuration(Name=world.name(), EngineType="ACTIVEMQ", EngineVersion="5.18")
    answer = done((yield {
        "ConfigurationId": made["Id"], "Description": "second", "Data": base64.b64encode(XML.encode()).decode(),
    }))
    assert (answer["Id"], answer["Arn"], answer["Name"]) == (made["Id"], made["Arn"], made["Name"])
    assert answer["LatestRevision"]["Revision"] == 2
    assert answer["LatestRevision"]["Description"] == "second"
    assert answer["Warnings"] == []


@operation
def DeleteConfiguration(world):
    made = world.mq.create_configuration(Name=world.name(), EngineType="ACTIVEMQ", EngineVersion="5.18")
    assert done((yield {"ConfigurationId": made["Id"]})) == {"ConfigurationId": made["Id"]}
    with pytest.raises(world.mq.exceptions.NotFoundException):
        world.mq.describe_configuration(ConfigurationId=made["Id"])


@operation
def ListConfigurationRevisions(world):
    answer = done((yield {"ConfigurationId": world.configuration["Id"]}))
    assert answer["ConfigurationId"] == world.configuration["Id"]
    assert answer["MaxResults"] == 20
    assert [revision["Revision"] for revision in answer["Revisions"]] == [1]


@operation
def DescribeConfigurationRevision(world):
    answer = done((yield {"ConfigurationId": world.configuration["Id"], "ConfigurationRevision": "1"}))
    assert answer["ConfigurationId"] == world.configuration["Id"]
    assert answer["Description"] == world.configuration["LatestRevision"]["Description"]
    assert "<broker" in base64.b64decode(answer["Data"]).decode()


@operation
def CreateTags(world):
    arn = world.broker()["BrokerArn"]
    assert done((yield {"ResourceArn": arn, "Tags": {"cost centre": "4/2", "empty": ""}})) == {}
    assert world.mq.list_tags(ResourceArn=arn)["Tags"] == {"cost centre": "4/2", "empty": ""}


@operation
def ListTags(world):
    assert done((yield {"ResourceArn": world.configuration["Arn"]})) == {"Tags": {"made-by": world.way}}


@operation
def DeleteTags(world):
    arn = world.broker(Tags={"a": "1", "b": "2", "c": "3"})["BrokerArn"]
    assert done((yield {"ResourceArn": arn, "TagKeys": ["a", "c", "never-there"]})) == {}
    assert world.mq.list_tags(ResourceArn=arn)["Tags"] == {"b": "2"}


@operation
def DescribeBrokerEngineTypes(world):
    answer = done((yield {"EngineType": "ACTIVEMQ"}))
    (engine,) = answer["BrokerEngineTypes"]
    assert engine["EngineType"] == "ACTIVEMQ"
    assert {"Name": "5.18"} in engine["EngineVersions"]
    assert answer["MaxResults"] == 20


@operation
def DescribeBrokerInstanceOptions(world):
    answer = done((yield {"EngineType": "ACTIVEMQ", "HostInstanceType": "mq.t3.micro", "StorageType": "EFS"}))
    (option,) = answer["BrokerInstanceOptions"]
    # Upper case here, where DescribeBroker has mixed case; the storage type is in lower case.
    assert option["EngineType"] == "ACTIVEMQ"
    assert option["StorageType"] == "efs"
    assert option["HostInstanceType"] == "mq.t3.micro"
    assert sorted(option["SupportedDeploymentModes"]) == ["ACTIVE_STANDBY_MULTI_AZ", "SINGLE_INSTANCE"]
    assert "5.18" in option["SupportedEngineVersions"]
    assert option["AvailabilityZones"][0]["Name"].startswith("us-east-1")
