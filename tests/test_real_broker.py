"""Real brokers: made by a user with the policy of AWS's page, used by ordinary messaging clients, and hurt.

The tests of this file share one service and, where they can, one broker; each leaves it running.
"""

import base64
import json
import os
import pathlib
import signal
import socket

import pytest

from conftest import broker_request, running, state, wait_until
from messaging import Amqp, Mqtt, Refused, Stomp, WebSocket, console
from test_gate import page_policy

APP = ("app", "application-password")
LOOKER = ("looker", "may-look-at-the-console")
COUNT = 1000
PORTS = (61617, 5671, 61614, 8883, 61619, 8162)


class Broker:
    """A running broker, and how to reach it."""

    def __init__(self, postern, key, name, **members):
        self.postern = postern
        self.key = key
        users = [
            {"Username": APP[0], "Password": APP[1], "Groups": ["applications"]},
            {"Username": LOOKER[0], "Password": LOOKER[1], "ConsoleAccess": True, "Groups": ["operators"]},
        ]
        self.id = self.mq.create_broker(**broker_request(name, Users=users, **members))["BrokerId"]
        self.address = running(self.mq, self.id)["BrokerInstances"][0]["IpAddress"]
        self.authority = f"{postern.folder}/data/ca.pem"
        self.folder = pathlib.Path(postern.folder) / "data/nodes" / f"{self.id}-1"

    @property
    def mq(self):
        # Made anew each time: the service may have been started again on another port.
        return self.postern.client("mq", self.key)

    def connect(self, kind, user=APP):
        return kind(self.address, self.authority, *user)

    def console(self, *user, path="/admin/"):
        return console(self.address, self.authority, *user, path=path)

    def reboot(self):
        self.mq.reboot_broker(BrokerId=self.id)
        assert state(self.mq, self.id) == "REBOOT_IN_PROGRESS"
        return running(self.mq, self.id)

    def pid(self):
        return json.loads((self.folder / "state.json").read_text())["broker"]["pid"]


@pytest.fixture(scope="module")
def key(real):
    """A user with the policy of AWS's page and nothing else."""
    return real.user("creator", page_policy())


@pytest.fixture(scope="module")
def broker(real, key):
    return Broker(real, key, "shared")


def bodies(kind):
    """A thousand different texts, some of them long and beyond ASCII."""
    return [f"{kind} message {number} ✓ " + "x" * (number % 700) for number in range(COUNT)]


def test_a_thousand_persistent_messages_go_through_stomp_and_tls(broker):
    sent = bodies("stomp")
    with broker.connect(Stomp) as client:
        client.send("/queue/thousand.stomp", *sent)
    with broker.connect(Stomp) as client:
        assert client.receive("/queue/thousand.stomp", COUNT) == sent
        assert client.is_empty("/queue/thousand.stomp")


def test_a_thousand_persistent_messages_go_through_amqp_and_tls(broker):
    sent = bodies("amqp")
    with broker.connect(Amqp) as client:
        client.send("thousand.amqp", *sent)
    with broker.connect(Amqp) as client:
        assert client.receive("thousand.amqp", COUNT) == sent
    with broker.connect(Stomp) as client:
        assert client.is_empty("/queue/thousand.amqp")


def test_what_stomp_sends_amqp_receives(broker):
    with broker.connect(Stomp) as client:
        client.send("/queue/across", "from one protocol to another")
    with broker.connect(Amqp) as client:
        (body,) = client.receive("across", 1)
    assert body == "from one protocol to another"


def test_a_message_goes_through_mqtt_and_tls(broker):
    with broker.connect(Mqtt) as client:
        client.subscribe("sensors/one")
        client.publish("sensors/one", "21.5")
        assert client.arrived.get(timeout=60) == "21.5"


def test_a_message_goes_through_a_websocket_and_tls(broker):
    with broker.connect(WebSocket) as client:
        client.frame("SUBSCRIBE", {"id": "0", "destination": "/queue/websocket"})
        client.frame("SEND", {"destination": "/queue/websocket"}, "hello")
        assert client.read().startswith("MESSAGE\n")


