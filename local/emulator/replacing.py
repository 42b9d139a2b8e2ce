"""How the other modules change MiniStack: they replace its functions, and repeat work beside it. Needs nothing of
MiniStack."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

New = TypeVar("New", bound=Callable[..., Any])


def replaces(module: Any, name: str) -> Callable[[New], New]:
    """The decorated function takes the place of the module's own, which it is given before the arguments."""

    def replace(new: New) -> New:
        setattr(module, name, partial(new, getattr(module, name)))
        return new

    return replace


def every(seconds: float, work: Callable[[], object], name: str) -> None:
    """Repeat it in a thread of its own, also after it failed."""

    def forever() -> None:
        while True:
            time.sleep(seconds)
            try:
                work()
            except Exception:
                logging.getLogger(name).exception("failed; it is tried again in %g s", seconds)

    threading.Thread(target=forever, name=name, daemon=True).start()
