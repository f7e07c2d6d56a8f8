"""`postern fsck`: it finds what is damaged, says where, and changes nothing."""

import contextlib
import hashlib
import json
import os
import pathlib
import random
import sqlite3
import subprocess

import pytest

from conftest import BINARY, Postern
from test_storage import OPTIONS, fill

CONTENT = ("account", "kind", "id", "rev", "body", "sum")


class Folder:
    """The data folder of a service that has ended."""

    def __init__(self, end="stop"):
        self.postern = Postern(*OPTIONS)
        fill(self.postern)
        fill_more(self.postern)
        getattr(self.postern, end)()
        self.path = pathlib.Path(self.postern.folder) / "data"
        self.files = {path: path.read_bytes() for path in self.path.rglob("*") if path.is_file()}

    def restore(self):
        for path in self.path.rglob("*"):
            if path.is_file() and path not in self.files:
                path.unlink()
        for path, content in self.files.items():
            if not path.exists() or path.read_bytes() != content:
                path.write_bytes(content)
                path.chmod(0o600)

    def fsck(self, *more):
        done = subprocess.run(
            [BINARY, "fsck", self.path, "--output", "json", *more], capture_output=True, text=True, timeout=60, check=False,
            env={name: value for name, value in os.environ.items() if not name.startswith("POSTERN_")},
        )
        return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr

    @contextlib.contextmanager
    def database(self):
        with contextlib.closing(sqlite3.connect(self.path / "store.db")) as database, database:
            yield database

    def change(self, kind, change, number=0):
        """Changes a document as somebody would who knows the checksums."""
        with self.database() as database:
            row = database.execute(
                "SELECT account, kind, id, rev, body FROM document WHERE kind = ? ORDER BY id LIMIT 1 OFFSET ?", (kind, number),
            ).fetchone()
            body = json.loads(row[4])
            change(body)
            text = json.dumps(body)
            digest = hashlib.sha256()
            for part in (row[0].encode(), row[1].encode(), row[2].encode(), row[3].to_bytes(8, "big"), text.encode()):
                digest.update(len(part).to_bytes(8, "big") + part)
            database.execute(
                "UPDATE document SET body = ?, sum = ? WHERE account = ? AND kind = ? AND id = ?",
                (text, digest.digest()[:16], *row[:3]))
            return row[2]


def fill_more(postern):
    """A second key, a group, a role in an instance profile."""
    iam = postern.client("iam")
    iam.create_access_key(UserName="kept")
    iam.create_group(GroupName="kept")
    iam.add_user_to_group(GroupName="kept", UserName="kept")


@pytest.fixture(scope="module")
def whole():
    made = Folder()
    yield made
    made.postern.close()


@pytest.fixture
def folder(whole):
    whole.restore()
    yield whole
    whole.restore()


def test_a_sound_folder_is_sound_and_stays_as_it_is(folder):
    code, found = folder.fsck()
    assert (code, found["damage"], found["sound"]) == (0, [], True)
    assert found["documents"] >= 20
    assert found["sealedValues"] >= 6
    assert found["auditDigests"] >= 1
    now = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}
    assert now == folder.files


