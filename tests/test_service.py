"""The service as a program: configuration, TLS, first start, exit codes."""

import json
import os
import pathlib
import stat
import subprocess
import urllib.request

import pytest

from conftest import BINARY, Postern, ROOT_ID, ROOT_SECRET


def postern(*words, env=None):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("POSTERN_")}
    return subprocess.run(
        [BINARY, *words], capture_output=True, text=True, timeout=60, check=False, env={**clean, **(env or {})},
    )


def test_the_api_is_served_over_tls_with_postern_s_own_authority():
    service = Postern("--driver", "simulate", "--tls", "own")
    try:
        assert service.endpoint.startswith("https://")
        assert service.client("mq").list_brokers()["BrokerSummaries"] == []
        # A client that does not know the authority does not go on.
        with pytest.raises(Exception, match="certificate verify failed|CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(service.endpoint, timeout=10)
    finally:
        service.close()


def test_secure_transport_is_the_listener_s_and_no_header_s():
    policy = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "mq:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}]}
    secure = Postern("--driver", "simulate", "--tls", "own")
    plain = Postern("--driver", "simulate")
    try:
        secure.client("mq", secure.user("jane", policy)).list_brokers()
        mq = plain.client("mq", plain.user("jane", policy))

        def pretend(request, **_):
            request.headers["X-Forwarded-Proto"] = "https"

        mq.meta.events.register("before-sign.mq.*", pretend)
        with pytest.raises(mq.exceptions.ClientError, match="AccessDeniedException"):
            mq.list_brokers()
    finally:
        secure.close()
        plain.close()


def test_plain_http_beyond_loopback_is_refused_unless_allowed_by_name(tmp_path):
    done = postern("serve", "--data-dir", str(tmp_path / "d"), "--listen", "0.0.0.0:0", "--admin-listen", "off")
    assert done.returncode == 1
    assert "is not a loopback address" in done.stderr and "--allow-plain-http" in done.stderr


def test_the_first_start_makes_private_files_and_a_key_that_works(tmp_path):
    service = Postern("--driver", "simulate", env={"POSTERN_ROOT_ACCESS_KEY_ID": "", "POSTERN_ROOT_SECRET_ACCESS_KEY": ""})
    try:
        folder = pathlib.Path(service.folder) / "data"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for name in ("root-credentials.json", "master.key", "store.db"):
            assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name
        credentials = json.loads((folder / "root-credentials.json").read_text())
        assert credentials["endpoint"] == service.endpoint
        assert credentials["accessKeyId"] in service.greeting and credentials["secretAccessKey"] in service.greeting
        key = (credentials["accessKeyId"], credentials["secretAccessKey"])
        identity = service.client("sts", key).get_caller_identity()
        assert identity["Arn"] == f"arn:aws:iam::{credentials['accountId']}:root"
        service.stop()
        service.start()
        # Shown once: later starts only say where it is.
        assert credentials["secretAccessKey"] not in service.greeting
        assert service.client("sts", key).get_caller_identity()["Account"] == "111122223333"
    finally:
        service.close()


def test_the_root_key_comes_out_of_files_too(tmp_path):
    (tmp_path / "id").write_text(ROOT_ID + "\n")
    (tmp_path / "secret").write_text(ROOT_SECRET + "\n")
    service = Postern("--driver", "simulate", env={
        "POSTERN_ROOT_ACCESS_KEY_ID": "", "POSTERN_ROOT_SECRET_ACCESS_KEY": "",
        "POSTERN_ROOT_ACCESS_KEY_ID_FILE": str(tmp_path / "id"),
        "POSTERN_ROOT_SECRET_ACCESS_KEY_FILE": str(tmp_path / "secret"),
    })
    try:
        assert service.client("sts").get_caller_identity()["Account"] == "111122223333"
    finally:
        service.close()


@pytest.mark.parametrize("env, flags, words", [
    ({"POSTERN_LISTEM": "x"}, [], ["unknown environment variable `POSTERN_LISTEM`", "did you mean `POSTERN_LISTEN`?"]),
    ({}, ["--listen", "nowhere"], ["`nowhere` is not a value of listen (flag --listen)"]),
    ({"POSTERN_API_RATE": "-1"}, [], ["`-1` is not a value of api-rate (environment POSTERN_API_RATE)"]),
    ({}, ["--quota", "broker=3"], ["unknown quota `broker`", "did you mean `brokers`?"]),
    ({}, ["--driver", "docker"], ["`docker` is not a value of driver", "process or simulate"]),
    ({"POSTERN_ROOT_ACCESS_KEY_ID": "AKIAONLYTHEIDISSET00"}, [], ["go together"]),
])
def test_a_wrong_configuration_is_refused_with_what_to_do(env, flags, words):
    done = postern("config", "validate", *flags, env=env)
    assert done.returncode == 2, done
    for word in words:
        assert word in done.stderr, done.stderr


def test_flags_win_over_the_environment_and_that_over_the_file(tmp_path):
    file = tmp_path / "postern.toml"
    file.write_text('api-rate = 1\napi_burst = 2\nregion = ["eu-west-1", "eu-central-1"]\nquota = { brokers = 7 }\n')
    done = postern(
        "config", "show", "--output", "json", "--config", str(file), "--api-rate", "3", env={"POSTERN_API_BURST": "4"},
    )
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["api-rate"] == {"value": "3", "source": "flag --api-rate"}
    assert shown["api-burst"] == {"value": "4", "source": "environment POSTERN_API_BURST"}
    assert shown["region"]["value"] == ["eu-west-1", "eu-central-1"]
    assert shown["quotas"]["brokers"] == 7
    file.write_text("api-rat = 1\n")
    done = postern("config", "validate", "--config", str(file))
    assert done.returncode == 2 and "did you mean `api-rate`?" in done.stderr


def test_two_services_on_one_folder_are_refused(simulated):
    done = postern("serve", "--data-dir", f"{simulated.folder}/data", "--listen", "127.0.0.1:0", "--admin-listen", "off")
    assert done.returncode == 1 and "is in use by another process" in done.stderr


def test_a_lost_or_wrong_master_key_stops_the_start_and_changes_nothing():
    service = Postern("--driver", "simulate")
    service.stop()
    key = pathlib.Path(service.folder) / "data/master.key"
    before = key.read_bytes()
    arguments = ["serve", "--data-dir", f"{service.folder}/data", "--listen", "127.0.0.1:0", "--admin-listen", "off",
                 "--driver", "simulate"]
    key.unlink()
    lost = postern(*arguments)
    assert lost.returncode == 1 and "master key" in lost.stderr and not key.exists(), lost.stderr
    key.write_bytes(before[::-1] if before[::-1] != before else b"0" + before[1:])
    key.chmod(0o600)
    wrong = postern(*arguments)
    assert wrong.returncode == 1 and "master key" in wrong.stderr, wrong.stderr
    key.write_bytes(before)
    service.start()
    service.close()


def test_regions_have_brokers_and_configurations_of_their_own():
    service = Postern("--driver", "simulate", "--region", "us-east-1", "--region", "eu-west-1=a,b", "--simulate-start-ms", "0")
    try:
        here, there = service.client("mq"), service.client("mq", region="eu-west-1")
        configuration = here.create_configuration(Name="c", EngineType="ACTIVEMQ", EngineVersion="5.18")
        assert ":us-east-1:" in configuration["Arn"]
        assert there.list_configurations()["Configurations"] == []
        with pytest.raises(there.exceptions.NotFoundException):
            there.describe_configuration(ConfigurationId=configuration["Id"])
        zones = there.describe_broker_instance_options()["BrokerInstanceOptions"][0]["AvailabilityZones"]
        assert [zone["Name"] for zone in zones] == ["eu-west-1a", "eu-west-1b"]
        elsewhere = service.client("mq", region="ap-south-1")
        with pytest.raises(elsewhere.exceptions.ClientError, match="scoped to a valid region, not 'ap-south-1'"):
            elsewhere.list_brokers()
    finally:
        service.close()


def test_help_is_complete_and_has_examples():
    whole = postern("--help").stdout
    assert "Examples:" in whole and "Exit codes:" in whole and "postern serve" in whole
    serve = postern("serve", "--help").stdout
    for flag in ("--data-dir", "--listen", "--admin-listen", "--region", "--account-id", "--api-rate", "--api-burst",
                 "--quota", "--driver", "--tls", "--engines-dir"):
        assert flag in serve, flag
    assert postern("serv").returncode == 2
