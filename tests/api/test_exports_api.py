"""Staff ask for exports, watch them, and get their files."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from chalice.test import Client
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.kit.sqs_batch import BatchFailed

from tests.support.api.gateway import Answer, Gateway, sqs_event
from tests.support.api.refusals import refused
from tests.support.builders.examples import body, order
from tests.support.exported_files import table
from tests.support.fakes.adapters import FakeAdapters

ASKED = {"what": "orders", "from": "2026-11-20", "to": "2026-11-21", "format": "csv"}


def ask(api: Gateway, key: str | None = None, user: str = "staff-1", **changes: Any) -> Answer:
    sent = {name: value for name, value in {**ASKED, **changes}.items() if value is not ...}
    headers = {"Idempotency-Key": key} if key else {}
    event = api.event("POST", "/admin/exports", sent, groups="admin", headers=headers)
    event["requestContext"]["authorizer"]["claims"]["sub"] = user
    return api.send(event)


def get(api: Gateway, path: str) -> Any:
    answer = api.call("GET", path, groups="admin")
    assert answer.status == 200, answer.text
    return answer.json


@pytest.fixture
def run(client: Client, adapters: FakeAdapters) -> Callable[[], None]:
    """Every message, as SQS delivers it."""

    def deliver() -> None:
        messages = adapters.export_messages
        for export_id in [*messages.sent, *(one for _, one in messages.later)]:
            client.lambda_.invoke("write_export", sqs_event([json.dumps({"exportId": export_id})]))
        messages.sent.clear()
        messages.later.clear()

    return deliver


def test_an_export_is_asked_for_watched_and_opened(
    api: Gateway, adapters: FakeAdapters, run: Callable[[], None]
) -> None:
    placed = [api.post("/orders", body(), key="one").json["orderId"] for _ in range(3)]
    adapters.clock.advance(1)

    answer = ask(api)
    assert (answer.status, answer.json["status"]) == (202, "QUEUED")
    export_id = answer.json["exportId"]
    assert answer.headers["location"] == f"./exports/{export_id}"
    before = get(api, f"/admin/exports/{export_id}")
    assert (before["status"], before["url"], before["orders"]) == ("QUEUED", None, 0)

    adapters.clock.advance(5)
    run()

    done = get(api, f"/admin/exports/{export_id}")
    assert done == {
        "exportId": export_id,
        "what": "orders",
        "format": "csv",
        "from": "2026-11-20T00:00:00.000Z",
        "to": "2026-11-21T14:30:26.123Z",
        "status": "DONE",
        "requestedBy": "staff-1",
        "requestedAt": "2026-11-21T14:30:26.123Z",
        "updatedAt": "2026-11-21T14:30:31.123Z",
        "finishedAt": "2026-11-21T14:30:31.123Z",
        "orders": 3,
        "damaged": 0,
        "error": None,
        "url": f"https://documents.test/exports/{export_id}.csv"
        "?seconds=900&name=orders-20261120T000000-20261121T143026.csv",
        "expiresAt": "2026-11-21T14:45:31.123Z",
    }
    [content] = adapters.export_files.files.values()
    assert sorted(row["orderId"] for row in table(content)) == sorted(placed)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("what", "customers"),
        ("what", ...),
        ("format", "xlsx"),
        ("format", ...),
        ("from", ...),
        ("to", ...),
        ("from", "yesterday"),
        ("from", "2026-02-30"),
        ("from", "1999-12-31"),
        ("from", 20261121),
        ("to", "2026-11-19"),
        ("to", "2027-12-31"),
        ("to", "2026-11-21T25:00:00Z"),
        ("status", "PENDING"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_begins(
    api: Gateway, adapters: FakeAdapters, field: str, value: object
) -> None:
    refused(ask(api, **{field: value}), field)

    assert adapters.exports.stored == {}
    assert adapters.audit_records.all == []


def test_all_that_is_wrong_is_named_at_once(api: Gateway) -> None:
    answer = ask(api, key="\N{SNOWMAN}", what="carts", format="pdf", to="x", **{"from": "y"})

    assert answer.status == 400
    assert {error["field"] for error in answer.json["errors"]} == {"Idempotency-Key", "what", "format", "to", "from"}


@pytest.mark.parametrize("start", ["2026-11-22", "2026-11-21T14:30:25.123Z"])
def test_a_time_that_has_not_begun_can_not_be_exported(api: Gateway, start: str) -> None:
    answer = ask(api, **{"from": start, "to": "2026-11-30"})

    refused(answer, "from")
    assert "earlier than now" in answer.text


def test_400_days_are_the_most(api: Gateway) -> None:
    assert ask(api, **{"from": "2025-10-18", "to": "2026-11-21"}).status == 202
    refused(ask(api, **{"from": "2025-10-17", "to": "2026-11-21"}), "to")


def test_the_same_key_and_body_are_one_export(api: Gateway, adapters: FakeAdapters) -> None:
    first = ask(api, key="key-1")
    adapters.clock.advance(60)

    again = ask(api, key="key-1")

    assert (again.status, again.json) == (202, first.json)
    assert len(adapters.exports.stored) == 1


def test_the_same_key_with_another_body_is_refused_and_of_another_user_another_export(
    api: Gateway, adapters: FakeAdapters
) -> None:
    first = ask(api, key="key-1")

    assert ask(api, key="key-1", format="jsonl").status == 422
    other = ask(api, key="key-1", user="staff-2")

    assert other.status == 202
    assert other.json["exportId"] != first.json["exportId"]
    assert len(adapters.exports.stored) == 2


def test_without_a_key_each_is_a_new_one(api: Gateway) -> None:
    assert ask(api).json["exportId"] != ask(api).json["exportId"]


def test_who_exported_what_is_in_the_audit_trail(api: Gateway) -> None:
    export_id = ask(api).json["exportId"]

    [record] = get(api, "/admin/audit")["records"]

    assert (record["who"], record["action"]) == ("staff-1", "export")
    assert record["details"] == {
        "what": "orders",
        "since": "2026-11-20T00:00:00.000Z",
        "until": "2026-11-21T14:30:25.123Z",
        "format": "csv",
    }
    assert record["outcome"] == {"exportId": export_id}


def test_a_queue_that_is_away_delays_an_export_and_loses_none(api: Gateway, adapters: FakeAdapters) -> None:
    def away(*_: object) -> None:
        raise TemporarilyUnavailable("away")

    adapters.export_messages.send = away  # type: ignore[method-assign]

    answer = ask(api)

    assert answer.status == 202
    assert answer.json["exportId"] in adapters.exports.stored


def test_an_unknown_export_is_not_found(api: Gateway) -> None:
    for export_id in ("20261121T143025-nothing", "%20", "x" * 200, "a%00b"):
        answer = api.call("GET", f"/admin/exports/{export_id}", groups="admin")

        assert (answer.status, answer.json["code"]) == (404, "EXPORT_NOT_FOUND")


def test_exports_are_listed_latest_first_by_the_page(api: Gateway, adapters: FakeAdapters) -> None:
    ids = []
    for _ in range(5):
        ids.append(ask(api).json["exportId"])
        adapters.clock.advance(1)

    first = get(api, "/admin/exports?limit=2")
    second = get(api, f"/admin/exports?limit=3&cursor={first['nextCursor']}")

    assert [one["exportId"] for one in [*first["exports"], *second["exports"]]] == ids[::-1]
    assert second["nextCursor"] is None
    assert "url" not in first["exports"][0]
    refused(api.call("GET", "/admin/exports?status=DONE", groups="admin"), "status")


def test_a_file_is_gone_after_a_week(api: Gateway, adapters: FakeAdapters, run: Callable[[], None]) -> None:
    export_id = ask(api).json["exportId"]
    run()
    adapters.clock.advance(7 * 24 * 3600 - 1)
    assert get(api, f"/admin/exports/{export_id}")["url"]

    adapters.clock.advance(1)

    shown = get(api, f"/admin/exports/{export_id}")
    assert (shown["status"], shown["url"], shown["expiresAt"]) == ("EXPIRED", None, None)
    assert get(api, "/admin/exports")["exports"][0]["status"] == "EXPIRED"


def test_a_file_that_was_deleted_by_hand_has_no_link(
    api: Gateway, adapters: FakeAdapters, run: Callable[[], None]
) -> None:
    export_id = ask(api).json["exportId"]
    run()
    adapters.export_files.files.clear()

    shown = get(api, f"/admin/exports/{export_id}")

    assert (shown["status"], shown["url"]) == ("EXPIRED", None)


def test_only_staff_export(api: Gateway) -> None:
    for method, path in (("POST", "/admin/exports"), ("GET", "/admin/exports"), ("GET", "/admin/exports/x")):
        assert api.call(method, path, ASKED if method == "POST" else None, groups="").status in (401, 403)


def test_a_failed_try_is_logged_with_its_export_and_comes_again(
    client: Client, api: Gateway, adapters: FakeAdapters, lines: Callable[[], list[Any]]
) -> None:
    export_id = ask(api).json["exportId"]
    adapters.store.orders["a"] = order(order_id="a", created_at="2026-11-21T10:00:00.000Z")

    def away(*_: object) -> None:
        raise TemporarilyUnavailable("away")

    adapters.export_files.put = away  # type: ignore[method-assign]

    with pytest.raises(BatchFailed):
        client.lambda_.invoke(
            "write_export", sqs_event([json.dumps({"exportId": export_id, "correlationId": export_id})])
        )

    [failed] = [line for line in lines() if line["message"] == "message_failed"]
    assert failed["correlation_id" if "correlation_id" in failed else "correlationId"] == export_id
    assert adapters.exports.stored[export_id].status == "RUNNING"
    assert adapters.exports.stored[export_id].leased_until == ""
