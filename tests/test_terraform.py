"""Terraform with the real `aws` provider: a configuration, a broker and its users are made, stay, change and go."""

import pathlib

import pytest

from conftest import ENGINES, Postern, broker_request, running, wait_until
from terraform import Terraform, skip_without_terraform

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


@pytest.fixture(params=["simulate", "process"])
def postern(request):
    skip_without_terraform()
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
    terraform = Terraform(postern, tmp_path, STACK, security_group=default_security_group(mq))
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
