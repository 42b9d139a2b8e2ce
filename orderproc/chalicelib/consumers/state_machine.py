"""One step of the state machine as a Lambda function: ids in, ids out, errors by the names that the machine knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import bootstrap
from ..kit import config
from ..kit.errors import MalformedMessage, OrderUnsuccessful, Rejected, TemporarilyUnavailable
from ..kit.observability import log, telemetry

StepEvent = dict[str, Any]
StepResult = dict[str, Any]


def run(event: StepEvent, act: Callable[[str], StepResult]) -> StepResult:
    """What `act` answers, with the correlation id handed on. Raises what `act` raises, except that the machine's Retry
    gets one name for each kind of AWS's errors: TemporarilyUnavailable for what may pass by itself (a throttle, a
    time-out), ConfigurationError for what an operator must repair (no permission, no such table)."""
    order_id = event.get("orderId")
    if not isinstance(order_id, str) or not order_id:
        raise MalformedMessage("The input has no orderId.")
    correlation_id = log.correlate(str(event.get("correlationId", "")))
    try:
        return {**act(order_id), "correlationId": correlation_id}
    except (Rejected, OrderUnsuccessful) as error:
        log.info("step_rejected", orderId=order_id, reason=type(error).__name__)
        raise
    except Exception as error:
        step = telemetry.work.step or config.runtime().function
        log.exception("step_failed", orderId=order_id, step=step, reason=type(error).__name__)
        if bootstrap.is_temporary(error):
            raise TemporarilyUnavailable(type(error).__name__) from error
        if bootstrap.is_misconfigured(error):
            raise config.ConfigurationError(str(error)) from error
        raise
