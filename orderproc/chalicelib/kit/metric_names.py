"""Every custom metric: the one list that jobs, functions, alarms, the dashboard and the costs page share.

CloudWatch bills each combination of a name and its dimensions as a metric of its own and gives ten away. The profile
`free` (METRICS_PROFILE, the default) keeps to those ten: one dimension, the stage. What only the profile `full` has as
metrics is in the profile `free` part of the same lines of the logs, for Logs Insights to ask."""

from __future__ import annotations

from typing import NamedTuple

NAMESPACE = "orderproc"

# Dimensions.
STAGE = "Stage"
FUNCTION = "Function"
STEP = "Step"
DEPENDENCY = "Dependency"
KIND = "Kind"

# What the shop did, published by jobs (PutMetricData).
ORDERS_PLACED = "OrdersPlaced"
ORDERS_COMPLETED = "OrdersCompleted"
ORDERS_FAILED = "OrdersFailed"
REVENUE = "Revenue"
ORDERS_STUCK = "OrdersStuck"
ORDERS_NEEDING_ATTENTION = "OrdersNeedingAttention"
ORDERS_MISSING = "OrdersMissing"

# Lines of the logs in the embedded metric format.
DISCREPANCIES = "Discrepancies"
DEPENDENCY_LATENCY = "DependencyLatency"
STEP_RETRIES = "StepRetries"
FUNCTION_DURATION = "FunctionDuration"
FUNCTION_ERRORS = "FunctionErrors"
COLD_STARTS = "ColdStarts"
GAVE_UP = "GaveUp"
STEP_DURATION = "StepDuration"
STEP_ERRORS = "StepErrors"
DEPENDENCY_ERRORS = "DependencyErrors"

COUNT = "Count"
MILLISECONDS = "Milliseconds"
NO_UNIT = "None"


class Metric(NamedTuple):
    """One name with one set of dimensions. `free` says whether the free profile has it, too."""

    name: str
    unit: str
    meaning: str
    dimensions: tuple[str, ...] = (STAGE,)
    free: bool = True


METRICS = (
    Metric(ORDERS_PLACED, COUNT, "orders accepted"),
    Metric(ORDERS_COMPLETED, COUNT, "orders that ended well: COMPLETED or CONFIRMED"),
    Metric(ORDERS_FAILED, COUNT, "orders that ended FAILED"),
    Metric(REVENUE, NO_UNIT, "what orders that ended well were worth, in the shop's default currency"),
    Metric(ORDERS_STUCK, COUNT, "orders that are open for longer than they should be"),
    Metric(ORDERS_NEEDING_ATTENTION, COUNT, "open orders that are marked for staff"),
    Metric(ORDERS_MISSING, COUNT, "1 when no order came where there should be some, else 0"),
    Metric(DISCREPANCIES, COUNT, "discrepancies that the reconciler found or repaired in this run"),
    Metric(DEPENDENCY_LATENCY, MILLISECONDS, "how long calls of AWS took, SDK retries included; a sample"),
    Metric(STEP_RETRIES, COUNT, "messages that came again, and calls of AWS that the SDK repeated"),
    Metric(DISCREPANCIES, COUNT, "the same, by kind", (STAGE, KIND), free=False),
    Metric(FUNCTION_DURATION, MILLISECONDS, "how long invocations took; a sample", (STAGE, FUNCTION), free=False),
    Metric(FUNCTION_ERRORS, COUNT, "invocations that raised, requests answered by 5xx", (STAGE, FUNCTION), False),
    Metric(COLD_STARTS, COUNT, "first invocations of a process", (STAGE, FUNCTION), free=False),
    Metric(GAVE_UP, COUNT, "messages whose last try failed: dead letters", (STAGE, FUNCTION), free=False),
    Metric(STEP_RETRIES, COUNT, "the same, by function", (STAGE, FUNCTION), free=False),
    Metric(STEP_DURATION, MILLISECONDS, "how long a step of an order took; a sample", (STAGE, STEP), free=False),
    Metric(STEP_ERRORS, COUNT, "times that a step raised", (STAGE, STEP), free=False),
    Metric(DEPENDENCY_LATENCY, MILLISECONDS, "the same, by service of AWS", (STAGE, DEPENDENCY), free=False),
    Metric(DEPENDENCY_ERRORS, COUNT, "calls that were throttled, timed out or failed", (STAGE, DEPENDENCY), free=False),
)

FREE = tuple(metric for metric in METRICS if metric.free)
