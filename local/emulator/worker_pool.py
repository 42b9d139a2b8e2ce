"""Stands in for an account's limit of concurrent executions. MiniStack starts a process for every call that finds none
free, and unzips the package for each. Fifty calls at once would unzip 4 GB and start fifty interpreters on two cores.

Here calls wait in a row, first come, first served, for a process to become free, and a package is unzipped once, for
all processes of all functions that have it: none can write there in Lambda either. When none became free for long, the
first of the row gets a process of its own all the same, so nothing can deadlock (a function that calls itself). Only
the first: if all did, a slow machine would start dozens of interpreters just when it is slowest."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import threading
import time
import zipfile
from collections import defaultdict, deque
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from .replacing import replaces

PROCESSES = 2 * (os.cpu_count() or 2)
"""Processes of one function that are started without waiting."""
PATIENCE = 15.0
"""Seconds the first of the row waits for one to become free; API Gateway gives up after 29."""

_rows: defaultdict[str, deque[object]] = defaultdict(deque)
_unzipping = threading.Lock()


def install() -> None:
    _bound_the_pool()
    lambda_runtime.zipfile = SimpleNamespace(
        ZipFile=_LinkingZipFile, BadZipFile=zipfile.BadZipFile, LargeFileError=zipfile.LargeZipFile
    )


def _bound_the_pool() -> None:
    @replaces(lambda_runtime, "acquire_worker")
    @replaces(lambda_svc, "acquire_worker")
    def acquire_in_turn(
        acquire: Any, func_name: str, config: dict[str, Any], code_zip: bytes, *args: Any, **more: Any
    ) -> Any:
        row, turn = _rows[func_name], object()
        row.append(turn)
        try:
            while row[0] is not turn:
                time.sleep(0.01)
            deadline = time.monotonic() + PATIENCE
            while _busy(func_name) >= PROCESSES and time.monotonic() < deadline:
                time.sleep(0.01)
            return acquire(func_name, config, code_zip, *args, **more)
        finally:
            row.remove(turn)


def _busy(func_name: str) -> int:
    with lambda_runtime._lock:
        return sum(w.in_use for pool in lambda_runtime._workers.values() for w in pool if w.func_name == func_name)


class _LinkingZipFile(zipfile.ZipFile):
    """`extractall` for a package: a link to the one copy that was unzipped before. A link to each of its three
    thousand files took every process a quarter of a second."""

    def extractall(self, path: Any = None, *_: Any) -> None:
        place = Path(path or os.getcwd())
        place.rmdir()  # MiniStack made it, and nothing is in it yet
        place.symlink_to(self._unzipped(), target_is_directory=True)

    def _unzipped(self) -> Path:
        digest = hashlib.sha256(Path(str(self.filename)).read_bytes()).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"unzipped-package-{digest}"
        with _unzipping:
            if not folder.exists():
                half = folder.with_suffix(".half")
                shutil.rmtree(half, ignore_errors=True)
                super().extractall(half)
                half.rename(folder)
        return folder
