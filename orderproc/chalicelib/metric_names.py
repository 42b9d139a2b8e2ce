"""The custom metrics of CloudWatch, in one namespace with one dimension. There are no others in the free-tier
profile: ten are free."""

from __future__ import annotations

NAMESPACE = "orderproc"
STAGE = "Stage"

ORDERS_PLACED = "OrdersPlaced"
ORDERS_COMPLETED = "OrdersCompleted"
ORDERS_FAILED = "OrdersFailed"
REVENUE = "Revenue"
ORDERS_STUCK = "OrdersStuck"
ORDERS_NEEDING_ATTENTION = "OrdersNeedingAttention"
ORDERS_MISSING = "OrdersMissing"
INCONSISTENCIES = "Inconsistencies"
DEPENDENCY_LATENCY = "DependencyLatency"
STEP_RETRIES = "StepRetries"
