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


def trust(principal):
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}],
    }


def roles():
    text = json.dumps(trust({"Service": "ec2.amazonaws.com"}))
    read = "arn:aws:iam::aws:policy/AmazonMQReadOnlyAccess"
    role = iam.create_role(
        RoleName="worker",
        AssumeRolePolicyDocument=text,
        PermissionsBoundary=read,
        Tags=[{"Key": "a", "Value": "1"}],
    )["Role"]
    assert role["AssumeRolePolicyDocument"] == json.loads(text), role
    assert iam.get_role(RoleName="worker")["Role"]["MaxSessionDuration"] == 3600
    assert len(iam.list_roles()["Roles"]) == 1
    name = {"RoleName": "worker"}
    iam.update_role(MaxSessionDuration=7200, **name)
    iam.update_role_description(Description="d", **name)
    iam.update_assume_role_policy(PolicyDocument=json.dumps(trust({"AWS": "*"})), **name)
    iam.put_role_policy(PolicyName="p", PolicyDocument=json.dumps(document("mq:*")), **name)
    assert iam.get_role_policy(PolicyName="p", **name)["PolicyDocument"] == document("mq:*")
    assert iam.list_role_policies(**name)["PolicyNames"] == ["p"]
    iam.attach_role_policy(PolicyArn=read, **name)
    assert len(iam.list_attached_role_policies(**name)["AttachedPolicies"]) == 1
    assert iam.list_entities_for_policy(PolicyArn=read)["PolicyRoles"][0]["RoleName"] == "worker"
    iam.tag_role(Tags=[{"Key": "b", "Value": "2"}], **name)
    iam.untag_role(TagKeys=["a"], **name)
    assert iam.list_role_tags(**name)["Tags"] == [{"Key": "b", "Value": "2"}]

    profile = {"InstanceProfileName": "machine"}
    iam.create_instance_profile(**profile)
    iam.add_role_to_instance_profile(**profile, **name)
    got = iam.get_instance_profile(**profile)["InstanceProfile"]
    assert got["Roles"][0]["RoleName"] == "worker", got
    assert len(iam.list_instance_profiles()["InstanceProfiles"]) == 1
    assert len(iam.list_instance_profiles_for_role(**name)["InstanceProfiles"]) == 1
    iam.tag_instance_profile(Tags=[{"Key": "a", "Value": "1"}], **profile)
    iam.untag_instance_profile(TagKeys=["a"], **profile)
    assert iam.list_instance_profile_tags(**profile)["Tags"] == []

    details = iam.get_account_authorization_details()
    assert details["RoleDetailList"][0]["InstanceProfileList"], details
    iam.remove_role_from_instance_profile(**profile, **name)
    iam.delete_instance_profile(**profile)
    iam.detach_role_policy(PolicyArn=read, **name)
    iam.delete_role_policy(PolicyName="p", **name)
    iam.delete_role_permissions_boundary(**name)
    iam.put_role_permissions_boundary(PermissionsBoundary=read, **name)
    iam.delete_role(**name)


def service_linked_roles():
    role = iam.create_service_linked_role(AWSServiceName="mq.amazonaws.com")["Role"]
    task = iam.delete_service_linked_role(RoleName=role["RoleName"])["DeletionTaskId"]
    status = iam.get_service_linked_role_deletion_status(DeletionTaskId=task)
    assert status["Status"] == "SUCCEEDED", status


def account():
    iam.create_account_alias(AccountAlias="my-account")
    assert iam.list_account_aliases()["AccountAliases"] == ["my-account"]
    iam.delete_account_alias(AccountAlias="my-account")
    summary = iam.get_account_summary()["SummaryMap"]
    assert summary["AccessKeysPerUserQuota"] == 2 and summary["Policies"] == 1, summary
    iam.update_account_password_policy(MinimumPasswordLength=12, RequireNumbers=True)
    policy = iam.get_account_password_policy()["PasswordPolicy"]
    assert policy["MinimumPasswordLength"] == 12 and policy["ExpirePasswords"] is False, policy
    iam.delete_account_password_policy()
    iam.create_user(UserName="mary", Tags=[{"Key": "a", "Value": "1"}])
    iam.create_group(GroupName="all")
    iam.add_user_to_group(GroupName="all", UserName="mary")
    details = iam.get_account_authorization_details(Filter=["User", "Group", "LocalManagedPolicy"])
    assert details["UserDetailList"][0]["GroupList"] == ["all"], details
    assert details["Policies"][0]["PolicyVersionList"][0]["Document"] == document("mq:List*")
    assert details["RoleDetailList"] == []


