"""Temporary credentials with AWS's own clients: who gets them, what they may do, and when they end."""

import datetime
import json
import ssl
import time
import urllib.error
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, Credentials
from botocore.exceptions import ClientError
from botocore.session import Session as BotocoreSession

from conftest import REGION, Postern

ACCOUNT = "111122223333"
# A key whose private part is nobody's any more, and a token that it signed when there was one.
RSA_MODULUS = (
    "u9mX45B3RGTEBLc7eW9SQUArXtObG4Sad5Ing4V5rfS37EOJo2wbbV4L3kQyp31FeZn-YrMJ2z0Z1QrqREJFR8uYnHC2Yx_oW6L3DIsVsDTao1"
    "sy8ZLimd9E7qV7XUrWxGLSGunf7DwNcRrjYl52Fcag8nZoPIyshCMagjUMwzYly8wBJZh4aV6wnzicwtQe7AXHRZ8kxj_LySyWDqSXxXLkAkeB"
    "QzCv4zrshCJDFzhs8ED2fTeNqYC9JeMo-DA9B4t3sbhqjMuV0agDDqgTLWPTmcEPNgKic58cfL1gNFnJxoOTW8bcquutwm05LX1Eoe1DiPOpB9"
    "bTSxIpYc3qrQ")
RSA_TOKEN = (
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYS0xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlL3RlbmFudCIsImF1ZC"
    "I6InN0cy5hbWF6b25hd3MuY29tIiwic3ViIjoicmVwbzphY21lL2FwcCIsImlhdCI6MTU3NzgzNjgwMCwiZXhwIjoxNTc3ODQwNDAwfQ.sOgj_"
    "XyEIRN8bAoT75P97tVL9Pqy72oiylr15uQ3udh9SX5rvIWeVZoU6YUIE9clHv0xa_RfOTaGqrVM5TP8yk5VCaAPla5hcESpnLxUdF3keHd5hcp"
    "jzP4Kuw_1ns3VHsNB1B7m4GNLCedEk0PVpYJ3b5LbNHjN_HxToohEvYFY5jz6dMzrRtlSnDR_kuSc7YUu0rtQ8y8H3rij_lQwiEs73aouMKglx"
    "8oVHVQuh_EW3zclBJRupmBPQ0xcIyC9U4FtoNtd4BS0rM6z2F-4-FWF2RAUGCwq1IdTKgqSe1ZcsFlYNIYA4oQDI72mn_TJH-LTZjp25-CL_2o"
    "sda17Zw")


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **condition):
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def trust(*principals, action="sts:AssumeRole", **condition):
    statement = {"Effect": "Allow", "Action": action, "Principal": {"AWS": list(principals)}}
    return {**statement, "Condition": condition} if condition else statement


def client(postern, service, credentials):
    """A client with temporary credentials."""
    return boto3.client(
        service, region_name=REGION, endpoint_url=postern.endpoint,
        aws_access_key_id=credentials["AccessKeyId"], aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"], config=Config(retries={"total_max_attempts": 1}),
        verify=f"{postern.folder}/data/ca.pem" if postern.endpoint.startswith("https") else None,
    )


def role(postern, name, trusted, *statements, **members):
    iam = postern.client("iam")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(*trusted), **members)["Role"]
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy(*statements))
    return made["Arn"]


def refusal(call, *args, **members):
    with pytest.raises(ClientError) as caught:
        call(*args, **members)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture(scope="module")
def jane(simulated):
    return simulated.user("sts-jane", {"Version": "2012-10-17", "Statement": [allow("sts:*"), allow("mq:List*")]})


