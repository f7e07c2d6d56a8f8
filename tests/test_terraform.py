"""Terraform with the real `aws` provider: a configuration, a broker and its users are made, stay, change and go."""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

from conftest import ENGINES, REGION, ROOT_ID, ROOT_SECRET, Postern, broker_request, running, wait_until

PROVIDER = "registry.terraform.io/hashicorp/aws"
# Where a mirror of providers may be, besides what TF_PLUGIN_MIRROR says.
MIRRORS = ("/opt/tf-plugins", "/usr/share/terraform/plugins", "/usr/local/share/terraform/plugins",
           "~/.terraform.d/plugins", "~/.local/share/terraform/plugins")

STACK = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "us-east-1"
}

variable "memory_limit" { default = "1 mb" }
variable "second_user" { default = false }
variable "security_group" {}

resource "aws_mq_configuration" "this" {
  name           = "terraform"
  engine_type    = "ActiveMQ"
  engine_version = "5.18"
  description    = "made by terraform"
  data           = <<-XML
    <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
    <broker xmlns="http://activemq.apache.org/schema/core" schedulePeriodForDestinationPurge="10000">
      <destinationPolicy>
        <policyMap>
          <policyEntries>
            <policyEntry queue="&gt;" gcInactiveDestinations="true" memoryLimit="${var.memory_limit}"/>
          </policyEntries>
        </policyMap>
      </destinationPolicy>
    </broker>
  XML
  tags = { made = "by-terraform" }
}

resource "aws_mq_broker" "this" {
  broker_name                = "terraform"
  engine_type                = "ActiveMQ"
  engine_version             = "5.18"
  host_instance_type         = "mq.t3.micro"
  deployment_mode            = "SINGLE_INSTANCE"
  auto_minor_version_upgrade = true
  apply_immediately          = true
  security_groups            = [var.security_group]
  tags                       = { stage = "test" }

  configuration {
    id       = aws_mq_configuration.this.id
    revision = aws_mq_configuration.this.latest_revision
  }

  logs {
    general = true
  }

  maintenance_window_start_time {
    day_of_week = "TUESDAY"
    time_of_day = "02:00"
    time_zone   = "CET"
  }

  user {
    username       = "admin"
    password       = "correct-horse-battery"
    console_access = true
    groups         = ["admins"]
  }

  dynamic "user" {
    for_each = var.second_user ? ["second"] : []
    content {
      username = user.value
      password = "another-long-password"
    }
  }
}

data "aws_mq_broker" "this" {
  broker_id = aws_mq_broker.this.id
}

output "endpoints" { value = data.aws_mq_broker.this.instances[0].endpoints }
output "arn" { value = aws_mq_broker.this.arn }
output "revision" { value = aws_mq_configuration.this.latest_revision }
"""


def mirror():
    """The folder of a provider mirror that has the provider, if there is one."""
    for folder in (os.environ.get("TF_PLUGIN_MIRROR"), *MIRRORS):
        if folder and (pathlib.Path(folder).expanduser() / PROVIDER).is_dir():
            return pathlib.Path(folder).expanduser()
    return None


class Terraform:
    """A folder with the stack."""

    def __init__(self, postern, folder, **variables):
        self.folder = folder
        (folder / "main.tf").write_text(STACK)
        (folder / "terraform.rc").write_text(
            f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror()}"\n  }}\n}}\ndisable_checkpoint = true\n'
        )
        self.environment = {
            **os.environ, "TF_CLI_CONFIG_FILE": str(folder / "terraform.rc"), "TF_IN_AUTOMATION": "1",
            "AWS_ENDPOINT_URL": postern.endpoint, "AWS_ACCESS_KEY_ID": ROOT_ID, "AWS_SECRET_ACCESS_KEY": ROOT_SECRET,
            "AWS_REGION": REGION, **{f"TF_VAR_{name}": value for name, value in variables.items()},
        }
        self("init", "-input=false")

    def __call__(self, *words, expect=0):
        done = subprocess.run(
            ["terraform", *words, "-no-color"], cwd=self.folder, env=self.environment, capture_output=True, text=True,
            timeout=300, check=False,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout

    def apply(self, *variables):
        self("apply", "-input=false", "-auto-approve", *variables)
        return {name: output["value"] for name, output in json.loads(self("output", "-json")).items()}

    def assert_nothing_to_do(self, *variables):
        # 0: the plan is empty; 2: it is not.
        self("plan", "-input=false", "-detailed-exitcode", *variables)


@pytest.fixture(params=["simulate", "process"])
def postern(request):
    if not shutil.which("terraform"):
        pytest.skip("skipped: terraform is not installed")
    if not mirror():
        pytest.skip(f"skipped: no mirror with {PROVIDER} (TF_PLUGIN_MIRROR says where one is)")
    if request.param == "process" and not ENGINES:
        pytest.skip("skipped: POSTERN_TEST_ENGINES not set (script/test sets it)")
    options = ("--simulate-start-ms", "200") if request.param == "simulate" else ()
    service = Postern("--driver", request.param, *options)
    yield service
    service.close()


def default_security_group(mq):
    broker = running(mq, mq.create_broker(**broker_request("first"))["BrokerId"])
    mq.delete_broker(BrokerId=broker["BrokerId"])
    wait_until("it is gone", lambda: not mq.list_brokers()["BrokerSummaries"])
    (group,) = broker["SecurityGroups"]
    return group


def test_a_stack_is_applied_stays_as_it_is_changes_with_a_reboot_and_is_destroyed(postern, tmp_path):
    mq = postern.client("mq")
    # As on AWS a broker without security groups gets the VPC's default one, which the provider takes for a change: so it is given.
    terraform = Terraform(postern, tmp_path, security_group=default_security_group(mq))
    made = terraform.apply()
    assert made["revision"] == 2
    assert [endpoint.split(":")[0] for endpoint in made["endpoints"]] == ["ssl", "amqp+ssl", "stomp+ssl", "mqtt+ssl", "wss"]
    terraform.assert_nothing_to_do()

    broker = made["arn"].rsplit(":", 1)[1]
    before = mq.describe_broker(BrokerId=broker)
    changes = ("-var", "memory_limit=2 mb", "-var", "second_user=true")
    assert terraform.apply(*changes)["revision"] == 3
    after = mq.describe_broker(BrokerId=broker)
    assert after["BrokerState"] == "RUNNING"
    # The provider asked for the reboot, so nothing waits any more.
    assert after["Configurations"]["Current"] == {**before["Configurations"]["Current"], "Revision": 3}
    assert before["Configurations"]["Current"] in after["Configurations"]["History"]
    assert after["Users"] == [{"Username": "admin"}, {"Username": "second"}]
    assert [record["eventName"] for record in postern.audit()].count("RebootBroker") == 1
    terraform.assert_nothing_to_do(*changes)

    terraform("destroy", "-input=false", "-auto-approve", *changes)
    assert mq.list_brokers()["BrokerSummaries"] == []
    # Not every release of the provider deletes configurations; a broker is in none's way any more.
    for configuration in mq.list_configurations()["Configurations"]:
        mq.delete_configuration(ConfigurationId=configuration["Id"])
    assert list((pathlib.Path(postern.folder) / "data").glob("nodes/b-*")) == []