def test_a_folder_that_a_kill_left_is_sound():
    postern = Postern(*OPTIONS)
    fill(postern)
    postern.kill()
    done = subprocess.run([BINARY, "fsck", f"{postern.folder}/data"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("all is well\n")
    postern.start()
    postern.close()


@pytest.mark.parametrize(("end", "name"), [("stop", "store.db"), ("kill", "store.db-wal")])
def test_flipped_bytes_are_found_or_harmless(end, name):
    """Harmless is a flip in a place that nothing reads: the documents are then the same."""
    folder = Folder(end)
    file = folder.path / name
    seed = int(os.environ.get("SEED", "1"))
    count = int(os.environ.get("FLIPS", "40"))
    chance = random.Random(seed)
    before = documents(folder)
    folder.restore()
    found = harmless = 0
    for _ in range(count):
        flipped = bytearray(folder.files[file])
        at = chance.randrange(len(flipped))
        flipped[at] ^= 1 << chance.randrange(8)
        file.write_bytes(flipped)
        code, report = folder.fsck()
        # A key check that was changed cannot be told from another key.
        is_key_check = code == 5 and "not the one this store was made with" in report
        assert code in (0, 1) or is_key_check, (file, at, code, report)
        if is_key_check:
            found += 1
        elif code == 1:
            assert report["damage"]
            found += 1
        else:
            assert documents(folder) == before, f"byte {at} of {file.name}, seed {seed}"
            harmless += 1
        folder.restore()
    assert found > count // 10
    print(f"{count} flips in {name}: {found} found, {harmless} harmless")
    folder.postern.close()


def documents(folder):
    with folder.database() as database:
        return database.execute(f"SELECT {', '.join(CONTENT)} FROM document ORDER BY account, kind, id").fetchall()


def test_a_cut_database_is_found(folder):
    database = folder.path / "store.db"
    content = database.read_bytes()
    for pages in (1, 2, len(content) // 8192, len(content) // 4096 - 1):
        database.write_bytes(content[: pages * 4096])
        code, report = folder.fsck()
        assert code == 1, pages
        assert report["damage"], pages
        folder.restore()


@pytest.mark.parametrize(("kind", "change", "sentence"), [
    ("access-key", lambda key: key.update(owner={"User": "nobody"}), "there is no user nobody"),
    ("user", lambda user: user.update(attached=["arn:aws:iam::111122223333:policy/gone"]), "there is no policy"),
    ("user", lambda user: user.update(groups=["AGPAGONE"]), "there is no group AGPAGONE"),
    ("user", lambda user: user.update(boundary="arn:aws:iam::111122223333:policy/gone"), "there is no policy"),
    ("network-interface", lambda it: it.update(subnet_id="subnet-0"), "there is no subnet subnet-0"),
    ("network-interface", lambda it: it.update(groups=["sg-0"]), "there is no security group sg-0"),
    ("network-interface", lambda it: it.update(address="127.9.9.9"), "is missing or has another address"),
    ("subnet", lambda it: it.update(vpc_id="vpc-0"), "there is no VPC vpc-0"),
    ("broker", lambda it: it["current"]["configuration"].update(revision=9), "there is no revision 9"),
    ("broker", lambda it: it.update(subnet_ids=["subnet-0"]), "there is no subnet subnet-0"),
    ("broker", lambda it: it.pop("name"), "not the expected JSON"),
    ("configuration", lambda it: it["revisions"].append({**it["revisions"][0], "revision": 9}), "revision 9 is missing"),
    ("user", lambda user: user.update(name="other"), "it says it is another document"),
])
def test_a_record_that_names_what_is_not_there_is_found(folder, kind, change, sentence):
    folder.change(kind, change)
    code, report = folder.fsck()
    assert code == 1
    assert any(sentence in line for line in report["damage"]), report["damage"]


def test_an_address_that_two_have_is_found(folder):
    postern = Postern(*OPTIONS, folder=folder.postern.folder)
    ec2 = postern.client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    ids = [ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"] for _ in range(2)]
    postern.stop()
    assert folder.fsck()[0] == 0
    with folder.database() as database:
        rows = database.execute("SELECT id, body FROM document WHERE kind = 'network-interface' ORDER BY id").fetchall()
    numbers = {id: (number, json.loads(body)["address"]) for number, (id, body) in enumerate(rows)}
    (number, _), (_, address) = numbers[ids[0]], numbers[ids[1]]
    folder.change("network-interface", lambda it: it.update(address=address), number)
    code, report = folder.fsck()
    assert code == 1
    assert any("both have it" in line for line in report["damage"]), report["damage"]


def test_a_sealed_value_that_was_moved_is_found(folder):
    sealed = []
    folder.change("access-key", lambda key: sealed.append(key["sealed_secret"]), 0)
    moved = folder.change("access-key", lambda key: key.update(sealed_secret=sealed[0]), 1)
    code, report = folder.fsck()
    assert (code, report["damage"]) == (1, [f"the secret of access key {moved}: it does not open"])


def test_a_changed_audit_log_is_found(folder):
    log = folder.path / "audit/audit.jsonl"
    content = log.read_bytes()
    for changed in (content.replace(b"CreateUser", b"DeleteUser", 1), content[:-400]):
        log.write_bytes(changed)
        code, report = folder.fsck()
        assert code == 1
        assert all(line.startswith("the audit log: ") for line in report["damage"])
        folder.restore()


def test_what_cannot_be_checked_is_told_apart(folder, tmp_path):
    postern = Postern(*OPTIONS, folder=folder.postern.folder)
    code, said = folder.fsck()
    postern.stop()
    assert (code, "in use" in said) == (5, True), said
    key = folder.path / "master.key"
    other = tmp_path / "data"
    stranger = Postern(*OPTIONS)
    other.mkdir()
    key.write_bytes((pathlib.Path(stranger.folder) / "data/master.key").read_bytes())
    stranger.close()
    code, said = folder.fsck()
    assert (code, "master key" in said) == (5, True), said
    key.unlink()
    code, said = folder.fsck()
    assert (code, "master key" in said) == (5, True), said
    for path in (other, tmp_path / "absent"):
        done = subprocess.run([BINARY, "fsck", path], capture_output=True, text=True, check=False)
        assert done.returncode == 3, done.stderr
    done = subprocess.run([BINARY, "fsck", other, "--data-dir", other], capture_output=True, text=True, check=False)
    assert done.returncode == 2
