"""What is kept, for whom it can be read, and what is nowhere to be found."""

import base64
import json
import pathlib
import stat
import threading

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

from conftest import Postern, broker_request, running

OPTIONS = ("--driver", "simulate", "--simulate-start-ms", "0", "--api-rate", "100000", "--api-burst", "100000")
CANARIES = {
    "the password of a broker's user": "canary-password-of-a-user-1",
    "the password of a user made later": "canary-password-made-later-2",
    "a changed password": "canary-password-changed-later-3",
    "the password of a directory": "canary-password-of-a-directory-4",
    "a password that was refused": "canary,password-that-is-refused-5",
}


@pytest.fixture
def service():
    postern = Postern(*OPTIONS)
    yield postern
    postern.close()


def snapshot(postern):
    """Everything that the API shows, but for what differs from one answer to the next."""
    mq, iam = postern.client("mq"), postern.client("iam")

    def plain(answer):
        answer.pop("ResponseMetadata")
        return answer

    brokers = mq.list_brokers(MaxResults=100)["BrokerSummaries"]
    configurations = mq.list_configurations(MaxResults=100)["Configurations"]
    users = iam.list_users()["Users"]
    return {
        "brokers": [plain(mq.describe_broker(BrokerId=broker["BrokerId"])) for broker in brokers],
        "users": [
            plain(mq.describe_user(BrokerId=broker["BrokerId"], Username=user["Username"]))
            for broker in brokers for user in mq.list_users(BrokerId=broker["BrokerId"])["Users"]
        ],
        "configurations": [
            (configuration, plain(mq.list_configuration_revisions(ConfigurationId=configuration["Id"])), plain(
                mq.describe_configuration_revision(
                    ConfigurationId=configuration["Id"],
                    ConfigurationRevision=str(configuration["LatestRevision"]["Revision"]),
                )
            ))
            for configuration in configurations
        ],
        "iam": [
            (user, iam.list_access_keys(UserName=user["UserName"])["AccessKeyMetadata"],
             iam.list_user_policies(UserName=user["UserName"])["PolicyNames"],
             iam.list_attached_user_policies(UserName=user["UserName"])["AttachedPolicies"])
            for user in users
        ],
    }


def fill(postern):
    """Makes something of every kind; returns a user's access key."""
    mq = postern.client("mq")
    configuration = mq.create_configuration(Name="kept", EngineType="ACTIVEMQ", EngineVersion="5.18", Tags={"a": "b"})
    mq.update_configuration(
        ConfigurationId=configuration["Id"], Description="second",
        Data=base64.b64encode(b'<broker xmlns="http://activemq.apache.org/schema/core"/>').decode(),
    )
    users = [{"Username": "admin", "Password": CANARIES["the password of a broker's user"], "Groups": ["admins"]}]
    broker = mq.create_broker(**broker_request(
        "kept", Users=users, Configuration={"Id": configuration["Id"], "Revision": 2}, Tags={"team": "red"},
    ))["BrokerId"]
    running(mq, broker)
    mq.create_user(
        BrokerId=broker, Username="later", Password=CANARIES["the password of a user made later"], ConsoleAccess=True
    )
    mq.update_user(BrokerId=broker, Username="admin", Password=CANARIES["a changed password"])
    mq.update_broker(BrokerId=broker, HostInstanceType="mq.m5.large")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "mq:List*", "Resource": "*"}]}
    return postern.user("kept", policy, managed=["arn:aws:iam::aws:policy/AmazonMQReadOnlyAccess"])


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_everything_is_there_after_a_restart(service, end):
    key = fill(service)
    before = snapshot(service)
    getattr(service, end)()
    service.start()
    assert snapshot(service) == before
    assert service.client("mq", key).list_brokers()["BrokerSummaries"][0]["BrokerName"] == "kept"


