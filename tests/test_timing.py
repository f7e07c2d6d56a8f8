"""Who has no key learns nothing from how long a refusal takes that its code does not say.

An unknown key and an inactive one, with the right signature or a wrong one, get the same answer and have to take the same time; so do
signatures that are wrong in the first digit and in the last. A wrong signature under an active key has a code of its own, as on AWS, and
a longer text: its time is printed, too.

The refusals are asked for in turn, in changing order, over one connection. For each pair it is counted how often the one took longer than
the other (the area under the ROC curve): 0.5 means that one answer tells nothing. ROUNDS is how often each is asked.
"""

import http.client
import itertools
import os
import random
import statistics
import time
import urllib.parse

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from conftest import ROOT_ID, ROOT_SECRET, Postern

ROUNDS = int(os.environ.get("ROUNDS", "500"))
TARGETS = {"mq": "/v1/broker-engine-types", "sts": "/?Action=GetCallerIdentity&Version=2011-06-15"}


def signed(endpoint, service, key, secret):
    request = AWSRequest("GET", endpoint + TARGETS[service])
    SigV4Auth(Credentials(key, secret), service, "us-east-1").add_auth(request)
    headers = dict(request.prepare().headers)
    return {name: value if isinstance(value, str) else value.decode() for name, value in headers.items()}


def changed(headers, at):
    """The same with another digit in the signature."""
    text = headers["Authorization"]
    at += len(text)
    digit = "0" if text[at] != "0" else "1"
    return {**headers, "Authorization": text[:at] + digit + text[at + 1:]}


def area(ones, others):
    """How often a value of the ones is over one of the others."""
    ranked = sorted([(value, 0) for value in ones] + [(value, 1) for value in others])
    below = total = 0
    for _, kind in ranked:
        if kind == 0:
            total += below
        else:
            below += 1
    return total / (len(ones) * len(others))


def test_refusals_with_the_same_code_take_the_same_time():
    postern = Postern("--driver", "simulate", "--api-rate", "100000", "--api-burst", "100000")
    try:
        key, secret = postern.user("off")
        postern.client("iam").update_access_key(UserName="off", AccessKeyId=key, Status="Inactive")
        address = urllib.parse.urlsplit(postern.endpoint)
        dice = random.Random(3)
        for service, target in TARGETS.items():
            connection = http.client.HTTPConnection(address.hostname, address.port)
            good = signed(postern.endpoint, service, ROOT_ID, ROOT_SECRET)
            connection.request("GET", target, headers=good)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
            requests = {
                "unknown key": signed(postern.endpoint, service, "AKIA" + "Q" * 16, secret),
                "inactive key": signed(postern.endpoint, service, key, secret),
                "inactive key, bad signature": signed(postern.endpoint, service, key, secret[::-1]),
                "wrong in the first digit": changed(good, -64),
                "wrong in the last digit": changed(good, -1),
            }
            same = ({"unknown key", "inactive key", "inactive key, bad signature"}, set(list(requests)[3:]))
            took, answers = {kind: [] for kind in requests}, {kind: set() for kind in requests}
            for turn in range(ROUNDS + 50):
                order = list(requests)
                dice.shuffle(order)
                for kind in order:
                    began = time.perf_counter_ns()
                    connection.request("GET", target, headers=requests[kind])
                    answer = connection.getresponse()
                    body = answer.read()
                    ended = time.perf_counter_ns()
                    code = answer.headers.get("x-amzn-errortype") or body.split(b"<Code>")[1].split(b"<")[0].decode()
                    answers[kind].add(code)
                    assert answer.status == 403, (kind, answer.status)
                    if turn >= 50:
                        took[kind].append((ended - began) / 1000)
            connection.close()
            for kind, values in took.items():
                low, middle, high = statistics.quantiles(values, n=4)
                print(f"{service} {kind}: {low:.0f} {middle:.0f} {high:.0f} µs (quartiles of {len(values)})")
            for one, other in itertools.combinations(took, 2):
                found = area(took[one], took[other])
                print(f"{service} {one} over {other}: {found:.3f}")
                if any({one, other} <= alike for alike in same):
                    assert answers[one] == answers[other] and len(answers[one]) == 1, answers
                    assert abs(found - 0.5) < 0.1, (service, one, other, found)
                else:
                    assert answers[one] != answers[other], answers
    finally:
        postern.close()
