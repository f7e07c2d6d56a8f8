"""Endpoints with names: what `DescribeBroker` says is answered by DNS, and is what the broker's certificate says."""

import random
import re
import socket
import ssl
import struct
from urllib.parse import urlsplit

import pytest

from conftest import ENGINES, Postern, broker_request, running, wait_until

DOMAIN = "queues.example"
PORTS = {"ssl": 61617, "amqp+ssl": 5671, "stomp+ssl": 61614, "mqtt+ssl": 8883, "wss": 61619, "https": 8162}


def resolve(server, name, tcp=False):
    """The response code and the addresses of a name, asked as RFC 1035 has it."""
    number = random.randrange(1 << 16)
    question = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0" + struct.pack("!HH", 1, 1)
    message = struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + question
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM) as asked:
        asked.settimeout(30)
        asked.connect(server)
        if tcp:
            asked.sendall(struct.pack("!H", len(message)) + message)
            stream = asked.makefile("rb")
            (length,) = struct.unpack("!H", stream.read(2))
            answer = stream.read(length)
        else:
            asked.send(message)
            answer = asked.recv(4096)
    found, flags, questions, answers, _, _ = struct.unpack("!HHHHHH", answer[:12])
    assert (found, questions) == (number, 1)
    assert answer[12:].startswith(question)
    at, addresses = 12 + len(question), []
    for _ in range(answers):
        # Names of answers are pointers to the question's.
        _, kind, _, _, length = struct.unpack("!HHHIH", answer[at:at + 12])
        assert (kind, length) == (1, 4)
        addresses.append(socket.inet_ntoa(answer[at + 12:at + 16]))
        at += 16
    return flags & 15, addresses


def dns_of(postern):
    domain, address, port = re.search(r"DNS of (\S+): ([0-9.]+):([0-9]+)", postern.greeting).groups()
    assert domain == DOMAIN
    return address, int(port)


def names(instance):
    """The host that all of an instance's endpoints and its console are on, after their ports were checked."""
    hosts = set()
    for url in (*instance["Endpoints"], instance["ConsoleURL"]):
        parts = urlsplit(url)
        assert parts.port == PORTS[parts.scheme], url
        hosts.add(parts.hostname)
    (host,) = hosts
    return host


def start(driver):
    # Written as people write it: resolvers do not care for case, and a name may end with a dot.
    return Postern("--driver", driver, "--endpoint-domain", f"{DOMAIN.title()}.", "--dns-listen", "127.0.0.1:0")


def test_endpoints_have_names_that_lead_to_the_interfaces_until_the_broker_is_deleted():
    postern = start("simulate")
    try:
        mq = postern.client("mq")
        pair = mq.create_broker(**broker_request("pair", DeploymentMode="ACTIVE_STANDBY_MULTI_AZ"))["BrokerId"]
        described = running(mq, pair)["BrokerInstances"]
        assert [names(one) for one in described] == [f"{pair}-{n}.mq.us-east-1.{DOMAIN}" for n in (1, 2)]
        for instance in described:
            for tcp in (False, True):
                assert resolve(dns_of(postern), names(instance), tcp) == (0, [instance["IpAddress"]])
        rabbit = mq.create_broker(**broker_request(
            "rabbit", EngineType="RABBITMQ", EngineVersion="4.2", HostInstanceType="mq.m7g.large",
            DeploymentMode="CLUSTER_MULTI_AZ", Users=[{"Username": "admin", "Password": "correct-horse-battery"}]))["BrokerId"]
        (instance,) = running(mq, rabbit)["BrokerInstances"]
        host = f"{rabbit}.mq.us-east-1.{DOMAIN}"
        assert instance["Endpoints"] == [f"amqps://{host}:5671"]
        code, addresses = resolve(dns_of(postern), host)
        assert code == 0 and len(set(addresses)) == 3
        mq.delete_broker(BrokerId=pair)
        wait_until("it is gone", lambda: pair not in str(mq.list_brokers()))
        for instance in described:
            assert resolve(dns_of(postern), names(instance)) == (3, [])
    finally:
        postern.close()


def test_a_brokers_certificate_has_the_endpoints_name_and_its_address():
    if not ENGINES:
        pytest.skip("skipped: POSTERN_TEST_ENGINES not set (script/test sets it)")
    postern = start("process")
    try:
        mq = postern.client("mq")
        broker = mq.create_broker(**broker_request("named"))["BrokerId"]
        (instance,) = running(mq, broker)["BrokerInstances"]
        host, address = names(instance), instance["IpAddress"]
        assert host == f"{broker}-1.mq.us-east-1.{DOMAIN}"
        assert resolve(dns_of(postern), host) == (0, [address])
        context = ssl.create_default_context(cafile=f"{postern.folder}/data/ca.pem")
        for port in PORTS.values():
            # A client verifies the name that it was given, or the address.
            for called in (host, address):
                with socket.create_connection((address, port), 30) as raw, context.wrap_socket(raw, server_hostname=called) as tls:
                    certificate = tls.getpeercert()
            assert certificate["subjectAltName"] == (("DNS", host), ("IP Address", address))
        with socket.create_connection((address, 61617), 30) as raw, pytest.raises(ssl.SSLCertVerificationError):
            context.wrap_socket(raw, server_hostname=f"other.mq.us-east-1.{DOMAIN}")
        mq.delete_broker(BrokerId=broker)
        wait_until("it is gone", lambda: not mq.list_brokers()["BrokerSummaries"])
    finally:
        postern.close()


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--endpoint-domain", "no_domain.example"), "endpoint-domain"),
        (("--endpoint-domain", "a..b"), "endpoint-domain"),
        (("--dns-listen", "127.0.0.1:0"), "endpoint-domain"),
        (("--endpoint-domain", DOMAIN, "--dns-listen", "everywhere"), "dns-listen"),
    ],
)
def test_a_domain_that_is_none_is_refused_at_the_start(flags, message):
    with pytest.raises(RuntimeError, match=message):
        Postern("--driver", "simulate", *flags)
