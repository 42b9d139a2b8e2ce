"""What the reconciler found and how far it came; and what it reads besides: stock, the ledger, lists of documents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chalicelib.orders.discrepancies import Checkpoint, Finding, Findings, Kind
from chalicelib.payments.model import EntryStatus, LedgerEntry, Operation

from tests.contract.adapters import Storage, unique
from tests.support.builders.examples import MOUSE, NOW
from tests.support.fakes.clock import FakeClock

LATER = "2026-11-21T15:30:25.123Z"
WEEK = 7 * 24 * 3600


def finding(**changes: Any) -> Finding:
    details = {"status": "COMPLETED", "reason": "Zurückgewiesen 東"}
    return replace(Finding(Kind.STUCK, unique("order"), details, NOW, NOW), **changes)


def of(findings: Findings, *subjects: str) -> list[Finding]:
    return [one for one in findings.all() if one.subject in subjects]


@pytest.fixture
def findings(storage: Storage, clock: FakeClock) -> Findings:
    return storage.findings_at(clock)


@pytest.mark.parametrize("kind", Kind)
def test_a_finding_is_stored_and_listed(findings: Findings, kind: Kind) -> None:
    one = finding(kind=kind)

    findings.put(one)

    assert of(findings, one.subject) == [one]


def test_a_subject_may_hold_any_sign(findings: Findings) -> None:
    one = finding(subject=unique("a#b|c 東"))

    findings.put(one)

    assert of(findings, one.subject) == [one]


def test_the_same_again_replaces_it(findings: Findings) -> None:
    one = finding()
    findings.put(one)

    findings.put(replace(one, last_seen_at=LATER))

    assert of(findings, one.subject) == [replace(one, last_seen_at=LATER)]


def test_two_kinds_of_one_order_are_two(findings: Findings) -> None:
    one = finding()
    other = replace(one, kind=Kind.FINISHED_UNPAID)
    findings.put(one)
    findings.put(other)

    findings.remove(one)

    assert of(findings, one.subject) == [other]


def test_removing_what_is_not_there_is_fine(findings: Findings) -> None:
    findings.remove(finding())


def test_what_was_repaired_is_listed_for_a_week_and_what_was_not_for_ever(findings: Findings, clock: FakeClock) -> None:
    one, other = finding(repaired=True), finding()
    findings.put(one)
    findings.put(other)

    clock.advance(WEEK - 1)
    assert of(findings, one.subject, other.subject) == [one, other]
    clock.advance(2)
    assert of(findings, one.subject, other.subject) == [other]


def test_what_was_repaired_and_is_wrong_again_stays(findings: Findings, clock: FakeClock) -> None:
    one = finding(repaired=True)
    findings.put(one)

    findings.put(replace(one, repaired=False))
    clock.advance(2 * WEEK)

    assert of(findings, one.subject) == [replace(one, repaired=False)]


def test_more_than_one_page_is_listed_whole(findings: Findings) -> None:
    long = {"reason": "x" * 20_000}
    many = [finding(details=long) for _ in range(120)]
    for one in many:
        findings.put(one)

    assert {f.subject for f in findings.all()} >= {one.subject for one in many}
    for one in many:
        findings.remove(one)


def test_the_checkpoint_moves_on_and_never_back(findings: Findings) -> None:
    findings.save(Checkpoint("2026-11-21T10:00:00.000Z", NOW))
    findings.save(Checkpoint("2026-11-21T11:00:00.000Z", NOW))
    findings.save(Checkpoint("2026-11-21T11:00:00.000Z", LATER))

    findings.save(Checkpoint("2026-11-21T10:30:00.000Z", LATER))  # another run, that began earlier

    assert findings.checkpoint() == Checkpoint("2026-11-21T11:00:00.000Z", LATER)


def test_the_stock_of_every_product_is_read(storage: Storage) -> None:
    made = {unique("product"): n for n in range(5)}
    for product_id, stock in made.items():
        storage.catalogue.put(replace(MOUSE, product_id=product_id), stock)

    found = {s.product_id: s.available for s in storage.catalogue.all_stock()}

    assert {product_id: found.get(product_id) for product_id in made} == made


def test_entries_of_the_ledger_are_looked_up_by_the_hundred(storage: Storage) -> None:
    entries = [
        LedgerEntry(unique("order"), operation, EntryStatus.INTENT, MOUSE.price, "EUR", NOW)
        for operation in Operation
        for _ in range(60)
    ]
    for entry in entries:
        storage.ledger.intend(entry)
    keys = [(entry.order_id, entry.operation) for entry in entries]

    found = storage.ledger.look_up([*keys, keys[0], ("no-such-order", Operation.CAPTURE)])

    assert found == dict(zip(keys, entries, strict=True))
    assert storage.ledger.look_up([]) == {}


def test_documents_are_listed_by_how_their_keys_begin(destinations: Any) -> None:
    folder = f"orders/{unique('day')}/"
    for name in ("a", "b c", "ü"):
        destinations.documents.add(f"{folder}{name}.json", b"{}", "application/json")
    destinations.documents.add(f"orders/{unique('day')}/a.json", b"{}", "application/json")

    assert sorted(destinations.documents.keys(folder)) == [f"{folder}{name}.json" for name in ("a", "b c", "ü")]
    assert list(destinations.documents.keys("orders/none/")) == []
