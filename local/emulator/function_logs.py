"""Writes what the functions print to a file as well, since the emulator's log groups vanish with it.

The file is named by the variable EMULATOR_FUNCTION_LOG; without it nothing is written.
"""

import threading
from typing import Any

from ministack.services import lambda_svc

from .replacing import replaces
from .settings import FUNCTION_LOG

_lock = threading.Lock()


def install() -> None:
    """Copy each invocation's output, a line at a time, with the function's name in front."""
    if not FUNCTION_LOG:
        return

    @replaces(lambda_svc, "_emit_lambda_logs")
    def emit(original: Any, func: dict[str, Any], request_id: str, log_text: str, *rest: Any, **more: Any) -> None:
        name = (func.get("config") or func).get("FunctionName", "?")
        lines = [f"{name} {line}\n" for line in (log_text or "").splitlines() if line.strip()]
        with _lock, open(FUNCTION_LOG, "a", encoding="utf-8") as file:
            file.writelines(lines)
        original(func, request_id, log_text, *rest, **more)
