"""What is taken away is gone at once, also for who is asking all the time; nothing is decided on two versions; one call is one broker."""

import itertools
import json
import threading
import time

import pytest
from botocore.exceptions import ClientError

import signed
from conftest import Postern, broker_request

OPTIONS = ("--driver", "simulate", "--simulate-start-ms", "0", "--api-rate", "100000", "--api-burst", "100000")
WORKERS = 6


@pytest.fixture(scope="module")
def service():
    postern = Postern(*OPTIONS)
    yield postern
    postern.close()


class Asking:
    """Workers that call again and again, and note when they began and what they were told."""

    def __init__(self, postern, key, call, service="mq"):
        self.told = []
        self.stop = threading.Event()
        self.begun = threading.Barrier(WORKERS + 1)

        def work():
            client = postern.client(service, key=key)
            call(client)
            self.begun.wait()
            while not self.stop.is_set():
                began = time.monotonic()
                try:
                    call(client)
                    code = None
                except ClientError as refused:
                    code = refused.response["Error"]["Code"]
                self.told.append((began, time.monotonic(), code))

        self.workers = [threading.Thread(target=work) for _ in range(WORKERS)]

    def __enter__(self):
        for worker in self.workers:
            worker.start()
        self.begun.wait()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for worker in self.workers:
            worker.join()

    def go_on(self, count):
        """Until so many more were answered."""
        until = len(self.told) + count
        limit = time.monotonic() + 30
        while len(self.told) < until:
            assert time.monotonic() < limit
            time.sleep(0.001)


def statement(action, effect="Allow", **more):
    return {"Effect": effect, "Action": action, "Resource": "*", **more}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


REVOCATIONS = {
    "the key is deleted": (
        lambda w: w["iam"].delete_access_key(UserName=w["name"], AccessKeyId=w["key"][0]), "UnrecognizedClientException"),
    "the key is turned off": (
        lambda w: w["iam"].update_access_key(UserName=w["name"], AccessKeyId=w["key"][0], Status="Inactive"),
        "UnrecognizedClientException"),
    "the policy is deleted": (
        lambda w: w["iam"].delete_user_policy(UserName=w["name"], PolicyName="p0"), "AccessDeniedException"),
    "the policy is replaced": (
        lambda w: w["iam"].put_user_policy(
            UserName=w["name"], PolicyName="p0", PolicyDocument=json.dumps(policy(statement("mq:List*")))),
        "AccessDeniedException"),
    "a Deny is added": (
        lambda w: w["iam"].put_user_policy(
            UserName=w["name"], PolicyName="deny", PolicyDocument=json.dumps(policy(statement("mq:*", "Deny")))),
        "AccessDeniedException"),
    "the broker's tag is changed": (
        lambda w: w["mq"].create_tags(ResourceArn=w["arn"], Tags={"team": "blue"}), "AccessDeniedException"),
    "the user's tag is removed": (
        lambda w: w["iam"].untag_user(UserName=w["name"], TagKeys=["team"]), "AccessDeniedException"),
}


@pytest.mark.parametrize("what", REVOCATIONS)
def test_what_is_taken_away_is_refused_from_the_next_request_on(service, what):
    revoke, expected = REVOCATIONS[what]
    iam, mq = service.client("iam"), service.client("mq")
    name = what.replace(" ", "-").replace("'", "")
    condition = {"StringEquals": {"aws:ResourceTag/team": "red", "aws:PrincipalTag/team": "red"}}
    key = service.user(name, policy(statement("mq:Describe*", Condition=condition)))
    iam.tag_user(UserName=name, Tags=[{"Key": "team", "Value": "red"}])
    made = mq.create_broker(**broker_request(name[:40], Tags={"team": "red"}))
    world = {"iam": iam, "mq": mq, "name": name, "key": key, "arn": made["BrokerArn"]}
    with Asking(service, key, lambda client: client.describe_broker(BrokerId=made["BrokerId"])) as asking:
        asking.go_on(40)
        began = time.monotonic()
        revoke(world)
        done = time.monotonic()
        asking.go_on(80)
    before = [code for begun, ended, code in asking.told if ended < began]
    after = [code for begun, ended, code in asking.told if begun > done]
    assert set(before) == {None}
    assert set(after) == {expected}, f"{sum(code is None for code in after)} of {len(after)} got in"
    first = min(ended for _, ended, code in asking.told if code)
    assert first - began < 1
    print(f"{what}: the first refusal after {(first - began) * 1000:.0f} ms, {len(before)} before and {len(after)} after")
    mq.delete_broker(BrokerId=made["BrokerId"])


