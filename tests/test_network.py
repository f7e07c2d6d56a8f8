"""The network modes that enforce security groups, on networks that the tests make themselves: clients in namespaces of their own
behind this machine, none of whose own devices, addresses or rules is touched."""

import json
import os
import subprocess

import pytest
from botocore.exceptions import ClientError

from conftest import BINARY, ENGINES, Postern, broker_request, running, wait_until
from private_network import Client, private_network, system

STOMP = 61614
RATE = ("--api-rate", "100000", "--api-burst", "100000")


@pytest.fixture(scope="module")
def machine():
    """This process's own network, with two clients beyond it."""
    with private_network():
        yield {"near": Client("near", "10.1.0.2/24"), "far": Client("far", "10.2.0.2/24")}


class Network:
    """What a Postern has made of the machine's network."""

    @staticmethod
    def namespaces():
        return [line.split()[0] for line in system("ip", "netns", "list").splitlines() if line.startswith("postern-")]

    @staticmethod
    def devices():
        links = json.loads(system("ip", "-j", "link", "show"))
        return sorted(link["ifname"] for link in links if link["ifname"].startswith(("pb-", "pv-")))

    @staticmethod
    def numbers():
        """The kernel's own numbers of these devices: another one is another device."""
        links = json.loads(system("ip", "-j", "link", "show"))
        return {link["ifname"]: link["ifindex"] for link in links if link["ifname"].startswith(("pb-", "pv-"))}

    @staticmethod
    def tables():
        return system("nft", "list", "tables").splitlines()


def group(ec2, vpc, name, *rules):
    made = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
    if rules:
        ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=list(rules))
    return made


def tcp(port, *, ranges=(), groups=()):
    return {
        "IpProtocol": "tcp", "FromPort": port, "ToPort": port,
        "IpRanges": [{"CidrIp": one} for one in ranges], "UserIdGroupPairs": [{"GroupId": one} for one in groups],
    }


def default_vpc(ec2):
    return ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]


def soon(what, check):
    """A changed rule counts at once; the seconds are for a busy machine."""
    wait_until(what, check, 20)


