"""Terraform's aws_iam_* resources and data sources: made, planned empty, changed, and destroyed without a trace."""

import json
import urllib.request

import pytest

from conftest import Postern
from terraform import Terraform, skip_without_terraform

STACK = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "us-east-1"
  default_tags {
    tags = { made = "by-terraform" }
  }
}

variable "second" { default = false }

data "aws_caller_identity" "this" {}

data "aws_iam_policy_document" "brokers" {
  statement {
    sid       = "Read"
    actions   = concat(["mq:DescribeBroker", "mq:ListBrokers"], var.second ? ["mq:RebootBroker"] : [])
    resources = ["*"]
  }
  statement {
    sid       = "NotFromOutside"
    effect    = "Deny"
    actions   = ["mq:*"]
    resources = ["arn:aws:mq:*:${data.aws_caller_identity.this.account_id}:broker:*"]
    condition {
      test     = "NotIpAddress"
      variable = "aws:SourceIp"
      values   = ["127.0.0.0/8", "10.0.0.0/8"]
    }
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.this.account_id}:root", aws_iam_user.jane.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["terraform"]
    }
  }
}

data "aws_iam_policy_document" "machine" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "web" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.this.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "id.example.com/realm:aud"
      values   = ["postern"]
    }
  }
}

resource "aws_iam_policy" "brokers" {
  name        = "brokers"
  path        = "/terraform/"
  description = "Reads brokers"
  policy      = data.aws_iam_policy_document.brokers.json
}

resource "aws_iam_policy" "boundary" {
  name   = "boundary"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["mq:*", "sts:*", "iam:ChangePassword"], Resource = "*" }]
  })
}

resource "aws_iam_user" "jane" {
  name                 = var.second ? "janet" : "jane"
  path                 = var.second ? "/people/other/" : "/people/"
  permissions_boundary = aws_iam_policy.boundary.arn
  force_destroy        = true
  # The provider tags by the new name before it renames, so that both cannot change in one step, on AWS neither.
  tags = { team = "billing" }
}

resource "aws_iam_user_policy" "jane" {
  name   = "own"
  user   = aws_iam_user.jane.name
  policy = data.aws_iam_policy_document.brokers.json
}

resource "aws_iam_user_policy_attachment" "jane" {
  user       = aws_iam_user.jane.name
  policy_arn = aws_iam_policy.brokers.arn
}

resource "aws_iam_access_key" "jane" {
  user   = aws_iam_user.jane.name
  status = var.second ? "Inactive" : "Active"
}

resource "aws_iam_user_login_profile" "jane" {
  user                    = aws_iam_user.jane.name
  password_length         = 24
  password_reset_required = true
}

resource "aws_iam_user_group_membership" "jane" {
  user   = aws_iam_user.jane.name
  groups = var.second ? [aws_iam_group.operators.name] : [aws_iam_group.operators.name, aws_iam_group.readers.name]
}

resource "aws_iam_user" "robot" {
  name = "robot"
  tags = { team = var.second ? "payments" : "billing" }
}

resource "aws_iam_user_policies_exclusive" "robot" {
  user_name    = aws_iam_user.robot.name
  policy_names = []
}

resource "aws_iam_group" "operators" {
  name = var.second ? "operators-2" : "operators"
  path = "/people/"
}

resource "aws_iam_group" "readers" {
  name = "readers"
}

resource "aws_iam_group_membership" "operators" {
  name  = "robots"
  group = aws_iam_group.readers.name
  users = [aws_iam_user.robot.name]
  # The other resource for memberships adds one to this group at first.
  lifecycle { ignore_changes = [users] }
}

resource "aws_iam_group_policy" "operators" {
  name   = "operate"
  group  = aws_iam_group.operators.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "mq:*", Resource = "*" }]
  })
}

resource "aws_iam_group_policy_attachment" "readers" {
  group      = aws_iam_group.readers.name
  policy_arn = data.aws_iam_policy.read_only.arn
}

