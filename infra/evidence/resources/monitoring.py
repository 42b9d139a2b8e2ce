"""Log groups and stacks. Alarms and dashboard have sections of their own."""

from infra.evidence.kinds import Found, Looks
from infra.evidence.model import Cell, Group, duration, moment, size
from infra.evidence.reading import Reader

LOGS, STACKS = "Log groups", "CloudFormation stacks"


def groups(reader: Reader, looks: Looks) -> list[Group]:  # noqa: ARG001  # as the others have it
    """Of what their listings say."""
    return [
        Group(LOGS, ("Log group", "Kept", "Encryption key", "Stored"), [_logs(found) for found in looks[LOGS]]),
        Group(
            STACKS,
            ("Stack", "Status", "Made", "Last changed"),
            [_stack(found) for found in looks[STACKS]],
            "None of a stage that Terraform made." if not looks[STACKS] else "",
        ),
    ]


def _logs(found: Found) -> list[Cell]:
    days = found.raw.get("retentionInDays")
    kept = duration(days * 86_400) if days else "for ever"
    return [found.name, kept, found.raw.get("kmsKeyId") or "of CloudWatch", size(found.raw.get("storedBytes", 0))]


def _stack(found: Found) -> list[Cell]:
    raw = found.raw
    changed = raw.get("LastUpdatedTime")
    status = raw["StackStatus"].lower().replace("_", " ")
    return [found.name, status, moment(raw.get("CreationTime")), moment(changed) if changed else None]