def test_real_brokers_have_addresses_of_their_subnets_and_their_groups_are_enforced(machine):
    if not ENGINES:
        pytest.skip("skipped: POSTERN_TEST_ENGINES not set (script/test sets it)")
    near, far = machine["near"], machine["far"]
    postern = Postern("--network", "netns", *RATE)
    try:
        assert "security groups are enforced by nftables" in postern.greeting
        mq, ec2 = postern.client("mq"), postern.client("ec2")
        vpc = default_vpc(ec2)
        assert vpc["CidrBlock"] == "172.31.0.0/16"
        only_near = group(ec2, vpc["VpcId"], "near", tcp(STOMP, ranges=["10.1.0.0/24"]))
        all_over = group(ec2, vpc["VpcId"], "anywhere", tcp(STOMP, ranges=["0.0.0.0/0"]))
        public, private = (
            mq.create_broker(**broker_request(name, PubliclyAccessible=name == "public", SecurityGroups=[one]))["BrokerId"]
            for name, one in (("public", only_near), ("private", all_over))
        )
        instance = running(mq, public)["BrokerInstances"][0]
        address = instance["IpAddress"]
        closed = running(mq, private)["BrokerInstances"][0]["IpAddress"]
        assert address == "172.31.0.4" and f"stomp+ssl://{address}:{STOMP}" in instance["Endpoints"]
        (interface,) = ec2.describe_network_interfaces(
            Filters=[{"Name": "private-ip-address", "Values": [address]}])["NetworkInterfaces"]
        assert interface["RequesterManaged"] and interface["MacAddress"] == "0a:ff:ac:1f:00:04"

        # Who is in the range that the rule names logs in and gets what he sent; who is not gets no answer at all.
        talk = (
            "import sys; from messaging import Stomp\n"
            "with Stomp(*sys.argv[1:], 'admin', 'correct-horse-battery') as client:\n"
            "    client.send('/queue/across', 'through the rules')\n"
            "    assert client.receive('/queue/across', 1) == ['through the rules']\n"
        )
        authority = f"{postern.folder}/data/ca.pem"
        near.run(talk, address, authority)
        assert not far.reaches(address, STOMP)
        # Other ports, and the management endpoint, are nobody's.
        assert not any(near.reaches(address, port) for port in (61617, 8162, 8161))
        # This machine itself is no exception.
        assert subprocess.run(["timeout", "0.7", "bash", "-c", f"</dev/tcp/{address}/{STOMP}"], check=False).returncode == 124

        # A rule counts as soon as it is made, and no longer than it is there.
        devices = Network.numbers()
        assert len(devices) == 3
        ec2.authorize_security_group_ingress(GroupId=only_near, IpPermissions=[tcp(STOMP, ranges=["10.2.0.2/32"])])
        soon("the far client is let in", lambda: far.reaches(address, STOMP))
        ec2.revoke_security_group_ingress(GroupId=only_near, IpPermissions=[tcp(STOMP, ranges=["10.1.0.0/24"])])
        soon("the near client is kept out", lambda: not near.reaches(address, STOMP))
        ec2.revoke_security_group_ingress(GroupId=only_near, IpPermissions=[tcp(STOMP, ranges=["10.2.0.2/32"])])
        soon("the far client is kept out", lambda: not far.reaches(address, STOMP))

        # A group as the source: the addresses of the interfaces that have it, now.
        clients = group(ec2, vpc["VpcId"], "clients")
        ec2.authorize_security_group_ingress(GroupId=only_near, IpPermissions=[tcp(STOMP, groups=[clients])])
        own = ec2.create_network_interface(SubnetId=interface["SubnetId"], Groups=[clients])["NetworkInterface"]
        bridge = "pb-" + interface["SubnetId"].removeprefix("subnet-")[:12]
        member = Client("member", own["PrivateIpAddress"] + "/20", bridge=bridge)
        soon("a member of the group is let in", lambda: member.reaches(address, STOMP))
        other = group(ec2, vpc["VpcId"], "others")
        ec2.modify_network_interface_attribute(NetworkInterfaceId=own["NetworkInterfaceId"], Groups=[other])
        soon("who is no member any more is kept out", lambda: not member.reaches(address, STOMP))

        # The rule says anywhere: for a broker that is not publicly accessible that is its VPC.
        assert member.reaches(closed, STOMP)
        assert not near.reaches(closed, STOMP) and not far.reaches(closed, STOMP)

        assert Network.numbers() == devices, "rules were changed, and nothing else"

        # Postern dies, and rules are changed by hand meanwhile; the next one takes over and puts them right.
        ec2.authorize_security_group_ingress(GroupId=only_near, IpPermissions=[tcp(STOMP, ranges=["10.1.0.0/24"])])
        soon("the near client is let in", lambda: near.reaches(address, STOMP))
        (namespace,) = (name for name in Network.namespaces() if public in name)
        pid = json.loads(open(f"{postern.folder}/data/nodes/{public}-1/state.json").read())["broker"]["pid"]
        postern.kill()
        assert near.reaches(address, STOMP), "without Postern the broker and its rules are still there"
        system("ip", "netns", "exec", namespace, "nft", "flush", "ruleset")
        assert far.reaches(address, STOMP)
        # What a broker leaves that is gone when the next Postern starts.
        number = namespace.split("-")[1]
        system("ip", "netns", "add", f"postern-{number}-b-gone-1")
        system("ip", "link", "add", "pb-gone", "group", str(int(number, 16)), "type", "bridge")
        postern.start()
        soon("the rules hold again", lambda: not far.reaches(address, STOMP))
        assert near.reaches(address, STOMP)
        soon("what belongs to no broker is removed",
             lambda: "gone" not in " ".join(Network.namespaces() + Network.devices()))
        mq = postern.client("mq")
        running(mq, public)
        state = json.loads(open(f"{postern.folder}/data/nodes/{public}-1/state.json").read())
        assert state["broker"]["pid"] == pid and Network.numbers() == devices, "the broker itself did not notice"
        mq.reboot_broker(BrokerId=public)
        running(mq, public)
        near.run(talk, address, authority)

        # Nothing is left.
        assert len(Network.namespaces()) == 2 and len(Network.devices()) == 3
        mq.delete_broker(BrokerId=private)
        wait_until("one broker is gone", lambda: len(mq.list_brokers()["BrokerSummaries"]) == 1, 30)
        soon("its namespace is gone", lambda: len(Network.namespaces()) == 1 and len(Network.devices()) == 2)
        mq.delete_broker(BrokerId=public)
        wait_until("both brokers are gone", lambda: not mq.list_brokers()["BrokerSummaries"], 30)
        soon("nothing is left", lambda: Network.namespaces() == [] and Network.devices() == [])
        assert Network.tables() == []
    finally:
        postern.close()