# Of one policy this resource takes every holder for its own, so it has a policy of its own.
resource "aws_iam_policy" "shared" {
  name   = "shared"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "mq:ListBrokers", Resource = "*" }]
  })
}

resource "aws_iam_policy_attachment" "shared" {
  name       = "shared"
  policy_arn = aws_iam_policy.shared.arn
  users      = [aws_iam_user.robot.name]
  groups     = [aws_iam_group.readers.name]
  roles      = [aws_iam_role.machine.name]
}

resource "aws_iam_role" "operator" {
  name                 = "operator"
  path                 = "/terraform/"
  description          = var.second ? "Operates them all" : "Operates"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = var.second ? 7200 : 3600
  permissions_boundary = var.second ? null : aws_iam_policy.boundary.arn
  tags                 = var.second ? {} : { team = "billing" }
}

resource "aws_iam_role_policy" "operator" {
  name   = "operate"
  role   = aws_iam_role.operator.name
  policy = data.aws_iam_policy_document.brokers.json
}

resource "aws_iam_role_policy_attachment" "operator" {
  role       = aws_iam_role.operator.name
  policy_arn = var.second ? data.aws_iam_policy.read_only.arn : aws_iam_policy.brokers.arn
}

resource "aws_iam_role" "machine" {
  name_prefix           = "machine-"
  assume_role_policy    = data.aws_iam_policy_document.machine.json
  force_detach_policies = true
}

resource "aws_iam_role" "web" {
  name               = "web"
  assume_role_policy = data.aws_iam_policy_document.web.json
}

resource "aws_iam_role_policies_exclusive" "web" {
  role_name    = aws_iam_role.web.name
  policy_names = []
}

resource "aws_iam_role_policy_attachments_exclusive" "web" {
  role_name   = aws_iam_role.web.name
  policy_arns = []
}

resource "aws_iam_instance_profile" "machine" {
  name = "machine"
  path = "/terraform/"
  role = aws_iam_role.machine.name
}

resource "aws_iam_openid_connect_provider" "this" {
  url             = "https://id.example.com/realm"
  client_id_list  = var.second ? ["postern", "other"] : ["postern"]
  thumbprint_list = [var.second ? "990f4193972f2becf12ddeda5237f9c952f20d9e" : "cf23df2207d99a74fbe169e3eba035e633b65d94"]
}

resource "aws_iam_saml_provider" "this" {
  name                   = "saml"
  # A document has a thousand characters or more.
  saml_metadata_document = <<-XML
    <EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://id.example.com/saml">
      <!-- ${var.second ? "second" : "first"} ${join("", [for number in range(250) : "0123"])} -->
    </EntityDescriptor>
  XML
}

resource "aws_iam_group_policies_exclusive" "operators" {
  group_name   = aws_iam_group.operators.name
  policy_names = [aws_iam_group_policy.operators.name]
}

resource "aws_iam_user_policy_attachments_exclusive" "jane" {
  user_name   = aws_iam_user.jane.name
  policy_arns = [aws_iam_user_policy_attachment.jane.policy_arn]
}

resource "aws_iam_account_alias" "this" {
  account_alias = var.second ? "postern-terraform-2" : "postern-terraform"
}

resource "aws_iam_account_password_policy" "this" {
  minimum_password_length        = var.second ? 20 : 14
  require_lowercase_characters   = true
  require_numbers                = true
  require_uppercase_characters   = true
  require_symbols                = true
  allow_users_to_change_password = true
  max_password_age               = 90
  password_reuse_prevention      = 5
}

resource "aws_iam_service_linked_role" "mq" {
  aws_service_name = "mq.amazonaws.com"
  description      = "Brokers"
}

