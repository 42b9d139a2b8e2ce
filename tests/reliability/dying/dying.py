"""Ends the process right after it changed something in AWS: after the first call of each kind after which none has died
yet. What is noted in the file ORDERPROC_STRUCK are the kinds that it was. Before a call nothing is other than after
the one before, so that need not be tried."""

import os
import signal
from pathlib import Path
from typing import Any

from botocore.client import BaseClient

STATUS = 137
_READS = ("Get", "List", "Describe", "Head")
_NAMES = (
    "StackName",
    "RoleName",
    "FunctionName",
    "Rule",
    "Name",
    "Key",
    "UUID",
    "Resource",
    "ResourceARN",
    "resourceArn",
)


def install(*, parent_too: bool = False) -> None:
    """Until the process ends. With `parent_too` its parent dies as suddenly."""
    original = BaseClient._make_api_call  # type: ignore[attr-defined]
    struck = Path(os.environ["ORDERPROC_STRUCK"])
    every = "ORDERPROC_KILL_AT_EVERY_CALL" in os.environ

    def call(self: Any, operation: str, arguments: dict[str, Any]) -> Any:
        answer = original(self, operation, arguments)
        if not operation.startswith(_READS) and operation != "GetCallerIdentity":
            kind = f"{self.meta.service_model.service_name}.{operation}"
            if every:
                kind += " " + next((str(arguments[name]) for name in _NAMES if name in arguments), "")
            if kind not in struck.read_text().splitlines():
                with struck.open("a") as file:
                    file.write(f"{kind}\n")
                if parent_too:
                    os.kill(os.getppid(), signal.SIGKILL)
                os._exit(STATUS)
        return answer

    BaseClient._make_api_call = call  # type: ignore[attr-defined]
