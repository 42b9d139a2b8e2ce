"""What goes wrong with rows and the importer around them: each row has its own end, in time, and lets others live."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError
from chalicelib.imports.model import ImportStatus
from chalicelib.imports.rows import ENOUGH
from chalicelib.inventory.model import Product
from chalicelib.kit.errors import Conflict, Damaged, FieldError, InvalidRequest, TemporarilyUnavailable

from tests.support.builders.examples import MOUSE
from tests.support.imported_files import UPLOADED, Importer, counted, cut, line, orders_file, outcomes

SHORT_HEADER = "customerId,customerEmail,productId,quantity,price,street,city,zipCode,country"
TOO_MUCH = line(2, price="999999999.99", quantity="2")


def aws_error(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "PutItem")


# Rows


def test_a_calculated_total_that_is_too_large_ends_its_row_alone(importer: Importer) -> None:
    report = importer.run(orders_file(line(1), TOO_MUCH, line(3), header=SHORT_HEADER))

    assert outcomes(report) == ["accepted", "rejected", "accepted"]
    assert report["status"] == "DONE"
    assert report["rows"][1]["errors"]


def test_a_row_worth_nothing_has_an_end_of_its_own(importer: Importer) -> None:
    importer.adapters.catalogue.put(Product("FREE", "Free", "", Decimal("0.00"), "EUR", UPLOADED, UPLOADED), 10)

    report = importer.run(orders_file(line(1), line(2, productId="FREE", price="0"), line(3)))

    assert outcomes(report)[::2] == ["accepted", "accepted"]
    assert report["status"] == "DONE"


RAISED: dict[str, tuple[Exception, dict[str, str]]] = {
    "a bug": (
        KeyError("ada@example.com"),
        {"field": "", "message": "could not be processed because of an error of ours; the other rows are not affected"},
    ),
    "a refusal by its fields": (
        InvalidRequest([FieldError("totalAmount", "must be at most 1")]),
        {"field": "totalAmount", "message": "must be at most 1"},
    ),
    "a refusal as a whole": (InvalidRequest([], "It is too deep."), {"field": "", "message": "It is too deep."}),
    "a conflict": (Conflict("There is another."), {"field": "", "message": "There is another."}),
    "something damaged": (Damaged("The order 1 is damaged."), {"field": "", "message": "The order 1 is damaged."}),
    "what DynamoDB can't store": (
        aws_error("ValidationException"),
        {"field": "", "message": "could not be processed because of an error of ours; the other rows are not affected"},
    ),
}


def raising_for(customer: str, call: Callable[..., Any], error: Exception) -> Callable[..., Any]:
    def raising(one: Any, *more: Any) -> Any:
        if one.customer_id == customer:
            raise error
        return call(one, *more)

    return raising


@pytest.mark.parametrize(("error", "said"), RAISED.values(), ids=RAISED)
def test_any_error_of_placing_a_row_is_the_rows_own_result(
    importer: Importer, error: Exception, said: dict[str, str]
) -> None:
    importer.adapters.orders.add = raising_for("customer-2", importer.adapters.orders.add, error)

    report = importer.run(orders_file(line(1), line(2), line(3)))

    assert outcomes(report) == ["accepted", "rejected", "accepted"]
    assert report["rows"][1]["errors"] == [said]
    assert len(importer.adapters.queue.messages) == 2


@pytest.mark.parametrize("kind", ["orders", "products"])
def test_any_error_of_reading_a_row_is_the_rows_own_result(importer: Importer, kind: str) -> None:
    content = orders_file(line(1), line(2)) if kind == "orders" else b"productId,name,price\nA,A,1\nB,B,1\n"
    importer.services.imports.file(importer.upload(content, f"{kind}/week47.csv"))
    [body] = importer.bodies()
    del body["rows"][0]["cells"]  # no row at all
    body["rows"][1]["cells"] = {name: [[[]]] for name in body["rows"][1]["cells"]}

    importer.services.imports.rows(body)

    report = importer.report(f"{kind}/week47.csv")
    assert outcomes(report) == ["rejected", "rejected"]
    assert all(row["errors"] for row in report["rows"])


PASSING = [
    TemporarilyUnavailable("later"),
    aws_error("ThrottlingException"),
    aws_error("InternalServerError", 500),
    aws_error("AccessDeniedException"),  # rings, and waits for an operator
    aws_error("ResourceNotFoundException"),
]


@pytest.mark.parametrize("error", PASSING, ids=repr)
def test_what_may_pass_is_not_the_rows_result(importer: Importer, error: Exception) -> None:
    [body] = cut(importer, 3)
    add, importer.adapters.orders.add = (
        importer.adapters.orders.add,
        raising_for("customer-2", importer.adapters.orders.add, error),
    )
    with pytest.raises(type(error)):
        importer.services.imports.rows(body)
    assert importer.adapters.import_files.work == {}
    importer.adapters.orders.add = add

    importer.services.imports.rows(body)

    assert outcomes(importer.report()) == ["accepted"] * 3
    assert len(importer.orders) == 3


def test_in_an_outage_the_other_rows_are_not_begun_and_what_was_placed_is_handed_over(importer: Importer) -> None:
    [body] = cut(importer, 100)
    tried = []
    add = importer.adapters.orders.add

    def counted_add(order: Any) -> Any:
        tried.append(order)
        if order.customer_id == "customer-3":
            raise TemporarilyUnavailable("silent")
        return add(order)

    importer.adapters.orders.add = counted_add
    with pytest.raises(TemporarilyUnavailable):
        importer.services.imports.rows(body)

    assert len(tried) < 20  # eight are under way at a time
    assert sorted(importer.adapters.queue.messages) == sorted(importer.orders)


def damaged(importer: Importer, *broken: str, error: Exception | None = None) -> None:
    """These products can't be read until they are put again."""
    left = set(broken)
    products, put = importer.adapters.catalogue.products, importer.adapters.catalogue.put

    def reading(product_ids: Sequence[str]) -> Any:
        for product_id in product_ids:
            if product_id in left:
                raise error or Damaged(f"The product {product_id} is damaged.")
        return products(product_ids)

    def repairing(product: Product, *more: Any, **named: Any) -> bool:
        left.discard(product.product_id)
        return bool(put(product, *more, **named))

    importer.adapters.catalogue.products, importer.adapters.catalogue.put = reading, repairing


