"""Fixtures: a running Postern, and AWS's own clients pointed at it."""

import contextlib
import itertools
import json
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time

import boto3
import pytest
from botocore.config import Config

BINARY = os.environ.get("POSTERN_TEST_BINARY", "target/debug/postern")
ENGINES = os.environ.get("POSTERN_TEST_ENGINES")
ROOT_ID = "AKIAPOSTERNTESTROOT0"
ROOT_SECRET = "root+secret/of+the+tests/0123456789abcdef"
REGION = "us-east-1"
# Where addresses of real brokers begin, 127.x; each region takes one, and the one of the whole session keeps the first.
BLOCKS = itertools.cycle(range(10, 250, 8))

# Nothing of the machine's own AWS configuration may reach a test.
for name in list(os.environ):
    if name.startswith("AWS_"):
        del os.environ[name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


class Postern:
    """A running `postern serve` in a temporary folder."""

    def __init__(self, *args, folder=None, env=None):
        self.folder = folder or tempfile.mkdtemp(prefix="postern-test-")
        # As root every broker has a user of its own, who has to get through to its folder.
        os.chmod(self.folder, 0o711)
        self.own_folder = folder is None
        if not {"simulate", "--network", "--vpc-block"} & set(args):
            # The addresses of two services whose brokers run at the same time are not left to chance.
            args = (*args, "--vpc-block", str(next(BLOCKS)))
        self.args = args
        self.env = env or {}
        self.process = None
        self.start()

    def start(self):
        environment = {
            **os.environ,
            "POSTERN_ROOT_ACCESS_KEY_ID": ROOT_ID,
            "POSTERN_ROOT_SECRET_ACCESS_KEY": ROOT_SECRET,
            **self.env,
        }
        self.log = open(pathlib.Path(self.folder) / "postern.log", "ab")
        self.process = subprocess.Popen(
            [
                BINARY, "serve", "--data-dir", f"{self.folder}/data", "--listen", "127.0.0.1:0",
                "--admin-listen", "127.0.0.1:0", "--account-id", "111122223333",
                *(["--engines-dir", ENGINES] if ENGINES else []), *self.args,
            ],
            stdout=subprocess.PIPE, stderr=self.log, env=environment, bufsize=0,
        )
        self.greeting = ""
        # The greeting ends with the first command to try; it is printed when the ports are open.
        while "Try:" not in self.greeting:
            ready, _, _ = select.select([self.process.stdout], [], [], 60)
            part = self.process.stdout.read(65536) if ready else b""
            if not part:
                if ready:
                    # It closed its output: it is ending by itself, and its exit code counts.
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        self.process.wait(timeout=30)
                self.kill()
                raise RuntimeError(f"postern did not start: {self.greeting} {self.log_text()}")
            self.greeting += part.decode()
        self.endpoint = re.search(r"https?://[0-9.]+:[0-9]+", self.greeting).group(0)
        self.admin = re.search(r"(http://[0-9.]+:[0-9]+)/healthz", self.greeting).group(1)

    def log_text(self):
        return (pathlib.Path(self.folder) / "postern.log").read_text(errors="replace")

    def kill(self):
        """kill -9, by pid."""
        self.process.kill()
        self.process.wait()
        self.log.close()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)
        self.log.close()

    def end_nodes(self):
        """Ends brokers that run on without their Postern, so that a failed test disturbs no other. By pid, and only who says by its
        own arguments or environment that it is a node of this folder."""
        for record in (pathlib.Path(self.folder) / "data/nodes").glob("*/state.json"):
            state = json.loads(record.read_text())
            for who, file in (("shim", "cmdline"), ("broker", "environ")):
                pid = state[who]["pid"]
                with contextlib.suppress(OSError):
                    if str(record.parent).encode() in pathlib.Path(f"/proc/{pid}/{file}").read_bytes():
                        os.kill(pid, signal.SIGKILL)

    def close(self):
        self.stop()
        self.end_nodes()
        if self.own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def client(self, service, key=(ROOT_ID, ROOT_SECRET), region=REGION, **config):
        return boto3.client(
            service, region_name=region, endpoint_url=self.endpoint,
            aws_access_key_id=key[0], aws_secret_access_key=key[1],
            config=Config(retries={"total_max_attempts": 1}, **config),
            verify=f"{self.folder}/data/ca.pem" if self.endpoint.startswith("https") else None,
        )

    def user(self, name, *policies, managed=()):
        """Makes a user with these policies and returns its access key."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        for number, policy in enumerate(policies):
            iam.put_user_policy(UserName=name, PolicyName=f"p{number}", PolicyDocument=json.dumps(policy))
        for arn in managed:
            iam.attach_user_policy(UserName=name, PolicyArn=arn)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def aws(self, *words, key=(ROOT_ID, ROOT_SECRET), check=True):
        """Runs AWS CLI and returns its JSON answer, or the finished process where `check` is off."""
        done = subprocess.run(
            [pathlib.Path(os.environ.get("POSTERN_TEST_PYTHON", shutil.which("python3"))).parent / "aws", *words],
            env={
                **os.environ, "AWS_ENDPOINT_URL": self.endpoint, "AWS_DEFAULT_REGION": REGION,
                "AWS_ACCESS_KEY_ID": key[0], "AWS_SECRET_ACCESS_KEY": key[1], "AWS_MAX_ATTEMPTS": "1",
                "AWS_PAGER": "",
            },
            capture_output=True, text=True, timeout=120, check=False,
        )
        if not check:
            return done
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    def audit(self):
        """The audit records written so far."""
        lines = (pathlib.Path(self.folder) / "data/audit/audit.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]


def wait_until(what, check, seconds=90):
    """Asks again until it is so. The time limit only ends a test that has failed."""
    limit = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        assert time.monotonic() < limit, f"not in {seconds} s: {what}"
        time.sleep(0.05)


def broker_request(name="b", **members):
    """A CreateBroker request for the smallest ActiveMQ broker."""
    request = {
        "BrokerName": name, "EngineType": "ACTIVEMQ", "EngineVersion": "5.18", "HostInstanceType": "mq.t3.micro",
        "DeploymentMode": "SINGLE_INSTANCE", "PubliclyAccessible": False, "AutoMinorVersionUpgrade": True,
        "Users": [{"Username": "admin", "Password": "correct-horse-battery", "ConsoleAccess": True}],
    }
    request.update(members)
    return {name: value for name, value in request.items() if value is not None}


def state(mq, broker):
    return mq.describe_broker(BrokerId=broker)["BrokerState"]


def running(mq, broker, seconds=90):
    """Waits until a broker runs, and returns its description."""
    def check():
        described = mq.describe_broker(BrokerId=broker)
        # In full: a shortened description would leave out why.
        assert described["BrokerState"] != "CREATION_FAILED", json.dumps(described["ActionsRequired"], indent=1, default=str)
        return described if described["BrokerState"] == "RUNNING" else None
    return wait_until(f"{broker} runs", check, seconds)


@pytest.fixture(scope="session")
def simulated():
    """One service without engines, for all tests that need none."""
    postern = Postern("--driver", "simulate", "--simulate-start-ms", "0", "--api-rate", "100000", "--api-burst", "100000")
    yield postern
    postern.close()


@pytest.fixture(scope="session")
def real():
    """One service with real engines."""
    if not ENGINES:
        pytest.skip("skipped: POSTERN_TEST_ENGINES not set (script/test sets it)")
    postern = Postern("--api-rate", "100000", "--api-burst", "100000", "--vpc-block", "2")
    yield postern
    mq = postern.client("mq")
    for broker in mq.list_brokers()["BrokerSummaries"]:
        if broker["BrokerState"] != "DELETION_IN_PROGRESS":
            mq.delete_broker(BrokerId=broker["BrokerId"])
    wait_until("all brokers are gone", lambda: not mq.list_brokers()["BrokerSummaries"], 60)
    postern.close()
