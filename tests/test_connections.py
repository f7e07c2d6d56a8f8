"""Connections that are slow, too many, or more than the system has descriptors for."""

import contextlib
import os
import pathlib
import resource
import select
import socket
import threading
import time

import pytest

from conftest import Postern, wait_until

OPTIONS = ("--driver", "simulate", "--simulate-start-ms", "0", "--api-rate", "100000", "--api-burst", "100000")
# SLOW=2000 is the long form.
SLOW = int(os.environ.get("SLOW", "300"))
HEAD = b"GET /v1/brokers HTTP/1.1\r\nHost: localhost\r\n"
BODY = b"POST /v1/brokers HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"


@pytest.fixture(scope="module", autouse=True)
def descriptors():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def connect(postern, source="127.0.0.1"):
    host, port = postern.endpoint.split("//")[1].split(":")
    return socket.create_connection((host, int(port)), timeout=10, source_address=(source, 0))


@contextlib.contextmanager
def connections(postern, count, source="127.0.0.1"):
    opened = []
    try:
        for _ in range(count):
            opened.append(connect(postern, source))
        yield opened
    finally:
        for one in opened:
            one.close()


def answered(one, seconds=5.0):
    """Whether a request on it is answered; None if it was closed instead."""
    try:
        one.sendall(HEAD + b"\r\n")
        one.settimeout(seconds)
        part = one.recv(1)
        return True if part else None
    except TimeoutError:
        return False
    except OSError:
        return None


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    return 0


def test_slow_connections_are_closed_within_forty_seconds_and_others_are_served(capsys):
    postern = Postern(*OPTIONS)
    before = memory(postern.process.pid)
    stop = threading.Event()
    took = []

    def serve_others():
        mq = postern.client("mq")
        while not stop.is_set():
            began = time.monotonic()
            mq.list_brokers()
            took.append(time.monotonic() - began)
            stop.wait(0.05)

    slow, since = [], {}
    began = time.monotonic()
    for number in range(SLOW):
        one = connect(postern, f"127.0.0.{2 + number % 5}")
        one.sendall(BODY if number % 4 == 3 else HEAD)
        slow.append(one)
        since[one.fileno()] = time.monotonic()
    opened = time.monotonic() - began
    others = threading.Thread(target=serve_others)
    others.start()
    # A byte now and then, so that none of them is idle.
    poll = select.poll()
    by_number = {}
    for one in slow:
        poll.register(one, select.POLLIN | select.POLLHUP)
        by_number[one.fileno()] = one
    ages, last = [], time.monotonic()
    while by_number and time.monotonic() - began < opened + 60:
        for number, _ in poll.poll(500):
            try:
                ended = not by_number[number].recv(4096)
            except OSError:
                ended = True
            if ended:
                ages.append(time.monotonic() - since[number])
                poll.unregister(number)
                by_number.pop(number).close()
        if time.monotonic() - last > 3:
            last = time.monotonic()
            for one in by_number.values():
                with contextlib.suppress(OSError):
                    one.sendall(b"x")
    stop.set()
    others.join()
    grown = memory(postern.process.pid) - before
    assert not by_number, f"{len(by_number)} of {SLOW} are still open"
    oldest = max(ages)
    assert oldest <= 40, f"one was closed after {oldest:.1f} s"
    assert oldest >= 5, "they were given time"
    assert len(took) >= 50
    took.sort()
    assert took[int(len(took) * 0.99)] < 1, f"others waited {took[-1]:.2f} s"
    assert grown < 200, f"{grown} MiB"
    with capsys.disabled():
        print(f" {SLOW} slow connections: each closed after {oldest:.1f} s at most, {len(took)} requests of others meanwhile, "
              f"median {took[len(took) // 2] * 1000:.1f} ms, p99 {took[int(len(took) * 0.99)] * 1000:.1f} ms, "
              f"memory +{grown} MiB", end="")
    postern.close()


def test_one_address_gets_no_more_than_its_share():
    postern = Postern(*OPTIONS, "--max-connections", "60", "--max-connections-per-address", "20")
    with connections(postern, 20) as allowed:
        assert all(answered(one) for one in allowed)
        with connections(postern, 5) as refused:
            assert [answered(one) for one in refused] == [None] * 5, "closed at once"
        with connections(postern, 20, "127.0.0.2") as others:
            assert all(answered(one) for one in others)
        # A place that is given back is had again.
        allowed.pop().close()

        def again():
            with connections(postern, 1) as one:
                return answered(one[0])
        wait_until("the place is free", again, 10)
    postern.close()


def test_connections_past_the_limit_wait_their_turn():
    postern = Postern(*OPTIONS, "--max-connections", "20", "--max-connections-per-address", "20")
    with connections(postern, 20) as allowed:
        assert all(answered(one) for one in allowed)
        with connections(postern, 1, "127.0.0.2") as waiting:
            assert answered(waiting[0], 0.5) is False
            allowed.pop().close()
            waiting[0].settimeout(10)
            assert waiting[0].recv(1), "answered when there was a place"
    postern.close()


def test_without_descriptors_it_neither_spins_nor_ends():
    postern = Postern(*OPTIONS)
    pid = postern.process.pid
    used = len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + 20, hard))
    with connections(postern, 60) as some:
        assert sum(1 for one in some[:10] if answered(one)) == 10
        before, began = processor_seconds(pid), time.monotonic()
        # The last ones find no descriptor; this long nobody can do anything.
        assert not answered(some[-1], 3)
        spent = (processor_seconds(pid) - before) / (time.monotonic() - began)
        assert spent < 0.5, f"{spent:.2f} of a processor"
        assert postern.process.poll() is None
        assert "could not be accepted" in postern.log_text()
        assert len(postern.log_text().splitlines()) < 400
    wait_until("it serves again", lambda: served(postern), 20)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))
    postern.client("mq").create_configuration(Name="after", EngineType="ACTIVEMQ", EngineVersion="5.18")
    postern.close()


def served(postern):
    with connections(postern, 1) as one:
        return answered(one[0], 1)


def test_it_takes_as_many_descriptors_as_it_may_and_leaves_no_core_dump():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    try:
        postern = Postern(*OPTIONS, "--max-connections", "3000")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    limits = pathlib.Path(f"/proc/{postern.process.pid}/limits").read_text()
    rows = {line[:25].strip(): line[25:].split()[:2] for line in limits.splitlines()}
    assert int(rows["Max open files"][0]) >= min(3000, before[1])
    assert rows["Max core file size"] == ["0", "0"]
    postern.close()
