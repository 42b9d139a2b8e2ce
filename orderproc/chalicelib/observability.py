"""Structured logs: one JSON object per line, with the correlation id of the work at hand and no personal data."""

from __future__ import annotations

import re
import uuid
from typing import Any

from aws_lambda_powertools.logging import Logger

from . import config

_WELL_FORMED = re.compile(r"[A-Za-z0-9._:\-]{1,64}")
# What others' error messages repeat: SES names the address that it refuses, SNS the number.
_PERSONAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]+(?:\.[\w-]+)+|\+[1-9][0-9]{6,14}")


class StructuredLog:
    """The services' `Log`: an event's name as message, and its fields beside it."""

    def __init__(self) -> None:
        self._logger = Logger(
            service="orderproc",
            level=config.log_level(),
            location=None,
            use_rfc3339=True,
            serialize_stacktrace=False,  # it would be there twice
            json_serializer=_dumps,
        )

    def info(self, event: str, **fields: Any) -> None:
        self._logger.info(event, extra=fields)

    def warning(self, event: str, **fields: Any) -> None:
        self._logger.warning(event, extra=fields)

    def exception(self, event: str, **fields: Any) -> None:
        """With the traceback of the exception being handled."""
        self._logger.exception(event, extra=fields)

    def correlate(self, correlation_id: str) -> str:
        """All lines until the next call carry this id. One that is no harmless word is replaced by a new one."""
        chosen = correlation_id if _WELL_FORMED.fullmatch(correlation_id) else str(uuid.uuid4())
        self._logger.set_correlation_id(chosen)
        return chosen

    @property
    def correlation_id(self) -> str:
        """The id set last, empty before the first."""
        return self._logger.get_correlation_id() or ""


def _dumps(record: dict[str, Any]) -> str:
    """In few bytes, since each is paid for: the service is in the log group's name already."""
    from .jsonio import dumps

    return dumps({key: _harmless(value) for key, value in record.items() if value is not None and key != "service"})


def _harmless(value: Any) -> Any:
    """Without e-mail addresses and phone numbers; and as text if it is none of JSON's own, for a line must not be lost
    to what it reports."""
    if isinstance(value, (bool, int)):
        return value
    return _PERSONAL.sub("[personal]", str(value))


log = StructuredLog()
