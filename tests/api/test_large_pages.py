"""Pages end by bytes, too: Lambda refuses an answer of more than 6 MB."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.operations.ports import AuditRecord
from chalicelib.orders.model import HistoryRow, Line, Status

from tests.support.api.gateway import Gateway, recorded
from tests.support.builders.examples import MOUSE, SETTINGS, order
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.dead_letters import FakeSqs

pytestmark = pytest.mark.slow

LAMBDAS_LIMIT = 6 * 1024 * 1024
TEXTS = {"CJK": "漢", "emoji": "😀", "quotes": '"', "plain": "a"}


def size_of(text: str) -> int:
    """Of the answer, as the runtime writes it: the body is a string in its JSON, in ASCII."""
    return len(json.dumps({"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": text}))


def all_of(read: Callable[[str], Any], name: str, *more: str) -> list[list[Any]]:
    """The entries of each page, to the list's end."""
    pages: list[list[Any]] = []
    cursor: str | None = ""
    while cursor is not None and len(pages) < 100:
        answer = read(f"&cursor={cursor}" if cursor else "")
        assert answer.status == 200, answer.text[:500]
        assert size_of(answer.text) < LAMBDAS_LIMIT * 0.8
        pages.append([entry for listed in (name, *more) for entry in answer.json[listed]])
        cursor = answer.json["nextCursor"]
    assert cursor is None
    return pages


@pytest.fixture
def large(adapters: FakeAdapters, request: pytest.FixtureRequest) -> list[str]:
    """As large as orders come, newest first."""
    found = []
    for n in range(60):
        at = f"2026-11-21T10:00:{n:02d}.000Z"
        lines = tuple(Line(f"P{i}", request.param * 200, 1, Decimal("1.00")) for i in range(100))
        new = order(owner="c-anne", lines=lines, created_at=at, history=(HistoryRow(Status.FAILED, at),))
        adapters.orders.add(new)
        found.append(new.order_id)
    return found[::-1]


def as_anne(api: Gateway, groups: str = "") -> Callable[[str], Any]:
    claims = {
        **recorded("cognito_claims"),
        "aud": SETTINGS.user_pool_client_id,
        "sub": "anne",
        "cognito:groups": groups,
    }

    def read(path: str) -> Any:
        event = api.event("GET", path)
        event["requestContext"]["authorizer"] = {"claims": claims}
        return api.send(event)

    return read


@pytest.mark.parametrize("large", TEXTS.values(), ids=list(TEXTS), indirect=True)
def test_lists_of_large_orders_come_in_pages_that_lambda_takes(
    api: Gateway, adapters: FakeAdapters, large: list[str]
) -> None:
    adapters.store.damage("order", large[9])
    lists = {
        "/me/orders?limit=100": (as_anne(api), [o for o in large if o != large[9]], ()),
        "/me/orders?limit=100&status=FAILED": (as_anne(api), [o for o in large if o != large[9]], ()),
        "/admin/orders?limit=100": (as_anne(api, "admin"), large, ("damaged",)),
    }
    for path, (read, expected, more) in lists.items():
        pages = all_of(lambda cursor, r=read, p=path: r(p + cursor), "orders", *more)

        assert sorted(one["orderId"] for page in pages for one in page) == sorted(expected)
        whole = [one["orderId"] for page in pages for one in page if "reason" not in one]
        assert whole == [order_id for order_id in expected if order_id != large[9]]
        assert all(pages)


@pytest.mark.parametrize("large", ["漢"], indirect=True)
def test_a_page_that_ended_by_its_bytes_names_no_damaged_order_of_the_next(
    api: Gateway, adapters: FakeAdapters, large: list[str]
) -> None:
    adapters.store.damage("order", large[-1])

    first = as_anne(api, "admin")("/admin/orders?limit=100").json

    assert (len(first["orders"]) < 60, first["damaged"]) == (True, [])


def test_a_partners_list_ends_by_bytes(api: Gateway, adapters: FakeAdapters) -> None:
    lines = tuple(Line(f"P{i}", "😀" * 200, 1, Decimal("1.00")) for i in range(100))
    made = [order(lines=lines) for _ in range(40)]
    for one in made:
        adapters.orders.add(one)

    pages = all_of(lambda cursor: api.get(f"/orders?limit=100{cursor}"), "orders")

    assert sorted(one["orderId"] for page in pages for one in page) == [one.order_id for one in made]
    assert len(pages) > 1


def test_the_largest_products_fit(api: Gateway, adapters: FakeAdapters) -> None:
    for n in range(100):
        product = replace(MOUSE, product_id=f"P{n:03d}", name="😀" * 200, description="😀" * 4000)
        adapters.catalogue.put(product, 1)

    pages = all_of(lambda cursor: api.get(f"/products?limit=100{cursor}"), "products")

    listed = [one["productId"] for page in pages for one in page]
    assert listed == sorted({*adapters.store.products})
    assert len(pages) == 2


def test_large_audit_records_come_in_pages(api: Gateway, adapters: FakeAdapters) -> None:
    for n in range(20):
        at = f"2026-11-21T10:00:{n:02d}.000Z"
        adapters.audit_records.put(AuditRecord(f"r{n}", at, "staff", "discard", {"messages": ["漢" * 80_000]}))

    pages = all_of(as_admin(api, "/admin/audit?day=2026-11-21&limit=100"), "records")

    assert [one["id"] for page in pages for one in page] == [f"r{n}" for n in reversed(range(20))]


def test_a_look_at_large_dead_letters_says_that_it_is_not_complete(api: Gateway, adapters: FakeAdapters) -> None:
    sqs: FakeSqs = adapters.dead_sqs
    for _ in range(20):
        sqs.put(f"{SETTINGS.order_queue_url}-dlq", json.dumps({"items": list(range(40_000))}))

    answer = api.call("GET", "/admin/dead-letters?queue=orders&limit=100", groups="admin")

    assert size_of(answer.text) < LAMBDAS_LIMIT * 0.8
    assert 0 < len(answer.json["messages"]) < 20
    assert answer.json["complete"] is False


def as_admin(api: Gateway, path: str) -> Callable[[str], Any]:
    return lambda cursor: api.call("GET", path + cursor, groups="admin")
