"""Messaging clients as anybody would use them: STOMP, AMQP 1.0, MQTT and STOMP over WebSocket, each over TLS."""

import base64
import http.client
import queue
import ssl
import threading

import paho.mqtt.client
import proton
import proton.utils
import stomp
import websocket

SECONDS = 60


class Refused(Exception):
    """The broker did not let the client in, or did not let it do something."""


class Stomp(stomp.ConnectionListener):
    """A STOMP 1.2 connection. Every message is sent persistent, and counts as sent when the broker has acknowledged it."""

    def __init__(self, address, authority, username, password):
        self.arrived = queue.Queue()
        self.acknowledged = queue.Queue()
        self.errors = queue.Queue()
        self.count = 0
        # With a length ActiveMQ would take a message for bytes, without it is text for the other protocols too.
        self.connection = stomp.Connection12([(address, 61614)], reconnect_attempts_max=1, auto_content_length=False)
        self.connection.set_ssl([(address, 61614)], ca_certs=authority)
        self.connection.set_listener("", self)
        try:
            self.connection.connect(username, password, wait=True)
        except stomp.exception.ConnectFailedException as error:
            raise Refused(str(error)) from None

    def on_message(self, frame):
        self.arrived.put(frame.body)

    def on_receipt(self, frame):
        self.acknowledged.put(frame.headers["receipt-id"])

    def on_error(self, frame):
        self.errors.put(frame.headers.get("message", "") + frame.body)
        self.acknowledged.put(None)

    def on_disconnected(self):
        self.acknowledged.put(None)

    def is_connected(self):
        return self.connection.is_connected()

    def send(self, destination, *bodies):
        for body in bodies:
            self.count += 1
            self.connection.send(destination, body, persistent="true", receipt=str(self.count))
        for _ in bodies:
            if self.acknowledged.get(timeout=SECONDS) is None:
                raise Refused(self.errors.get(timeout=SECONDS))

    def receive(self, destination, count):
        """Takes this many messages off a destination, in the order they come."""
        self.connection.subscribe(destination, id=destination)
        bodies = [self.arrived.get(timeout=SECONDS) for _ in range(count)]
        self.connection.unsubscribe(id=destination)
        return bodies

    def is_empty(self, destination):
        """Whether nothing is left: a message sent now is the first to come."""
        self.send(destination, "the last one")
        return self.receive(destination, 1) == ["the last one"]

    def close(self):
        self.connection.disconnect()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.is_connected():
            self.close()


class Amqp:
    """An AMQP 1.0 connection; `send` waits for the broker's disposition of each durable message."""

    def __init__(self, address, authority, username, password):
        domain = proton.SSLDomain(proton.SSLDomain.MODE_CLIENT)
        domain.set_trusted_ca_db(authority)
        domain.set_peer_authentication(proton.SSLDomain.VERIFY_PEER, authority)
        try:
            self.connection = proton.utils.BlockingConnection(
                f"amqps://{address}:5671", timeout=SECONDS, ssl_domain=domain, user=username, password=password,
                allowed_mechs="PLAIN", sasl_enabled=True,
            )
        except proton.ConnectionException as error:
            raise Refused(str(error)) from None

    def send(self, address, *bodies):
        sender = self.connection.create_sender(address)
        for body in bodies:
            assert sender.send(proton.Message(body=body, durable=True)).remote_state == proton.Delivery.ACCEPTED
        sender.close()

    def receive(self, address, count):
        receiver = self.connection.create_receiver(address, credit=100)
        bodies = []
        for _ in range(count):
            bodies.append(receiver.receive(timeout=SECONDS).body)
            receiver.accept()
        receiver.close()
        return bodies

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()


class Mqtt:
    """An MQTT 3.1.1 connection."""

    def __init__(self, address, authority, username, password):
        self.arrived = queue.Queue()
        answered = queue.Queue()
        subscribed = threading.Event()
        self.subscribed = subscribed
        self.client = paho.mqtt.client.Client(paho.mqtt.client.CallbackAPIVersion.VERSION2)
        self.client.tls_set(ca_certs=authority)
        self.client.username_pw_set(username, password)
        self.client.on_connect = lambda _client, _data, _flags, reason, _properties: answered.put(reason)
        self.client.on_message = lambda _client, _data, message: self.arrived.put(message.payload.decode())
        self.client.on_subscribe = lambda *_: subscribed.set()
        self.client.connect(address, 8883)
        self.client.loop_start()
        reason = answered.get(timeout=SECONDS)
        if reason.is_failure:
            self.__exit__()
            raise Refused(str(reason))

    def subscribe(self, topic):
        self.client.subscribe(topic, qos=1)
        assert self.subscribed.wait(SECONDS)

    def publish(self, topic, body):
        self.client.publish(topic, body, qos=1).wait_for_publish(SECONDS)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.disconnect()
        self.client.loop_stop()


class WebSocket:
    """STOMP over a WebSocket, frame by frame."""

    def __init__(self, address, authority, username, password):
        self.socket = websocket.create_connection(
            f"wss://{address}:61619", subprotocols=["v12.stomp"], sslopt={"ca_certs": authority}, timeout=SECONDS,
        )
        self.frame("CONNECT", {"accept-version": "1.2", "host": address, "login": username, "passcode": password})
        answer = self.read()
        if not answer.startswith("CONNECTED\n"):
            self.socket.close()
            raise Refused(answer)

    def frame(self, command, headers, body=""):
        lines = [command, *(f"{name}:{value}" for name, value in headers.items()), "", body]
        self.socket.send("\n".join(lines) + "\0")

    def read(self):
        while True:
            text = self.socket.recv()
            text = text.decode() if isinstance(text, bytes) else text
            # A lone line feed is a heart-beat.
            if text.strip("\n\0"):
                return text.lstrip("\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


def console(address, authority, username=None, password=None, path="/admin/"):
    """The status with which the web console answers."""
    connection = http.client.HTTPSConnection(
        address, 8162, context=ssl.create_default_context(cafile=authority), timeout=SECONDS
    )
    headers = {}
    if username:
        headers["Authorization"] = "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()
