"""Fifty secrets of every kind go through the service while it logs all it can, and are looked for wherever they must not be."""

import base64
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import time
import urllib.parse

import pytest
from botocore.exceptions import ClientError

import signed
from conftest import ENGINES, Postern, broker_request, running, wait_until
from test_every_operation import ACCOUNT, ISSUER, document, keys, token, trust

BOOK = "http://activemq.apache.org/schema/core"
LDAP = {
    "Hosts": ["ldap.example.com"], "RoleBase": "ou=g", "RoleSearchMatching": "(member:=uid={1})", "UserBase": "ou=u",
    "ServiceAccountUsername": "cn=service", "UserSearchMatching": "(uid={0})",
}


class Canaries:
    """Secrets by what they are. `stored` ones may stand in the store as they are, because they have to be read back."""

    def __init__(self):
        self.secrets = {}
        self.stored = set()
        self.answers = []

    def new(self, what):
        """A password nobody else has. It satisfies every rule for passwords."""
        secret = f"Canary-{len(self.secrets)}-{os.urandom(9).hex()}-Wx"
        return self.add(what, secret)

    def add(self, what, secret, stored=False):
        name = f"{what} ({len(self.secrets)})"
        self.secrets[name] = secret
        if stored:
            self.stored.add(name)
        return secret

    def refused(self, call, *args, **members):
        """A call that is refused; its answer is looked at as well."""
        with pytest.raises(ClientError) as caught:
            call(*args, **members)
        self.answers.append(json.dumps(caught.value.response, default=str))

    def forms(self, secret):
        plain = secret.encode()
        quoted = json.dumps(secret)[1:-1].encode()
        return {
            plain, quoted, plain.hex().encode(), urllib.parse.quote(secret, safe="").encode(),
            *(base64.b64encode(b"x" * pad + plain)[4:-4] for pad in range(3)),
        }

    def look(self, where, content, stored_too=True):
        found = [
            name for name, secret in self.secrets.items()
            if (stored_too or name not in self.stored) and any(form in content for form in self.forms(secret))
        ]
        assert not found, f"in {where}: {found}"


