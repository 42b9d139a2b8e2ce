"""The local cloud names a function's error as Lambda does: a state machine decides by that name."""

from __future__ import annotations

import traceback

from chalicelib.domain.errors import GatewayTimeout, Rejected

from local.emulator.function_errors import error_type


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


def test_a_function_that_died_is_said_to_have_exited() -> None:
    assert error_type("Worker returned no response", "") == "Runtime.ExitError"


def test_what_no_traceback_tells_keeps_the_emulators_name() -> None:
    assert error_type("something", "no traceback here") == "Runtime.HandlerError"
