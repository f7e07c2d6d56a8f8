"""Who is let in: presigned, expired, tampered with and unsigned requests get AWS's answers."""

import datetime
import json
import re

import pytest

from conftest import ROOT_ID, broker_request
from signed import ROOT, request, send, sign

MINUTES = {minutes: datetime.timedelta(minutes=minutes) for minutes in (-16, -6, -4, 4, 6, 16)}
WRONG_SIGNATURE = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and "
    "signing method. Consult the service documentation for details."
)


def test_a_signed_request_is_answered(simulated):
    answer = send(sign(request(simulated)))
    assert answer.status == 200, answer.text
    assert "brokerSummaries" in json.loads(answer.text)


def test_an_unsigned_request_lacks_an_authentication_token(simulated):
    answer = send(request(simulated))
    assert (answer.status, answer.code) == (403, "MissingAuthenticationTokenException")
    assert answer.message == "Missing Authentication Token"
    assert re.fullmatch("[0-9a-f-]{36}", answer.headers["x-amzn-RequestId"])
    assert answer.headers["Date"]


def test_an_unsigned_request_creates_nothing(simulated):
    before = len(simulated.client("mq").list_brokers(MaxResults=100)["BrokerSummaries"])
    body = json.dumps({"brokerName": "unsigned", "engineType": "ACTIVEMQ"})
    answer = send(request(simulated, "POST", "/v1/brokers", body))
    assert (answer.status, answer.code) == (403, "MissingAuthenticationTokenException")
    assert len(simulated.client("mq").list_brokers(MaxResults=100)["BrokerSummaries"]) == before


def test_a_presigned_request_is_answered(simulated):
    answer = send(sign(request(simulated), expires=60))
    assert answer.status == 200, answer.text


def test_a_presigned_request_is_good_for_its_seconds_only(simulated):
    answer = send(sign(request(simulated), expires=60, late=datetime.timedelta(seconds=-90)))
    assert (answer.status, answer.code) == (403, "InvalidSignatureException")
    assert answer.message.startswith("Signature expired: ")


def test_a_presigned_request_with_another_parameter_is_refused(simulated):
    signed = sign(request(simulated), expires=60)
    signed.url += "&maxResults=5"
    answer = send(signed)
    assert (answer.status, answer.code, answer.message.splitlines()[0]) == (
        403, "InvalidSignatureException", WRONG_SIGNATURE
    )


def test_a_presigned_request_may_not_be_sent_with_another_method(simulated):
    signed = sign(request(simulated), expires=60)
    signed.method = "DELETE"
    assert send(signed).status == 403


@pytest.mark.parametrize("minutes", [-6, 6])
def test_mq_allows_five_minutes_of_difference_between_clocks(simulated, minutes):
    answer = send(sign(request(simulated), late=MINUTES[minutes]))
    assert (answer.status, answer.code) == (403, "InvalidSignatureException")
    if minutes < 0:
        assert re.fullmatch(
            r"Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)", answer.message
        )
    else:
        assert re.fullmatch(
            r"Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 5 min\.\)",
            answer.message,
        )


@pytest.mark.parametrize("minutes", [-4, 4])
def test_a_clock_that_is_four_minutes_off_is_good_enough(simulated, minutes):
    assert send(sign(request(simulated), late=MINUTES[minutes])).status == 200


@pytest.mark.parametrize(("minutes", "status"), [(-16, 403), (-6, 200), (6, 200), (16, 403)])
def test_sts_allows_fifteen_minutes(simulated, minutes, status):
    asked = request(simulated, "POST", "/", "Action=GetCallerIdentity&Version=2011-06-15")
    asked.headers.replace_header("Content-Type", "application/x-www-form-urlencoded")
    answer = send(sign(asked, service="sts", late=MINUTES[minutes]))
    assert answer.status == status
    if status == 403:
        assert "<Code>SignatureDoesNotMatch</Code>" in answer.text
        assert "15 min.)" in answer.text


