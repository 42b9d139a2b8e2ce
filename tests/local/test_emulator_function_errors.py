"""The local cloud names a function's error as Lambda does: a state machine decides by that name."""

from __future__ import annotations

import traceback

import pytest
from chalicelib.kit.errors import GatewayTimeout, Rejected

from local.emulator.function_errors import error_type, named

KILLED = "RequestId: r-1 Error: Runtime exited with error: signal: killed"


def traced(error: Exception, cause: Exception | None = None) -> str:
    try:
        raise error from cause
    except type(error):
        return traceback.format_exc()


def test_an_error_of_ours_is_named_by_its_class_alone() -> None:
    error = Rejected("OUT_OF_STOCK", "Not enough stock of CAMERA001.")

    assert error_type(str(error), "a line before\n" + traced(error)) == "Rejected"


def test_of_a_chain_of_errors_the_last_one_counts() -> None:
    assert error_type("late", traced(GatewayTimeout("late"), ValueError("late"))) == "GatewayTimeout"


def test_an_error_that_says_nothing_is_named() -> None:
    assert error_type("", traced(RuntimeError())) == "RuntimeError"


def test_an_error_that_says_several_lines_is_named() -> None:
    assert error_type("one\ntwo: three", traced(ValueError("one\ntwo: three"))) == "ValueError"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        # What MiniStack says of a process that was killed in the middle of a call, before it, between two, and as it
        # started; and of one whose function was updated meanwhile.
        ("Runtime.HandlerError", "Worker process died"),
        ("Runtime.HandlerError", "Worker returned no response"),
        ("Runtime.HandlerError", "[Errno 32] Broken pipe"),
        ("Runtime.HandlerError", "I/O operation on closed file."),
        ("Runtime.HandlerError", "'NoneType' object has no attribute 'stdout'"),
        ("BrokenPipeError", "[Errno 32] Broken pipe"),
        ("FileNotFoundError", "[Errno 2] No such file or directory: '/tmp/ministack-lambda-f-1/code.zip'"),
        ("FileNotFoundError", "[Errno 2] No such file or directory: '/tmp/one' -> '/tmp/ministack-lambda-f-1/code'"),
        ("RuntimeError", "Worker process exited immediately. stderr: "),
        ("RuntimeError", "Worker init failed: cannot allocate memory"),
    ],
)
def test_a_function_that_died_is_said_to_have_exited(name: str, message: str) -> None:
    # MiniStack ends the log with what it says itself.
    assert named(name, message, f"what it logged\n{message}", "r-1") == ("Runtime.ExitError", KILLED)


def test_a_function_that_took_too_long_is_said_to_have_timed_out() -> None:
    said = named("Sandbox.Timedout", "Task timed out after 25.00 seconds", "", "r-1")

    assert said == ("Sandbox.Timedout", "RequestId: r-1 Error: Task timed out after 25.00 seconds")


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("Worker init failed: No module named 'fpdf'", "Runtime.ImportModuleError"),
        ("Worker init failed: module 'app' has no attribute 'gone'", "Runtime.HandlerNotFound"),
    ],
)
def test_a_package_that_lacks_something_is_no_death(message: str, name: str) -> None:
    assert named("RuntimeError", message, "", "r-1") == (name, message)


def test_an_error_of_a_pipe_that_the_function_raised_itself_keeps_its_name() -> None:
    error = BrokenPipeError(32, "Broken pipe")

    assert error_type(str(error), traced(error)) == "BrokenPipeError"


def test_what_no_traceback_tells_keeps_the_emulators_name() -> None:
    assert named("Runtime.HandlerError", "something", "no traceback here", "r-1") == (
        "Runtime.HandlerError",
        "something",
    )
