"""The deployment package as `chalice deploy` would upload it for this machine, made by unmodified Chalice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from infra.deploy import package, render, vendor
from infra.deploy.deploy import tracked_config
from infra.errors import Refusal
from infra.paths import APP, BUILD

_ENTRY = "from chalice.cli import main; raise SystemExit(main())"
_FOLDER = BUILD / "bench"


@cache
def package_file() -> Path:
    """The zip, made anew once per process. Refuses when it can't be made."""
    vendored = vendor.build(APP / "requirements.txt", BUILD / "vendor", None)
    staged = package.stage_app(APP, _FOLDER, vendored)
    policies: dict[str, Any] = {path.name: {} for path in (APP / ".chalice").glob("policy-*.json")}
    package.write_config(staged, tracked_config(), policies)
    out = _FOLDER / "out"
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-c", _ENTRY, "package", "--stage", render.BASE_STAGE, "--pkg-format", "terraform"]
    environment = dict(os.environ, AWS_DEFAULT_REGION="us-east-1")
    done = subprocess.run(
        [*command, str(out)], check=False, cwd=staged, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise Refusal(f"`chalice package` failed: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
    return out / "deployment.zip"


@cache
def unpacked() -> Path:
    """The package as it is on a function's disk."""
    folder = _FOLDER / "task"
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(package_file()) as archive:
        archive.extractall(folder)
    return folder