def test_a_damaged_product_ends_only_the_rows_that_name_it(importer: Importer) -> None:
    for n in range(30):
        importer.adapters.catalogue.put(replace(MOUSE, product_id=f"P{n}"), 10)
    damaged(importer, "P7", "P21")

    report = importer.run(orders_file(*[line(n, productId=f"P{n}") for n in range(30)]))

    assert {row["row"] for row in report["rows"] if row["outcome"] == "rejected"} == {8, 22}
    assert report["counts"] == counted(rows=30, accepted=28, rejected=2)
    assert report["rows"][7]["errors"] == [
        {
            "field": "items[0].productId",
            "message": "is damaged in the catalogue: put the product again",
            "value": "P7",
        }
    ]


def test_products_that_cannot_be_read_for_an_outage_are_not_the_rows_fault(importer: Importer) -> None:
    [body] = cut(importer, 3)
    damaged(importer, "MOUSE001", error=aws_error("ThrottlingException"))

    with pytest.raises(ClientError):
        importer.services.imports.rows(body)


def test_a_product_that_nothing_foresaw_ends_only_its_rows(importer: Importer) -> None:
    damaged(importer, "LAPTOP001", error=AttributeError("no price"))

    report = importer.run(orders_file(line(1), line(2, productId="LAPTOP001", price="1299.99"), line(3)))

    assert outcomes(report) == ["accepted", "rejected", "accepted"]


def test_what_was_accepted_before_its_product_was_damaged_stays_accepted(importer: Importer) -> None:
    importer.run(orders_file(line(1)))
    damaged(importer, "MOUSE001")

    again = importer.run(orders_file(line(1)), "orders/again.csv")

    assert outcomes(again) == ["accepted"]
    assert len(importer.orders) == 1


def test_a_file_of_products_replaces_damaged_ones(importer: Importer) -> None:
    damaged(importer, "CHAIR", "TABLE")
    rows = "".join(f"{name},{name},10.00,5\n" for name in ("CHAIR", "LAMP", "TABLE"))

    report = importer.run(f"productId,name,price,stock\n{rows}".encode(), "products/p.csv")

    assert outcomes(report) == ["accepted"] * 3
    assert set(importer.adapters.catalogue.products(["CHAIR", "TABLE"])) == {"CHAIR", "TABLE"}


# Time


def running_out(after: int) -> Callable[[], float]:
    """Seconds that are enough for so many rows."""
    asked = iter([60.0] * after)
    return lambda: next(asked, 0.0)


def delivered_later(importer: Importer) -> list[Any]:
    later = [json.loads(text) for _, text in importer.adapters.row_messages.later]
    importer.adapters.row_messages.later.clear()
    return later


