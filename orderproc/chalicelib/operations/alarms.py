"""The stage's alarms as staff see them."""

from __future__ import annotations

from typing import Any

from .ports import Alarm

_RANK = {"ALARM": 0, "INSUFFICIENT_DATA": 1, "OK": 2}


def alarms_view(alarms: list[Alarm]) -> list[dict[str, Any]]:
    """Those that ring first."""
    return [
        {
            "name": alarm.name,
            "state": alarm.state,
            "description": alarm.description,
            "reason": alarm.reason,
            "since": alarm.since,
            "runbook": alarm.runbook,
        }
        for alarm in sorted(alarms, key=lambda alarm: (_RANK.get(alarm.state, 1), alarm.name))
    ]