def tampered_path(signed):
    signed.url = signed.url.replace("/v1/brokers", "/v1/configurations")


def tampered_body(signed):
    signed.data = signed.data.replace("mq.t3.micro", "mq.m5.large")


def tampered_signature(signed):
    text = signed.headers["Authorization"]
    signed.headers.replace_header("Authorization", text[:-1] + ("0" if text[-1] != "0" else "1"))


def tampered_date(signed):
    date = signed.headers["X-Amz-Date"]
    signed.headers.replace_header("X-Amz-Date", date[:-3] + f"{(int(date[-3:-1]) + 1) % 60:02d}Z")


def tampered_type(signed):
    signed.headers.replace_header("Content-Type", "text/plain")


@pytest.mark.parametrize(
    "tamper", [tampered_path, tampered_body, tampered_signature, tampered_date, tampered_type],
    ids=lambda tamper: tamper.__name__,
)
def test_a_request_that_was_changed_on_its_way_is_refused(simulated, tamper):
    members = broker_request("tampered")
    body = json.dumps({name[0].lower() + name[1:]: value for name, value in members.items() if name != "Users"})
    signed = sign(request(simulated, "POST", "/v1/brokers", body))
    tamper(signed)
    answer = send(signed)
    assert (answer.status, answer.code) == (403, "InvalidSignatureException")
    assert answer.message.splitlines()[0] == WRONG_SIGNATURE


def test_another_secret_makes_a_wrong_signature(simulated):
    answer = send(sign(request(simulated), (ROOT_ID, "not+the/secret")))
    assert (answer.status, answer.code, answer.message.splitlines()[0]) == (
        403, "InvalidSignatureException", WRONG_SIGNATURE
    )


def test_an_unknown_key_is_an_invalid_token(simulated):
    answer = send(sign(request(simulated), ("AKIAIOSFODNN7UNKNOWN", "secret")))
    assert (answer.status, answer.code) == (403, "UnrecognizedClientException")
    assert answer.message == "The security token included in the request is invalid."


@pytest.mark.parametrize(
    ("scope", "message"),
    [
        ({"region": "eu-west-9"}, "Credential should be scoped to a valid region, not 'eu-west-9'."),
        ({"service": "sqs"}, "Credential should be scoped to correct service: 'mq'."),
    ],
    ids=["region", "service"],
)
def test_a_signature_for_elsewhere_is_refused(simulated, scope, message):
    answer = send(sign(request(simulated), ROOT, **scope))
    assert (answer.status, answer.code) == (403, "InvalidSignatureException")
    assert message in answer.message


def test_an_authorization_header_without_its_parts_names_them(simulated):
    asked = request(simulated)
    asked.headers["Authorization"] = "AWS4-HMAC-SHA256"
    answer = send(asked)
    assert (answer.status, answer.code) == (403, "IncompleteSignatureException")
    for part in ("'Credential'", "'Signature'", "'SignedHeaders'", "'X-Amz-Date'"):
        assert part in answer.message


def test_header_and_query_authentication_together_are_refused(simulated):
    signed = sign(request(simulated), expires=60)
    signed.headers["Authorization"] = sign(request(simulated)).headers["Authorization"]
    answer = send(signed)
    assert (answer.status, answer.code) == (403, "InvalidSignatureException")


def test_a_signed_request_for_a_path_that_is_not_there_looks_like_one_without_a_token(simulated):
    answer = send(sign(request(simulated, path="/v1/nothing-here")))
    assert (answer.status, answer.code) == (403, "MissingAuthenticationTokenException")


def test_no_answer_shows_a_secret_or_a_signature(simulated):
    signed = sign(request(simulated), (ROOT_ID, "not+the/secret"))
    signature = re.search("Signature=([0-9a-f]{64})", signed.headers["Authorization"]).group(1)
    answer = send(signed)
    assert signature not in answer.text
    assert ROOT[1] not in answer.text
    assert signature not in simulated.log_text()