def test_what_was_acknowledged_is_there_after_a_kill_in_the_middle(service):
    acknowledged, lock = [], threading.Lock()
    enough = threading.Event()

    def create(number):
        mq = service.client("mq")
        for count in range(10_000):
            try:
                made = mq.create_configuration(Name=f"w{number}-{count}", EngineType="ACTIVEMQ", EngineVersion="5.18")
            except (EndpointConnectionError, ConnectionClosedError, ReadTimeoutError, ClientError):
                return
            with lock:
                acknowledged.append(made["Id"])
                if len(acknowledged) >= 60:
                    enough.set()

    writers = [threading.Thread(target=create, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    assert enough.wait(60)
    service.kill()
    for writer in writers:
        writer.join()
    service.start()
    pages = service.client("mq").get_paginator("list_brokers")
    assert list(pages.paginate())[0]["BrokerSummaries"] == []
    mq, found, token = service.client("mq"), set(), None
    while True:
        page = mq.list_configurations(MaxResults=100, **({"NextToken": token} if token else {}))
        found |= {configuration["Id"] for configuration in page["Configurations"]}
        token = page.get("NextToken")
        if not token:
            break
    assert set(acknowledged) <= found
    # What was done is also in the audit, each call once.
    recorded = [
        record["responseElements"]["id"] for record in service.audit()
        if record["eventName"] == "CreateConfiguration" and record.get("responseElements")
    ]
    assert set(acknowledged) <= set(recorded)
    assert len(recorded) == len(set(recorded))


def test_nobody_else_can_read_the_data(service):
    fill(service)
    data = pathlib.Path(service.folder) / "data"
    secret = []
    for path in [data, *data.rglob("*")]:
        # Brokers' users have to get through the folders to their own, and everybody may have the authority's certificate.
        mode = stat.S_IMODE(path.lstat().st_mode)
        if path.is_dir():
            assert mode & 0o066 == 0, f"{path} is {mode:o}"
        elif path.name != "ca.pem":
            assert mode & 0o077 == 0, f"{path} is {mode:o}"
            secret.append(path.name)
    assert {"master.key", "store.db", "audit.jsonl"} <= set(secret)


def test_no_secret_is_in_any_file(service):
    key = fill(service)
    mq = service.client("mq")
    with pytest.raises(ClientError) as caught:
        mq.create_broker(**broker_request(
            "refused", Users=[{"Username": "admin", "Password": CANARIES["a password that was refused"]}]
        ))
    assert CANARIES["a password that was refused"] not in str(caught.value)
    mq.create_broker(**broker_request(
        "directory", AuthenticationStrategy="LDAP", Users=None,
        LdapServerMetadata={
            "Hosts": ["ldap.example.com"], "RoleBase": "ou=g", "RoleSearchMatching": "(member:=uid={1})",
            "ServiceAccountUsername": "cn=service", "UserBase": "ou=u", "UserSearchMatching": "(uid={0})",
            "ServiceAccountPassword": CANARIES["the password of a directory"],
        },
    ))
    service.stop()
    secrets = {**CANARIES, "the secret of an access key": key[1]}
    looked = 0
    for path in pathlib.Path(service.folder).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            looked += 1
            for what, secret in secrets.items():
                for form in (secret.encode(), base64.b64encode(secret.encode()), secret.encode().hex().encode()):
                    assert form not in content, f"{what} is in {path}"
    assert looked >= 5


def test_the_audit_masks_what_is_secret_and_keeps_the_rest(service):
    fill(service)
    records = {record["eventName"]: record for record in service.audit()}
    created = records["CreateBroker"]["requestParameters"]
    assert created["brokerName"] == "kept"
    assert created["users"] == [{"username": "admin", "password": "***", "groups": ["admins"]}]
    assert records["CreateUser"]["eventSource"] in ("amazonmq.amazonaws.com", "iam.amazonaws.com")
    assert records["UpdateConfiguration"]["requestParameters"]["data"] == "***"
    assert records["UpdateUser"]["requestParameters"]["password"] == "***"
    key = records["CreateAccessKey"]["responseElements"]
    assert "***" in json.dumps(key)


def test_a_second_service_does_not_take_the_same_folder(service):
    with pytest.raises(RuntimeError, match="did not start"):
        Postern(*OPTIONS, folder=service.folder)
    service.client("mq").list_brokers()


def test_another_master_key_does_not_open_the_data(service):
    fill(service)
    service.stop()
    key = pathlib.Path(service.folder) / "data/master.key"
    kept = key.read_bytes()
    other = Postern(*OPTIONS)
    key.write_bytes((pathlib.Path(other.folder) / "data/master.key").read_bytes())
    other.close()
    with pytest.raises(RuntimeError, match="did not start"):
        service.start()
    key.write_bytes(kept)
    service.start()
    assert service.client("mq").list_brokers()["BrokerSummaries"]
