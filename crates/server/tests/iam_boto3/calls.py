"""Calls IAM's operations with boto3 and compares each answer with botocore's service model.

Usage: calls.py ENDPOINT. The last line printed is the number of operations that were called.
"""

import json
import sys
import xml.etree.ElementTree as ElementTree

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = sys.argv[1]
config = Config(retries={"total_max_attempts": 1})
iam = boto3.client("iam", endpoint_url=endpoint, config=config)
sts = boto3.client("sts", endpoint_url=endpoint, config=config)
called = set()


def name(element):
    return element.tag.split("}")[-1]


def compare(element, shape, where):
    """Compares an element with a shape of the model."""
    if shape.type_name == "structure":
        members = list(shape.members)
        seen = [name(child) for child in element]
        assert len(seen) == len(set(seen)), f"{where}: {seen}"
        unknown = [child for child in seen if child not in members]
        assert not unknown, f"{where}: {unknown} not in the model"
        # AWS answers GetCallerIdentity in another order than the model's.
        in_order = where == "GetCallerIdentity" or seen == sorted(seen, key=members.index)
        assert in_order, f"{where}: {seen} is not the order {members}"
        missing = [member for member in shape.required_members if member not in seen]
        root_alone = {"UserName", "Path"}  # the account's root has neither
        assert not set(missing) - root_alone, f"{where}: {missing} missing"
        for child in element:
            compare(child, shape.members[name(child)], f"{where}.{name(child)}")
    elif shape.type_name == "list":
        for child in element:
            assert name(child) == "member", f"{where}: {name(child)}"
            compare(child, shape.member, f"{where}[]")
    elif shape.type_name == "map":
        for entry in element:
            assert [name(child) for child in entry] == ["key", "value"], where
    elif shape.type_name == "timestamp":
        assert len(element.text) == 20 and element.text.endswith("Z"), f"{where}: {element.text}"
    elif shape.type_name == "boolean":
        assert element.text in ("true", "false"), f"{where}: {element.text}"
    elif shape.type_name == "integer":
        int(element.text)


def check(model, http_response, **_):
    """Runs on every answer that is no error."""
    if http_response.status_code >= 300:
        return
    called.add(model.name)
    root = ElementTree.fromstring(http_response.content)
    assert name(root) == model.name + "Response", root.tag
    parts = {name(child): child for child in root}
    assert set(parts) <= {model.name + "Result", "ResponseMetadata"}, parts
    result = parts.get(model.name + "Result")
    if model.output_shape is None:
        assert result is None
    elif result is None:
        assert not model.output_shape.required_members
    else:
        compare(result, model.output_shape, model.name)


def patch(client):
    """Looks at every answer on its way to the parser."""
    send = client._endpoint.make_request

    def make_request(model, request):
        response, parsed = send(model, request)
        check(model, response)
        return response, parsed

    client._endpoint.make_request = make_request


patch(iam)
patch(sts)


def refused(code, message, call, **members):
    try:
        call(**members)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        assert error.response["Error"]["Message"] == message, error
    else:
        raise AssertionError(f"{code} expected")


def document(action):
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}],
    }


def users():
    account = sts.get_caller_identity()["Account"]
    assert iam.get_user()["User"]["Arn"] == f"arn:aws:iam::{account}:root"
    user = iam.create_user(UserName="jane", Path="/a/", Tags=[{"Key": "k", "Value": "v"}])["User"]
    assert user["Tags"] == [{"Key": "k", "Value": "v"}], user
    refused(
        "EntityAlreadyExists", "User with name Jane already exists.", iam.create_user, UserName="Jane"
    )
    for index in range(3):
        iam.create_user(UserName=f"user{index}")
    pages = iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 2})
    assert len([user for page in pages for user in page["Users"]]) == 4
    for index in range(3):
        iam.delete_user(UserName=f"user{index}")
    refused("NoSuchEntity", "The user with name user1 cannot be found.", iam.get_user, UserName="user1")


