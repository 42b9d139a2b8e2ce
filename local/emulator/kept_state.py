"""Saves MiniStack's state while it runs. MiniStack saves only as it ends, so that after a power cut or `kill -9` all of
a day would be gone.

`POST /_emulator/state` saves at once; each minute it happens by itself. A save copies what changes meanwhile: a
service whose copy fails some times in a row, or that can't be written because the disk is full, keeps what was saved of
it before, and the others are saved all the same.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from .replacing import every

INTERVAL = 60.0
_TRIES = 5

_logger = logging.getLogger("kept_state")
_saving = threading.Lock()


def install() -> None:
    """Save each minute, if this cloud keeps its state at all."""
    from ministack.core import persistence

    if persistence.PERSIST_STATE:
        every(INTERVAL, save, "kept-state")


def save() -> None:
    """Save every service's state, if it is kept at all; each file is replaced as a whole."""
    from ministack import app
    from ministack.core import persistence

    if persistence.PERSIST_STATE:
        with _saving:
            save_each(app._build_persistence_save_dict(), persistence.save_state)


def save_each(services: Mapping[str, Callable[[], Any]], write: Callable[[str, Any], None]) -> None:
    """Write the state of every service, by its name, as far as it can be had and written now."""
    for name, get_state in services.items():
        try:
            _save_one(name, get_state, write)
        except Exception:  # any: without the next save, all that comes after would be lost
            _logger.exception("The state of %s could not be saved; the next save tries again.", name)


def _save_one(name: str, get_state: Callable[[], Any], write: Callable[[str, Any], None]) -> None:
    for _ in range(_TRIES):
        try:
            state = get_state()
        except RuntimeError:  # something was added while it was copied
            continue
        if state is not None:
            write(name, state)
        return
    _logger.warning("The state of %s changes too fast to be copied; the next save tries again.", name)
