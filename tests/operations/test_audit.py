"""Whatever is done by hand is on record before it is done, and so is how it ended."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.kit.jsonio import dumps
from chalicelib.operations.audit import AuditTrail, cut
from chalicelib.operations.ports import AuditRecord

from tests.reliability.faults import Died
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.dead_letters import FakeAuditRecords


@pytest.fixture
def audit(services: Services) -> AuditTrail:
    return services.operations.audit


@pytest.fixture
def records(adapters: FakeAdapters) -> FakeAuditRecords:
    kept: FakeAuditRecords = adapters.audit_records
    return kept


def test_it_is_written_before_and_completed_after(audit: AuditTrail, records: FakeAuditRecords) -> None:
    with audit.of("anna", "ship", orderId="o-1") as outcome:
        [before] = records.all
        outcome["parcels"] = 2

    assert (before.who, before.action, before.details, before.outcome) == ("anna", "ship", {"orderId": "o-1"}, None)
    assert records.all == [replace(before, outcome={"parcels": 2})]


def test_what_ends_well_without_a_word_is_done(audit: AuditTrail, records: FakeAuditRecords) -> None:
    with audit.of("anna", "ship"):
        pass

    assert records.all[0].outcome == {"done": True}


def test_a_failure_is_the_outcome_with_what_was_done_until_then(audit: AuditTrail, records: FakeAuditRecords) -> None:
    def ship() -> None:
        with audit.of("anna", "ship") as outcome:
            outcome["shipped"] = 1
            raise ValueError("not to a@b.test")

    with pytest.raises(ValueError, match="not to"):
        ship()

    assert records.all[0].outcome == {"shipped": 1, "error": "ValueError: not to [personal]"}


def test_who_dies_inside_leaves_a_record_without_an_outcome(audit: AuditTrail, records: FakeAuditRecords) -> None:
    with pytest.raises(Died), audit.of("anna", "ship"):
        raise Died

    assert records.all[0].outcome is None


def test_nothing_is_done_that_could_not_be_recorded(audit: AuditTrail, records: FakeAuditRecords) -> None:
    def refuse(record: AuditRecord) -> None:
        raise TemporarilyUnavailable

    records.put = refuse  # type: ignore[method-assign]
    done: list[int] = []

    with pytest.raises(TemporarilyUnavailable), audit.of("anna", "ship"):
        done.append(1)

    assert done == []


def test_what_is_done_is_not_called_failed_for_want_of_its_record(audit: AuditTrail, records: FakeAuditRecords) -> None:
    """The caller would do it again."""
    with audit.of("anna", "stock", delta=5):
        records.put = None  # type: ignore[assignment, method-assign]

    assert records.all[0].outcome is None


def test_it_names_no_customer(audit: AuditTrail, records: FakeAuditRecords) -> None:
    details: dict[str, Any] = {"reason": "customer@example.com asked for it", "orderId": "o-1"}

    with audit.of("anna", "cancel", **details):
        pass

    assert records.all[0].details == {"reason": "[personal] asked for it", "orderId": "o-1"}


def test_it_names_each_message_by_its_whole_id(audit: AuditTrail, records: FakeAuditRecords) -> None:
    """Some ids begin like the number of a telephone."""
    ids = {"messageIds": ["00123456-7890-4f63-9a0e-5d0a7f6f2b11", "00312345-6789-4012-8345-5d0a7f6f2b11"]}

    with audit.of("anna", "redrive", **ids):
        pass

    assert records.all[0].details == ids


def size(value: Any) -> int:
    return len(dumps(value).encode())


@pytest.mark.parametrize(
    "long",
    [
        {
            "refused": {
                f"{n:036}": "It is no call of one of these functions that Lambda gave up on." for n in range(2500)
            }
        },
        {"messageIds": [f"{n:036}" for n in range(6000)]},
        {"text": "東" * 500_000},
        {"messages": [{"messageId": f"{n:036}", "payload": "x y " * 300} for n in range(400)]},
        {f"field {n}": n for n in range(12_000)},
        {"deep": [[["x y " * 200] * 20] * 20]},
    ],
    ids=lambda long: next(iter(long)),
)
def test_what_is_too_long_for_a_record_is_cut_and_counted(
    audit: AuditTrail, records: FakeAuditRecords, long: dict[str, Any]
) -> None:
    with audit.of("anna", "redrive", **long) as outcome:
        [before] = records.all
        outcome.update(long)

    [record] = records.all
    assert before.details == record.details
    assert size(record.details) + size(record.outcome) < 390_000
    assert "…" in dumps(record.details)
    assert "…" in dumps(record.outcome)


def test_a_cut_says_how_much_more_there_was() -> None:
    ids = [f"{n:036}" for n in range(20_000)]

    assert cut({"ids": ids, "redriven": 20_000}) == {"ids": [*ids[:1000], "… and 19000 more"], "redriven": 20_000}
    assert cut({"text": "x" * 200_000}) == {"text": "x" * 20_000 + "… and 180000 characters more"}
    assert cut({f"{n:036}": n for n in range(20_000)})["…"] == "and 19000 more"


@pytest.mark.parametrize("most", [180_000, 1000, 50])
def test_whatever_it_is_the_cut_fits(most: int) -> None:
    deep: Any = "x" * 1000
    for _ in range(5):
        deep = [deep] * 4
    assert size(cut({"deep": deep}, most)) <= most


def test_what_fits_is_kept_whole() -> None:
    whole = {"ids": [f"{n:036}" for n in range(4000)], "text": "x" * 20_001}

    assert cut(whole) == whole