data "aws_iam_policy" "read_only" { name = "AmazonMQReadOnlyAccess" }
data "aws_iam_policy" "brokers" { arn = aws_iam_policy.brokers.arn }
data "aws_iam_user" "jane" { user_name = aws_iam_user.jane.name }
data "aws_iam_users" "people" {
  path_prefix = "/people/"
  depends_on  = [aws_iam_user.jane]
}
data "aws_iam_group" "operators" {
  group_name = aws_iam_group.operators.name
  depends_on = [aws_iam_user_group_membership.jane]
}
data "aws_iam_role" "operator" { name = aws_iam_role.operator.name }
data "aws_iam_roles" "terraform" {
  path_prefix = "/terraform/"
  depends_on  = [aws_iam_role.operator]
}
data "aws_iam_instance_profile" "machine" { name = aws_iam_instance_profile.machine.name }
data "aws_iam_instance_profiles" "machine" {
  role_name  = aws_iam_role.machine.name
  depends_on = [aws_iam_instance_profile.machine]
}
data "aws_iam_openid_connect_provider" "this" { arn = aws_iam_openid_connect_provider.this.arn }
data "aws_iam_saml_provider" "this" { arn = aws_iam_saml_provider.this.arn }
data "aws_iam_account_alias" "this" { depends_on = [aws_iam_account_alias.this] }
data "aws_iam_access_keys" "jane" {
  user       = aws_iam_user.jane.name
  depends_on = [aws_iam_access_key.jane]
}
data "aws_iam_session_context" "this" { arn = data.aws_caller_identity.this.arn }
data "aws_iam_principal_policy_simulation" "jane" {
  policy_source_arn = aws_iam_user.jane.arn
  action_names      = ["mq:ListBrokers", "mq:RebootBroker", "mq:DeleteBroker", "iam:CreateUser"]
  context {
    key    = "aws:SourceIp"
    type   = "ip"
    values = ["127.0.0.1"]
  }
  depends_on = [aws_iam_user_group_membership.jane, aws_iam_group_policy.operators, aws_iam_user_policy.jane]
}

