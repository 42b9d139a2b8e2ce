"""What an operator finds of an order: one correlation id on every line, and nothing of the person who ordered."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from chalice.test import Client
from chalicelib.kit.jsonio import dumps, loads

from tests.api.test_failures import Failing, refusal
from tests.support.api.gateway import Gateway
from tests.support.api.journey import KEY_VALUE, PRIVATE, SECRETS, Journey
from tests.support.fakes.adapters import FakeAdapters

MINE = {"X-Correlation-Id": "shop-2026.11:21_0001"}
EMAIL, PHONE = PRIVATE["customerEmail"], PRIVATE["phoneNumber"]


@pytest.fixture
def journey(api: Gateway, client: Client, adapters: FakeAdapters) -> Journey:
    return Journey(api, client, adapters)


@pytest.mark.parametrize(
    "sent", ["a", "A-b_c.d:9", "x" * 64, "00000000-0000-4000-8000-000000000000", "1-69206f61-0c5a4b7e3f1d2a896b7c8d9e"]
)
def test_a_well_formed_correlation_id_is_kept(api: Gateway, sent: str) -> None:
    assert api.get("/products", headers={"x-correlation-id": sent}).headers["x-correlation-id"] == sent


@pytest.mark.parametrize(
    "sent",
    [
        "",
        " ",
        "x" * 65,
        "a b",
        "a\nb",
        "a\r\nSet-Cookie: x",
        "é",
        "<script>",
        '"',
        "a@b.cc",
        "{}",
        "0687654321",
        "06-87654321",
        "0031687654321",
    ],
)
def test_another_is_replaced(api: Gateway, sent: str) -> None:
    given = api.get("/products", headers={"X-Correlation-Id": sent}).headers["x-correlation-id"]

    assert uuid.UUID(given).version == 4


def test_each_request_without_one_gets_one_of_its_own(api: Gateway) -> None:
    assert len({api.get("/products").headers["x-correlation-id"] for _ in range(3)}) == 3


def test_errors_carry_it_too(api: Gateway) -> None:
    for answer in (api.get("/orders/x", headers=MINE), api.post("/orders", "{", headers=MINE)):
        assert answer.headers["x-correlation-id"] == MINE["X-Correlation-Id"]
    not_json = api.post("/orders", "x", headers={**MINE, "Content-Type": "text/plain"})
    assert not_json.headers["x-correlation-id"] == MINE["X-Correlation-Id"]


def test_it_goes_with_the_order_to_its_queue_its_events_and_every_line(
    journey: Journey, lines: Callable[[], list[Any]]
) -> None:
    journey.post(MINE)
    journey.follow()

    events = [loads(message) for message in journey.aws.published]
    events += [loads(entry["Detail"]) for entry in journey.aws.on_bus]
    assert loads(journey.aws.order_messages[0])["correlationId"] == MINE["X-Correlation-Id"]
    assert {event["correlationId"] for event in events} == {MINE["X-Correlation-Id"]}
    assert {line["correlation_id"] for line in lines()} == {MINE["X-Correlation-Id"]}


def test_two_orders_of_one_batch_keep_their_own(journey: Journey, lines: Callable[[], list[Any]]) -> None:
    ids = {f"corr-{n}": journey.post({"X-Correlation-Id": f"corr-{n}"}).json["orderId"] for n in range(2)}
    journey.follow()

    assert {(line["correlation_id"], line["orderId"]) for line in lines()} == set(ids.items())


def test_a_message_that_can_not_be_read_has_not_the_id_of_the_one_before(
    journey: Journey, client: Client, lines: Callable[[], list[Any]]
) -> None:
    journey.post(MINE)
    journey.aws.order_messages.append("poison")
    journey.follow()

    [failed] = [line for line in lines() if line["message"] == "message_failed"]
    assert failed["correlation_id"] != MINE["X-Correlation-Id"]
    assert "orderId" not in failed


def _refused_by_all(journey: Journey) -> None:
    """In words that AWS uses."""
    unverified = f"Email address is not verified. The following identities failed the check: {EMAIL}"
    journey.aws.refuse = {
        "send_raw_email": ("MessageRejected", unverified),
        "publish": ("InvalidParameter", f"Invalid parameter: PhoneNumber Reason: {PHONE} is not valid to publish to"),
    }


@pytest.mark.parametrize("method", ["pm_card_visa", "pm_card_chargeDeclined", "pm_sim_unavailable"])
@pytest.mark.parametrize("in_trouble", [False, True], ids=["all well", "in trouble"])
def test_no_line_holds_anything_of_the_customer(
    journey: Journey, lines: Callable[[], list[Any]], method: str, in_trouble: bool
) -> None:
    if in_trouble:
        _refused_by_all(journey)
    order_id = journey.post(paymentMethod=method).json["orderId"]
    journey.follow()

    assert lines()
    trouble = {"message_failed", "message_refused", "mail_postponed"} & {line["message"] for line in lines()}
    assert bool(trouble) == (in_trouble or method == "pm_sim_unavailable")
    for line in lines():
        text = dumps(line)
        assert [secret for secret in SECRETS if secret in text] == []
        assert order_id in {line.get("orderId"), line.get("key", "").removeprefix("receipts/").removesuffix(".pdf")}


def test_the_order_was_mailed_and_texted_all_the_same(journey: Journey) -> None:
    journey.post()
    journey.follow()

    assert (len(journey.aws.mails), len(journey.aws.texts)) == (1, 2)


@pytest.mark.parametrize(
    "error", [RuntimeError(f"{EMAIL} {PHONE}"), refusal("ValidationException")], ids=["ours", "AWS"]
)
def test_a_bug_logs_its_traceback_without_the_customer(
    journey: Journey, adapters: FakeAdapters, lines: Callable[[], list[Any]], error: Exception
) -> None:
    adapters.orders = Failing(error)

    answer = journey.post(MINE)

    [line] = lines()
    assert (answer.status, line["level"], line["requestId"]) == (500, "ERROR", answer.json["requestId"])
    assert "Traceback" in line["exception"]
    assert [secret for secret in SECRETS if secret in dumps(line)] == []


def test_refused_requests_leave_no_trace_of_what_was_sent(journey: Journey, lines: Callable[[], list[Any]]) -> None:
    for changes in ({"totalAmount": 1}, {"customerEmail": f"{KEY_VALUE} {EMAIL}"}, {"surprise": KEY_VALUE}):
        assert journey.post(**changes).status == 400

    assert {(line["message"], line["route"], line["status"]) for line in lines()} == {("request", "/orders", 400)}
    assert [secret for secret in SECRETS if secret in dumps(lines())] == []


def test_each_line_says_how_bad_what_and_when(journey: Journey, lines: Callable[[], list[Any]]) -> None:
    _refused_by_all(journey)
    journey.post()
    journey.follow()

    for line in lines():
        assert line["level"] in {"INFO", "WARNING", "ERROR"}
        assert line["message"].replace("_", "").isalpha()  # a name to search for, no sentence
        assert datetime.fromisoformat(line["timestamp"]).tzinfo
        assert uuid.UUID(line["correlation_id"])


def test_stock_that_staff_change_is_logged_without_persons(api: Gateway, lines: Callable[[], list[Any]]) -> None:
    reason = f"Returned by {EMAIL}, {PHONE}"

    api.post("/products/LAPTOP001/stock", {"delta": 1, "reason": reason}, groups="admin")

    [line] = lines()
    assert (line["message"], line["productId"], line["delta"], line["available"]) == (
        "stock_changed",
        "LAPTOP001",
        1,
        6,
    )
    assert "Returned" not in str(line)  # it may hold a name; the audit record has it
