"""Saving the local cloud's state while it runs: one service that fails keeps no other from being saved."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from local.emulator.kept_state import save_each


class Changing:
    """Changes while it is copied, so many times."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self) -> dict[str, int]:
        self.left -= 1
        if self.left >= 0:
            raise RuntimeError("dictionary changed size during iteration")
        return {"whole": 1}


def saved(services: dict[str, Any], full: tuple[str, ...] = ()) -> dict[str, Any]:
    files: dict[str, Any] = {}

    def write(name: str, state: Any) -> None:
        if name in full:
            raise OSError(28, "No space left on device")
        files[name] = state

    save_each(services, write)
    return files


def failing(error: Exception) -> Any:
    def get_state() -> Any:
        raise error

    return get_state


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("odd"), KeyError("x")])
def test_a_service_whose_state_can_not_be_had_is_named_and_the_others_are_saved(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    assert saved({"s3": failing(error), "sqs": lambda: {"q": 1}}) == {"sqs": {"q": 1}}
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR] == [
        "The state of s3 could not be saved; the next save tries again."
    ]


def test_a_full_disk_ends_nothing() -> None:
    assert saved({"s3": lambda: {"b": 1}, "sqs": lambda: {"q": 1}}, full=("s3",)) == {"sqs": {"q": 1}}


def test_what_changes_meanwhile_is_copied_again_some_times(caplog: pytest.LogCaptureFixture) -> None:
    assert saved({"s3": Changing(4), "sqs": Changing(5), "sns": lambda: None}) == {"s3": {"whole": 1}}
    assert "The state of sqs changes too fast" in caplog.text
