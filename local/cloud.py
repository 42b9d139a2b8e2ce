"""The emulator's process: started on loopback with IAM enforced, its files under one folder, ended with all
its children.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import boto3

from infra.errors import Refusal
from infra.paths import ROOT
from infra.target import Target, connect
from local import processes

PYTHON = ROOT / ".local" / "cloud-venv" / "bin" / "python"
REGION = "us-east-1"
# MiniStack's root credentials: no secret, they open nothing but the emulator on loopback.
ACCESS_KEY_ID = "test"
SECRET_ACCESS_KEY = "test"  # noqa: S105
_PATIENCE = 30.0
_TO_END = 3.0
TO_SAVE = 60.0
"""Seconds that an emulator which keeps its state has for writing it as it ends: it takes three or so."""
# The last is where MiniStack finds a language model to stand in for Bedrock's, if there is one.
_KEPT = ("PATH", "HOME", "LANG", "SYSTEMROOT", "SFN_WAIT_SCALE", "MINISTACK_BEDROCK_PROXY_URL")


@dataclass(frozen=True)
class Cloud:
    """A running emulator."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path
    site_port: int = 0
    keeps: bool = False

    @property
    def endpoint_url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def site_url(self) -> str:
        """Where it serves the first site that is deployed in it; empty where it serves none."""
        return f"http://127.0.0.1:{self.site_port}" if self.site_port else ""

    def target(self, stage: str) -> Target:
        """A stage in it, with its root credentials."""
        session = boto3.Session(ACCESS_KEY_ID, SECRET_ACCESS_KEY, region_name=REGION)
        return connect(stage, session=session, endpoint_url=self.endpoint_url, site_endpoint=self.site_url or None)

    def stop(self) -> None:
        """End it and every function's process; returns when they are gone, and what it keeps is written."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=TO_SAVE if self.keeps else _TO_END)
        processes.end_group(self.process.pid)
        self.process.wait(timeout=5)
        shutil.rmtree(self.folder / "tmp", ignore_errors=True)


def start(port: int, folder: Path, state: Path | None = None, site_port: int | None = None) -> Cloud:
    """Start it and wait until it answers. Refuses a used port, a missing installation, an emulator that dies. It goes
    on from what is kept in `state`, and keeps everything there; without it all is gone when it ends. Sites are at
    `site_port`, or at the next free one after `port`.
    """
    processes.check_port(port)
    if site_port:
        processes.check_port(site_port)
    site_port = site_port or processes.next_free(port)
    if not PYTHON.exists():
        raise Refusal("The local cloud is not installed yet: use `make run`, which installs it first.")
    scratch = folder / "tmp"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    log = folder / "emulator.log"
    cloud = None
    try:
        with log.open("wb") as output, processes.deferred():
            process = subprocess.Popen(
                [str(PYTHON), "-m", "local.emulator"],
                cwd=ROOT,
                env=_environment(port, site_port, folder, state),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # A session of its own: Ctrl-C reaches us alone, and one signal reaches all its functions.
                start_new_session=True,
            )
            cloud = Cloud(process, port, folder, site_port, keeps=state is not None)
        _wait(cloud, log)
    except BaseException:
        with processes.undisturbed():
            if cloud:
                cloud.stop()
        raise
    return cloud


def save(endpoint_url: str) -> None:
    """Let an emulator write what it keeps at once, so that it survives any end of the emulator."""
    request = urllib.request.Request(f"{endpoint_url}/_emulator/state", method="POST")
    with urllib.request.urlopen(request, timeout=TO_SAVE):
        pass


def _wait(cloud: Cloud, log: Path) -> None:
    def answers() -> bool:
        if cloud.process.poll() is not None:
            raise Refusal(f"The emulator ended at once: its reason is at the end of {log}.")
        return processes.answers(f"{cloud.endpoint_url}/_emulator/iam-calls")

    if not processes.wait_for(answers, patience=_PATIENCE, pause=0.05):
        raise Refusal(f"The emulator did not answer within {_PATIENCE:.0f} s: look into {log} and try again.")


def _environment(port: int, site_port: int, folder: Path, state: Path | None) -> dict[str, str]:
    """As little as possible, because the functions get all of it."""
    (folder / "functions.log").write_text("", encoding="utf-8")
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    persistence = {"PERSIST_STATE": "1", "S3_PERSIST": "1"} if state else {}
    state = state or folder / "tmp" / "state"
    return {
        **kept,
        **persistence,
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "BIND_HOST": "127.0.0.1",
        "EMULATOR_FUNCTION_LOG": str(folder / "functions.log"),
        "EMULATOR_OWNER": str(ROOT),
        "EMULATOR_SITE_PORT": str(site_port),
        "EMULATOR_PERIOD_SCALE": os.environ.get("ORDERPROC_ALARM_PERIOD_SCALE", ""),
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "PYTHONUNBUFFERED": "1",
        "S3_DATA_DIR": str(state / "s3"),
        "SFTP_ENABLED": "0",
        "STATE_DIR": str(state / "services"),
        "TMPDIR": str(folder / "tmp"),
        "TZ": "UTC" if sys.platform != "win32" else "",
    }
