"""The proof that a stage is gone: every kind of resource was looked for, nothing was found, nothing costs money. What
is left is named, with what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bench.prices import price_list
from infra.deploy import tags
from infra.evidence.costs import Bill, bill
from infra.evidence.kinds import TAGGED, Found, Survey, kinds_of
from infra.evidence.model import Cell, moment
from infra.evidence.objects import Bucket
from infra.evidence.reading import Reader

_BILLED = {
    "DynamoDB tables": "dynamodb.stored",
    "Alarms": "cloudwatch.alarm",
    "Dashboards": "cloudwatch.dashboard",
    "Secrets": "secretsmanager.secret",
    "Buckets": "s3.stored",
    "Log groups": "logs.stored",
    "Log groups at the edge": "logs.stored",
    "KMS keys by alias": "kms.key",
    "Web ACLs": "waf.acl",
    "Web ACLs of the site": "waf.acl",
}
"""The price of one that is left, where it has one of its own."""
_AS_BILLED = ("DynamoDB backups", "EventBridge schedules", "VPC endpoints")
_STARTS = ("Event source mappings", "EventBridge rules")


@dataclass(frozen=True)
class Look:
    """One kind: which call looked for it and when, what it found, or why it could not look."""

    title: str
    call: str
    at: datetime
    found: list[Found]
    gaps: list[str]
    billed: str


@dataclass(frozen=True)
class Proof:
    """Of one survey."""

    looks: list[Look]
    bill: Bill
    waiting: list[Found]
    """Keys that KMS deletes by itself."""

    @property
    def left(self) -> list[tuple[Look, Found]]:
        return [(look, found) for look in self.looks for found in look.found]

    @property
    def left_rows(self) -> list[list[Cell]]:
        """For the page."""
        return [[found.name, look.title, look.billed] for look, found in self.left]

    @property
    def rows(self) -> list[list[Cell]]:
        """Each look, for the page."""
        return [
            [one.title, one.call, moment(one.at), "could not look" if one.gaps else len(one.found)]
            for one in self.looks
        ]

    @property
    def waiting_rows(self) -> list[list[Cell]]:
        """For the page."""
        return [[one.name, moment(one.raw.get("DeletionDate"))] for one in self.waiting]

    @property
    def unread(self) -> list[Look]:
        return [look for look in self.looks if look.gaps]

    @property
    def holds(self) -> bool:
        """Nothing is left, and no kind could not be looked for."""
        return not self.left and not self.unread


def make(reader: Reader, survey: Survey, buckets: Sequence[Bucket]) -> Proof:
    """From what was found, kind by kind, and what bears the stage's tag besides."""
    looks = [
        Look(
            kind.title,
            reader.named(kind.service, kind.operation),
            survey.times[kind.title],
            survey.looks[kind.title],
            reader.gaps.of(kind.title),
            _billed(kind.title),
        )
        for kind in kinds_of(reader.target)
    ]
    call, at = "resourcegroupstaggingapi:GetResources", survey.times[TAGGED]
    looks.append(Look(f"{TAGGED} {tags.STAGE}", call, at, survey.tagged, reader.gaps.of(TAGGED), _billed(TAGGED)))
    return Proof(looks, bill(reader, survey.looks, buckets), survey.waiting)


def _billed(kind: str) -> str:
    if kind in _BILLED:
        amount, _, per = str(price_list()[_BILLED[kind]]).partition(" ")
        return f"{amount} USD a month {per}".strip()
    if kind in _STARTS:
        return "for what it starts"
    return "as its service bills it" if kind in (*_AS_BILLED, TAGGED) else "nothing while it is not used"
