"""Stands in for the name that Lambda gives a function's error: the exception's class, or what ended its process,
which the Catch and Retry of a state machine are written for
(https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html).

MiniStack calls every exception `Runtime.HandlerError`, so that a `Catch` for one class finds none. It calls a
dead process the same, or by what went wrong with the pipe to it, so that a `Retry` for it finds none. A throttle has
no name at all.
"""

import re
from typing import Any

from .replacing import replaces

_NAMELESS = "Runtime.HandlerError"
_TIMED_OUT = "Sandbox.Timedout"
_DIED = re.compile(
    r"Worker (process died|returned no response|process exited immediately|init failed)"
    r"|\[Errno 32\] Broken pipe|\[Errno 9\] Bad file descriptor|I/O operation on closed file"
    # It was killed, or its folder removed, as its function was updated or deleted.
    r"|'NoneType' object has no attribute 'std(in|out|err)'"
    r"|\[Errno 2\] No such file or directory: '.*/ministack-lambda-"
)
_EXITED = "Runtime exited with error: signal: killed"
_IMPORTS = re.compile(r"Worker init failed: (No module named .*)", re.DOTALL)
_HANDLERS = re.compile(r"Worker init failed: (module '\w+' has no attribute .*)", re.DOTALL)


def install() -> None:
    """Give each failed invocation the name that AWS would."""
    from ministack.services import lambda_svc  # here, so that the rest can be tested without MiniStack

    @replaces(lambda_svc, "_execute_function_warm")
    def execute(original: Any, func: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
        result: dict[str, Any] = original(func, event, request_id)
        body = result.get("body")
        if result.get("error") and isinstance(body, dict) and "errorType" in body:
            said, log = str(body.get("errorMessage", "")), str(result.get("log", ""))
            body["errorType"], body["errorMessage"] = named(body["errorType"], said, log, request_id)
        return result

    @replaces(lambda_svc, "_throttle_response")
    def throttle(throttled: Any, *args: Any, **more: Any) -> dict[str, Any]:
        result: dict[str, Any] = throttled(*args, **more)
        result["body"]["errorType"] = "Lambda.TooManyRequestsException"
        return result


def named(name: str, message: str, log: str, request_id: str) -> tuple[str, str]:
    """The type and the message that Lambda reports for what MiniStack calls `name`."""
    if name == _TIMED_OUT:
        return name, f"RequestId: {request_id} Error: {message}"
    found = error_type(message, log)
    name = name if found == _NAMELESS else found
    if name == "Runtime.ExitError":
        return name, f"RequestId: {request_id} Error: {_EXITED}"
    return name, message


def error_type(message: str, log: str) -> str:
    """The class of the exception whose traceback ends the log and says `message`; what Lambda calls it if the process
    died; MiniStack's own name for one that is neither."""
    first_line = message.partition("\n")[0]
    for line in reversed(log.splitlines()):
        said = re.fullmatch(r"(?:[\w<>]+\.)*(\w+)(?:: (.*))?", line)
        if said and (said[2] or "") == first_line:
            return said[1]
    if _IMPORTS.match(message):
        return "Runtime.ImportModuleError"
    if _HANDLERS.match(message):
        return "Runtime.HandlerNotFound"
    return "Runtime.ExitError" if _DIED.match(message) else _NAMELESS
