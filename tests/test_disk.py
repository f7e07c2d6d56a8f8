"""The running program on a disk that fails at any of its writes, from its first start on: what it acknowledged is there after a
restart, what it refused is not, everything has its record, and it says why it ended."""

import collections
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import pytest
from botocore.exceptions import ClientError, HTTPClientError

from conftest import BINARY, Postern, broker_request
from test_storage import OPTIONS

SOURCE = pathlib.Path(__file__).parent.parent / "crates/store/tests/disk/disk.c"
ALL = os.environ.get("FAULTS") == "all"
CHANGES = 5
CAUSES = ("the disk is full, or failed", "os error 5", "os error 28", "I/O error", "unable to open", "readonly database")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    built = tmp_path_factory.mktemp("disk") / "disk.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", built, SOURCE], check=True)
    return built


class Life:
    """A service from its first start to its end, with what it acknowledged and what is not known."""

    def __init__(self, postern, library, **fault):
        self.data = pathlib.Path(postern.folder) / "data"
        shutil.rmtree(self.data, ignore_errors=True)
        (pathlib.Path(postern.folder) / "postern.log").unlink()
        calls = pathlib.Path(postern.folder) / "calls"
        calls.unlink(missing_ok=True)
        self.made, self.unknown, self.refused = set(), set(), 0
        postern.env = {
            "LD_PRELOAD": str(library), "DISK_FOLDER": str(self.data), "DISK_LOG": str(calls),
            **{f"DISK_{name.upper()}": str(value) for name, value in fault.items()},
        }
        self.started = True
        try:
            postern.start()
        except RuntimeError:
            self.started = False
        if self.started:
            self.work(postern)
            postern.stop()
        postern.env = {}
        self.code = postern.process.returncode
        self.log = postern.log_text()
        self.calls = calls.read_text().splitlines()
        self.hit = next((call for call in self.calls if call.endswith(" HIT")), None)

    def work(self, postern):
        mq, iam = postern.client("mq"), postern.client("iam")
        calls = [
            *(step for number in range(CHANGES) for step in (
                (f"c{number}", mq.create_configuration, {"Name": f"c{number}", "EngineType": "ACTIVEMQ", "EngineVersion": "5.18"}),
                (f"u{number}", iam.create_user, {"UserName": f"u{number}"}),
            )),
            ("b", mq.create_broker, broker_request("b")),
        ]
        for name, call, members in calls:
            try:
                call(**members)
            except ClientError as error:
                assert error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500, error
                self.refused += 1
                self.unknown.add(name)
            except HTTPClientError:
                # The process ended before the answer.
                self.unknown.add(name)
                return
            else:
                self.made.add(name)


def shown(postern):
    """What there is, and how often each has the record of having been made."""
    mq, iam = postern.client("mq"), postern.client("iam")
    names = {configuration["Name"] for configuration in mq.list_configurations(MaxResults=100)["Configurations"]}
    names |= {user["UserName"] for user in iam.list_users()["Users"]}
    names |= {broker["BrokerName"] for broker in mq.list_brokers(MaxResults=100)["BrokerSummaries"]}
    records = collections.Counter()
    for record in postern.audit():
        if record["eventName"] in ("CreateConfiguration", "CreateUser", "CreateBroker") and "errorCode" not in record:
            members = record["requestParameters"]
            records[next(members[name] for name in ("name", "userName", "brokerName") if name in members)] += 1
    return {name for name in names if name[0] in "cub" and len(name) <= 2}, records


def check(postern, life, what):
    """Starts it on a disk that works."""
    postern.start()
    names, records = shown(postern)
    assert life.made <= names, f"{what}: lost {life.made - names}"
    # A call that was refused by a process that went on left nothing.
    unknown = set() if life.code == 0 else life.unknown
    assert names <= life.made | unknown, f"{what}: {names - life.made} was not acknowledged"
    assert records == dict.fromkeys(names, 1), what
    iam = postern.client("iam")
    iam.create_user(UserName="later")
    postern.stop()
    assert postern.process.returncode == 0, what
    for command in (["audit", "verify", "--data-dir", life.data], ["fsck", life.data]):
        done = subprocess.run([BINARY, *command], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"{what}: {done.stdout} {done.stderr}"


def test_a_failing_disk_loses_nothing_that_was_acknowledged(library):
    # In memory where there is such a place: these are thousands of syncs, and what a real disk keeps does not show in them.
    memory = pathlib.Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        postern = Postern(*OPTIONS, folder=folder)
        postern.stop()
        try:
            whole = Life(postern, library)
            assert (whole.code, whole.refused, len(whole.made)) == (0, 0, 2 * CHANGES + 1), whole.log
            check(postern, whole, "without a fault")
            calls = len(whole.calls)
            assert calls > 200, calls
            print(f"{calls} calls that write in a life")
            for act, dense in (("kill", 6), ("torn", 3), ("eio", 6), ("enospc", 6)):
                outcomes, unnoticed = collections.Counter(), collections.Counter()
                number = 1
                while True:
                    life = Life(postern, library, do=act, first=number)
                    what = f"{act} at {life.hit or number}"
                    if not life.hit:
                        assert (life.code, life.refused) == (0, 0), f"{what}: {life.log}"
                        break
                    came = outcome(life, what)
                    outcomes[came] += 1
                    if came == "went on":
                        unnoticed[" ".join(life.hit.split()[1:-1])] += 1
                    check(postern, life, what)
                    number += 1 if ALL else 1 + number // dense
                print(f"{act}: {dict(outcomes)}; went on after {dict(unnoticed)}")
        finally:
            postern.stop()


def outcome(life, what):
    """How a life with a fault ended; it has to have said why."""
    if life.code == -signal.SIGKILL:
        return "killed before the first answer" if not life.started else "killed"
    if life.code == 0:
        return "refused" if life.refused else "went on"
    assert life.code in ((70,) if life.started else (1, 70)), f"{what}: {life.code} {life.log}"
    assert any(cause in life.log for cause in CAUSES), f"{what}: {life.log}"
    assert "damaged" not in life.log and "panicked" not in life.log, f"{what}: {life.log}"
    return "ended with 70" if life.started else f"not started, {life.code}"
