"""Prints random requests signed by botocore, one JSON object a line.

Usage: botocore_sign.py COUNT SEED

Two thirds are made by hand and signed by botocore's signers, header and query;
one third are what boto3's clients would send, taken before they are sent.
Tried with boto3 1.44.8.
"""

import base64
import datetime
import json
import random
import sys
from urllib.parse import quote, urlsplit

import boto3
import botocore.auth
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from botocore.credentials import Credentials

KEY_ID = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE//+/token=="
REGION = "eu-west-1"
NOW = datetime.datetime(2023, 11, 14, 22, 13, 20, tzinfo=datetime.timezone.utc)

botocore.auth.get_current_datetime = lambda *args, **kwargs: NOW

LETTERS = "abcxyzABC019-_.~ /:;=@%&+!$'()*,?#[]éሴ𝄞\n\t\"<>|\\"


def text(rng, longest):
    return "".join(rng.choice(LETTERS) for _ in range(rng.randint(0, longest)))


def header_value(rng):
    words = ["a", "value,  more", '"q   q"', "x=1;y=2", "b\tc", ":", " lead", "trail "]
    return " ".join(rng.choice(words) for _ in range(rng.randint(0, 4)))


def line(method, url, headers, body, service):
    parts = urlsplit(url)
    target = parts.path or "/"
    if parts.query:
        target += "?" + parts.query
    headers = [[str(name), value.decode() if isinstance(value, bytes) else str(value)]
               for name, value in headers]
    if not any(name.lower() == "host" for name, _ in headers):
        headers.append(["Host", parts.netloc])
    if body is None:
        body = b""
    if isinstance(body, str):
        body = body.encode()
    print(json.dumps({
        "method": method, "target": target, "headers": headers, "service": service,
        "body": base64.b64encode(body).decode(),
    }))


def by_hand(rng):
    service = rng.choice(["mq", "iam", "sts", "ec2"])
    credentials = Credentials(KEY_ID, SECRET, rng.choice([None, TOKEN]))
    host = rng.choice(["mq.example.com", "localhost:8443", "127.0.0.1:9000"])
    segments = []
    for _ in range(rng.randint(0, 5)):
        # Dot segments stand inside and never climb above the root.
        segments.append(rng.choice(["", ".", "s/..", "t" + quote(text(rng, 10), safe="-_.~:@!$'()*,;=")]))
    path = "/" + "/".join(segments + [rng.choice(["", "end"])])
    url = "https://" + host + path
    presigned = rng.random() < 0.5
    method = rng.choice(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"])
    pairs = [(text(rng, 6), text(rng, 12)) for _ in range(rng.randint(0, 4))]
    params = None
    if rng.random() < 0.5:
        params = dict(pairs)
    elif pairs:
        # As botocore sends queries it was handed: canonical already.
        url += "?" + "&".join(quote(k or "k", safe="-_.~") + "=" + quote(v, safe="-_.~")
                              for k, v in pairs)
    body = rng.randbytes(rng.choice([0, 0, 10, 600, 20000])) if not presigned else b""
    request = AWSRequest(method=method, url=url, data=body, params=params)
    for _ in range(rng.randint(0, 5)):
        name = rng.choice(["Content-Type", "My-Header", "my-header", "X-Amz-Target", "x-amz-meta-a",
                           "Accept", "User-Agent", "Expect", "z"])
        request.headers[name] = header_value(rng)
    if not presigned and rng.random() < 0.3:
        hashed = SigV4Auth(credentials, service, REGION).payload(request)
        request.headers["X-Amz-Content-SHA256"] = hashed
    if presigned:
        expires = rng.choice([60, 120, 604800])
        SigV4QueryAuth(credentials, service, REGION, expires=expires).add_auth(request)
    else:
        SigV4Auth(credentials, service, REGION).add_auth(request)
    url = request.prepare().url
    line(method, url, request.headers.items(), body, service)


class Captured:
    """Clients whose requests are taken instead of sent."""

    def __init__(self):
        self.request = None
        self.clients = {}
        for service in ["mq", "iam", "sts", "ec2"]:
            for token in [None, TOKEN]:
                client = boto3.client(
                    service, region_name=REGION, aws_access_key_id=KEY_ID,
                    aws_secret_access_key=SECRET, aws_session_token=token,
                    endpoint_url="https://localhost:8443",
                    config=Config(retries={"max_attempts": 0}, parameter_validation=False),
                )
                client.meta.events.register("before-send.*.*", self.take)
                self.clients[service, token] = client

    def take(self, request, **kwargs):
        self.request = request
        return AWSResponse(request.url, 500, {}, None)

    def call(self, rng):
        service = rng.choice(["mq", "mq", "iam", "sts", "ec2"])
        client = self.clients[service, rng.choice([None, TOKEN])]
        name = text(rng, 12) or "n"
        arn = "arn:aws:mq:eu-west-1:123456789012:broker:" + name + ":b-1234"
        operation, arguments = rng.choice({
            "mq": [
                ("list_tags", {"ResourceArn": arn}),
                ("delete_tags", {"ResourceArn": arn, "TagKeys": [text(rng, 8), text(rng, 8)]}),
                ("create_tags", {"ResourceArn": arn, "Tags": {"k": text(rng, 30)}}),
                ("describe_broker", {"BrokerId": name}),
                ("create_user", {"BrokerId": name, "Username": text(rng, 9) or "u", "Password": "p" * 12}),
                ("list_brokers", {"MaxResults": rng.randint(1, 99), "NextToken": text(rng, 20)}),
            ],
            "iam": [
                ("get_user", {"UserName": name}),
                ("create_policy", {"PolicyName": name, "PolicyDocument": text(rng, 500)}),
                ("tag_user", {"UserName": name, "Tags": [{"Key": "k", "Value": text(rng, 20)}]}),
            ],
            "sts": [
                ("get_caller_identity", {}),
                ("assume_role", {"RoleArn": arn, "RoleSessionName": name}),
            ],
            "ec2": [
                ("describe_vpcs", {"Filters": [{"Name": "tag:" + name, "Values": [text(rng, 9)]}]}),
                ("create_security_group", {"GroupName": name, "Description": text(rng, 40)}),
            ],
        }[service])
        if service != "mq" and rng.random() < 0.3:
            method = rng.choice(["GET", "POST"])
            url = client.generate_presigned_url(operation, Params=arguments, ExpiresIn=120,
                                                HttpMethod=method)
            line(method, url, [], b"", service)
            return
        try:
            getattr(client, operation)(**arguments)
        except Exception as error:  # the 500 that stands for sending
            if self.request is None:
                raise error
        request, self.request = self.request, None
        line(request.method, request.url, request.headers.items(), request.body, service)


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    captured = Captured()
    for _ in range(count):
        if rng.random() < 1 / 3:
            captured.call(rng)
        else:
            by_hand(rng)


if __name__ == "__main__":
    main()