def access_keys():
    key = iam.create_access_key(UserName="jane")["AccessKey"]
    jane = boto3.client(
        "sts",
        endpoint_url=endpoint,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    assert jane.get_caller_identity()["Arn"].endswith(":user/a/jane")
    iam.update_access_key(UserName="jane", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    refused(
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
        jane.get_caller_identity,
    )
    assert iam.list_access_keys(UserName="jane")["AccessKeyMetadata"][0]["Status"] == "Inactive"
    iam.delete_access_key(UserName="jane", AccessKeyId=key["AccessKeyId"])
    own = iam.create_access_key()["AccessKey"]
    assert len(iam.list_access_keys()["AccessKeyMetadata"]) == 2
    iam.delete_access_key(AccessKeyId=own["AccessKeyId"])


def inline_policies():
    iam.put_user_policy(
        UserName="jane", PolicyName="p", PolicyDocument=json.dumps(document("mq:*"))
    )
    got = iam.get_user_policy(UserName="jane", PolicyName="p")
    assert got["PolicyDocument"] == document("mq:*"), got
    assert iam.list_user_policies(UserName="jane")["PolicyNames"] == ["p"]
    iam.delete_user_policy(UserName="jane", PolicyName="p")


def managed_policies():
    made = iam.create_policy(
        PolicyName="own",
        PolicyDocument=json.dumps(document("mq:List*")),
        Description="d",
        Tags=[{"Key": "k", "Value": ""}],
    )["Policy"]
    full = "arn:aws:iam::aws:policy/AmazonMQFullAccess"
    assert iam.get_policy(PolicyArn=full)["Policy"]["IsAttachable"] is True
    for arn in (made["Arn"], full):
        iam.attach_user_policy(UserName="jane", PolicyArn=arn)
    assert iam.get_policy(PolicyArn=made["Arn"])["Policy"]["AttachmentCount"] == 1
    pages = iam.get_paginator("list_attached_user_policies").paginate(
        UserName="jane", PaginationConfig={"PageSize": 1}
    )
    assert [p["PolicyName"] for page in pages for p in page["AttachedPolicies"]] == [
        "AmazonMQFullAccess",
        "own",
    ]
    for arn in (made["Arn"], full):
        iam.detach_user_policy(UserName="jane", PolicyArn=arn)
    iam.delete_user(UserName="jane")


def groups():
    iam.create_user(UserName="adam")
    iam.create_group(GroupName="ops", Path="/g/")
    iam.add_user_to_group(GroupName="ops", UserName="adam")
    assert iam.get_group(GroupName="ops")["Users"][0]["UserName"] == "adam"
    assert len(iam.list_groups()["Groups"]) == 1
    assert len(iam.list_groups_for_user(UserName="adam")["Groups"]) == 1
    iam.update_group(GroupName="ops", NewGroupName="people")
    name = {"GroupName": "people"}
    iam.put_group_policy(PolicyName="p", PolicyDocument=json.dumps(document("mq:*")), **name)
    assert iam.get_group_policy(PolicyName="p", **name)["PolicyDocument"] == document("mq:*")
    assert iam.list_group_policies(**name)["PolicyNames"] == ["p"]
    iam.delete_group_policy(PolicyName="p", **name)
    full = "arn:aws:iam::aws:policy/AmazonMQFullAccess"
    iam.attach_group_policy(PolicyArn=full, **name)
    assert len(iam.list_attached_group_policies(**name)["AttachedPolicies"]) == 1
    assert iam.list_entities_for_policy(PolicyArn=full)["PolicyGroups"][0]["GroupName"] == "people"
    iam.detach_group_policy(PolicyArn=full, **name)
    iam.remove_user_from_group(UserName="adam", **name)
    iam.delete_group(**name)


def more_of_users():
    iam.update_user(UserName="adam", NewUserName="eve", NewPath="/b/")
    iam.tag_user(UserName="eve", Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    iam.untag_user(UserName="eve", TagKeys=["A"])
    assert iam.list_user_tags(UserName="eve")["Tags"] == [{"Key": "b", "Value": "2"}]
    read = "arn:aws:iam::aws:policy/AmazonMQReadOnlyAccess"
    iam.put_user_permissions_boundary(UserName="eve", PermissionsBoundary=read)
    boundary = iam.get_user(UserName="eve")["User"]["PermissionsBoundary"]
    assert boundary["PermissionsBoundaryArn"] == read
    assert iam.get_policy(PolicyArn=read)["Policy"]["PermissionsBoundaryUsageCount"] == 1
    iam.delete_user_permissions_boundary(UserName="eve")
    key = iam.create_access_key(UserName="eve")["AccessKey"]["AccessKeyId"]
    used = iam.get_access_key_last_used(AccessKeyId=key)
    assert used["AccessKeyLastUsed"]["ServiceName"] == "N/A", used
    iam.delete_access_key(UserName="eve", AccessKeyId=key)
    iam.delete_user(UserName="eve")


def policy_versions():
    text = json.dumps(document("mq:List*"))
    arn = iam.create_policy(PolicyName="versions", PolicyDocument=text)["Policy"]["Arn"]
    made = iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)
    assert made["PolicyVersion"]["VersionId"] == "v2", made
    got = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
    assert got["Document"] == document("mq:List*") and not got["IsDefaultVersion"], got
    assert len(iam.list_policy_versions(PolicyArn=arn)["Versions"]) == 2
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "a", "Value": "1"}])
    assert iam.list_policy_tags(PolicyArn=arn)["Tags"] == [{"Key": "a", "Value": "1"}]
    iam.untag_policy(PolicyArn=arn, TagKeys=["a"])
    assert {"versions", "own"} == {
        policy["PolicyName"] for policy in iam.list_policies(Scope="Local")["Policies"]
    }
    assert len(iam.list_policies(Scope="AWS")["Policies"]) >= 5
    iam.delete_policy(PolicyArn=arn)


for part in (
    users,
    access_keys,
    inline_policies,
    managed_policies,
    groups,
    more_of_users,
    policy_versions,
):
    part()
print(f"{len(called)} operations called and compared with the model")