LISTENER = """
import socket, sys
server = socket.create_server((sys.argv[1], int(sys.argv[2])))
print("listens", flush=True)
while True: server.accept()[0].close()
"""


class Listener:
    """Answers at an address in place of a broker."""

    def __init__(self, address, port, namespace=None):
        inside = ["ip", "netns", "exec", namespace] if namespace else []
        self.process = subprocess.Popen(
            [*inside, os.environ.get("POSTERN_TEST_PYTHON", "python3"), "-c", LISTENER, address, str(port)],
            stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "listens\n"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def test_in_host_mode_addresses_come_and_go_with_brokers_and_groups_are_enforced(machine):
    near, far = machine["near"], machine["far"]
    system("ip", "link", "add", "lan", "type", "bridge")
    system("ip", "link", "set", "lan", "up")

    def addresses():
        (lan,) = json.loads(system("ip", "-j", "address", "show", "dev", "lan"))
        return [one["local"] for one in lan["addr_info"] if one["family"] == "inet"]

    postern = Postern(
        "--driver", "simulate", "--simulate-start-ms", "0", "--network", "host", "--network-device", "lan",
        "--network-pool", "192.0.2.0/24", *RATE)
    try:
        mq, ec2 = postern.client("mq"), postern.client("ec2")
        vpc = default_vpc(ec2)
        assert vpc["CidrBlock"] == "192.0.2.0/25"
        only_near = group(ec2, vpc["VpcId"], "near", tcp(STOMP, ranges=["10.1.0.0/24"]))
        broker = mq.create_broker(**broker_request("host", EngineVersion="5.18", PubliclyAccessible=True, SecurityGroups=[only_near]))["BrokerId"]
        address = running(mq, broker)["BrokerInstances"][0]["IpAddress"]
        assert address == "192.0.2.4"
        soon("the device has the address", lambda: addresses() == [address])
        with Listener(address, STOMP), Listener(address, 5671):
            assert near.reaches(address, STOMP) and not near.reaches(address, 5671)
            assert not far.reaches(address, STOMP)
            ec2.authorize_security_group_ingress(GroupId=only_near, IpPermissions=[tcp(STOMP, ranges=["10.2.0.0/24"])])
            soon("the far client is let in", lambda: far.reaches(address, STOMP))
            ec2.revoke_security_group_ingress(GroupId=only_near, IpPermissions=[tcp(STOMP, ranges=["10.2.0.0/24"])])
            soon("the far client is kept out", lambda: not far.reaches(address, STOMP))
            # After a kill the rules are put right, and an address that no broker has goes.
            postern.kill()
            (table,) = Network.tables()
            system("nft", "delete", *table.split())
            system("ip", "address", "add", "192.0.2.77/32", "dev", "lan")
            assert far.reaches(address, STOMP)
            postern.start()
            soon("the rules hold again", lambda: not far.reaches(address, STOMP))
            soon("a stale address is removed", lambda: addresses() == [address])
            assert near.reaches(address, STOMP)
        # A subnet of one's own that is not in the pool has a part of it that stands for it, also in rules.
        mq, ec2 = postern.client("mq"), postern.client("ec2")
        mine = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=mine, CidrBlock="10.7.1.0/28")["Subnet"]["SubnetId"]
        second = mq.create_broker(**broker_request("mapped", SubnetIds=[subnet]))["BrokerId"]
        mapped = running(mq, second)["BrokerInstances"][0]["IpAddress"]
        assert mapped == "192.0.2.132"
        soon("both addresses are there", lambda: sorted(addresses()) == [mapped, address])
        for one in (broker, second):
            mq.delete_broker(BrokerId=one)
        wait_until("no broker is left", lambda: not mq.list_brokers()["BrokerSummaries"], 30)
        soon("nothing is left", lambda: addresses() == [] and Network.tables() == [])
    finally:
        postern.close()
        system("ip", "link", "delete", "lan")