def login_profiles():
    made = iam.create_login_profile(UserName="mary", Password="Tr0ub4dor-3")["LoginProfile"]
    assert made["PasswordResetRequired"] is False, made
    iam.update_login_profile(UserName="mary", PasswordResetRequired=True)
    assert iam.get_login_profile(UserName="mary")["LoginProfile"]["PasswordResetRequired"] is True
    iam.delete_login_profile(UserName="mary")


def what_there_never_is():
    name = {"UserName": "mary"}
    assert iam.list_ssh_public_keys(**name)["SSHPublicKeys"] == []
    assert iam.list_mfa_devices(**name)["MFADevices"] == []
    assert iam.list_virtual_mfa_devices()["VirtualMFADevices"] == []
    assert iam.list_signing_certificates(**name)["Certificates"] == []
    assert iam.list_service_specific_credentials(**name)["ServiceSpecificCredentials"] == []
    assert iam.list_server_certificates()["ServerCertificateMetadataList"] == []
    refused(
        "NoSuchEntity", "The user with name nobody cannot be found.", iam.list_mfa_devices, UserName="nobody"
    )


def providers():
    made = iam.create_open_id_connect_provider(
        Url="https://issuer.example/a", ClientIDList=["one"], ThumbprintList=["a" * 40]
    )
    arn = {"OpenIDConnectProviderArn": made["OpenIDConnectProviderArn"]}
    assert made["OpenIDConnectProviderArn"].endswith(":oidc-provider/issuer.example/a"), made
    iam.add_client_id_to_open_id_connect_provider(ClientID="two", **arn)
    iam.remove_client_id_from_open_id_connect_provider(ClientID="one", **arn)
    iam.update_open_id_connect_provider_thumbprint(ThumbprintList=["b" * 40], **arn)
    iam.tag_open_id_connect_provider(Tags=[{"Key": "a", "Value": "1"}], **arn)
    assert iam.list_open_id_connect_provider_tags(**arn)["Tags"] == [{"Key": "a", "Value": "1"}]
    got = iam.get_open_id_connect_provider(**arn)
    assert got["Url"] == "issuer.example/a" and got["ClientIDList"] == ["two"], got
    iam.untag_open_id_connect_provider(TagKeys=["a"], **arn)
    assert len(iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]) == 1
    iam.delete_open_id_connect_provider(**arn)

    metadata = (
        '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x">'
        + "<!-- filler -->" * 80
        + "</EntityDescriptor>"
    )
    made = iam.create_saml_provider(Name="corp", SAMLMetadataDocument=metadata)
    arn = {"SAMLProviderArn": made["SAMLProviderArn"]}
    assert iam.get_saml_provider(**arn)["SAMLMetadataDocument"] == metadata
    iam.update_saml_provider(SAMLMetadataDocument=metadata, **arn)
    iam.tag_saml_provider(Tags=[{"Key": "a", "Value": "1"}], **arn)
    iam.untag_saml_provider(TagKeys=["A"], **arn)
    assert iam.list_saml_provider_tags(**arn)["Tags"] == []
    assert len(iam.list_saml_providers()["SAMLProviderList"]) == 1
    iam.delete_saml_provider(**arn)
    refused(
        "NoSuchEntity", f"Manifest not found for arn {arn['SAMLProviderArn']}", iam.get_saml_provider, **arn
    )


for part in (
    users,
    access_keys,
    inline_policies,
    managed_policies,
    groups,
    more_of_users,
    policy_versions,
    roles,
    service_linked_roles,
    account,
    login_profiles,
    what_there_never_is,
    providers,
):
    part()
print(f"{len(called)} operations called and compared with the model")
