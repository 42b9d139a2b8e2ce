"""`python -m tools.terraform.check`: is infra/terraform formatted, and valid? Root and examples are validated in a copy
without what the old provider of the tests does not know (infra/deploy/terraform/older_provider.py); whether provider 6
knows it, tests/packaging/test_terraform_schema.py says."""

import shutil
import subprocess
import sys
from pathlib import Path

import boto3

from infra.deploy.terraform import binary, older_provider
from infra.errors import Refusal
from infra.paths import BUILD, TEMPLATES
from infra.target import Target
from tools.terraform.tables import TERRAFORM

_NOWHERE = Target(
    stage="check",
    region="us-east-1",
    account="000000000000",
    partition="aws",
    # An endpoint on this machine is what has the project's own Terraform run. Nothing here calls it.
    endpoint_url="http://127.0.0.1:1",
    session=boto3.Session(region_name="us-east-1"),
)


def unformatted() -> list[str]:
    """The files that `terraform fmt` would change."""
    command = [*binary.find(_NOWHERE).command, "fmt", "-check", "-recursive", str(TERRAFORM)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.split() if done.returncode == 3 else ([] if done.returncode == 0 else [done.stderr.strip()])


def invalid(build: Path) -> list[str]:
    """What Terraform says against the root and the examples, one sentence each."""
    folder = build / "terraform-check" / TERRAFORM.name
    shutil.rmtree(folder.parent, ignore_errors=True)
    shutil.copytree(TERRAFORM, folder, ignore=shutil.ignore_patterns(".terraform*"))
    shutil.copytree(TEMPLATES, folder.parent / TEMPLATES.name)
    older_provider.adapt(folder, older_provider.schema(_NOWHERE, build))
    found = []
    for root in (folder, *sorted((folder / "examples").iterdir())):
        try:
            binary.run(_NOWHERE, root, "init", "-backend=false", "-input=false", "-no-color")
            binary.run(_NOWHERE, root, "validate", "-no-color")
        except Refusal as refusal:
            found.append(f"{root.relative_to(folder.parent)}: {refusal}")
    return found


def main() -> int:
    """The command; 0 if there is nothing to say."""
    found = [f"{path} is not as `terraform fmt` writes it." for path in unformatted()] + invalid(BUILD)
    for line in found:
        sys.stderr.write(f"{line}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