def test_vpcs_with_brokers_may_not_overlap_where_their_ranges_are_really_there(machine):
    postern = Postern("--driver", "simulate", "--simulate-start-ms", "0", "--network", "netns", "--vpc-range", "10.20.0.0/20", *RATE)
    try:
        mq, ec2 = postern.client("mq"), postern.client("ec2")
        assert default_vpc(ec2)["CidrBlock"] == "10.20.0.0/20"
        subnets = []
        for _ in range(2):
            vpc = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
            subnets.append(ec2.create_subnet(VpcId=vpc, CidrBlock="10.30.1.0/24")["Subnet"]["SubnetId"])
        first = mq.create_broker(**broker_request("first", SubnetIds=subnets[:1]))["BrokerId"]
        described = running(mq, first)
        assert described["BrokerInstances"][0]["IpAddress"] == "10.30.1.4", "the subnet's own numbers"
        with pytest.raises(ClientError, match=rf"overlaps the subnet \[{subnets[0]}\] of another VPC") as refused:
            mq.create_broker(**broker_request("second", SubnetIds=subnets[1:]))
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        # A broker in a subnet of its own is reached from the other subnets of its VPC, through this machine.
        other = ec2.create_subnet(VpcId=described_vpc(ec2, subnets[0]), CidrBlock="10.30.2.0/24")["Subnet"]["SubnetId"]
        default = [one["GroupId"] for one in ec2.describe_security_groups(
            Filters=[{"Name": "vpc-id", "Values": [described_vpc(ec2, subnets[0])]}])["SecurityGroups"]]
        ec2.authorize_security_group_ingress(GroupId=default[0], IpPermissions=[tcp(STOMP, ranges=["10.30.2.0/24"])])
        neighbour = mq.create_broker(**broker_request("neighbour", SubnetIds=[other]))["BrokerId"]
        running(mq, neighbour)
        soon("both have their namespaces", lambda: len(Network.namespaces()) == 2)
        (of_first,) = (name for name in Network.namespaces() if first in name)
        client = Client("across", "10.30.2.9/24", bridge="pb-" + other.removeprefix("subnet-")[:12])
        with Listener("10.30.1.4", STOMP, of_first):
            assert client.reaches("10.30.1.4", STOMP)
            assert not machine["near"].reaches("10.30.1.4", STOMP)
        mq.delete_broker(BrokerId=first)
        wait_until("the first broker is gone", lambda: len(mq.list_brokers()["BrokerSummaries"]) == 1, 30)
        second = mq.create_broker(**broker_request("second", SubnetIds=subnets[1:]))["BrokerId"]
        running(mq, second)
        for one in (neighbour, second):
            mq.delete_broker(BrokerId=one)
        soon("nothing is left", lambda: Network.namespaces() == [] and Network.devices() == [])
    finally:
        postern.close()


def described_vpc(ec2, subnet):
    return ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"]


def test_the_doctor_and_the_start_say_what_is_missing_and_what_is_not_enforced(machine, tmp_path):
    def doctor(*words):
        done = subprocess.run(
            [BINARY, "doctor", "--driver", "simulate", "--output", "json", "--data-dir", f"{tmp_path}/data", *words],
            capture_output=True, text=True, check=False)
        assert done.stdout, done.stderr
        return {finding["subject"]: finding for finding in json.loads(done.stdout)}

    assert "security groups are not enforced" in doctor()["network mode"]["seen"]
    found = doctor("--network", "netns")
    assert found["network mode"]["seen"] == "netns: security groups are enforced by nftables", found
    assert found["kernel"]["verdict"] == found["ip"]["verdict"] == found["nft"]["verdict"] == "ok"
    assert Network.devices() == [] and Network.tables() == [], "it only looks"
    found = doctor("--network", "host", "--network-device", "none0", "--network-pool", "192.0.2.0/24")
    assert found["network mode"]["verdict"] == "missing" and "none0" in found["network mode"]["seen"]
    found = doctor("--network", "host", "--network-device", "lo", "--network-pool", "10.1.0.0/24")
    assert "10.1.0.1, which is this machine's own" in found["network mode"]["seen"]
    # What was made in one mode is not used in another.
    postern = Postern("--driver", "simulate", "--network", "netns")
    try:
        postern.stop()
        postern.args = ("--driver", "simulate")
        with pytest.raises(RuntimeError, match="network mode loopback cannot be used with this data folder"):
            postern.start()
    finally:
        postern.close()
