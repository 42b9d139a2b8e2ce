"""Stored names outlive those of the code: what an earlier version stored is read, replaced and removed by this one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib.fulfilment.ports import ShipmentNumber
from chalicelib.kit.dynamodb import to_dynamodb
from chalicelib.orders.discrepancies import Checkpoint, Finding, Kind

from tests.contract.adapters import Storage, unique
from tests.support.builders.examples import NOW
from tests.support.fakes.clock import FakeClock


def test_a_finding(dynamodb: Storage) -> None:
    findings: Any = dynamodb.findings_at(FakeClock())
    one = Finding(Kind.CAPTURED_NOT_REFUNDED, unique("order"), {"status": "FAILED"}, NOW, NOW)
    _store(
        findings,
        {"scope": "inconsistencies", "item": f"PAID_BUT_WORTHLESS#{one.subject}"},
        {"details": dict(one.details), "foundAt": NOW, "lastSeenAt": NOW, "mended": True},
    )

    assert replace(one, repaired=True) in findings.all()
    findings.remove(one)
    assert one.subject not in [found.subject for found in findings.all()]


def test_the_reconcilers_checkpoint(dynamodb: Storage) -> None:
    findings: Any = dynamodb.findings_at(FakeClock())
    _store(findings, {"scope": "inspector", "item": "checkpoint"}, {"upTo": "2999-01-01T00:00:00.000Z", "at": NOW})

    assert findings.checkpoint() == Checkpoint("2999-01-01T00:00:00.000Z", NOW)

    findings.client.delete_item(TableName=findings.table, Key=to_dynamodb({"scope": "inspector", "item": "checkpoint"}))


def test_a_shipments_number(dynamodb: Storage) -> None:
    shipments: Any = dynamodb.shipments_at(FakeClock())
    tracking_number = unique("3S")
    _store(
        shipments,
        {"scope": f"parcel#PostNL#{tracking_number}", "item": "order"},
        {"orderId": "one", "at": NOW, "expiresAt": 4_000_000_000},
    )

    assert shipments.order_of("PostNL", tracking_number) == "one"
    assert shipments.note(ShipmentNumber("PostNL", tracking_number, "another", NOW)) is not None


def _store(at: Any, key: dict[str, str], values: dict[str, Any]) -> None:
    at.client.put_item(TableName=at.table, Item=to_dynamodb({**key, **values}))
