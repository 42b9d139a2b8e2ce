"""Structured logs: one JSON object per line, with the correlation id of the work at hand and no personal data."""

from __future__ import annotations

import re
import sys
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from aws_lambda_powertools.logging import Logger

from . import config
from .jsonio import dumps
from .personal_data import CREDENTIALS, replaced
from .telemetry import Telemetry, monotonic

# But no telephone number: those with a + are not, anyway.
_WELL_FORMED = re.compile(r"(?!0[0-9._:\-]{7,15}$)[A-Za-z0-9._:\-]{1,64}")
# What others' error messages repeat: SES names the address that it refuses, SNS the number, a URL both; the SDK the
# value of a parameter that is of the wrong type.
_REPEATED = re.compile(r"(?<=, value: ).{1,1000}?(?=, (?:type|valid \w+): )")
_PERSONAL = "[personal]"
_SECRET = re.compile(CREDENTIALS)


class StructuredLog:
    """The services' `Log`: an event's name as message, and its fields beside it."""

    def __init__(self) -> None:
        self._logger = Logger(
            service=config.names().app,  # the name of Chalice's logger, too: its lines take our form
            level=config.log_level(),
            location=None,
            use_rfc3339=True,
            serialize_stacktrace=False,  # it would be there twice
            json_serializer=_dumps,
        )

    def info(self, event: str, **fields: Any) -> None:
        self._logger.info(event, extra=_with_steps(fields))

    def warning(self, event: str, **fields: Any) -> None:
        self._logger.warning(event, extra=_with_steps(fields))

    def exception(self, event: str, **fields: Any) -> None:
        """With the traceback of the exception being handled, the step that raised it and the call of AWS that failed
        last, if there was one, and how long it was worked on."""
        work = telemetry.work
        dependency = getattr(sys.exc_info()[1], "dependency", work.dependency)
        where = {"step": work.step or None, "dependency": dependency or None, "durationMs": telemetry.work_ms()}
        self._logger.exception(event, extra=_with_steps({**where, **fields}))

    def step(self, name: str) -> AbstractContextManager[None]:
        """A context that measures what is done in it. How long the steps took is in the next line of the order, as
        `ms`, and in the line of the process's measures."""
        return telemetry.step(name)

    def measures(self, line: Mapping[str, Any]) -> None:
        """A line in the embedded metric format: as it is, with nothing beside it."""
        handler: Any = self._logger.registered_handler
        stream = handler.stream
        stream.write(_dumps_measures(line) + "\n")
        stream.flush()

    def correlate(self, correlation_id: str) -> str:
        """All lines until the next call carry this id. One that is no harmless word is replaced by a new one."""
        telemetry.begin_work()
        chosen = correlation_id if _WELL_FORMED.fullmatch(correlation_id) else str(uuid.uuid4())
        self._logger.set_correlation_id(chosen)
        return chosen

    @property
    def correlation_id(self) -> str:
        """The id set last, empty before the first."""
        return self._logger.get_correlation_id() or ""


def _dumps(record: dict[str, Any]) -> str:
    """In few bytes, since each is paid for: the service is in the log group's name already."""
    return dumps({key: _harmless(value) for key, value in record.items() if value is not None and key != "service"})


_dumps_measures = dumps


def _with_steps(fields: dict[str, Any]) -> dict[str, Any]:
    """And how long the steps took, once: in the first line after them that is about an order."""
    ms = telemetry.work.ms
    if not ms or "orderId" not in fields:
        return fields
    telemetry.work.ms = {}
    return {**fields, "ms": ms}


def _harmless(value: Any) -> Any:
    """Without addresses, numbers of persons and tokens; and as text if it is none of JSON's own, for a line must not
    be lost to what it reports."""
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, dict):
        return {_harmless(str(key)): _harmless(inner) for key, inner in value.items()}
    text = replaced(_REPEATED.sub(_PERSONAL, str(value)), lambda _: _PERSONAL)
    return _SECRET.sub("[secret]", text)


log = StructuredLog()
telemetry = Telemetry(log.measures, config.runtime, monotonic)
