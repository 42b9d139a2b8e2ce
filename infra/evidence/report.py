"""Collects a report step by step, and makes it a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from infra.evidence import alarms, code, costs, executions, kinds, objects, orders, proof, resources, versions
from infra.evidence.code import Package
from infra.evidence.costs import Bill
from infra.evidence.kinds import Survey
from infra.evidence.model import Group
from infra.evidence.objects import Bucket
from infra.evidence.orders import OrderShown
from infra.evidence.proof import Proof
from infra.evidence.reading import Reader
from infra.evidence.versions import About
from infra.ops.dashboard_data import Picture
from infra.progress import Steps
from infra.target import Target


@dataclass
class Report:
    """`proof` instead of all else where no stage stands."""

    about: About
    gaps: dict[str, list[str]]
    calls: dict[str, int]
    proof: Proof | None = None
    groups: Sequence[Group] = ()
    machines: dict[str, dict[str, Any]] = field(default_factory=dict)
    packages: Sequence[Package] = ()
    orders: Sequence[OrderShown] = ()
    buckets: Sequence[Bucket] = ()
    alarms: Group | None = None
    picture: Picture | None = None
    bill: Bill | None = None


def collect(target: Target, steps: Steps, order_id: str = "") -> Report:
    """Look at the stage; changes nothing. Refuses an order that is not there."""
    reader, now = Reader(target), datetime.now(UTC)
    with steps.step("Looking for everything of the stage"):
        survey = kinds.survey(reader)
    about = versions.about(reader, survey, now)
    report = Report(about, reader.gaps.found, reader.calls)
    _fill(report, reader, survey, steps, order_id)
    return report


def _fill(report: Report, reader: Reader, survey: Survey, steps: Steps, order_id: str) -> None:
    looks = survey.looks
    if not survey.stands:
        with steps.step("What is left, and what it costs"):
            report.proof = proof.make(reader, survey, objects.buckets(reader, looks))
        return
    with steps.step("Settings of each resource"):
        report.groups = resources.groups(reader, looks)
        report.machines = executions.definitions(reader, looks)
    with steps.step("Orders and their executions"):
        report.orders = orders.shown(reader, looks, report.about.made_at.date(), order_id)
    with steps.step("Code that the functions run"):
        report.packages = code.packages(reader, looks)
    with steps.step("Contents of the buckets"):
        report.buckets = objects.buckets(reader, looks)
    with steps.step("Dashboard, alarms, costs"):
        report.picture = alarms.picture(reader)
        report.alarms = alarms.group(looks)
        report.bill = costs.bill(reader, looks, report.buckets)
