"""The real `terraform` with the real `aws` provider, for the tests that have a stack for it."""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

from conftest import REGION, ROOT_ID, ROOT_SECRET

PROVIDER = "registry.terraform.io/hashicorp/aws"
# Where a mirror of providers may be, besides what TF_PLUGIN_MIRROR says.
MIRRORS = ("/opt/tf-plugins", "/usr/share/terraform/plugins", "/usr/local/share/terraform/plugins",
           "~/.terraform.d/plugins", "~/.local/share/terraform/plugins")


def mirror():
    """The folder of a provider mirror that has the provider, if there is one."""
    for folder in (os.environ.get("TF_PLUGIN_MIRROR"), *MIRRORS):
        if folder and (pathlib.Path(folder).expanduser() / PROVIDER).is_dir():
            return pathlib.Path(folder).expanduser()
    return None


class Terraform:
    """A folder with a stack, and the provider pointed at a running Postern."""

    def __init__(self, postern, folder, stack, **variables):
        self.folder = folder
        (folder / "main.tf").write_text(stack)
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


def skip_without_terraform():
    """Skips the test where terraform or the provider is not on this machine."""
    if not shutil.which("terraform"):
        pytest.skip("skipped: terraform is not installed")
    if not mirror():
        pytest.skip(f"skipped: no mirror with {PROVIDER} (TF_PLUGIN_MIRROR says where one is)")