output "caller" { value = data.aws_caller_identity.this.arn }
output "read_only" { value = data.aws_iam_policy.read_only.arn }
output "policy" { value = data.aws_iam_policy.brokers.policy }
output "user" { value = data.aws_iam_user.jane }
output "people" { value = data.aws_iam_users.people.names }
output "members" { value = [for user in data.aws_iam_group.operators.users : user.user_name] }
output "role" { value = data.aws_iam_role.operator }
output "roles" { value = data.aws_iam_roles.terraform.names }
output "profile" { value = data.aws_iam_instance_profile.machine }
output "profiles" { value = data.aws_iam_instance_profiles.machine.names }
output "clients" { value = data.aws_iam_openid_connect_provider.this.client_id_list }
output "saml" { value = data.aws_iam_saml_provider.this.saml_metadata_document }
output "alias" { value = data.aws_iam_account_alias.this.account_alias }
output "keys" { value = data.aws_iam_access_keys.jane.access_keys[*].status }
output "simulated" {
  value = { for result in data.aws_iam_principal_policy_simulation.jane.results : result.action_name => result.decision }
}
output "linked" { value = aws_iam_service_linked_role.mq.arn }
output "key" {
  value     = [aws_iam_access_key.jane.id, aws_iam_access_key.jane.secret]
  sensitive = true
}
"""

ACCOUNT = "111122223333"


@pytest.fixture
def postern():
    skip_without_terraform()
    service = Postern("--driver", "simulate", "--api-rate", "100000", "--api-burst", "100000")
    yield service
    service.close()


def everything(iam):
    """What is left of an account, apart from what AWS gives it."""
    details = iam.get_account_authorization_details(Filter=["User", "Role", "Group", "LocalManagedPolicy"])
    return {
        "users": [user["UserName"] for user in details["UserDetailList"]],
        "roles": [role["RoleName"] for role in details["RoleDetailList"]],
        "groups": [group["GroupName"] for group in details["GroupDetailList"]],
        "policies": [policy["PolicyName"] for policy in details["Policies"]],
        "profiles": iam.list_instance_profiles()["InstanceProfiles"],
        "providers": iam.list_open_id_connect_providers()["OpenIDConnectProviderList"],
        "saml": iam.list_saml_providers()["SAMLProviderList"],
        "aliases": iam.list_account_aliases()["AccountAliases"],
    }


def test_an_account_is_planned_applied_stays_as_it_is_changes_and_is_destroyed(postern, tmp_path):
    iam = postern.client("iam")
    before = everything(iam)
    terraform = Terraform(postern, tmp_path, STACK)
    terraform("plan", "-input=false", "-detailed-exitcode", expect=2)
    made = terraform.apply()
    terraform.assert_nothing_to_do()

    assert made["caller"] == f"arn:aws:iam::{ACCOUNT}:root"
    assert made["read_only"] == "arn:aws:iam::aws:policy/AmazonMQReadOnlyAccess"
    assert made["linked"] == f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/mq.amazonaws.com/AWSServiceRoleForAmazonMQ"
    statements = json.loads(made["policy"])["Statement"]
    assert [statement["Sid"] for statement in statements] == ["Read", "NotFromOutside"]
    assert made["user"]["path"] == "/people/"
    assert made["user"]["permissions_boundary"] == f"arn:aws:iam::{ACCOUNT}:policy/boundary"
    assert made["user"]["tags"] == {"made": "by-terraform", "team": "billing"}
    assert made["people"] == made["members"] == ["jane"]
    assert made["role"]["max_session_duration"] == 3600 and made["roles"] == ["operator"]
    assert made["profile"]["role_name"].startswith("machine-") and made["profiles"] == ["machine"]
    assert made["clients"] == ["postern"] and made["alias"] == "postern-terraform"
    assert made["keys"] == ["Active"] and " first " in made["saml"]
    assert made["simulated"] == {
        "mq:ListBrokers": "allowed", "mq:RebootBroker": "allowed", "mq:DeleteBroker": "allowed", "iam:CreateUser": "implicitDeny",
    }
    # What was made means something: the key signs, the group's policy allows, the boundary limits.
    jane = tuple(made["key"])
    assert postern.client("sts", jane).get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/people/jane"
    assert postern.client("mq", jane).list_brokers()["BrokerSummaries"] == []
    with pytest.raises(Exception, match="AccessDenied"):
        postern.client("iam", jane).list_users()

    changed = terraform.apply("-var", "second=true")
    terraform.assert_nothing_to_do("-var", "second=true")
    assert changed["user"]["arn"] == f"arn:aws:iam::{ACCOUNT}:user/people/other/janet"
    assert {"Key": "team", "Value": "payments"} in iam.list_user_tags(UserName="robot")["Tags"]
    assert changed["role"]["tags"] == {"made": "by-terraform"}
    assert changed["members"] == ["janet"]
    assert changed["role"]["max_session_duration"] == 7200
    assert changed["role"]["description"] == "Operates them all" and changed["role"]["permissions_boundary"] == ""
    assert sorted(changed["clients"]) == ["other", "postern"] and changed["alias"] == "postern-terraform-2"
    assert changed["keys"] == ["Inactive"] and " second " in changed["saml"]
    assert "mq:RebootBroker" in json.loads(changed["policy"])["Statement"][0]["Action"]
    versions = iam.list_policy_versions(PolicyArn=f"arn:aws:iam::{ACCOUNT}:policy/terraform/brokers")["Versions"]
    assert [version["VersionId"] for version in versions if version["IsDefaultVersion"]] == ["v2"]
    with pytest.raises(Exception, match="InvalidClientTokenId"):
        postern.client("sts", jane).get_caller_identity()

    # Keys that Terraform does not know are in nobody's way: the user goes with them.
    iam.create_access_key(UserName="janet")
    terraform("destroy", "-input=false", "-auto-approve", "-var", "second=true")
    assert everything(iam) == before
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_account_password_policy()
    # Every action the provider tried is one of the table.
    counted = urllib.request.urlopen(postern.admin + "/metrics").read().decode()
    assert 'operation="ListSSHPublicKeys"' in counted and 'operation="unknown"' not in counted
