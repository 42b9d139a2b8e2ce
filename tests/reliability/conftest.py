"""What all reliability tests share."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from chalicelib.kit.observability import log

from tests.contract import engines
from tests.reliability.cloud import Cloud, cloud_at

_seen: set[tuple[str, str, str]] = set()


def _is_new(record: logging.LogRecord) -> bool:
    """Crashes at a thousand points say the same thing of a thousand orders: a line of each kind is made."""
    error = record.exc_info[1] if record.exc_info else None
    kind = (record.msg, type(error).__name__, re.sub(r"[0-9a-f-]{4,}|\d+", "", str(error)))
    if kind in _seen:
        return False
    _seen.add(kind)
    return True


class _Nowhere:
    def write(self, _text: str) -> None: ...

    def flush(self) -> None: ...


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Thousands of crashes are no news here. Their lines are looked through all the same (tests/support/leaks.py)."""
    for handler in log._logger._logger.handlers:
        monkeypatch.setattr(handler, "stream", _Nowhere())
    monkeypatch.setattr(log._logger._logger, "propagate", False)
    log._logger._logger.addFilter(_is_new)
    yield
    log._logger._logger.removeFilter(_is_new)


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The emulator with what a shop needs of it, made once."""
    with engines.ministack(tmp_path_factory.mktemp("reliability")) as endpoint_url, cloud_at(endpoint_url) as found:
        yield found