def everything(postern, canaries):
    """Fifty secrets by every way that one comes in or goes out."""
    iam, mq, sts = (postern.client(name) for name in ("iam", "mq", "sts"))
    # Access keys and login passwords.
    for number in range(6):
        name = f"user{number}"
        key = postern.user(name, json.loads(document("*")))
        canaries.add("the secret of an access key", key[1])
        iam.create_login_profile(UserName=name, Password=canaries.new("a login password"))
    iam.update_login_profile(UserName="user0", Password=canaries.new("a changed login password"))
    canaries.refused(iam.create_login_profile, UserName="nobody", Password=canaries.new("a login password of nobody"))
    canaries.refused(iam.create_login_profile, UserName="user1", Password=canaries.new("a second login password"))

    # Brokers' users.
    users = [
        {"Username": f"user{number}", "Password": canaries.new("a broker user's password").replace(",", "")}
        for number in range(5)
    ]
    broker = mq.create_broker(**broker_request("canaries", Users=users))["BrokerId"]
    running(mq, broker)
    for number in range(4):
        mq.create_user(BrokerId=broker, Username=f"later{number}", Password=canaries.new("a later user's password"))
    mq.update_user(BrokerId=broker, Username="user0", Password=canaries.new("a changed password"))
    canaries.refused(mq.create_user, BrokerId=broker, Username="user1", Password=canaries.new("the password of a user twice"))
    canaries.refused(
        mq.create_user, BrokerId="b-00000000-0000-4000-8000-000000000000", Username="someone",
        Password=canaries.new("the password for a broker that is not there"))
    canaries.refused(
        mq.create_user, BrokerId=broker, Username="bad", Password=canaries.new("a password that is refused") + ",=:")
    canaries.refused(mq.create_broker, **broker_request("refused", HostInstanceType="mq.none", Users=[
        {"Username": "admin", "Password": canaries.new("the password of a broker that is refused")}]))
    broken = '{"brokerName": "b", "users": [{"username": "admin", "password": "%s"' % canaries.new("a password in broken JSON")
    for path in ("/v1/brokers", "/v1/configurations"):
        answer = signed.send(signed.sign(signed.request(postern, "POST", path, broken)))
        assert answer.status == 400
        canaries.answers.append(answer.text)
    shape = json.dumps({"password": {"in": canaries.new("a password of the wrong shape")}})
    answer = signed.send(signed.sign(signed.request(postern, "POST", f"/v1/brokers/{broker}/users/shape", shape)))
    assert answer.status == 400
    canaries.answers.append(answer.text)

    # Directories.
    for number in range(3):
        broker = mq.create_broker(**broker_request(
            f"directory{number}", AuthenticationStrategy="LDAP", Users=None,
            LdapServerMetadata={**LDAP, "ServiceAccountPassword": canaries.new("a directory's password")},
        ))["BrokerId"]
    running(mq, broker)
    mq.update_broker(
        BrokerId=broker, LdapServerMetadata={**LDAP, "ServiceAccountPassword": canaries.new("a directory's changed password")})

    # Configurations: they are read back, so the store has them as they are.
    configuration = mq.create_configuration(Name="c", EngineType="ACTIVEMQ", EngineVersion="5.18")["Id"]
    for text in ("<!-- {} -->", '<plugins><authorizationPlugin><map>{}</map></authorizationPlugin></plugins>', "<{}"):
        secret = canaries.add("configuration data", f"canary{len(canaries.secrets)}{os.urandom(9).hex()}", stored=True)
        data = base64.b64encode(f'<broker xmlns="{BOOK}">{text.format(secret)}</broker>'.encode()).decode()
        try:
            mq.update_configuration(ConfigurationId=configuration, Data=data)
        except ClientError as refused:
            # AWS's answer to XML that cannot be read may quote it: the caller sent it.
            assert refused.response["Error"]["Code"] == "BadRequestException"

    # Temporary credentials: what is made, and what comes in.
    role = f"arn:aws:iam::{ACCOUNT}:role/canary"
    iam.create_role(RoleName="canary", AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}))
    iam.put_role_policy(RoleName="canary", PolicyName="p", PolicyDocument=document("*"))
    provider = iam.create_open_id_connect_provider(Url=f"https://{ISSUER}", ClientIDList=["app"])["OpenIDConnectProviderArn"]
    iam.create_role(
        RoleName="web", AssumeRolePolicyDocument=trust({"Federated": provider}, "sts:AssumeRoleWithWebIdentity"))
    web = canaries.add("a token of an identity provider", token())
    made = [
        sts.get_federation_token(Name="partner", Policy=document("*"))["Credentials"],
        postern.client("sts", key).get_session_token()["Credentials"],
        postern.client("sts", key).assume_role(RoleArn=role, RoleSessionName="session")["Credentials"],
        sts.assume_role_with_web_identity(
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/web", RoleSessionName="session", WebIdentityToken=web)["Credentials"],
    ]
    canaries.refused(
        sts.assume_role_with_web_identity, RoleArn=f"arn:aws:iam::{ACCOUNT}:role/web", RoleSessionName="session",
        WebIdentityToken=canaries.add("a spoilt token of an identity provider", web[:-12] + "AAAAAAAAAAAA"))
    for credentials in made:
        session = (credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"])
        canaries.add("the secret of a session", session[1])
        canaries.add("a session token", session[2])
        for request in (
            signed.sign(signed.request(postern), session),
            signed.sign(signed.request(postern), session, expires=60),
            signed.sign(signed.request(postern, path="/v1/nowhere"), session, expires=60),
        ):
            prepared = request.prepare()
            carried = prepared.headers.get("Authorization") or prepared.url
            signature = urllib.parse.unquote(carried).split("Signature=")[1].split("&")[0]
            canaries.add("a signature", signature if isinstance(signature, str) else signature.decode())
            canaries.answers.append(signed.send(request).text)
    return key


def descendants(pid):
    """The process and all that it started, shims that were handed on included."""
    children, folder = {}, None
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
            if int(entry.name) == pid:
                folder = (entry / "cmdline").read_bytes().split(b"--data-dir\0")[1].split(b"\0")[0]
        except (OSError, IndexError, ValueError):
            continue
    found, todo = set(), [pid]
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if folder and folder in (entry / "cmdline").read_bytes():
                todo.append(int(entry.name))
        except OSError:
            continue
    while todo:
        found.add(one := todo.pop())
        todo += [child for child in children.get(one, []) if child not in found]
    return sorted(found)


def look_everywhere(postern, canaries):
    """Looks at answers, processes, logs and files; returns how many of each."""
    for answer in canaries.answers:
        canaries.look("an answer", answer.encode())
    processes = descendants(postern.process.pid)
    for pid in processes:
        for name in ("cmdline", "environ"):
            try:
                canaries.look(f"{name} of {pid}", pathlib.Path(f"/proc/{pid}/{name}").read_bytes())
            except (FileNotFoundError, ProcessLookupError):
                continue
    folder = pathlib.Path(postern.folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        is_store = path.name.startswith("store.db")
        # What an engine is started with has its users' passwords: for its own user only.
        if "nodes" in path.parts and ".log" not in path.name:
            continue
        canaries.look(path, path.read_bytes(), stored_too=not is_store)
    names = {path.name for path in files}
    assert {"postern.log", "store.db", "store.db-wal", "audit.jsonl"} <= names
    return processes, files


def serve(tmp_path, *options):
    provider = tmp_path / "keys.json"
    provider.write_text(json.dumps(keys()))
    return Postern(
        "--log", "trace", "--api-rate", "100000", "--api-burst", "100000", "--oidc-keys", f"https://{ISSUER}={provider}",
        *options)


def test_fifty_secrets_are_nowhere_to_be_found(tmp_path):
    postern = serve(tmp_path, "--driver", "simulate", "--simulate-start-ms", "0")
    canaries = Canaries()
    everything(postern, canaries)
    assert len(canaries.secrets) >= 50
    _, files = look_everywhere(postern, canaries)
    # Something that is worth a line at that level only: the search is of a log that says all it can.
    address, port = postern.endpoint.split("//")[1].split(":")
    with socket.create_connection((address, int(port))) as cut:
        cut.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")
    wait_until("the log tells it", lambda: '"DEBUG"' in postern.log_text())
    log = (pathlib.Path(postern.folder) / "postern.log").read_bytes()
    # The search finds what is there.
    with pytest.raises(AssertionError, match="in here"):
        canaries.look("here", log + next(iter(canaries.secrets.values())).encode())
    postern.stop()
    # At rest, and in a copy of the database that SQLite itself makes.
    database = sqlite3.connect(f"{postern.folder}/data/store.db")
    database.execute("VACUUM INTO ?", [str(tmp_path / "copy.db")])
    database.close()
    canaries.look("a copy of the store", (tmp_path / "copy.db").read_bytes(), stored_too=False)
    for path in pathlib.Path(postern.folder).rglob("*"):
        if path.is_file():
            canaries.look(path, path.read_bytes(), stored_too=not path.name.startswith("store.db"))
    print(f"{len(canaries.secrets)} secrets, {len(canaries.answers)} answers, {len(files)} files, {len(log)} bytes of log")
    postern.close()


@pytest.mark.skipif(not ENGINES, reason="skipped: POSTERN_TEST_ENGINES not set (script/test sets it)")
def test_no_engine_is_told_a_secret_where_others_can_read_it(tmp_path):
    postern = serve(tmp_path)
    mq, canaries = postern.client("mq"), Canaries()
    users = [{"Username": f"user{number}", "Password": canaries.new("a broker user's password")} for number in range(3)]
    broker = mq.create_broker(**broker_request("canaries", Users=users))["BrokerId"]
    try:
        running(mq, broker)
        mq.update_user(BrokerId=broker, Username="user0", Password=canaries.new("a changed password"))
        processes, files = look_everywhere(postern, canaries)
        assert len(processes) >= 3, "the service, a shim and an engine"
        for path in files:
            if "nodes" in path.parts and ".log" not in path.name:
                assert path.lstat().st_mode & 0o077 == 0, f"others may read {path}"
        print(f"{len(processes)} processes, {len(files)} files")
    finally:
        mq.delete_broker(BrokerId=broker)
        wait_until("the broker is gone", lambda: not mq.list_brokers()["BrokerSummaries"])
        postern.close()


@pytest.mark.parametrize("what", ["lost", "another's", "cut", "empty", "readable by others"])
def test_without_its_master_key_it_ends_within_two_seconds_and_writes_nothing(what):
    postern = Postern("--driver", "simulate", "--simulate-start-ms", "0")
    running(postern.client("mq"), postern.client("mq").create_broker(**broker_request("b"))["BrokerId"])
    postern.stop()
    data = pathlib.Path(postern.folder) / "data"
    key = data / "master.key"
    kept = key.read_bytes()
    if what == "lost":
        key.unlink()
    elif what == "another's":
        key.write_bytes(kept[:-45] + base64.b64encode(os.urandom(32)) + b"\n")
    elif what == "readable by others":
        key.chmod(0o644)
    else:
        key.write_bytes(kept[:30] if what == "cut" else b"")

    def content():
        return {
            path.relative_to(data): path.read_bytes() for path in data.rglob("*")
            if path.is_file() and path.name not in ("store.lock", "store.db-shm", "store.db-wal")
        }

    before = content()
    began = time.monotonic()
    with pytest.raises(RuntimeError, match="did not start"):
        postern.start()
    took = time.monotonic() - began
    assert took < 2, f"{took:.1f} s"
    assert postern.process.returncode is not None
    assert postern.process.returncode != 0
    assert "master key" in postern.log_text()
    assert content() == before
    assert what != "lost" or not key.exists(), "no new key is made for old data"
    # With the right one all is there.
    key.unlink(missing_ok=True)
    key.write_bytes(kept)
    key.chmod(0o600)
    postern.start()
    assert postern.client("mq").list_brokers()["BrokerSummaries"]
    postern.close()
    shutil.rmtree(postern.folder, ignore_errors=True)
