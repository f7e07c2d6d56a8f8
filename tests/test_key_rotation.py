"""The master key is rotated while the service works: nobody is refused, nothing is lost, and in the end the old key opens nothing."""

import json
import os
import pathlib
import random
import subprocess
import threading
import time

import botocore.exceptions
import pytest
from conftest import BINARY, Postern

KILLS = int(os.environ.get("KILLS", "12"))


def key(postern, *args, check=True):
    done = subprocess.run(
        [BINARY, "key", *args, "--data-dir", f"{postern.folder}/data"], capture_output=True, text=True, timeout=120
    )
    assert not check or done.returncode == 0, done.stderr
    return done


def fsck(postern):
    done = subprocess.run(
        [BINARY, "fsck", f"{postern.folder}/data", "--output", "json"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def fill(postern, users):
    """Users with access keys, and a broker with three users; returns the access keys."""
    mq = postern.client("mq")
    mq.create_broker(
        BrokerName="rotated", EngineType="ACTIVEMQ", EngineVersion="5.18", HostInstanceType="mq.t3.micro",
        DeploymentMode="SINGLE_INSTANCE", PubliclyAccessible=False, AutoMinorVersionUpgrade=True, CreatorRequestId="token",
        Users=[{"Username": f"user{n}", "Password": f"correct-horse-{n}"} for n in range(3)],
    )
    policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    return [postern.user(f"user{n}", policy) for n in range(users)]


def who(postern, pair, token=None):
    session = {"aws_session_token": token} if token else {}
    import boto3

    sts = boto3.client(
        "sts", region_name="us-east-1", endpoint_url=postern.endpoint, aws_access_key_id=pair[0],
        aws_secret_access_key=pair[1], **session,
    )
    return sts.get_caller_identity()["Arn"]


RATES = ("--driver", "simulate", "--api-rate", "100000", "--api-burst", "100000")


def test_while_it_works_nobody_is_refused_and_the_old_key_opens_nothing_any_more():
    postern = Postern(*RATES)
    try:
        keys = fill(postern, 10)
        file = pathlib.Path(postern.folder) / "data" / "master.key"
        first = file.read_bytes()
        sts = postern.client("sts", key=keys[0])
        made = sts.get_session_token(DurationSeconds=900)["Credentials"]
        session = ((made["AccessKeyId"], made["SecretAccessKey"]), made["SessionToken"])
        stop, failures, counts = threading.Event(), [], [0, 0, 0]

        def work(at):
            iam = postern.client("iam", key=keys[at])
            try:
                while not stop.is_set():
                    who(postern, keys[at])
                    # Keys that are made while the key changes must work, too.
                    name = f"made{at}-{counts[at]}"
                    iam.create_user(UserName=name)
                    new = iam.create_access_key(UserName=name)["AccessKey"]
                    keys.append((new["AccessKeyId"], new["SecretAccessKey"]))
                    counts[at] += 1
            except Exception as error:  # noqa: BLE001
                failures.append(error)

        workers = [threading.Thread(target=work, args=(at,)) for at in range(3)]
        [worker.start() for worker in workers]
        for _ in range(3):
            key(postern, "rotate")
        stop.set()
        [worker.join() for worker in workers]
        assert not failures, failures
        assert min(counts) > 0, counts
        assert file.stat().st_mode & 0o777 == 0o600
        shown = key(postern, "show").stdout
        assert shown.count("older") == 3 and "everything is sealed under the current key" in shown
        # A session of the first key goes on until the key is forgotten.
        assert who(postern, *session).endswith(":user/user0")
        key(postern, "forget")
        assert len(file.read_text().splitlines()) == 1
        until = time.monotonic() + 15
        while True:
            try:
                who(postern, *session)
            except botocore.exceptions.ClientError as error:
                assert error.response["Error"]["Code"] == "InvalidClientTokenId", error
                break
            assert time.monotonic() < until, "the session outlives its key"
        for pair in keys:
            who(postern, pair)
        postern.stop()
        # The new key alone is enough for everything, the journal's digests too.
        found = fsck(postern)
        assert found["sound"] and found["sealedValues"] > len(keys), found
        verify = subprocess.run(
            [BINARY, "audit", "verify", "--data-dir", f"{postern.folder}/data"], capture_output=True, text=True, timeout=60
        )
        assert verify.returncode == 0, verify.stdout + verify.stderr
        # The first key does not open the store any more, and nothing is written for trying.
        new = file.read_bytes()
        store = (pathlib.Path(postern.folder) / "data" / "store.db").read_bytes()
        file.write_bytes(first)
        began = time.monotonic()
        with pytest.raises(RuntimeError, match="did not start"):
            postern.start()
        assert time.monotonic() - began < 10
        assert "the master key is not the one" in postern.log_text()
        assert (pathlib.Path(postern.folder) / "data" / "store.db").read_bytes() == store
        file.write_bytes(new)
        postern.start()
        who(postern, keys[0])
        # Without the service the command does it by itself.
        postern.stop()
        assert "everything is sealed under it" in key(postern, "rotate").stdout
        key(postern, "forget")
        assert fsck(postern)["sound"]
        print(f"{len(keys)} access keys, {found['sealedValues']} sealed values, {sum(counts)} keys made meanwhile")
    finally:
        postern.close()


def test_killed_at_any_moment_of_a_rotation_it_goes_on_at_the_next_start():
    """KILLS kills at random moments; then the newest key alone opens everything."""
    dice = random.Random(7)
    postern = Postern(*RATES)
    try:
        keys = fill(postern, 10)
        file = pathlib.Path(postern.folder) / "data" / "master.key"
        unfinished = 0
        for kill in range(KILLS):
            rotate = subprocess.Popen(
                [BINARY, "key", "rotate", "--wait", "1", "--data-dir", f"{postern.folder}/data"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            # The service looks at the file each second: the kill comes before, in, and after its work.
            try:
                rotate.wait(timeout=dice.uniform(0, 1.3))
            except subprocess.TimeoutExpired:
                rotate.kill()
                rotate.wait()
            postern.kill()
            unfinished += "not everything" in key(postern, "show").stdout
            postern.start()
            for pair in dice.sample(keys, 3):
                who(postern, pair)
            until = time.monotonic() + 30
            while "not everything" in key(postern, "show").stdout:
                assert time.monotonic() < until, "the next start does not finish the rotation"
            key(postern, "forget")
        for pair in keys:
            who(postern, pair)
        postern.stop()
        assert len(file.read_text().splitlines()) == 1
        assert fsck(postern)["sound"]
        assert unfinished > 0
        print(f"{KILLS} kills, {unfinished} of them in an unfinished rotation")
    finally:
        postern.close()