@pytest.mark.parametrize("whose", ["the user's", "the broker's"])
def test_no_request_is_decided_on_two_versions(service, whose):
    """Two tags are always changed in one call. Only who saw one of before and one of after would get in."""
    iam, mq = service.client("iam"), service.client("mq")
    name = f"mixed-{whose[4]}"
    kind = "aws:PrincipalTag" if whose == "the user's" else "aws:ResourceTag"
    mixed = [
        statement("mq:ListUsers", Condition={"StringEquals": {f"{kind}/one": one, f"{kind}/two": two}})
        for one, two in (("1", "2"), ("2", "1"))
    ]
    whole = [
        statement("mq:DescribeBroker", Condition={"StringEquals": {f"{kind}/one": both, f"{kind}/two": both}}) for both in "12"
    ]
    key = service.user(name, policy(*mixed, *whole))
    made = mq.create_broker(**broker_request(name, Tags={"one": "1", "two": "1"}))
    broker = made["BrokerId"]
    iam.tag_user(UserName=name, Tags=[{"Key": tag, "Value": "1"} for tag in ("one", "two")])

    def change(value):
        if whose == "the user's":
            iam.tag_user(UserName=name, Tags=[{"Key": tag, "Value": value} for tag in ("one", "two")])
        else:
            mq.create_tags(ResourceArn=made["BrokerArn"], Tags={"one": value, "two": value})

    allowed = itertools.count()

    def call(client):
        client.describe_broker(BrokerId=broker)
        try:
            client.list_users(BrokerId=broker)
            next(allowed)
        except ClientError as refused:
            assert refused.response["Error"]["Code"] == "AccessDeniedException"

    with Asking(service, key, call) as asking:
        for number in range(150):
            change("21"[number % 2])
    assert len(asking.told) > 100
    assert {code for _, _, code in asking.told} == {None}
    assert next(allowed) == 0
    print(f"{whose} tags: 150 changes, {len(asking.told) * 2} decisions, none on two versions")


def test_nothing_is_written_on_a_permission_that_was_gone(service):
    """By the order of the audit log, which is the order of the changes."""
    iam = service.client("iam")
    allow = json.dumps(policy(statement("mq:CreateConfiguration"), statement("mq:CreateTags")))
    key = service.user("writer", json.loads(allow))
    numbers = itertools.count()

    def call(client):
        client.create_configuration(Name=f"w{next(numbers)}", EngineType="ACTIVEMQ", EngineVersion="5.18")

    with Asking(service, key, call) as asking:
        for _ in range(12):
            asking.go_on(10)
            iam.delete_user_policy(UserName="writer", PolicyName="p0")
            asking.go_on(10)
            iam.put_user_policy(UserName="writer", PolicyName="p0", PolicyDocument=allow)
    is_allowed, made, gaps = True, 0, 0
    for record in service.audit():
        parameters = record.get("requestParameters") or {}
        if record.get("errorCode") is None and parameters.get("userName") == "writer":
            if record["eventName"] == "DeleteUserPolicy":
                is_allowed, gaps = False, gaps + 1
            elif record["eventName"] == "PutUserPolicy":
                is_allowed = True
        if record["eventName"] == "CreateConfiguration" and record.get("errorCode") is None:
            if record["userIdentity"].get("userName") == "writer":
                made += 1
                assert is_allowed, record["requestID"]
    assert gaps == 12
    assert made > 50
    print(f"{made} configurations, 12 times without the permission, none then")


@pytest.mark.parametrize("token", ["with", "without"])
def test_a_call_that_is_replayed_a_hundred_times_at_once_makes_one_broker(service, token):
    """The same bytes, signed once."""
    body = {
        "brokerName": f"replay-{token}", "engineType": "ACTIVEMQ", "engineVersion": "5.18", "hostInstanceType": "mq.t3.micro",
        "deploymentMode": "SINGLE_INSTANCE", "publiclyAccessible": False, "autoMinorVersionUpgrade": True,
        "users": [{"username": "admin", "password": "correct-horse-battery"}],
    }
    if token == "with":
        body["creatorRequestId"] = "the-same-every-time"
    request = signed.sign(signed.request(service, "POST", "/v1/brokers", json.dumps(body)))
    start, answers = threading.Barrier(100), []

    def send():
        start.wait()
        answers.append(signed.send(request))

    senders = [threading.Thread(target=send) for _ in range(100)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    statuses = sorted(answer.status for answer in answers)
    ids = {json.loads(answer.text)["brokerId"] for answer in answers if answer.status == 200}
    brokers = [
        broker for page in service.client("mq").get_paginator("list_brokers").paginate()
        for broker in page["BrokerSummaries"] if broker["BrokerName"] == body["brokerName"]
    ]
    assert (len(brokers), len(ids)) == (1, 1)
    assert statuses == ([200] * 100 if token == "with" else [200] + [409] * 99)
