"""An item of each kind that was changed by hand: those that are read with it are read, and it is named. Over a client
that answers from a list; `tests/contract/test_damaged.py` does some of it on real engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from chalicelib.checkout.dynamodb import DynamoCarts
from chalicelib.exports.dynamodb import DynamoExports
from chalicelib.imports.dynamodb import DynamoImports
from chalicelib.inventory.dynamodb import DynamoCatalogue
from chalicelib.kit.dynamodb import to_dynamodb
from chalicelib.kit.errors import Damaged
from chalicelib.operations.dynamodb import DynamoAuditRecords, DynamoReasons
from chalicelib.orders.dynamodb import DynamoOrders
from chalicelib.orders.dynamodb_open import DynamoOpenOrders
from chalicelib.orders.items import order_from_item, order_to_item
from chalicelib.payments.dynamodb import DynamoLedger
from chalicelib.payments.model import Operation
from chalicelib.reconciliation.dynamodb import DynamoFindings
from chalicelib.reporting.count_orders import require_countable
from chalicelib.reporting.dynamodb import DynamoCounters
from chalicelib.reporting.stream import changes_of

from tests.support.builders.examples import NOW, order

TIME = "2026-11-21T14:30:25.123Z"


class Client:
    """DynamoDB as far as it is read here: every read of a table finds all of its items."""

    def __init__(self, *items: Any) -> None:
        self.items = list(items)

    def get_item(self, **_: Any) -> Any:
        return {"Item": self.items[0]} if self.items else {}

    def query(self, **_: Any) -> Any:
        return {"Items": self.items}

    scan = query

    def batch_get_item(self, RequestItems: Any) -> Any:  # noqa: N803
        (table,) = RequestItems
        return {"Responses": {table: self.items}}

    def get_paginator(self, _: str) -> Any:
        return self

    def paginate(self, **_: Any) -> Iterator[Any]:
        yield {"Items": self.items}


def without(item: Any, name: str) -> Any:
    return {key: value for key, value in item.items() if key != name}


STOCK = to_dynamodb({"productId": "A", "available": 3, "reserved": 1})
PRODUCT = to_dynamodb(
    {"productId": "A", "name": "A", "price": 1, "currency": "EUR", "createdAt": TIME, "updatedAt": TIME}
)
CART = to_dynamodb({"customerId": "anne", "lines": {"A": 1}, "expiresAt": 2_000_000_000})
PAYMENT = to_dynamodb(
    {"orderId": "o", "operation": "capture", "status": "SUCCEEDED", "amount": 1, "currency": "EUR", "at": TIME}
)
FINDING = to_dynamodb(
    {"scope": "s", "item": "STUCK#o", "details": {"status": "PENDING"}, "foundAt": TIME, "lastSeenAt": TIME}
)
IMPORT = to_dynamodb(
    {
        "scope": "imports",
        "item": "20261121T143025-abc",
        "key": "orders/a.csv",
        "uploadedAt": TIME,
        "startedAt": TIME,
        "status": "DONE",
        "rows": 1,
        "chunks": 1,
    }
)
EXPORT = to_dynamodb(
    {
        "scope": "exports",
        "item": "20261121T143025-abc",
        "requestedBy": "staff-1",
        "what": "orders",
        "format": "csv",
        "from": TIME,
        "to": TIME,
        "requestedAt": TIME,
        "updatedAt": TIME,
        "status": "DONE",
        "orders": 1,
        "damaged": 0,
        "revision": 1,
    }
)
REASON = to_dynamodb({"scope": "dead-letters#orders", "item": "m", "reason": "x", "at": TIME})
RECORD = to_dynamodb({"scope": "audit#d", "item": f"{TIME}#r", "who": "staff", "action": "ship", "details": "{}"})
COUNTER = to_dynamodb({"bucket": "2026-11-21T14", "part": "count#0#0", "counts": "{}", "version": 1})
SUM = to_dynamodb({"bucket": "hours#2026-11", "part": "21T14", "counts": '{"placed":1}', "version": 1})
GAUGE = to_dynamodb({"bucket": "gauges#2026-11", "part": "21T14", "lowStock": 1, "cartsAbandoned": 1})


@dataclass(frozen=True)
class Case:
    """What reads many: how many of `items` it gives."""

    whole: Any
    damaged: Any
    read: Callable[[Client, Callable[[Damaged], None]], Any]
    named: tuple[str, str]


def _orders(read: Callable[[Any], Any], whole: Any, damaged: Any) -> Case:
    def run(client: Client, report: Callable[[Damaged], None]) -> Any:
        return read(DynamoOrders(client, "t", "i", report))  # type: ignore[arg-type]

    return Case(whole, damaged, run, ("order", damaged["orderId"]["S"]))


GOOD, BAD = (order_to_item(order(order_id=name)) for name in ("good", "bad"))
NO_TOTAL = {**BAD, "total": {"S": "abc"}}


def _catalogue(read: Callable[[DynamoCatalogue], Any], whole: Any, damaged: Any, what: str) -> Case:
    def run(client: Client, report: Callable[[Damaged], None]) -> Any:
        return read(DynamoCatalogue(client, "p", "i", report))  # type: ignore[arg-type]

    return Case(whole, {**damaged, "productId": {"S": "B"}}, run, (what, "B"))


def _read(adapter: Any, read: Callable[[Any], Any], whole: Any, damaged: Any, what: str, key: str) -> Case:
    return Case(whole, damaged, lambda client, report: read(adapter(client, "t", report=report)), (what, key))


NO_VERSION = without({**COUNTER, "part": {"S": "count#1#0"}}, "version")
CASES: dict[str, Case] = {
    "an owner's orders": _orders(lambda o: o.by_owner("p-one", None, 10, None).items, GOOD, NO_TOTAL),
    "a customer's orders": _orders(lambda o: o.by_owner("p-one", "c", 10, None).items, GOOD, NO_TOTAL),
    "open orders": _orders(lambda o: {one.order_id for one in o.open_before("9999")}, GOOD, NO_TOTAL),
    "a day's orders": _orders(lambda o: o.by_day("2026-11-21", 1, None).items, GOOD, NO_TOTAL),
    "orders between": _orders(lambda o: {n.order_id for n in o.created_between(NOW, "2026-11-22")}, GOOD, NO_TOTAL),
    "the oldest open orders": Case(
        GOOD,
        NO_TOTAL,
        lambda client, report: {n.order_id for n in DynamoOpenOrders(client, "t", report).oldest("9999").items},  # type: ignore[arg-type]
        ("order", "bad"),
    ),
    "stock": _catalogue(lambda c: c.stock(["A", "B"]), STOCK, without(STOCK, "reserved"), "stock"),
    "all stock": _catalogue(lambda c: list(c.all_stock()), STOCK, {**STOCK, "available": {"S": "x"}}, "stock"),
    "low stock": _catalogue(lambda c: list(c.low_stock(9)), STOCK, without(STOCK, "available"), "stock"),
    "readable products": _catalogue(lambda c: c.readable(["A", "B"]), PRODUCT, without(PRODUCT, "price"), "product"),
    "a page of products": _catalogue(
        lambda c: c.page(9, None).items, PRODUCT, {**PRODUCT, "price": {"N": "1.001"}}, "product"
    ),
    "quiet carts": Case(
        CART,
        {**CART, "customerId": {"S": "ben"}, "lines": {"M": {"A": {"S": "many"}}}},
        lambda client, report: list(DynamoCarts(client, "t", "c", report=report).quiet(TIME, TIME)),  # type: ignore[arg-type]
        ("cart", "ben"),
    ),
    "payments": _read(
        DynamoLedger,
        lambda a: a.look_up([("o", Operation.CAPTURE)]),
        PAYMENT,
        {**PAYMENT, "operation": {"S": "refund"}, "status": {"S": "LOST"}},
        "payment",
        "o refund",
    ),
    "findings": _read(
        DynamoFindings, lambda a: list(a.all()), FINDING, {**FINDING, "item": {"S": "ODD#o"}}, "finding", "ODD#o"
    ),
    "imports": _read(
        DynamoImports,
        lambda a: a.page(9, None).items,
        IMPORT,
        without({**IMPORT, "item": {"S": "i"}}, "rows"),
        "import",
        "i",
    ),
    "exports": _read(
        DynamoExports,
        lambda a: a.page(9, None).items,
        EXPORT,
        without({**EXPORT, "item": {"S": "e"}}, "revision"),
        "export",
        "e",
    ),
    "reasons": _read(
        DynamoReasons,
        lambda a: a.of("orders", ["m"]),
        REASON,
        without({**REASON, "item": {"S": "n"}}, "at"),
        "reason",
        "dead-letters#orders n",
    ),
    "audit records": _read(
        DynamoAuditRecords,
        lambda a: a.page("d", 9, None).items,
        RECORD,
        {**RECORD, "details": {"S": "{"}},
        "audit record",
        f"audit#d {TIME}#r",
    ),
    "counters": _read(
        DynamoCounters, lambda a: a.live("2026-11-21T14"), COUNTER, NO_VERSION, "counter", "2026-11-21T14 count#1#0"
    ),
    "sums": _read(
        DynamoCounters,
        lambda a: list(a.hours("2026-11-01T00", "2026-11-30T23")),
        SUM,
        {**SUM, "part": {"S": "21T15"}, "counts": {"S": "[]"}},
        "sum",
        "hours#2026-11 21T15",
    ),
    "gauges": _read(
        DynamoCounters,
        lambda a: list(a.gauges("2026-11-01T00", "2026-11-30T23")),
        GAUGE,
        without({**GAUGE, "part": {"S": "21T15"}}, "lowStock"),
        "gauge",
        "gauges#2026-11 21T15",
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("first", [True, False])
def test_a_damaged_item_is_left_out_and_reported_and_the_others_are_read(case: str, first: bool) -> None:
    of = CASES[case]
    alone = of.read(Client(of.whole), lambda error: pytest.fail(str(error)))
    reported: list[Damaged] = []

    found = of.read(Client(of.damaged, of.whole) if first else Client(of.whole, of.damaged), reported.append)

    assert len(alone) == 1
    assert found == alone
    assert {(error.what, error.key) for error in reported} == {of.named}


BROKEN: dict[str, Any] = {
    "a total of letters": lambda i: {**i, "total": {"S": "abc"}},
    "a total with other digits": lambda i: {**i, "total": {"N": "1007.951"}},
    "a total beyond all reading": lambda i: {**i, "total": {"N": "9999999999900"}},
    "no total": lambda i: without(i, "total"),
    "another currency": lambda i: {**i, "currency": {"S": "JPY"}},
    "no such currency": lambda i: {**i, "currency": {"S": "XXX"}},
    "a currency that is a number": lambda i: {**i, "currency": {"N": "1"}},
    "no owner": lambda i: without(i, "owner"),
    "no customer": lambda i: {**i, "customerKey": {"S": "p-one"}},
    "no e-mail address": lambda i: without(i, "email"),
    "an e-mail address that is a number": lambda i: {**i, "email": {"N": "7"}},
    "a next try that is no time": lambda i: {**i, "retryAt": {"S": "soon"}},
    "a trace that is a number": lambda i: {**i, "trace": {"N": "7"}},
    "a duty that there is not": lambda i: {**i, "todo": {"L": [{"S": "dance"}]}},
    "no history": lambda i: without(i, "history"),
    "an empty history": lambda i: {**i, "history": {"L": []}},
    "a status that there is not": lambda i: {**i, "history": {"L": [{"L": [{"S": "GONE"}, {"N": "1"}]}]}},
    "a status that history does not know": lambda i: {**i, "status": {"S": "COMPLETED"}},
    "no status": lambda i: without(i, "status"),
    "lines that are a text": lambda i: {**i, "lines": {"S": "x"}},
    "half a piece": lambda i: {**i, "lines": {"L": [{"L": [{"S": "A"}, {"S": ""}, {"N": "0.5"}, {"N": "1"}]}]}},
    "a time that is none": lambda i: {**i, "createdAt": {"S": "yesterday"}},
    "a stock that there is not": lambda i: {**i, "stock": {"S": "SOMEWHERE"}},
    "half an address": lambda i: {**i, "address": {"L": [{"S": "1 Main St"}]}},
    "half a payment": lambda i: {**i, "payment": {"L": [{"S": "CAPTURED"}]}},
    "half a parcel": lambda i: {**i, "parcels": {"L": [{"L": [{"S": "DHL"}]}]}},
    "a null": lambda i: {**i, "lines": {"NULL": True}},
}


@pytest.mark.parametrize("case", BROKEN)
def test_an_order_that_was_changed_by_hand_is_damaged_and_says_whose_it_is(case: str) -> None:
    item = BROKEN[case](order_to_item(order(order_id="bad")))

    with pytest.raises(Damaged, match="The order bad is damaged: ") as raised:
        order_from_item(item)

    assert (raised.value.what, raised.value.key) == ("order", "bad")
    assert raised.value.owner == ("" if case == "no owner" else "p-one")


@pytest.mark.parametrize("case", BROKEN)
def test_reading_it_alone_raises(case: str) -> None:
    item = BROKEN[case](order_to_item(order(order_id="bad")))

    with pytest.raises(Damaged):
        DynamoOrders(Client(item), "t", "i").get("bad")  # type: ignore[arg-type]


@pytest.mark.parametrize("case", BROKEN)
def test_a_change_of_a_damaged_order_is_set_aside_and_the_others_are_counted(case: str) -> None:
    item = BROKEN[case](order_to_item(order(order_id="bad")))
    good = {"eventName": "INSERT", "dynamodb": {"NewImage": GOOD, "Keys": {"orderId": {"S": "good"}}}}
    bad = {"eventName": "INSERT", "dynamodb": {"NewImage": item, "Keys": {"orderId": {"S": "bad"}}}}

    changes, unreadable = changes_of([bad, good], require_countable)

    assert [change.after.order_id for change in changes] == ["good"]
    assert [record.order_id for record in unreadable] == ["bad"]


def test_the_repair_of_an_order_is_a_change_that_can_be_counted() -> None:
    record = {"eventName": "MODIFY", "dynamodb": {"OldImage": NO_TOTAL, "NewImage": BAD}}

    changes, unreadable = changes_of([record], require_countable)

    assert unreadable == []
    assert [(change.before, change.after.order_id) for change in changes] == [(None, "bad")]


@pytest.mark.parametrize("up_to", [{"N": "1"}, {"S": "yesterday"}])
def test_a_checkpoint_that_can_not_be_read_is_none(up_to: Any) -> None:
    reported: list[Damaged] = []
    item = {"scope": {"S": "inspector"}, "item": {"S": "checkpoint"}, "at": {"S": TIME}, "upTo": up_to}

    assert DynamoFindings(Client(item), "t", report=reported.append).checkpoint() is None  # type: ignore[arg-type]
    assert [error.key for error in reported] == ["checkpoint"]


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        ({"lines": {"M": {"A": {"N": "2"}, "B": {"S": "many"}}}}, {"A": 2}),
        ({"lines": {"M": {"A": {"N": "2"}, "B": {"N": "0.5"}}}}, {"A": 2}),
        ({"lines": {"S": "A"}}, {}),
        ({"expiresAt": {"S": "soon"}}, {}),
        ({"since": {"S": "x"}}, {}),
    ],
)
def test_of_a_damaged_cart_those_lines_are_shown_that_can_be_read(change: Any, lines: dict[str, int]) -> None:
    reported: list[Damaged] = []
    carts = DynamoCarts(Client({**CART, **change}), "t", "c", report=reported.append)  # type: ignore[arg-type]

    assert carts.get("anne").lines == lines
    assert [(error.what, error.key) for error in reported] == [("cart", "anne")]
