"""Imported orders with more than they need, or with less: columns, numbers of one lease, the catalogue's prices."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.model import Address

from tests.support.builders.examples import MOUSE
from tests.support.fakes.numbers import FakeNumberLeases
from tests.support.imported_files import HEADER, Importer, faults, line, orders_file, outcomes

MORE = ",note,locale,metadata.Channel,shippingAddress.name,company,street2,billingAddress.street,billingAddress.city"
MORE += ",billingAddress.zipCode,billingAddress.country"
CELLS = ',Ring twice.,nl,autumn,Ann Smith,Smith BV,2nd floor,"Postbus 1",Delft,2600 AA,NLD'
UNPRICED = HEADER.replace(",price", "")


def without_price(n: int = 1, quantity: str = "1") -> str:
    return line(n, quantity=quantity).replace(f",{quantity},20.00,", f",{quantity},")


def the_order(importer: Importer, report: Any, row: int = 0) -> Any:
    return importer.orders[report["rows"][row]["orderId"]]


def test_each_of_it_has_a_column(importer: Importer) -> None:
    report = importer.run(orders_file(line() + CELLS, header=HEADER + MORE))

    placed = the_order(importer, report)
    assert (placed.note, placed.locale, placed.metadata) == ("Ring twice.", "nl", (("Channel", "autumn"),))
    assert placed.shipping_address == Address(
        "1 Main St", "Anytown", "", "12345", "US", name="Ann Smith", company="Smith BV", street2="2nd floor"
    )
    assert placed.billing_address == Address("Postbus 1", "Delft", "", "2600 AA", "NL")


def test_an_address_and_metadata_may_be_json_in_one_cell(importer: Importer) -> None:
    address = json.dumps({"street": "Postbus 1", "city": "Delft", "zipCode": "2600 AA", "country": "NL"})
    metadata = json.dumps({"a": " as sent "})
    cells = ",".join(f'"{cell}"' for cell in (address.replace('"', '""'), metadata.replace('"', '""')))

    report = importer.run(orders_file(f"{line()},{cells}", header=f"{HEADER},billingAddress,metadata"))

    placed = the_order(importer, report)
    assert placed.billing_address == Address("Postbus 1", "Delft", "", "2600 AA", "NL")
    assert placed.metadata == (("a", " as sent "),)


def test_a_row_without_them_has_none(importer: Importer) -> None:
    report = importer.run(orders_file(line() + "," * 10, header=HEADER + MORE))

    placed = the_order(importer, report)
    assert (placed.note, placed.metadata, placed.billing_address, placed.locale) == (None, (), None, "en")


def test_what_is_wrong_with_them_is_named_by_row(importer: Importer) -> None:
    wrong = CELLS.replace(",nl,", ",it,").replace("NLD", "Holland").replace("autumn", "x" * 501)

    report = importer.run(orders_file(line() + wrong, header=HEADER + MORE))

    assert {field for _, field in faults(report)} == {"locale", "billingAddress.country", "metadata.Channel"}


def test_the_reference_of_a_row_is_the_orders(importer: Importer) -> None:
    report = importer.run(orders_file(f"{line()},PO-4711", f"{line(2)},{'x' * 65}", header=f"{HEADER},reference"))

    assert the_order(importer, report).reference == "PO-4711"
    assert list(faults(report)) == [(2, "reference")]


def test_a_column_of_metadata_beside_metadata_as_a_whole_is_refused(importer: Importer) -> None:
    report = importer.run(orders_file(f"{line()},{{}},x", header=f"{HEADER},metadata,metadata.x"))

    assert report["status"] == "REFUSED"
    assert "metadata" in report["error"]


def test_the_rows_of_a_message_share_one_lease(importer: Importer) -> None:
    report = importer.run(orders_file(*(line(n) for n in range(1, 41))))

    numbers = [int(the_order(importer, report, n).order_number) for n in range(40)]
    assert [len(lease) for lease in importer.adapters.number_leases.leased] == [40]
    assert sorted(numbers) == list(importer.adapters.number_leases.leased[0])


def test_a_file_of_which_no_row_is_an_order_leases_none(importer: Importer) -> None:
    importer.run(orders_file(line(customerEmail="nobody")))

    assert importer.adapters.number_leases.leased == []


def test_a_file_that_comes_again_keeps_the_numbers_of_its_orders(importer: Importer) -> None:
    first = importer.run(orders_file(line(1), line(2)))
    before = {order_id: order.order_number for order_id, order in importer.orders.items()}

    again = importer.run(orders_file(line(1), line(2)), "orders/again.csv")

    assert [row["orderId"] for row in again["rows"]] == [row["orderId"] for row in first["rows"]]
    assert {order_id: order.order_number for order_id, order in importer.orders.items()} == before


def test_a_message_that_gets_no_lease_comes_again_and_places_all(importer: Importer) -> None:
    class Down(FakeNumberLeases):
        def lease(self, count: int) -> int:
            raise TemporarilyUnavailable("the table is throttled")

    up, importer.adapters.number_leases = importer.adapters.number_leases, Down()
    importer.services.imports.file(importer.upload(orders_file(line(1), line(2))))
    with pytest.raises(TemporarilyUnavailable):
        importer.process_batch()
    assert importer.orders == {}

    importer.adapters.number_leases = up
    importer.process_batch()

    assert outcomes(importer.report()) == ["accepted", "accepted"]


def test_a_price_may_be_left_out(importer: Importer) -> None:
    report = importer.run(orders_file(without_price(quantity="3"), header=UNPRICED))

    placed = the_order(importer, report)
    assert (str(placed.lines[0].price), str(placed.total_amount)) == ("20.00", "60.00")


def test_the_same_file_makes_no_second_order_after_a_price_changed(importer: Importer) -> None:
    content = orders_file(f"{without_price()},20.00", header=f"{UNPRICED},totalAmount")
    first = importer.run(content)
    importer.adapters.catalogue.put(replace(MOUSE, price=MOUSE.price * 2), 10)

    again = importer.run(content, "orders/again.csv")

    assert again["rows"][0]["orderId"] == first["rows"][0]["orderId"]
    assert len(importer.orders) == 1


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"productId": "GONE001", "quantity": 1}, "items[0].productId"),
        ({"productId": "TEA001", "quantity": 1}, "items[0].productId"),
        ({"productId": "MOUSE001", "quantity": 1, "total": 19}, "totalAmount"),
    ],
    ids=str,
)
def test_what_the_catalogue_can_not_complete_is_that_rows_error(
    importer: Importer, row: dict[str, Any], field: str
) -> None:
    importer.adapters.catalogue.put(replace(MOUSE, product_id="TEA001", currency="USD"), 10)
    total = row.pop("total", None)
    sent = {
        "customerId": "c-1",
        "customerEmail": "c@example.com",
        "items": [row],
        "totalAmount": total,
        "currency": "EUR",
        "shippingAddress": {"street": "1", "city": "Delft", "zipCode": "2611", "country": "NL"},
    }

    report = importer.run(json.dumps(sent).encode(), "orders/week47.jsonl")

    assert [found for _, found in faults(report)] == [field]
    assert importer.orders == {}
