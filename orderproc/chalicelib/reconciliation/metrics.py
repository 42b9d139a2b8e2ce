"""What the reconciler found as a metric: a line of the log in CloudWatch's embedded format, without a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..kit import emf
from ..kit import metric_names as names
from ..kit.wiring import service
from ..orders.discrepancies import Kind


@service
class Metrics:
    """`write` takes a line. `full` says whether each kind is a metric, too; else it is a property of the line."""

    stage: str
    write: Callable[[Mapping[str, Any]], None]
    full: bool = False

    def __call__(self, found: Mapping[Kind, int]) -> None:
        """How many there are, in all and of each kind."""
        total = {names.DISCREPANCIES: sum(found.values())}
        kinds = {kind.value: number for kind, number in found.items() if number}
        properties = {names.STAGE: self.stage, "message": "discrepancies_counted", "kinds": kinds}
        self.write(emf.line(emf.listed(total, [(names.STAGE,)]), properties))
        if self.full:
            for kind, number in found.items():
                of_kind = {names.STAGE: self.stage, names.KIND: kind.value, "message": "discrepancies_counted"}
                by_kind = emf.listed({names.DISCREPANCIES: number}, [(names.STAGE, names.KIND)])
                self.write(emf.line(by_kind, of_kind))
