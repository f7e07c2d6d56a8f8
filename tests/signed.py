"""Requests signed by botocore and sent as they are: presigned, expired, tampered with, unsigned."""

import datetime
import http.client
import json
import urllib.parse
from unittest import mock

import botocore.auth
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from conftest import REGION, ROOT_ID, ROOT_SECRET

ROOT = (ROOT_ID, ROOT_SECRET)


class Answer:
    """What came back."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode()

    @property
    def code(self):
        """The error's code, as AWS's SDKs find it."""
        return self.headers["x-amzn-ErrorType"]

    @property
    def message(self):
        body = json.loads(self.text)
        return body.get("message", body.get("Message"))


def request(postern, method="GET", path="/v1/brokers", body=None):
    """An unsigned request."""
    headers = {"Content-Type": "application/json"} if body else {}
    return AWSRequest(method=method, url=postern.endpoint + path, data=body, headers=headers)


def sign(request, key=ROOT, *, region=REGION, service="mq", late=datetime.timedelta(), expires=None):
    """Signs in the headers, or in the query where `expires` is given; `late` moves the signer's clock."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + late
    credentials = Credentials(*key)
    signer = (
        SigV4Auth(credentials, service, region) if expires is None
        else SigV4QueryAuth(credentials, service, region, expires=expires)
    )
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: now):
        signer.add_auth(request)
    return request


def send(request):
    """Sends it."""
    prepared = request.prepare()
    url = urllib.parse.urlsplit(prepared.url)
    connection = http.client.HTTPConnection(url.netloc, timeout=30)
    try:
        target = url.path + (f"?{url.query}" if url.query else "")
        headers = {
            name: value.decode() if isinstance(value, bytes) else value for name, value in prepared.headers.items()
        }
        connection.request(prepared.method, target, body=prepared.body, headers=headers)
        return Answer(connection.getresponse())
    finally:
        connection.close()