def test_a_message_that_is_out_of_time_comes_again_without_having_failed_and_gets_further(importer: Importer) -> None:
    [body] = cut(importer, 50)
    added = []
    add = importer.adapters.orders.add
    importer.adapters.orders.add = lambda order: added.append(order.order_id) or add(order)

    importer.services.imports.rows(body, seconds_left=running_out(after=20))
    [rest] = delivered_later(importer)
    assert (len(added), importer.imported.chunks_done) == (20, 0)
    importer.services.imports.rows(rest, seconds_left=running_out(after=20))
    [rest] = delivered_later(importer)
    importer.services.imports.rows(rest, seconds_left=running_out(after=99))

    assert len(added) == len(set(added)) == 50  # none was placed twice
    assert sorted(importer.adapters.queue.messages) == sorted(added)
    assert importer.report()["counts"] == counted(rows=50, accepted=50)
    assert [row["row"] for row in importer.report()["rows"]] == list(range(1, 51))


def test_products_stop_in_time_and_go_on_where_they_were(importer: Importer) -> None:
    rows = "".join(f"P{n},P,1.00,5\n" for n in range(20))
    importer.services.imports.file(importer.upload(f"productId,name,price,stock\n{rows}".encode(), "products/p.csv"))
    [body] = importer.bodies()

    importer.services.imports.rows(body, seconds_left=running_out(after=7))
    importer.adapters.catalogue.change_stock("P3", -2)
    [rest] = delivered_later(importer)
    importer.services.imports.rows(rest, seconds_left=running_out(after=99))

    assert outcomes(importer.report("products/p.csv")) == ["accepted"] * 20
    assert importer.adapters.store.stock["P3"].available == 3


def test_rows_that_were_rejected_before_the_time_was_over_are_judged_again(importer: Importer) -> None:
    importer.services.imports.file(
        importer.upload(orders_file(line(1, quantity="none"), line(2), line(3, productId="NO")))
    )
    [body] = importer.bodies()

    importer.services.imports.rows(body, seconds_left=running_out(after=1))
    [rest] = delivered_later(importer)
    assert all("errors" not in outcome for outcome in rest["done"].values())
    importer.services.imports.rows(rest)

    assert outcomes(importer.report()) == ["rejected", "accepted", "rejected"]


def test_no_report_is_begun_without_time_for_it(importer: Importer) -> None:
    [body] = cut(importer, 2)

    importer.services.imports.rows(body, seconds_left=running_out(after=2))
    assert (importer.imported.chunks_done, importer.adapters.import_files.reports) == (1, {})
    [rest] = delivered_later(importer)
    importer.services.imports.rows(rest, seconds_left=lambda: 60.0)

    assert importer.imported.status is ImportStatus.DONE
    assert dict(importer.imported.counts)["accepted"] == 2


# A share for each


@pytest.mark.parametrize(("waiting", "soonest", "latest"), [(ENOUGH, 12, 25), (3_000, 75, 150), (10**6, 150, 300)])
def test_rows_of_orders_let_those_go_first_that_wait(
    importer: Importer, waiting: int, soonest: int, latest: int
) -> None:
    [body] = cut(importer, 3)
    importer.adapters.many_hand_overs.waits = waiting

    for _ in range(20):
        importer.services.imports.rows(body)

    assert importer.orders == {}
    delays = [seconds for seconds, _ in importer.adapters.row_messages.later]
    assert all(soonest <= seconds <= latest for seconds in delays)
    assert {text for _, text in importer.adapters.row_messages.later} == {
        json.dumps({**body, "done": {}}, ensure_ascii=False, separators=(",", ":"))
    }
    importer.adapters.many_hand_overs.waits = ENOUGH - 1
    importer.services.imports.rows(delivered_later(importer)[0])
    assert len(importer.orders) == 3


def test_a_live_order_never_finds_a_whole_file_before_it(importer: Importer) -> None:
    """One worker, and a consumer that processes twenty orders a second."""
    bodies, messages = cut(importer, 2_000), importer.adapters.row_messages
    queue = importer.adapters.queue.messages
    waiting = sorted((0.0, n, body) for n, body in enumerate(bodies))
    deepest, now = 0, 0.0
    while waiting:
        due, n, body = waiting.pop(0)
        del queue[: round(20 * max(0.0, due - now))]
        now = max(now, due)
        importer.adapters.many_hand_overs.waits = len(queue)
        importer.services.imports.rows(body)
        deepest = max(deepest, len(queue))
        waiting = sorted([*waiting, *((now + delay, n, json.loads(text)) for delay, text in messages.later)])
        messages.later.clear()

    assert deepest <= ENOUGH + 100
    assert len(importer.orders) == 2_000
    assert now < 2 * 2_000 / 20  # it keeps the consumer busy at least half of the time


def test_products_wait_for_no_orders(importer: Importer) -> None:
    importer.adapters.many_hand_overs.waits = 10**6

    report = importer.run(b"productId,name,price\nCHAIR,Chair,1.00\n", "products/p.csv")

    assert outcomes(report) == ["accepted"]