def test_a_role_is_assumed_and_its_answer_has_the_models_shape(simulated, jane):
    arn = role(simulated, "sts-shape", [trust(ACCOUNT, action="sts:*")], allow("mq:*"))
    sts = simulated.client("sts", key=jane)
    answer = sts.assume_role(
        RoleArn=arn, RoleSessionName="me@here", DurationSeconds=900, Policy=policy(allow("mq:List*")),
        Tags=[{"Key": "team", "Value": "blue"}], SourceIdentity="jane.doe",
    )
    credentials = answer["Credentials"]
    assert credentials["AccessKeyId"].startswith("ASIA") and len(credentials["AccessKeyId"]) == 20
    assert len(credentials["SecretAccessKey"]) == 40 and len(credentials["SessionToken"]) < 4096
    left = credentials["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    assert 870 < left.total_seconds() <= 900
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/sts-shape/me@here"
    assert answer["AssumedRoleUser"]["AssumedRoleId"].endswith(":me@here")
    assert answer["SourceIdentity"] == "jane.doe" and 1 <= answer["PackedPolicySize"] <= 100
    shape = BotocoreSession().get_service_model("sts").operation_model("AssumeRole").output_shape
    assert set(answer) - {"ResponseMetadata"} == set(shape.members)

    mq = client(simulated, "mq", credentials)
    mq.list_brokers()
    code, message = refusal(mq.create_configuration, Name="c", EngineType="ACTIVEMQ", EngineVersion="5.18")
    assert (code, message) == (
        "AccessDeniedException",
        f"User: {answer['AssumedRoleUser']['Arn']} is not authorized to perform: mq:CreateConfiguration because no session "
        "policy allows the mq:CreateConfiguration action")
    who = client(simulated, "sts", credentials).get_caller_identity()
    assert (who["Account"], who["Arn"]) == (ACCOUNT, answer["AssumedRoleUser"]["Arn"])
    assert sts.get_access_key_info(AccessKeyId=credentials["AccessKeyId"])["Account"] == ACCOUNT


def test_botocore_assumes_a_role_by_itself(simulated, jane):
    """What a profile with role_arn and external_id does."""
    arn = role(simulated, "sts-profile", [trust(ACCOUNT, StringEquals={"sts:ExternalId": "id-42"})], allow("mq:*"))

    def fetch(external_id):
        return AssumeRoleCredentialFetcher(
            client_creator=lambda *_args, **_members: simulated.client("sts", key=jane),
            source_credentials=Credentials(*jane), role_arn=arn, extra_args={"ExternalId": external_id},
        ).fetch_credentials()

    with pytest.raises(ClientError) as caught:
        fetch("id-43")
    assert caught.value.response["Error"]["Code"] == "AccessDenied"
    fetched = fetch("id-42")
    mq = client(simulated, "mq", {
        "AccessKeyId": fetched["access_key"], "SecretAccessKey": fetched["secret_key"], "SessionToken": fetched["token"]})
    assert "BrokerSummaries" in mq.list_brokers()


def test_the_cli_uses_a_session_token(simulated, jane):
    made = simulated.aws("sts", "get-session-token", "--duration-seconds", "900", key=jane)["Credentials"]
    shown = client(simulated, "sts", made).get_caller_identity()
    assert shown["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/sts-jane"
    code, message = refusal(client(simulated, "iam", made).list_users)
    assert (code, message) == ("InvalidClientTokenId", "The security token included in the request is invalid")
    for call in ("get_session_token", "get_federation_token"):
        arguments = {"Name": "bob"} if call == "get_federation_token" else {}
        code, message = refusal(getattr(client(simulated, "sts", made), call), **arguments)
        assert code == "AccessDenied" and message.endswith("with session credentials")


def test_a_presigned_request_carries_its_token(simulated, jane):
    made = simulated.client("sts", key=jane).get_session_token()["Credentials"]
    url = client(simulated, "sts", made).generate_presigned_url("get_caller_identity", HttpMethod="GET")
    context = None
    if url.startswith("https"):
        context = ssl.create_default_context(cafile=f"{simulated.folder}/data/ca.pem")
    with urllib.request.urlopen(url, context=context) as answer:
        assert b"user/sts-jane" in answer.read()
    other = simulated.client("sts", key=jane).get_session_token()["Credentials"]["AccessKeyId"]
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(url.replace(made["AccessKeyId"], other), context=context)
    assert b"InvalidClientTokenId" in caught.value.read()


def test_federated_users_have_what_both_policies_allow(simulated, jane):
    sts = simulated.client("sts", key=jane)
    answer = sts.get_federation_token(Name="bob", Policy=policy(allow("*")))
    assert answer["FederatedUser"] == {
        "FederatedUserId": f"{ACCOUNT}:bob", "Arn": f"arn:aws:sts::{ACCOUNT}:federated-user/bob"}
    mq = client(simulated, "mq", answer["Credentials"])
    mq.list_brokers()
    code, message = refusal(mq.create_configuration, Name="c", EngineType="ACTIVEMQ", EngineVersion="5.18")
    assert code == "AccessDeniedException" and "no identity-based policy allows" in message
    nothing = sts.get_federation_token(Name="bob")["Credentials"]
    code, message = refusal(client(simulated, "mq", nothing).list_brokers)
    assert code == "AccessDeniedException" and "no session policy allows" in message


def test_tags_of_a_session_decide_and_are_handed_on(simulated, jane):
    by_tag = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
    first = role(simulated, "sts-first", [trust(ACCOUNT, action="sts:*")], allow("sts:*"))
    second = role(simulated, "sts-second", [trust(ACCOUNT, action="sts:*")], allow("mq:*", **by_tag))
    sts = simulated.client("sts", key=jane)
    for value, transitive, expected in [("blue", ["team"], True), ("blue", [], False), ("red", ["team"], False)]:
        begun = sts.assume_role(
            RoleArn=first, RoleSessionName="one", Tags=[{"Key": "team", "Value": value}], TransitiveTagKeys=transitive)
        chained = client(simulated, "sts", begun["Credentials"]).assume_role(RoleArn=second, RoleSessionName="two")
        mq = client(simulated, "mq", chained["Credentials"])
        if expected:
            mq.list_brokers()
        else:
            assert refusal(mq.list_brokers)[0] == "AccessDeniedException"
    code, message = refusal(
        client(simulated, "sts", begun["Credentials"]).assume_role, RoleArn=second, RoleSessionName="two", DurationSeconds=3601)
    assert code == "ValidationError" and "1 hour session limit" in message


def test_a_token_of_a_provider_is_verified_with_the_keys_of_its_file(tmp_path):
    """The token was signed by a key that is gone, and its time is over: that is said only of a token that is genuine."""
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"keys": [{"kty": "RSA", "kid": "rsa-1", "n": RSA_MODULUS, "e": "AQAB"}]}))
    tmp_path.chmod(0o755)
    postern = Postern(
        "--driver", "simulate", "--simulate-start-ms", "0", "--oidc-keys", f"https://idp.example/tenant={keys}")
    try:
        iam = postern.client("iam")
        provider = iam.create_open_id_connect_provider(
            Url="https://idp.example/tenant", ClientIDList=["sts.amazonaws.com"])["OpenIDConnectProviderArn"]
        trusted = {
            "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": provider},
            "Condition": {"StringEquals": {"idp.example/tenant:sub": "repo:acme/app"}}}
        arn = role(postern, "ci", [trusted], allow("mq:*"))
        # botocore does not sign this call.
        sts = postern.client("sts")

        def ask(token):
            return refusal(
                sts.assume_role_with_web_identity, RoleArn=arn, RoleSessionName="one", WebIdentityToken=token)

        code, message = ask(RSA_TOKEN)
        assert code == "ExpiredTokenException" and "must be before the expiration date/time 1577840400" in message
        assert ask(RSA_TOKEN[:-4] + "AAAA")[0] == "InvalidIdentityToken"
        assert ask("nonsense")[0] == "InvalidIdentityToken"
    finally:
        postern.close()


