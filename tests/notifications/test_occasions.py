"""What an event may send is judged by the state of the order now, in one place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chalicelib.kit.claims import Claim, ClaimState
from chalicelib.notifications.occasions import all_due, claim_key, due, unsent, untried
from chalicelib.orders.model import HistoryRow, Order, Shipment, ShipmentStatus, Status

from tests.support.builders import examples

AT, NOW = "2026-11-21T14:30:25.123Z", "2026-11-21T18:00:00.000Z"
EVENTS = ("OrderPlaced", "OrderCompleted", "OrderFailed", "OrderCancelled", "OrderRefunded", "PaymentCaptured")


def order(*statuses: Status, **changes: object) -> Order:
    rows = tuple(HistoryRow(status, AT) for status in (Status.PENDING, *statuses))
    return examples.order(**{"history": rows, "phone_number": "+31612345678", **changes})


@pytest.mark.parametrize(
    ("statuses", "sent"),
    [
        ((), {"sms-created"}),
        ((Status.PAYMENT_PROCESSING,), {"sms-created"}),
        ((Status.CONFIRMED,), {"sms-created"}),
        ((Status.COMPLETED,), {"sms-created", "sms-completed"}),
        ((Status.FAILED,), {"sms-created", "sms-failed", "mail-notice"}),
        ((Status.CANCELLED,), {"sms-created", "mail-notice"}),
        ((Status.COMPLETED, Status.CANCELLED), {"sms-created", "mail-notice"}),
        ((Status.COMPLETED, Status.REFUNDED), {"sms-created", "mail-notice"}),
    ],
    ids=lambda given: ", ".join(sorted(given)),
)
def test_only_what_is_true_is_sent_for_any_event(statuses: tuple[Status, ...], sent: set[str]) -> None:
    assert {occasion.key for event in EVENTS for occasion in due(order(*statuses), event)} == sent


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.CONFIRMED])
def test_an_order_that_succeeded_should_have_its_confirmation(status: Status) -> None:
    assert "mail-confirmation" in {occasion.key for occasion in all_due(order(status))}


@pytest.mark.parametrize("changes", [{"phone_number": None}, {"customer_email": ""}], ids=str)
def test_without_an_address_nothing_is_due(changes: dict[str, object]) -> None:
    channels = {o.channel for status in (Status.COMPLETED, Status.FAILED) for o in all_due(order(status, **changes))}

    assert channels == ({"mail"} if "phone_number" in changes else {"sms"})


@pytest.mark.parametrize("status", ShipmentStatus)
def test_of_a_shipment_only_where_it_is_now_is_news(status: ShipmentStatus) -> None:
    shipment = Shipment("DHL", "JD1", (("LAPTOP001", 1),), status, AT)

    found = {occasion.key for occasion in all_due(order(Status.COMPLETED, shipments=(shipment,)))}

    of_shipments = {key for key in found if key.endswith("-DHL-JD1")}
    assert of_shipments == {"mail-shipped-DHL-JD1", f"mail-{status.value.lower()}-DHL-JD1"}


def test_what_is_claimed_and_not_sent_is_in_doubt_once_no_process_can_be_sending_it() -> None:
    failed = order(Status.FAILED)
    keys = {occasion.key: claim_key(failed, occasion) for occasion in all_due(failed)}
    claims = {
        keys["sms-created"]: Claim(ClaimState.SENT, AT),
        keys["sms-failed"]: Claim(ClaimState.REFUSED, AT, "opted out"),
        keys["mail-notice"]: Claim(ClaimState.CLAIMED, AT),
    }

    assert unsent(failed, claims, NOW) == {
        "sms-failed": "refused: opted out",
        "mail-notice": f"may not have been sent: begun at {AT}",
    }
    assert list(unsent(failed, claims, AT)) == ["sms-failed"]


@pytest.mark.parametrize(
    ("now", "missing"),
    [
        ("2026-11-21T14:59:00.000Z", False),  # retries may still bring it
        ("2026-11-21T15:01:00.000Z", True),
        ("2026-12-19T14:00:00.000Z", True),
        ("2026-12-19T15:00:00.000Z", False),  # its claim may be gone
    ],
)
@pytest.mark.parametrize(
    ("status", "mail"), [(Status.COMPLETED, "mail-confirmation"), (Status.FAILED, "mail-notice")], ids=str
)
def test_a_mail_that_was_never_claimed_is_missing_for_a_month(
    status: Status, mail: str, now: str, missing: bool
) -> None:
    assert untried(order(status), {}, now) == ([mail] if missing else [])


def test_the_age_of_a_confirmation_counts_from_the_success_and_not_from_a_later_change() -> None:
    shipped_late = order(Status.CONFIRMED)
    shipped_late = replace(
        shipped_late, history=(*shipped_late.history, HistoryRow(Status.COMPLETED, "2026-12-18T00:00:00.000Z"))
    )

    assert untried(shipped_late, {}, "2026-12-22T00:00:00.000Z") == []
