"""Builds what the functions need into one folder, compiled, once per set of requirements and platform.

Chalice's own packaging leaves wheels without bytecode, and Lambda's disk is read-only, so that every cold
start would compile them anew. What is in `vendor/` travels as it is, so it is compiled here
(https://peps.python.org/pep-0552/: unchecked, because a deployment package is never edited).
"""

import hashlib
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from infra.deploy.runtime import PYTHON, wheel_platforms
from infra.errors import Refusal

# AWS services the functions may call. The SDK brings the models of over 400; these are what travels.
SDK_MODELS = frozenset(
    (
        *("apigateway", "bedrock-runtime", "cloudwatch", "cognito-identity", "cognito-idp", "dynamodb", "events"),
        *("lambda", "s3", "secretsmanager", "ses", "sesv2", "sns", "sqs", "ssm", "stepfunctions", "sts"),
    )
)
# CLDR's locales that customers are written to in, with those that they inherit from. Babel brings over 1,000, 35 MB.
CLDR_LOCALES = frozenset({"root", "en", "en_001", "en_GB", "nl", "de", "fr", "es"})
# `chalice deploy` puts the part of Chalice that runs in Lambda into the package itself; the rest is a
# command-line tool.
NOT_VENDORED = frozenset({"chalice"})
_USELESS = (
    *("bin", "**/__pycache__", "**/tests", "boto3/examples", "share", "babel/messages"),
    *("**/*.c", "**/*.pyx", "**/*.pxd", "**/*.pyi"),
)


def build(requirements: Path, cache: Path, architecture: str | None) -> Path:
    """The folder with everything, built if this set was not built before.

    `architecture` is Lambda's ("x86_64", "arm64"), or None for this machine, where an emulator runs them.
    """
    lines = wanted(requirements.read_text(encoding="utf-8"))
    ready = cache / f"vendor-{architecture or 'native'}-{_key(lines, architecture)}"
    if not ready.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            fresh = Path(scratch) / "vendor"
            _install(lines, fresh, architecture)
            prune(fresh)
            compile_tree(fresh)
            _publish(fresh, ready)
    return ready


def wanted(requirements: str) -> list[str]:
    """The requirement lines that belong into the package."""
    lines = (line.split("#")[0].strip() for line in requirements.splitlines())
    return [line for line in lines if line and line.split("==")[0].lower() not in NOT_VENDORED]


def prune(folder: Path) -> None:
    """Remove what no function reads: command-line tools, tests, sources in C, the SDK's models of other services, the
    data of other languages.
    """
    models = [model for model in folder.glob("boto*/data/*/") if model.is_dir() and model.name not in SDK_MODELS]
    locales = [data for data in folder.glob("babel/locale-data/*.dat") if data.stem not in CLDR_LOCALES]
    for found in [*models, *locales, *(found for pattern in _USELESS for found in folder.glob(pattern))]:
        if found.is_dir():
            shutil.rmtree(found)
        else:
            found.unlink(missing_ok=True)


def compile_tree(folder: Path, travels_as: str = "/var/task") -> None:
    """Compile every module under `folder` to bytecode that is used without looking at the source."""
    command = [sys.executable, "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    # The paths in tracebacks: as in the package, not as on this machine.
    subprocess.run([*command, "-s", str(folder), "-p", travels_as, str(folder)], check=True)


def _install(lines: list[str], folder: Path, architecture: str | None) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check"]
    command += ["--target", str(folder), *_platform_options(architecture), *lines]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        raise Refusal(f"The functions' dependencies could not be installed ({last}): check the network and try again.")


def _platform_options(architecture: str | None) -> list[str]:
    if architecture is None:
        return []
    platforms = [option for tag in wheel_platforms(architecture) for option in ("--platform", tag)]
    return [*platforms, "--python-version", PYTHON, "--only-binary=:all:"]


def _key(lines: list[str], architecture: str | None) -> str:
    machine = architecture or f"{platform.machine()}-{sys.platform}"
    parts = [*lines, machine, sys.version.split()[0], *sorted(SDK_MODELS), *sorted(CLDR_LOCALES), "3"]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _publish(fresh: Path, ready: Path) -> None:
    try:
        fresh.rename(ready)
    except OSError:
        if not ready.is_dir():  # otherwise another deployment was first, with the same
            raise