def test_a_session_survives_kills_and_ends_by_revocation_and_deletion():
    postern = Postern("--driver", "simulate", "--simulate-start-ms", "0")
    try:
        iam = postern.client("iam")
        key = postern.user("jane", {"Version": "2012-10-17", "Statement": [allow("sts:*")]})
        arn = role(postern, "ops", [trust(ACCOUNT)], allow("mq:*"))
        made = postern.client("sts", key=key).assume_role(RoleArn=arn, RoleSessionName="one")["Credentials"]
        postern.kill()
        postern.start()
        iam = postern.client("iam")
        client(postern, "mq", made).list_brokers()
        # As the console's "Revoke active sessions" does it, from the next second on.
        moment = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(seconds=1)
        older = {"DateLessThan": {"aws:TokenIssueTime": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")}}
        iam.put_role_policy(
            RoleName="ops", PolicyName="AWSRevokeOlderSessions",
            PolicyDocument=policy({"Effect": "Deny", "Action": ["*"], "Resource": ["*"], "Condition": older}))
        code, message = refusal(client(postern, "mq", made).list_brokers)
        assert code == "AccessDeniedException" and "with an explicit deny in an identity-based policy" in message
        while datetime.datetime.now(datetime.timezone.utc) < moment:
            time.sleep(0.05)
        later = postern.client("sts", key=key).assume_role(RoleArn=arn, RoleSessionName="two")["Credentials"]
        client(postern, "mq", later).list_brokers()
        for name in ("p", "AWSRevokeOlderSessions"):
            iam.delete_role_policy(RoleName="ops", PolicyName=name)
        iam.delete_role(RoleName="ops")
        code, message = refusal(client(postern, "mq", later).list_brokers)
        assert (code, message) == (
            "UnrecognizedClientException", "The security token included in the request is invalid")
        # Nothing of a session is kept but its record, and there only what is no secret.
        text = json.dumps(postern.audit())
        for credentials in (made, later):
            assert credentials["AccessKeyId"] in text
            assert credentials["SecretAccessKey"] not in text and credentials["SessionToken"] not in text
    finally:
        postern.close()
