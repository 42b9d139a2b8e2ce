"""Stands in for the name that Lambda gives a function's error: the exception's class, which the Catch and Retry of a
state machine are written for (https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html).

MiniStack calls every one `Runtime.HandlerError`, so that an order out of stock failed as if something were broken.
"""

import re
from typing import Any

_NAMELESS = "Runtime.HandlerError"
_DIED = "Worker returned no response"


def install() -> None:
    """Give each failed invocation the name that AWS would."""
    from ministack.services import lambda_svc  # here, so that the rest can be tested without MiniStack

    original = lambda_svc._execute_function_warm

    def execute(*args: Any, **more: Any) -> dict[str, Any]:
        result: dict[str, Any] = original(*args, **more)
        body = result.get("body")
        if result.get("error") and isinstance(body, dict) and body.get("errorType") == _NAMELESS:
            body["errorType"] = error_type(str(body.get("errorMessage", "")), str(result.get("log", "")))
        return result

    lambda_svc._execute_function_warm = execute


def error_type(message: str, log: str) -> str:
    """The class of the exception whose traceback ends the log and says `message`; MiniStack's own name for one that is
    not found there."""
    if message == _DIED:
        return "Runtime.ExitError"
    first_line = message.partition("\n")[0]
    for line in reversed(log.splitlines()):
        said = re.fullmatch(r"(?:[\w<>]+\.)*(\w+)(?:: (.*))?", line)
        if said and (said[2] or "") == first_line:
            return said[1]
    return _NAMELESS
