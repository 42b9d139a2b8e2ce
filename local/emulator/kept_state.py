"""Saves MiniStack's state while it runs. MiniStack saves only as it ends, so that after a power cut or `kill -9` all of
a day would be gone.

`POST /_orderproc/state` saves at once; each minute it happens by itself. A save copies what changes meanwhile: a
service whose copy fails some times in a row keeps what was saved of it before.
"""

from __future__ import annotations

import logging
import threading

from ministack import app
from ministack.core import persistence

INTERVAL = 60.0
_TRIES = 5

_logger = logging.getLogger("kept_state")
_saving = threading.Lock()


def install() -> None:
    """Save each minute, if this cloud keeps its state at all."""
    if persistence.PERSIST_STATE:
        threading.Thread(target=_forever, name="kept-state", daemon=True).start()


def save() -> None:
    """Save every service's state, if it is kept at all; each file is replaced as a whole."""
    if not persistence.PERSIST_STATE:
        return
    with _saving:
        for name, get_state in app._build_persistence_save_dict().items():
            for _ in range(_TRIES):
                try:
                    state = get_state()
                except RuntimeError:  # something was added while it was copied
                    continue
                if state is not None:
                    persistence.save_state(name, state)
                break
            else:
                _logger.warning("The state of %s changes too fast to be copied; the next save tries again.", name)


def _forever() -> None:
    wait = threading.Event()
    while not wait.wait(INTERVAL):
        save()