@pytest.mark.parametrize("kind", [Stomp, Amqp, Mqtt, WebSocket], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("user", [(APP[0], "not-the-password"), ("nobody", APP[1])], ids=["password", "user"])
def test_a_wrong_password_is_refused(broker, kind, user):
    with pytest.raises(Refused):
        broker.connect(kind, user)


def test_the_console_lets_in_who_has_console_access(broker):
    assert broker.console() == 401
    assert broker.console(LOOKER[0], "not-the-password") == 401
    assert broker.console(*APP) == 403
    assert broker.console(*LOOKER) == 200


def test_users_wait_for_the_reboot(broker):
    late = ("late", "late-but-long-password")
    broker.mq.create_user(BrokerId=broker.id, Username=late[0], Password=late[1])
    with pytest.raises(Refused):
        broker.connect(Stomp, late)
    with broker.connect(Stomp) as client:
        client.send("/queue/kept", "kept over the reboot")
    assert {"Username": "late"} in broker.reboot()["Users"]
    with broker.connect(Stomp, late) as client:
        assert client.receive("/queue/kept", 1) == ["kept over the reboot"]
    broker.mq.update_user(BrokerId=broker.id, Username=late[0], Password="rotated-long-password")
    broker.connect(Stomp, late).close()
    broker.reboot()
    with pytest.raises(Refused):
        broker.connect(Stomp, late)
    broker.connect(Stomp, (late[0], "rotated-long-password")).close()


AUTHORIZATION = """<?xml version="1.0" encoding="UTF-8"?>
<broker xmlns="http://activemq.apache.org/schema/core">
  <plugins>
    <authorizationPlugin>
      <map>
        <authorizationMap>
          <authorizationEntries>
            <authorizationEntry admin="operators" queue="&gt;" read="operators" write="operators"/>
            <authorizationEntry admin="applications,operators" queue="open.&gt;" read="applications,operators" write="applications,operators"/>
            <authorizationEntry admin="applications,operators" read="applications,operators" topic="ActiveMQ.Advisory.&gt;" write="applications,operators"/>
          </authorizationEntries>
        </authorizationMap>
      </map>
    </authorizationPlugin>
  </plugins>
</broker>
"""


def test_a_configuration_with_an_authorization_map_counts_from_the_reboot(broker):
    before = broker.mq.describe_broker(BrokerId=broker.id)["Configurations"]["Current"]
    made = broker.mq.create_configuration(Name="authorization", EngineType="ACTIVEMQ", EngineVersion="5.18")
    updated = broker.mq.update_configuration(
        ConfigurationId=made["Id"], Data=base64.b64encode(AUTHORIZATION.encode()).decode()
    )
    assert updated["Warnings"] == []
    wanted = {"Id": made["Id"], "Revision": 2}
    broker.mq.update_broker(BrokerId=broker.id, Configuration=wanted)
    with broker.connect(Stomp) as client:
        client.send("/queue/closed", "still allowed")
    described = broker.reboot()
    assert described["Configurations"]["Current"] == wanted
    assert before in described["Configurations"]["History"]
    with broker.connect(Stomp) as client:
        client.send("/queue/open.one", "allowed")
        assert client.receive("/queue/open.one", 1) == ["allowed"]
    with broker.connect(Stomp) as client:
        with pytest.raises(Refused, match="not authorized"):
            client.send("/queue/closed", "not any more")
    with broker.connect(Stomp, LOOKER) as client:
        assert client.receive("/queue/closed", 1) == ["still allowed"]
    broker.mq.update_broker(BrokerId=broker.id, Configuration=before)
    broker.reboot()
    with broker.connect(Stomp) as client:
        client.send("/queue/closed", "allowed again")


def test_a_client_does_not_notice_that_the_control_plane_was_killed(broker):
    pid = broker.pid()
    with broker.connect(Stomp) as client:
        client.send("/queue/survivor", "before")
        broker.postern.kill()
        # Nobody manages the broker now, and it works.
        client.send("/queue/survivor", "while it was gone")
        broker.postern.start()
        wait_until("the broker is managed again", lambda: state(broker.mq, broker.id) == "RUNNING")
        assert client.receive("/queue/survivor", 2) == ["before", "while it was gone"]
        assert client.is_connected()
    assert broker.pid() == pid
    # It is really in hand again, not only taken for running.
    broker.reboot()
    assert broker.pid() != pid


def test_a_killed_engine_comes_back_with_its_messages(broker):
    sent = [f"kept {number}" for number in range(100)]
    with broker.connect(Stomp) as client:
        client.send("/queue/durable", *sent)
    pid = broker.pid()
    os.kill(pid, signal.SIGKILL)

    def back():
        try:
            return broker.pid() != pid and state(broker.mq, broker.id) == "RUNNING"
        except FileNotFoundError:
            return False

    wait_until("the engine runs again", back)

    def connected():
        try:
            return broker.connect(Stomp)
        except Refused:
            return None

    with wait_until("the engine lets clients in", connected) as client:
        assert client.receive("/queue/durable", 100) == sent
        assert client.is_empty("/queue/durable")


def processes_of(folder):
    """The processes that the node's folder marks as its own."""
    marker = f"POSTERN_NODE_FOLDER={folder}".encode()
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if marker in (process / "environ").read_bytes():
                found.append(process.name)
        except OSError:
            continue
    return found


def listens(address, port):
    with socket.socket() as client:
        client.settimeout(5)
        return client.connect_ex((address, port)) == 0


def test_deleting_a_broker_leaves_no_process_folder_or_port(real, key):
    broker = Broker(real, key, "short-lived")
    assert processes_of(broker.folder)
    assert [port for port in PORTS if listens(broker.address, port)] == list(PORTS)
    broker.mq.delete_broker(BrokerId=broker.id)

    def gone():
        try:
            assert state(broker.mq, broker.id) == "DELETION_IN_PROGRESS"
            return False
        except broker.mq.exceptions.NotFoundException:
            return True

    wait_until("the broker is gone", gone)
    assert processes_of(broker.folder) == []
    assert not broker.folder.exists()
    assert [port for port in PORTS if listens(broker.address, port)] == []


def test_no_password_is_in_any_log(broker):
    logs = [pathlib.Path(broker.postern.folder) / "postern.log", *broker.folder.rglob("*.log*")]
    logs += (pathlib.Path(broker.postern.folder) / "data/audit").iterdir()
    for log in logs:
        text = log.read_text(errors="replace")
        for secret in (APP[1], LOOKER[1], "rotated-long-password"):
            assert secret not in text, log
